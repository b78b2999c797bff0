"""The 837P codec: places of what was read, what it refuses to write, and what the second outside reader says."""

from datetime import date
from decimal import Decimal

import pytest
from x12_claim_shapes import adjustment, decision, nameless, one_claim_set, other_payer, person
from x12_claims import (
    address,
    ambulance_claim,
    billing_provider,
    office_claim,
    patient,
    professional_set,
    service_line,
    shapes_837p,
    subscriber,
)
from x12sdk.io import X12ModelReader

from edi.errors import NotRepresentable
from edi.x12.sets import t837p
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read


def wire(make, value):
    return write_interchange(make.envelope("HC", t837p.VERSION), [t837p.write_set(value, "0001").data])


def claims_of(value):
    for provider in value.billing:
        for who in provider.subscribers:
            yield from who.claims
            for one in who.patients:
                yield from one.claims


@pytest.mark.parametrize("shape", shapes_837p())
def test_places_lead_back_to_the_segments(make, shape):
    [ts] = read(wire(make, shapes_837p()[shape])).sets
    value, _ = t837p.read_set(ts)

    def at(one):
        return ts.segments[one.segment_number - 1]

    assert value.raw is ts
    for provider in value.billing:
        assert (at(provider)[0], at(provider)[3]) == ("HL", "20")
        for who in provider.subscribers:
            assert (at(who)[0], at(who)[3]) == ("HL", "22")
            assert all((at(one)[0], at(one)[3]) == ("HL", "23") for one in who.patients)
    for claim in claims_of(value):
        segments = value.segments_of(claim)
        assert segments[0][:2] == ["CLM", claim.patient_control_number]
        assert {one[0] for one in segments[1:]}.isdisjoint({"CLM", "HL", "SE"})
        assert ts.segments[claim.segment_last][0] in {"CLM", "HL", "SE"}
        assert [at(line)[:2] for line in claim.lines] == [["LX", str(line.number)] for line in claim.lines]


def test_a_set_that_was_made_has_no_segments():
    value = one_claim_set(ambulance_claim())
    assert value.segments_of(value.billing[0].subscribers[0].claims[0]) == []


def test_places_and_raw_do_not_count_in_equality(make):
    value = one_claim_set(ambulance_claim())
    again, _ = t837p.read_set(read(wire(make, value)).sets[0])
    assert again == value
    assert "raw" not in repr(again)


def with_line(**more):
    return office_claim(lines=[service_line(**more)])


