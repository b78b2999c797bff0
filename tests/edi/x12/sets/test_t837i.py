"""The 837I codec: every field of its values, what it refuses and leaves out, and files of others."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal

import pytest
import x12_institutional as shapes
import x12_institutional_strategies as strategies
from hypothesis import HealthCheck, given, settings
from places import ROOT, SAMPLES

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.x12.judging.check import check_set
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.sets import t837i
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from edi.x12.tables.patterns import Charset

FOLDER = SAMPLES / "x12" / "837I"
EXAMPLE = ROOT / "examples" / "x12" / "hospital_837i.x12"
# Fields of a billing provider that only the 837P, where it may be a person, has a place for.
OF_A_PERSON = {"last_name", "first_name", "middle_name", "suffix", "tax_id_kind"}


def wire(make, value):
    return write_interchange(make.envelope("HC", t837i.VERSION), [t837i.write_set(value, "0001").data])


def every(value):
    """All values inside a value, itself too."""
    yield value
    if is_dataclass(value):
        for one in fields(value):
            yield from every(getattr(value, one.name))
    elif isinstance(value, list):
        for one in value:
            yield from every(one)


def test_every_field_stands_in_some_shape():
    """The shapes read back equal; so no field of this guide is without its way to the wire and back."""
    seen, known = set(), set()
    for value in (one for shape in shapes.shapes_837i().values() for one in every(shape)):
        if type(value).__module__.startswith(t837i.__name__):
            given_ = {one.name for one in fields(value) if one.compare}
            known |= {(type(value), name) for name in given_}
            seen |= {(type(value), name) for name in given_ if getattr(value, name) != _default(value, name)}
    assert known - seen == {(t837i.BillingProvider, name) for name in OF_A_PERSON}


def _default(value, name):
    [field] = [one for one in fields(value) if one.name == name]
    return [] if field.default is MISSING else field.default


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(strategies.sets(shapes.institutional_set))
def test_every_field_reads_back_equal_and_the_outside_judge_takes_it(make, value):
    data = wire(make, value)
    assert make.judged_by_pyx12(data) == []
    [ts] = read(data).sets
    assert check_set(ts) == []
    again, findings = t837i.read_set(ts)
    assert findings == []
    assert again == value


@pytest.mark.parametrize(
    ("claim", "place"),
    [
        (shapes.stay(principal_diagnosis=None), "HI01"),
        (shapes.stay(icd_version=8), "HI01"),
        (shapes.stay(admission_date=None, admission_time=time(7, 5)), "DTP03"),
        (shapes.stay(visit_reasons=["R1011"] * 4), "HI01"),
        (shapes.stay(other_diagnoses=[shapes.diagnosis("E119")] * 25), "HI01"),
        (shapes.stay(principal_diagnosis=shapes.diagnosis("K8010", "1")), "HI01-9"),
        (shapes.stay(investigational_devices=["IDE"] * 6), "REF01"),
        (shapes.stay(notes=[t837i.Note(kind="MED", text="X")] * 11), "NTE01"),
        (shapes.stay(operating=shapes.doctor(taxonomy="208M00000X")), "NM103"),
        (shapes.stay(attending=t837i.Provider(name="NOBODY IN PERSON")), "NM102"),
        (shapes.stay(facility_code="111"), "CLM05-1"),
        (shapes.stay(lines=[shapes.hospital_line(modifiers=["RT"])]), "SV202"),
        (shapes.stay(lines=[shapes.hospital_line(service_date_to=date(2026, 10, 21))]), "DTP03"),
        (shapes.stay(lines=[shapes.hospital_line(ndc_units=Decimal(1))]), "LIN03"),
        (shapes.stay(lines=[shapes.hospital_line(number) for number in range(1, 1001)]), "LX01"),
    ],
)
def test_what_cannot_be_said_is_refused_at_its_place(claim, place):
    with pytest.raises(NotRepresentable) as refused:
        t837i.write_set(shapes.of_claims(claim), "0001")
    assert str(refused.value.finding.place).endswith(place)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"DTP*434*RD8*20261020-20261023~", b"", "without the days of its statement"),
        (b"DTP*434*RD8*20261020-20261023~", b"DTP*434*RD8*20261020~", "neither a date nor a range"),
        (b"BE:80:::3~", b"BE:80:::THREE~", "amount"),
        (b"BH:11:D8:20261018", b"BH:11:D8:20261318", "month"),
        (b"TM*1430", b"TM*2530", "hour"),
        (b"SV2*0250*", b"SV2**", "without revenue code"),
    ],
)
def test_a_claim_that_cannot_be_read_whole_is_left_out_and_the_next_one_kept(make, old, new, words):
    value = shapes.of_claims(shapes.stay("BAD1"), shapes.visit("GOOD1"))
    data = wire(make, value)
    assert old in data
    [ts] = read(data.replace(old, new, 1)).sets
    again, findings = t837i.read_set(ts)
    [claim] = again.billing[0].subscribers[0].claims
    assert claim == shapes.visit("GOOD1")
    assert again.segments_of(claim)[0][:2] == ["CLM", "GOOD1"]
    [finding] = [one for one in findings if one.severity is Severity.ERROR]
    assert finding.code == "X837-CLAIM"
    assert words in finding.message
    assert "BAD1" not in repr(finding)


def test_codes_without_a_place_are_told_and_stay_in_the_file(make):
    """Two kinds in one segment, a second principal diagnosis, and a code of another version of ICD."""
    value = shapes.of_claims(shapes.visit())
    data = wire(make, value)
    odd = b"~HI*BG:C1*BE:80:::3~HI*ABK:I10~HI*BF:4019~NM1*71"
    [ts] = read(data.replace(b"~NM1*71", odd, 1)).sets
    again, findings = t837i.read_set(ts)
    assert again == value
    assert [one.code for one in findings] == ["X837-NOT-MODELLED"] * 3


def test_ranges_lead_back_to_the_claims_of_a_level(make):
    result = t837i.write_set(shapes.shapes_837i()["dependent"], "0001")
    [ts] = read(wire(make, shapes.shapes_837i()["dependent"])).sets
    for number, (first, last) in result.ranges.items():
        assert ts.segments[first - 1][:2] == ["CLM", number]
        assert ts.segments[last][0] in {"CLM", "SE"}


def test_the_sample_of_this_house_has_nothing_wrong_and_is_written_back_byte_for_byte():
    data = EXAMPLE.read_bytes().replace(b"~\n", b"~")
    document = read(data)
    [ts] = document.sets
    assert [*document.findings, *judge(ts, OUTBOUND)] == []
    value, findings = t837i.read_set(ts)
    assert findings == []
    assert t837i.write_set(value, ts.control_number, ts.delimiters).data in data


def test_samples_of_others_are_written_back_as_they_came():
    """Those that our table finds sound; hour and minute in BHT are written with seconds."""
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    sound = 0
    for file in sorted(FOLDER.iterdir()):
        for ts in read(file.read_bytes()).sets:
            if not ts.version.startswith("005010X223") or check_set(ts, INBOUND):
                continue
            value, findings = t837i.read_set(ts)
            assert findings == [], file.name
            data = t837i.write_set(value, ts.control_number, ts.delimiters, Charset.EXTENDED).data.decode("latin-1")
            ours = [one.split(ts.delimiters.element) for one in data.split(ts.delimiters.segment)[:-1]]
            theirs = [[*one[:5], one[5].ljust(6, "0"), *one[6:]] if one[0] == "BHT" else one for one in ts.segments]
            assert [one for one in ours if one[0] != "ST"] == [one for one in theirs if one[0] != "ST"], file.name
            sound += 1
    assert sound >= 2
