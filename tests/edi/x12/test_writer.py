"""The writer cuts nothing and guesses nothing."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from edi.errors import NotRepresentable
from edi.x12.sets import t277ca, t835, t837p, t999
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.document import set_of
from edi.x12.tables.patterns import Charset


def refused(make, build, marks=None):
    with pytest.raises(NotRepresentable) as caught:
        t837p.write_set(make.professional_set([make.billing_provider([build])]), "0001", *([marks] if marks else []))
    return caught.value.finding


CLAIMS = [
    ({"charge_cents": 10**20}, "CLM02", "5"),
    ({"patient_control_number": "A" * 39}, "CLM01", "5"),
    ({"patient_control_number": ""}, "CLM01", "1"),
    ({"note": "A" * 81}, "NTE02", "5"),
    ({"note": "café"}, "NTE02", "6"),
    ({"note": "lower"}, "NTE02", "6"),
    ({"note": " LEADING"}, "NTE02", "6"),
    ({"note": "A\x1fB"}, "NTE02", "6"),
    ({"note": "A\nB"}, "NTE02", "6"),
    ({"note": "A*B"}, "NTE02", "6"),
    ({"note": "A:B"}, "NTE02", "6"),
    ({"note": "A~B"}, "NTE02", "6"),
    ({"frequency": "77"}, "CLM05-3", "5"),
    ({"place_of_service": "41\x1eB"}, "CLM05-1", "6"),
    ({"assignment_code": "Z"}, "CLM07", "7"),
    ({"diagnoses": [f"A{n:02d}" for n in range(13)]}, "HI13", "3"),
    ({"diagnoses": ["R41.82" + "9" * 30]}, "HI01-2", "5"),
    ({"related_causes": ["AA", "OA", "EM"]}, "CLM11", "6"),
    ({"accident_state": "OH"}, "CLM11", "6"),
]


@pytest.mark.parametrize(("more", "place", "code"), CLAIMS)
def test_a_claim_that_does_not_fit(make, more, place, code):
    finding = refused(make, make.subscriber([make.ambulance_claim(**more)]))
    assert str(finding.place).endswith(place), str(finding.place)
    assert finding.standard_code == code
    assert finding.place.segment_number > 12
    value = next(iter(more.values()))
    assert len(str(value)) < 3 or str(value) not in repr(finding)


LINES = [
    ({"modifiers": list("ABCDE")}, "SV101"),
    ({"modifiers": ["ABC"]}, "SV101-3"),
    ({"pointers": [13]}, "SV107-1"),
    ({"pointers": [1, 2, 3, 4, 5]}, "SV107"),
    ({"pointers": []}, "SV107"),
    ({"units": Decimal("1E-20")}, "SV104"),
    ({"units": Decimal("NaN")}, "SV104"),
    ({"ndc_units": Decimal(1)}, "LIN03"),
    ({"rendering": t837p.Provider(name="A", last_name="B")}, "NM103"),
    ({"rendering": t837p.Provider(name="A", first_name="B")}, "NM104"),
    ({"referring": t837p.Provider(last_name="A", taxonomy="207Q00000X")}, "NM103"),
    ({"service_date_to": date(2026, 11, 1), "line_control_number": "R" * 51}, "REF02"),
]


@pytest.mark.parametrize(("more", "place"), LINES)
def test_a_line_that_does_not_fit(make, more, place):
    line = make.service_line(**more)
    finding = refused(make, make.subscriber([make.office_claim(lines=[line])]))
    assert str(finding.place).endswith(place), str(finding.place)


def test_other_delimiters_free_the_usual_ones(make):
    claim = make.ambulance_claim(note="A*B:C")
    value = make.professional_set([make.billing_provider([make.subscriber([claim])])])
    written = t837p.write_set(value, "0001", Delimiters("|", ">", "^", "~"))
    assert b"NTE|ADD|A*B:C~" in written.data
    finding = refused(make, make.subscriber([claim]), Delimiters("|", ":", "^", "~"))
    assert finding.place.segment == "NTE"


def test_separators_may_be_control_characters(make):
    marks = Delimiters("\x1d", "\x1f", "\x1e", "\x1c")
    value = make.shapes_837p()["office"]
    usual = t837p.write_set(value, "0001").data
    assert t837p.write_set(value, "0001", marks).data == usual.translate(bytes.maketrans(b"*:^~", b"\x1d\x1f\x1e\x1c"))


def test_remembered_rows_still_refuse(make):
    good = make.shapes_837p()["ambulance"]
    t837p.write_set(good, "0001")
    finding = refused(make, make.subscriber([make.ambulance_claim(lines=[make.service_line(procedure="")])]))
    assert str(finding.place).endswith("SV101-2")


def test_the_same_claim_twice_in_a_set_is_refused(make):
    finding = refused(make, make.subscriber([make.office_claim("SAME"), make.office_claim("SAME")]))
    assert finding.standard_code == "23"


def test_ranges_lead_back_to_the_claim(make):
    value = make.shapes_837p()["both branches"]
    written = t837p.write_set(value, "0001")
    segments = written.data.decode().split("~")[:-1]
    assert len(segments) == written.segment_count
    first, last = written.ranges["CRC1"]
    assert segments[first - 1].startswith("CLM*CRC1*")
    assert segments[last].startswith("HL*")
    alone = t837p.write_set(make.shapes_837p()["dependent"], "0001")
    parts = alone.data.decode().split("~")
    assert [parts[alone.ranges[one][0] - 1][:3] for one in ("CRB1", "CRB2", "CRB3")] == ["HL*", "CLM", "CLM"]
    only = t837p.write_set(make.shapes_837p()["ambulance"], "0001")
    assert only.data.decode().split("~")[only.ranges["CRA1"][0] - 1] == "HL*2*1*22*0"


def test_other_sets_refuse_too(make):
    with pytest.raises(NotRepresentable) as caught:
        t835.write_set(make.remittance([make.remittance_claim(remarks=["A"] * 6)]), "0001")
    assert caught.value.finding.place.segment == "MOA"
    with pytest.raises(NotRepresentable) as caught:
        t835.write_set(make.remittance([make.remittance_claim(references=[("QQ", "1")])]), "0001")
    assert caught.value.finding.place.segment == "REF"
    with pytest.raises(NotRepresentable) as caught:
        t277ca.write_set(make.status_report([make.claim_status(service_date=None)]), "0001")
    assert caught.value.finding.place.segment == "DTP"
    with pytest.raises(NotRepresentable) as caught:
        t999.write_set(dataclasses.replace(make.acknowledgment(), included=None), "0001")
    assert str(caught.value.finding.place).endswith("AK902")


def test_a_wider_character_set_is_the_receivers_wish_and_stays_with_the_set_it_was_asked_for(make):
    """The submitter's segments are remembered from set to set: what one receiver takes must not reach another."""
    submitter = t837p.Submitter(
        name="Wayside EMS", identifier="RB001", contact_name="Desk", email="desk@wayside.example"
    )
    value = make.professional_set(
        [make.billing_provider([make.subscriber([make.office_claim()])])], submitter=submitter
    )
    for _ in range(2):
        written = t837p.write_set(value, "0001", charset=Charset.EXTENDED)
        assert b"~PER*IC*Desk*EM*desk@wayside.example~" in written.data
        with pytest.raises(NotRepresentable) as caught:
            t837p.write_set(value, "0001")
        assert str(caught.value.finding.place).endswith("NM103")
    assert t837p.read_set(set_of(written.data, t837p.VERSION))[0].submitter == submitter