ONE = t837p.Reference(kind="G2", value="X1")
TOO_MANY = [t837p.Reference(kind="0B", value=f"L{n}") for n in range(4)]
AMBULANCE = t837p.AmbulanceTransport(reason="A", miles=Decimal(1))
REFUSED = [
    (with_line(ndc_units=Decimal(1)), "LIN"),
    (with_line(prescription_number="RX1"), "LIN"),
    (with_line(modifiers=["AA", "BB", "CC", "DD", "EE"]), "SV1"),
    (with_line(forms=[t837p.FormAnswers(kind="UT", identifier="484.03")]), "FRM"),
    (with_line(forms=[t837p.FormAnswers(kind="UT", identifier="1", answers=[t837p.FormAnswer(question="1")])]), "FRM"),
    (with_line(adjudications=[decision(0, [], adjudication_date=None)]), "DTP"),
    (with_line(adjudications=[decision(0, [])] * 16), "SVD"),
    (with_line(conditions=[t837p.Condition(codes=["04"])] * 4), "CRC"),
    (with_line(further_authorizations=[t837p.Reference(kind="G1", value="PA2")]), "REF"),
    (with_line(further_referrals=[t837p.Reference(kind="9F", value="R", payer_id="P1")] * 6), "REF"),
    (with_line(attachments=[t837p.Attachment(report_type="OZ", transmission="AA")] * 11), "PWK"),
    (with_line(ambulance=AMBULANCE, referring=person(taxonomy="207Q00000X")), "NM1"),
    (with_line(rendering=person(address=address())), "NM1"),
    (with_line(purchased_from=nameless(("LU", "X"))), "REF"),
    (
        with_line(
            facility=t837p.Facility(
                name="A", address=address(), contact=t837p.Contact(name="B", numbers=[("TE", "5555550100")])
            )
        ),
        "NM1",
    ),
    (with_line(measurements=[t837p.Measurement(reference="TR", qualifier="R1", value=Decimal(1))] * 6), "MEA"),
    (office_claim(lines=[service_line(n) for n in range(1, 52)]), "LX"),
    (office_claim(related_causes=["AA", "EM", "OA"]), "CLM"),
    (office_claim(accident_state="OH"), "CLM"),
    (office_claim(icd_version=11), "HI"),
    (office_claim(diagnoses=["J069"] * 13), "HI"),
    (office_claim(anesthesia_procedures=["1", "2", "3"]), "HI"),
    (office_claim(condition_codes=["02"] * 25), "HI"),
    (office_claim(fixed_format=["X"] * 11), "K3"),
    (office_claim(vision_conditions=[t837p.VisionCondition(category="E1", codes=["L1"])] * 4), "CRC"),
    (office_claim(epsdt_referral=t837p.Condition(codes=["XX"])), "CRC"),
    (office_claim(referring=person(references=TOO_MANY)), "REF"),
    (office_claim(referring=person(references=[ONE])), "REF"),
    (office_claim(supervising=person(name="ALSO AN ORGANISATION")), "NM1"),
    (office_claim(other_payers=[other_payer()] * 11), "SBR"),
    (office_claim(other_payers=[other_payer(relationship="99")]), "SBR"),
    (office_claim(other_payers=[other_payer(billing=t837p.NamelessProvider())]), "REF"),
    (office_claim(other_payers=[other_payer(outpatient=t837p.OutpatientAdjudication(remarks=["N1"] * 6))]), "MOA"),
    (
        office_claim(
            other_payers=[
                other_payer(adjustments=[adjustment("CO", "45", 1), adjustment("PR", "1", 1), adjustment("CO", "2", 1)])
            ]
        ),
        "CAS",
    ),
    (office_claim(other_payers=[other_payer(adjustments=[adjustment("CO", "45", 1)] * 31)]), "CAS"),
]


@pytest.mark.parametrize(("claim", "segment"), REFUSED)
def test_what_does_not_fit_is_refused_at_its_place(claim, segment):
    with pytest.raises(NotRepresentable) as caught:
        t837p.write_set(one_claim_set(claim), "0001")
    assert caught.value.finding.place.segment == segment


NUMBERS = [("TE", "5555550100")]
LEVELS_REFUSED = [
    (professional_set([], submitter=t837p.Submitter(name="A", identifier="RB001")), "PER"),
    (professional_set([], when=None), "BHT"),
    (professional_set([billing_provider([], phone=None)]), "PER"),
    (
        professional_set(
            [billing_provider([], contact_name=None, phone=None, contacts=[t837p.Contact(name="A", numbers=NUMBERS)])]
        ),
        "PER",
    ),
    (professional_set([billing_provider([], contacts=[t837p.Contact(numbers=NUMBERS)] * 2)]), "PER"),
    (professional_set([billing_provider([], references=TOO_MANY)]), "REF"),
    (professional_set([billing_provider([], first_name="NOT A PERSON")]), "NM1"),
    (
        professional_set([billing_provider([subscriber([office_claim(f"C{n}") for n in range(101)])])]),
        "CLM",
    ),
    (professional_set([billing_provider([subscriber(patients=[patient([], birth_date=None)])])]), "DMG"),
]


@pytest.mark.parametrize(("value", "segment"), LEVELS_REFUSED)
def test_what_does_not_fit_a_level_is_refused(value, segment):
    with pytest.raises(NotRepresentable) as caught:
        t837p.write_set(value, "0001")
    assert caught.value.finding.place.segment == segment


ODD = [
    (b"~SVD*88801*600*", b"~SVD*88801*x*"),
    (b"A0427:RH**1~CAS", b"A0427:RH**x~CAS"),
    (b"~CAS*CO*45*150", b"~CAS*CO**150"),
    (b"~CAS*CO*45*150", b"~CAS*CO*45*x"),
    (b"~CAS*PR*1*50", b"~CAS"),
    (b"~DTP*573*D8*20261102", b"~DTP*573*D8*2026110"),
    (b"**12.5*1~CAS", b"**12.5*x~CAS"),
    (b"~AMT*D*650", b"~AMT*D*x"),
    (b"~SV1*HC:A0427:RH*850", b"~SV1*HC*850"),
]


