import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipeline.domain.claim import Claim, ServiceLine, canonical_bytes
from pipeline.domain.claim_reading import MAX_BYTES, parse_claim, path_of
from pipeline.domain.forms import AnyClaim, stored_claim
from pipeline.domain.institutional_claim import InstitutionalClaim, InstitutionalLine


def as_bytes(document):
    return json.dumps(document).encode()


def places(data):
    problems = parse_claim(data)
    assert isinstance(problems, list)
    return {(problem.path, problem.code) for problem in problems}


def test_every_example_is_a_claim(documents):
    for name, document in documents.items():
        read = parse_claim(as_bytes(document))
        assert isinstance(read, InstitutionalClaim if "form" in document else Claim), name


def test_canonical_bytes_are_the_same_for_the_same_content(documents):
    for document in documents.values():
        claim = parse_claim(as_bytes(document))
        again = parse_claim(as_bytes(dict(reversed(document.items()))))
        assert canonical_bytes(claim) == canonical_bytes(again)
        assert stored_claim(canonical_bytes(claim)) == claim


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("als1_chest_pain", "05fb95c4f560d586931153c12b8a21d81e55bdf6c0d6d049023d57db0384d046"),
        ("second_payer_after_medicare", "6f84d2dfbc9eb590a5d96950475a0a0a4ed96ef734068169b5b5fd5455d8370e"),
        ("spouse_office_visit", "aab72b7fc0f02e80f3469d38e0e4550b56f66aeaaf46677ce7e80ac6c9e30cbb"),
    ],
)
def test_the_hash_of_a_stored_claim_is_the_one_it_was_stored_with(bent, name, digest):
    """Whatever the models are made of: the hash decides whether a claim that is sent again is the same."""
    assert hashlib.sha256(canonical_bytes(bent(name))).hexdigest() == digest


def test_the_order_of_a_document_names_every_field():
    for model in (Claim, ServiceLine, InstitutionalClaim, InstitutionalLine):
        assert sorted(model.DOCUMENT_ORDER.split()) == sorted(model.model_fields)
    assert InstitutionalClaim.DOCUMENT_ORDER.startswith("form "), "by which a stored document is told"


def test_the_schema_of_a_claim_has_both_forms():
    schema = TypeAdapter(AnyClaim).json_schema()
    assert [one["$ref"].rpartition("/")[2] for one in schema["anyOf"]] == ["Claim", "InstitutionalClaim"]
    assert "form" in schema["$defs"]["InstitutionalClaim"]["required"]
    assert "form" not in schema["$defs"]["Claim"]["properties"]


def test_a_form_that_is_none_is_refused(documents):
    for form in ("professional", "I", None, 1):
        [problem] = parse_claim(as_bytes({**documents["stay_hip_fracture"], "form": form}))
        assert (problem.path, problem.code) == ("form", "SHAPE-TYPE")
    assert ("form", "SHAPE-UNKNOWN") not in places(as_bytes({**documents["stay_hip_fracture"], "form": "x"}))
    spelled = as_bytes(documents["stay_hip_fracture"]).replace(b'"form"', rb'"\u0066orm"')
    assert isinstance(parse_claim(spelled), InstitutionalClaim)


@pytest.mark.parametrize("told", ["9:05", "24:00", "09:60", "0905", "09:05:30", "09:05\n"])
def test_a_time_of_day_is_hour_and_minute(documents, told):
    document = {**documents["stay_hip_fracture"], "discharge_time": told}
    [problem] = parse_claim(as_bytes(document))
    assert (problem.path, problem.code, problem.cure) == (
        "discharge_time",
        "SHAPE-TYPE",
        "give a time of day as HH:MM",
    )


def test_canonical_bytes_do_not_depend_on_how_a_number_is_written(bent):
    written = [
        canonical_bytes(bent("als1_chest_pain", (("ambulance", "miles"), miles))) for miles in ("8.70", 8.7, "8.7")
    ]
    assert len(set(written)) == 1
    assert b'"miles":"8.7"' in written[0]


def test_a_default_that_is_written_out_is_the_same_content(bent):
    assert canonical_bytes(bent("psychotherapy")) == canonical_bytes(bent("psychotherapy", (("frequency",), "1")))


def test_blank_is_none_and_zero_is_zero(bent):
    assert bent("psychotherapy", (("patient_paid_cents",), 0)).patient_paid_cents == 0
    assert bent("psychotherapy", (("patient_paid_cents",), None)).patient_paid_cents is None
    assert bent("treated_not_transported").ambulance.miles == Decimal(0)


def test_the_insured_and_the_days_of_service(bent):
    own, child = bent("psychotherapy"), bent("bls_child_seizure")
    assert own.member_id == own.patient.member_id
    assert child.member_id == child.subscriber.member_id
    stay = bent("hospital_days")
    assert (stay.service_from, stay.service_to) == (date(2026, 10, 8), date(2026, 10, 10))
    empty = bent("psychotherapy", (("lines",), []))
    assert (empty.service_from, empty.service_to) == (None, None)


