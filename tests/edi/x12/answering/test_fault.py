"""From a 999 back to claims: by name, by position, or to nobody in particular."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_answers import envelope

from benchmarks.x12_samples import sets_837
from edi.x12.answering.acknowledging import answer_group
from edi.x12.answering.fault import AtFault, at_fault
from edi.x12.sets import t837p, t999
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

RANGES = {"CRA1": (13, 43), "CRB1": (44, 74), "CRC1": (90, 115)}


def error(number, code="8", segment="CLM", **more):
    return t999.SegmentError(segment=segment, number=number, code=code, **more)


def answer(*errors, code="R", reasons=("5",)):
    return t999.SetAcknowledgment(
        set_id="837", control_number="0001", code=code, reasons=list(reasons), errors=list(errors)
    )


@pytest.mark.parametrize(
    ("given", "claims", "outside"),
    [
        (answer(error(20)), ("CRA1",), False),
        (answer(error(13)), ("CRA1",), False),
        (answer(error(43)), ("CRA1",), False),
        (answer(error(90), error(50), error(51)), ("CRB1", "CRC1"), False),
        (answer(error(8)), (), True),
        (answer(error(44, segment="HL"), error(50)), ("CRB1",), True),
        (answer(error(80)), (), True),
        (answer(error(80), error(20)), ("CRA1",), True),
        (answer(error(20, contexts=["CLM01:CRC1"])), ("CRC1",), False),
        (answer(error(20, contexts=["CLM01:UNKNOWN"])), ("CRA1",), False),
        (answer(error(44, "3", "DTP")), ("CRA1",), False),
        (answer(error(44, "3", "SBR")), ("CRB1",), False),
        (answer(error(75, "3", "DTP")), ("CRB1",), False),
        (answer(error(116, "3", "DTP")), ("CRC1",), False),
        (answer(error(13, "3", "REF")), (), True),
        (answer(error(46, "3", "N3")), ("CRB1",), False),
        (answer(), (), True),
        (answer(error(20), reasons=("4", "5")), ("CRA1",), True),
        (answer(error(20), code="E"), ("CRA1",), False),
        (answer(code="A", reasons=()), (), False),
    ],
)
def test_claims_at_fault(given, claims, outside):
    assert at_fault(given, RANGES) == AtFault(claims=claims, outside=outside)


def test_a_position_in_a_level_that_claims_share_is_outside(make):
    ranges = t837p.write_set(make.shapes_837p()["both branches"], "0001").ranges
    (first, last), (next_first, _) = ranges["CRC1"], ranges["CRC2"]
    assert at_fault(answer(error(first - 1, segment="NM1")), ranges).outside
    assert at_fault(answer(error(first), error(last + 1)), ranges).claims == ("CRC1", "CRC2")
    assert last < next_first


TEN = t837p.write_set(sets_837(10)[0], "0001")  # five claims of subscribers, five of patients


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_wrong_element_leads_to_its_claim_and_no_other(data):
    segments = [one.split(b"*") for one in TEN.data.split(b"~")[:-1]]
    at = data.draw(st.integers(1, len(segments) - 2).filter(lambda index: segments[index][0] != b"HL"))
    position = data.draw(st.integers(1, len(segments[at]) - 1))
    segments[at][position] = data.draw(st.sampled_from([b"", b"Q", b"9" * 100, b"\x07"]))
    wire = b"".join(b"*".join(one) + b"~" for one in segments)
    [group] = read(write_interchange(envelope("HC", t837p.VERSION), [wire])).interchanges[0].groups
    [said] = answer_group(group).sets
    around = tuple(claim for claim, (first, last) in TEN.ranges.items() if first <= at + 1 <= last)
    assert said.accepted or at_fault(said, TEN.ranges) == AtFault(claims=around, outside=not around)


@pytest.mark.parametrize(
    ("old", "new", "at", "claims", "outside"),
    [
        (b"~DTP*472*D8*20261030~QTY*PT*2~REF*6R*CRA1L2~NTE*ADD*LOADED MILES ONLY", b"", 0, ("CRA1",), False),
        (b"~CR1*LB*154**A*", b"~CR1*LB*154**Q*", 0, ("CRA1",), False),
        (b"~PRV*BI*PXC*", b"~PRV*BI*PXX*", 0, (), True),
        (b"~HI*ABK:R4182*ABF:I10", b"", 1, ("CRD2",), False),
    ],
)
def test_the_outside_judges_999_leads_to_the_claim(make, old, new, at, claims, outside):
    """The judge tells what is missing at the segment after the gap; the number of segments is kept right for it."""
    written = t837p.write_set(make.shapes_837p()["several providers"], "0001")
    head, *rest = written.data.split(old)
    assert rest
    spoilt = head + b"".join((new if index == at else old) + part for index, part in enumerate(rest))
    lost = old.count(b"~") - new.count(b"~")
    count = b"~SE*%d*" % written.segment_count
    spoilt = spoilt.replace(count, b"~SE*%d*" % (written.segment_count - lost))
    cut = head.count(b"~") if at == 0 else (head + old + rest[0]).count(b"~")
    ranges = {
        claim: (first - lost * (first > cut), last - lost * (last > cut))
        for claim, (first, last) in written.ranges.items()
    }
    answered = make.answered_by_pyx12(write_interchange(make.envelope("HC", t837p.VERSION), [spoilt]))
    ack, _ = t999.read_set(read(answered).sets[0])
    assert at_fault(ack.sets[0], ranges) == AtFault(claims=claims, outside=outside)
