"""Files from outside, where they lie beside the checkout: what is sound is read and written back, what has a fault is refused.

The manifest says of each file what its origin expects, or which one fault it was made with. Where we judge otherwise, the
tables here say why.
"""

import csv
import re
from functools import lru_cache
from pathlib import Path

import achkit
import pytest
from places import SAMPLES

from edi.findings import Severity
from edi.nacha import INBOUND, STRICT, check, deposits, read, write, write_back
from edi.nacha.acknowledgment import is_acknowledgment
from edi.nacha.reading import read_rows

FOLDER = SAMPLES / "ach"
SOUND = ("valid", "return", "noc", "partial", "prenote", "ack-entries", "adv", "contested", "dishonored")
SYNTHETIC = ("outbound", "noc-codes", "return-codes", "ccdplus-inbound")
OTHER_FORMATS = ("bai2", "x12", "fedach-reports", "fedach-ack")
_LARGE = 2_000_000

_SIDE = ({"ACH-SIDE"}, "a debit in a batch of credits only: an operator rejects the batch")
REFUSED_INBOUND = {
    "valid/moov_20180713-IAT.ach": _SIDE,
    "valid/moov_20180716-IAT-A17.ach": _SIDE,
    "valid/moov_20180716-IAT-A17-A18.ach": _SIDE,
    "partial/gw_recon.ach": (
        {"ACH-RETURN-REASON"}, "a return whose addenda is missing does not say what came back or why",
    ),
    "partial/moov_bh-ed-bc-ed-ed-ed-bc.ach": (
        {"ACH-BATCH-HEADER", "ACH-RETURN-REASON"}, "entries without a batch header: nobody says whose they are",
    ),
    "partial/moov_issue1600_1e5RecordBefore1or8.txt": (
        {"ACH-ORDER"}, "a batch header before the file header; its origin refuses it too, it lies with the partial files",
    ),
}  # fmt: skip
"""Files among the sound ones that we refuse as inbound ones: the codes, and why; also of files that only some have."""

TAKEN_STRICTLY = {
    "invalid/moov_NACHA_SAMPLE_TEL_REVERSAL.ach": (
        "its origin refuses the debit of a TEL while reading and takes it when it is made anew; a reversal may have both sides"
    ),
}
"""Files among the faulty ones that the strict profile takes, and why."""


@lru_cache(maxsize=1)
def manifest() -> dict[str, dict[str, str]]:
    if not FOLDER.exists():
        return {}
    with (FOLDER / "MANIFEST.tsv").open(newline="") as lines:
        return {row["path"]: row for row in csv.DictReader(lines, delimiter="\t")}


def paths(*folders: str) -> list[str]:
    """Paths relative to the folder of samples; none where it is absent, so that pytest skips."""
    found = (path for folder in folders for path in (FOLDER / folder).rglob("*") if path.is_file())
    return sorted(str(path.relative_to(FOLDER)) for path in found if path.stat().st_size < _LARGE)