@pytest.mark.parametrize(("old", "new"), ODD)
def test_a_claim_with_an_unreadable_decision_is_left_out(make, old, new):
    data = wire(make, shapes_837p()["secondary"])
    assert old in data
    changed = data.replace(old, new, 1)
    value, findings = t837p.read_set(read(changed).sets[0])
    assert list(claims_of(value)) == []
    assert [one.code for one in findings] == ["X837-CLAIM"]


def test_what_comes_twice_is_told_and_the_first_kept(make):
    data = wire(make, shapes_837p()["every number"])
    for old, again in (
        (b"~CN1*", b"~CN1*09"),
        (b"~SV1*", b"~SV1*HC:99999*1*UN*1***1"),
        (b"~DTP*472*", b"~DTP*472*D8*20200101"),
        (b"~CR2*", b"~CR2********M"),
        (b"~HCP*", b"~HCP*00*1"),
        (b"~CRC*75*", b"~CRC*75*N*IH"),
        (b"~NM1*P3*", b"~NM1*P3*1*TWICE"),
        (b"~NTE*DGN", b"~NTE*ADD*TWICE"),
        (b"~PER*IC*FRONT", b"~PER*IC*BACK*TE*5555550199"),
    ):
        at = data.index(b"~", data.index(old) + 1)
        changed = data[:at] + again + data[at:]
        expected = t837p.read_set(read(data).sets[0])[0]
        value, findings = t837p.read_set(read(changed).sets[0])
        assert [one.code for one in findings] == ["X837-NOT-MODELLED"], again
        assert value == expected


def test_a_disability_that_contradicts_its_qualifier_is_told(make):
    data = wire(make, one_claim_set(office_claim(disability_start=date(2026, 10, 1))))
    value, findings = t837p.read_set(read(data.replace(b"DTP*360*D8", b"DTP*314*D8")).sets[0])
    assert [one.code for one in findings] == ["X837-NOT-MODELLED"]
    assert next(claims_of(value)).disability_start is None


@pytest.mark.parametrize("end", ["disability_start", "disability_end"])
def test_one_end_of_a_disability(make, end):
    value = one_claim_set(office_claim(**{end: date(2026, 10, 1)}))
    assert t837p.read_set(read(wire(make, value)).sets[0]) == (value, [])


# What the second outside reader cannot read, though the guide has it and the first judge takes it: its words.
SECOND_READER_FAILS = {
    "accident": "loop_2310d.ref_segment",  # asks a REF for the elements of an NM1
    "both branches": "NoneType",  # a subscriber with claims of his own and patients
    "people": "NoneType",
    "drug": "loop_2420b.nm1_segment.name_last",  # asks for a name that the guide does not use
    "equipment": "REF segment field 4",  # a number given by another payer
    "every number": "REF segment field 4",
    "pay-to plan": "communication_number_qualifier_1",  # an electronic mail box (ED) as contact
    "secondary unpaid": "loop_2330c.0.nm1_segment.name_last",  # asks for a name that the guide does not use
    "two legs": "loop_2400.2.crc_segment",  # knows no transport conditions of a line
}


@pytest.mark.parametrize("shape", shapes_837p())
def test_second_outside_reader(make, shape):
    value = shapes_837p()[shape]
    found, problem = [], ""
    try:
        with X12ModelReader(wire(make, value).decode("ascii")) as reader:
            for model in reader.models():
                found += [(one.patient_control_number, int(one.charge * 100)) for one in model.claims()]
    except Exception as raised:  # its errors have no common class
        problem = str(raised)
    if shape in SECOND_READER_FAILS:
        assert SECOND_READER_FAILS[shape] in problem
    else:
        assert problem == ""
        assert sorted(found) == sorted((one.patient_control_number, one.charge_cents) for one in claims_of(value))