def test_claims_are_frozen_and_show_nothing(bent):
    claim = bent("accents_in_the_name")
    with pytest.raises(ValidationError):
        claim.charge_cents = 1
    for shown in (repr(claim), str(claim), repr(claim.patient), repr(claim.refund_to), f"{[claim]}"):
        assert "Núñez" not in shown
        assert "27" not in shown


def test_all_problems_of_shape_come_at_once(documents):
    document = {**documents["als1_chest_pain"], "charge_cents": "1337.25", "colour": "red", "note": "  "}
    del document["external_id"], document["patient"]
    document["lines"] = [
        {
            **document["lines"][0],
            "units": "many",
            "emergency": "yes",
            "service_date": 20260914,
            "diagnosis_pointers": 1,
        },
        {**document["lines"][1], "charge_cents": 1.5, "patient_count": True},
    ]
    assert places(as_bytes(document)) == {
        ("external_id", "SHAPE-MISSING"),
        ("patient", "SHAPE-MISSING"),
        ("charge_cents", "SHAPE-TYPE"),
        ("colour", "SHAPE-UNKNOWN"),
        ("note", "SHAPE-BLANK"),
        ("lines[0].units", "SHAPE-TYPE"),
        ("lines[0].emergency", "SHAPE-TYPE"),
        ("lines[0].service_date", "SHAPE-TYPE"),
        ("lines[0].diagnosis_pointers", "SHAPE-TYPE"),
        ("lines[1].charge_cents", "SHAPE-TYPE"),
        ("lines[1].patient_count", "SHAPE-TYPE"),
    }


def test_mileage_dates_diagnoses_and_amounts_have_no_default(documents):
    document = json.loads(json.dumps(documents["als1_chest_pain"]))
    del document["ambulance"]["miles"], document["diagnoses"], document["charge_cents"]
    for field in ("service_date", "charge_cents", "units", "diagnosis_pointers"):
        del document["lines"][0][field]
    assert {path for path, _ in places(as_bytes(document))} == {
        "ambulance.miles",
        "diagnoses",
        "charge_cents",
        "lines[0].service_date",
        "lines[0].charge_cents",
        "lines[0].units",
        "lines[0].diagnosis_pointers",
    }


def test_no_problem_repeats_what_was_sent(documents):
    secret = "Zzyzx-Secret 4711"
    document = {**documents["psychotherapy"], secret: secret, "charge_cents": secret, "patient": secret}
    document["payer"] = {**document["payer"], "filing_code": [secret]}
    for problem in parse_claim(as_bytes(document)):
        assert "Zzyzx" not in str(problem.as_dict())


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"null", b"[]", b"7", b"\xff\xfe{}", b"{'a': 1}", b"ISA*00*", b"[" * 100_000],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_json_object_is_said_once(data):
    problems = parse_claim(data)
    assert [problem.path for problem in problems] == [""]
    assert problems[0].code in {"SHAPE-JSON", "SHAPE-TYPE"}


def test_broken_json_is_said_with_its_place(documents):
    text = json.dumps(documents["psychotherapy"], indent=1).replace('"diagnoses": [', '"diagnoses": (')
    (problem,) = parse_claim(text.encode())
    line = text[: text.index("(")].count("\n") + 1
    assert f"line {line} " in problem.message


def test_a_byte_order_mark_is_refused(documents):
    assert places(b"\xef\xbb\xbf" + as_bytes(documents["psychotherapy"])) == {("", "SHAPE-JSON")}


def test_the_same_name_twice_is_refused(documents):
    data = as_bytes(documents["psychotherapy"])
    assert places(data[:-1] + b', "charge_cents": 1}') == {("", "SHAPE-JSON")}


def test_a_document_past_the_limit_is_refused_unread():
    assert places(b" " * (MAX_BYTES + 1)) == {("", "SHAPE-SIZE")}


@pytest.mark.parametrize("miles", ["NaN", "Infinity", "1E+99999", "1E-99999", "1." + "0" * 30 + "1", "12345678901"])
def test_a_quantity_past_any_sense_is_refused(documents, miles):
    document = {**documents["als1_chest_pain"]}
    document["ambulance"] = {**document["ambulance"], "miles": miles}
    assert places(as_bytes(document)) == {("ambulance.miles", "SHAPE-TYPE")}


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    assert isinstance(parse_claim(data), list)


_FIELDS = sorted({*Claim.model_fields, *InstitutionalClaim.model_fields, *InstitutionalLine.model_fields})
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON), st.sampled_from([{}, {"form": "institutional"}]))
def test_no_json_raises(document, form):
    document = {**document, **form}
    assert isinstance(parse_claim(json.dumps(document).encode()), list)


def test_paths_read_as_json_does():
    assert path_of(("lines", 1, "charge_cents")) == "lines[1].charge_cents"
    assert path_of(()) == ""