def errors(document) -> list[str]:
    return [finding.code for finding in document.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("path", paths(*SOUND, *(f"synthetic/{one}" for one in SYNTHETIC)))
def test_a_sound_file_is_read_and_written_back(path):
    data = (FOLDER / path).read_bytes()
    document = read(data, INBOUND)
    expected, _ = REFUSED_INBOUND.get(path, (set(), ""))
    assert set(errors(document)) == expected
    assert document.file.batches
    assert write_back(document) == data
    assert all(finding.deviation for finding in document.findings if finding.severity is Severity.INFO)


@pytest.mark.parametrize("path", paths("valid", "ack-entries", "adv", *(f"synthetic/{one}" for one in SYNTHETIC)))
def test_the_values_alone_give_the_records_back(path):
    """Where nothing is amiss no row is needed: totals, counts and filler follow from the entries."""
    data = (FOLDER / path).read_bytes()
    document = read(data, STRICT)
    if document.findings:
        assert [finding.code for finding in document.findings if finding.severity is not Severity.INFO]
        return
    records = re.split(rb"\r\n|\n", data) if b"\n" in data else re.findall(b".{94}", data)
    assert write(document.file, any_class=True).split(b"\n")[:-1] == [one for one in records if one]


@pytest.mark.parametrize("path", paths("partial"))
def test_a_partial_file_is_told(path):
    document = read((FOLDER / path).read_bytes(), STRICT)
    assert errors(document)
    assert not document.complete or path in REFUSED_INBOUND


@pytest.mark.parametrize("path", paths("invalid"))
def test_a_faulty_file_is_refused_strictly(path):
    document = read((FOLDER / path).read_bytes(), STRICT)
    assert bool(errors(document)) is (path not in TAKEN_STRICTLY)
    assert all(finding.place.line for finding in document.findings)


@pytest.mark.parametrize("path", paths("synthetic/mutants"))
def test_a_file_with_one_fault_is_refused_at_its_place(path):
    """The manifest names record and column of each fault: a finding stands in that line and covers that column."""
    findings = [one for one in check((FOLDER / path).read_bytes()) if one.severity is Severity.ERROR]
    assert findings
    assert all(one.place.line and one.message and one.cure for one in findings)
    told = manifest()[path]["expected_by_origin_tests"]
    place = re.search(r": (\w+) record, position (\d+): (.*)", told)
    if place is None:
        return
    record, column, last = place[1], int(place[2]), int(place[2]) + len(place[3]) - 1
    lines = [line[:1] for line in (FOLDER / path).read_bytes().split(b"\n")]
    wanted = _line_of(record, lines)
    assert [one.code for one in findings if one.place.line == wanted and _meets(one, column, last)], told


def _meets(finding, first: int, last: int) -> bool:
    """Whether the finding's columns lie on those of the fault: a single character is told more exactly than its field."""
    begin, end = finding.place.columns or (1, 94)
    return begin <= last and end >= first


def _line_of(record: str, kinds: list[bytes]) -> int:
    """The line of the n-th record of its kind: B2 is the second batch header, FC the file control."""
    kind = {"F": b"1", "B": b"5", "E": b"6", "A": b"7", "C": b"8"}[record[0]]
    if record == "FC":
        return kinds.index(b"9") + 1
    number = int(record[1:]) if record[1:].isdecimal() else 1
    return [line for line, one in enumerate(kinds, start=1) if one == kind][number - 1]


@pytest.mark.parametrize("path", [path for path in paths("") if not path.startswith(OTHER_FORMATS)])
def test_both_ways_of_reading_agree_and_nothing_raises(path):
    data = (FOLDER / path).read_bytes()
    for profile in (STRICT, INBOUND):
        short, long = read(data, profile), read_rows(data, profile)
        assert (short.file, short.findings, short.lines) == (long.file, long.findings, long.lines)
        assert short.complete == long.complete
        assert short.file is None or write_back(short) == write_back(long) == data


def test_every_disagreement_is_explained():
    assert all(why for _, why in REFUSED_INBOUND.values())
    assert all(TAKEN_STRICTLY.values())


@pytest.mark.parametrize("path", paths("fedach-ack"))
def test_an_operators_answer_is_one(path):
    assert is_acknowledgment((FOLDER / path).read_bytes())


def test_bad_trns_give_deposits_without_trace(sample_folder):
    file = read((sample_folder / "synthetic/ccdplus-inbound/hcclaimpmt_bad_trn.ach").read_bytes()).file
    assert [deposit.trn_trace for deposit in deposits(file)] == [None, None, None, "EFT557", "EFT558"]


@pytest.mark.parametrize("path", paths("synthetic/outbound"))
def test_the_outside_judge_agrees_on_the_outbound_samples(path):
    text = Path(FOLDER / path).read_text()
    if "\n" in text:  # it reads no file without line ends
        assert achkit.validate(text)["ok"]
