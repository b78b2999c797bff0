"""Public files of others, where they lie beside the checkout, held against what their catalogue says of them.

Where the two do not agree, a table gives the reason; an entry that explains nothing any more fails the test.
"""

import csv
import json

import pytest

from edi.findings import Severity
from edi.inspection import inspect
from edi.x12.syntax.reader import read
from edi.x12.syntax.write_back import write_back

# How the catalogue words a fault of envelope or counts, and our code for it.
FAULTS = {
    "SE01=": "X12-SE01",
    "SE02=": "X12-SE02",
    "GE01=": "X12-GE01",
    "GE02=": "X12-GE02",
    "IEA01=": "X12-IEA01",
    "IEA02=": "X12-IEA02",
    "missing SE": "X12-NO-SE",
    "missing GE": "X12-NO-GE",
    "missing IEA": "X12-NO-IEA",
    "duplicate ST02": "X12-ST02-REPEATED",
    "duplicate ISA13": "X12-ISA13-REPEATED",
    "ST outside GS": "X12-NO-GS",
    "GS outside ISA": "X12-NO-ISA",
    "IEA without ISA": "X12-NO-ISA",
}
STRUCTURE_EXPLAINED = {
    "835/keironstoddart+edi-835-parser__blue_cross_nc_sample.txt": "no ISA, so its separators are not known: one error",
    "837P/imsweb+x12-parser__x12_no_isa_line.txt": "no ISA, so its separators are not known: one error",
    "837P/Inteligenz+X12Parser__837_Claim_Parser_Usage.html.x1.edi": "ISA16 is an HTML entity: read to its IEA, and told",
}
CLAIMS_EXPLAINED = {
    "835/keironstoddart+edi-835-parser__blue_cross_nc_sample.txt": "no ISA: nothing is read",
    "837P/imsweb+x12-parser__x12_no_isa_line.txt": "no ISA: nothing is read",
    "837P/Inteligenz+X12Parser__837_Claim_Parser_Usage.html.x1.edi": "its claim is found, in spite of the entity",
}
TYPED = {
    ("837", "X222"): "claims",
    ("837", "X223"): "claims",
    ("835", "X221"): "claims",
    ("277", "X214"): "by",
    ("270", "X279"): "questions",
    ("271", "X279"): "benefits",
    ("276", "X212"): "lines",
    ("277", "X212"): "refusals",
    ("999", "X231"): "code",
    ("997", ""): "code",
    ("820", ""): "balanced",
}


@pytest.fixture(scope="module")
def rows(sample_folder):
    """The catalogue's lines, each with the bytes of its file under ``data``."""
    with (sample_folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(found) > 200
    return [row | {"data": (sample_folder / row["path"]).read_bytes()} for row in found]


@pytest.fixture(scope="module")
def inspected(rows):
    return {row["path"]: inspect(row["path"], row["data"]) for row in rows}


def errors(document):
    return {one.code for one in document.findings if one.severity is Severity.ERROR}


def told_faults(row):
    if row["structure"] == "ok":
        return set()
    return {next(FAULTS[start] for start in FAULTS if part.startswith(start)) for part in row["structure"].split("; ")}


def test_an_error_is_told_exactly_where_the_catalogue_knows_a_fault(rows):
    for row in rows:
        assert bool(errors(read(row["data"]))) is (row["structure"] != "ok"), row["path"]


def test_faults_of_envelope_and_counts_are_the_same(rows):
    disagree = {row["path"] for row in rows if errors(read(row["data"])) & set(FAULTS.values()) != told_faults(row)}
    assert disagree == set(STRUCTURE_EXPLAINED)


def test_claims_are_all_found(rows):
    disagree = set()
    for row in rows:
        if row["transaction"].removeprefix("4010/")[:3] in {"837", "835"}:
            sets = read(row["data"]).sets
            found = sum(segment[0] in {"CLM", "CLP"} for one in sets for segment in one.segments)
            disagree |= {row["path"]} if found != int(row["claims"] or 0) else set()
    assert disagree == set(CLAIMS_EXPLAINED)


def test_each_claim_is_taken_as_a_value_or_told_as_left_out(rows, inspected):
    for row in rows:
        told = inspected[row["path"]]
        taken = [
            one["claims"]
            for one in told.summary.get("set_list", [])
            if "claims" in one and one["set"] in {"837", "835"}
        ]
        sets = [one for one in read(row["data"]).sets if one.set_id in {"837", "835"}]
        found = sum(segment[0] in {"CLM", "CLP"} for one in sets for segment in one.segments)
        left_out = {one.code for one in told.findings if one.severity is Severity.ERROR and one.code.endswith("-CLAIM")}
        assert not taken or sum(taken) == found or left_out, row["path"]


def test_remittances_balance_where_the_catalogue_says_so(rows, inspected):
    disagree = set()
    for row in rows:
        told = inspected[row["path"]]
        sets = told.summary.get("set_list", [])
        if row["balance_835"] and all("X221" in one["version"] for one in sets) and sets:
            disagree |= {row["path"]} if balance(told) != claimed_balance(row["balance_835"]) else set()
    assert disagree == set()


def balance(told):
    if any(one.code.startswith("X835-BAL") for one in told.findings):
        return "off"
    return "balances" if all(one.get("balanced") for one in told.summary["set_list"]) else "not judged"


def claimed_balance(text):
    return text if text == "balances" else "off" if "!=" in text else "not judged"


def test_every_set_with_a_codec_is_read_as_values_and_the_rest_counted(rows, inspected):
    seen = set()
    for row in rows:
        for one in inspected[row["path"]].summary.get("set_list", []):
            kind = next((key for key in TYPED if key[0] == one["set"] and key[1] in one["version"]), None)
            assert (TYPED[kind] if kind else "segments") in one or one.get("readable") is False, row["path"]
            seen.add(kind)
    assert seen == {*TYPED, None}


def test_acknowledgments_of_interchanges_are_read(rows):
    for row in rows:
        if row["transaction"] == "TA1":
            [interchange] = read(row["data"]).interchanges
            assert interchange.ta1s, row["path"]
            assert all(one.code in set("AER") for one in interchange.ta1s), row["path"]


def test_what_is_clean_comes_back_byte_for_byte(rows):
    clean = 0
    for row in rows:
        document = read(row["data"])
        breaks = document.blanks + sum(one.blanks for one in document.interchanges)
        if not document.findings and not breaks:
            assert write_back(document) == row["data"], row["path"]
            clean += 1
    assert clean > 50


def test_every_file_is_inspected_also_as_json(inspected):
    for path, told in inspected.items():
        assert told.readable or told.kind == "x12", path
        json.dumps(told.as_dict())
