"""Our 999 and TA1 say what is wrong, to whom, and lead back to the claim."""

import pytest
from x12_mutations import EVERY, golden, spoilt

from edi.x12.answering.acknowledging import answer, answer_group, answer_interchange
from edi.x12.answering.fault import at_fault
from edi.x12.judging.judge import judge
from edi.x12.sets import t837p, t999
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

OURS = [one for one in EVERY if one.file.startswith(("837p", "secondary"))]


def one_group(data, **more):
    document = read(data)
    return answer_group(document.interchanges[0].groups[0], document.findings, judge, **more)


def said(ack):
    return {
        (error.code, fault.code if fault else None)
        for one in ack.sets
        for error in one.errors
        for fault in (error.elements or [None])
    }


@pytest.mark.parametrize("mutation", OURS, ids=lambda one: one.name)
def test_each_mutation_is_told_by_its_codes(make, mutation):
    ack = one_group(spoilt(mutation))
    if mutation.ik is not None:
        assert mutation.ik in said(ack)
    elif mutation.code != "X12-SE01":  # which the set itself answers for, below
        assert ack.sets[0].accepted
    data = write_interchange(make.envelope("FA", t999.VERSION), [t999.write_set(ack, "0001").data])
    assert make.judged_by_pyx12(data) == []
    assert b"AVERY" not in data
    [ts] = read(data).sets
    assert judge(ts) == []
    assert t999.read_set(ts) == (ack, [])


def test_what_only_does_not_add_up_is_not_a_matter_of_the_999():
    document = read(golden("837p-office").replace(b"*255***11", b"*254***11"))
    group = document.interchanges[0].groups[0]
    assert [one.status for one in judge(group.sets[0])] == ["A7:178"]
    ack = answer_group(group, document.findings, judge)
    assert (ack.code, ack.sets[0].code, said(ack)) == ("A", "A", set())


@pytest.mark.parametrize("file", ["837p-office", "837p-void", "837p-accident"])
def test_what_is_right_is_accepted(file):
    ack = one_group(golden(file))
    assert ack.code in {"A", "E"}  # E: accepted, with what our strictest rules warn of
    assert (ack.included, ack.received, ack.accepted) == (1, 1, 1)
    assert ack.sets[0].accepted


def test_error_names_the_claim_its_trigger_and_no_value():
    data = golden("837p-both-branches").replace(
        b"~LX*1~SV1*HC:99213:25*150*UN*1***1:2:3", b"~LX*1~SV1*HC:99213:25*150*UN*1***1:2:4"
    )
    data = data.replace(b"***11:B:1", b"***41:B:1")
    [answered] = one_group(data).sets
    by_segment = {error.segment: error for error in answered.errors}
    assert all(error.claim_ids == ["CRC2"] for error in answered.errors if error.segment != "QTY")
    pointer = next(fault for fault in by_segment["SV1"].elements if fault.code == "7")
    assert (pointer.element, pointer.component, pointer.data_element, pointer.value) == (7, 3, "1328", None)
    assert by_segment["CR1"].contexts == ["CLM01:CRC2", "SITUATIONAL TRIGGER*CLM*50*2300*5:1"]
    assert (by_segment["CR1"].code, by_segment["CR1"].loop) == ("I6", "2300")


def test_value_is_copied_when_asked():
    data = golden("837p-ambulance").replace(b"***1:2~", b"***1:3~")
    [error] = [one for one in one_group(data, copy_values=True).sets[0].errors if one.segment == "SV1"]
    assert error.elements[0].value == "3"


def test_own_999_leads_back_to_the_claims_at_fault(make):
    written = t837p.write_set(make.shapes_837p()["several providers"], "0001")
    spoilt_set = written.data.replace(b"~DTP*472*D8*20261030~QTY*PT*2", b"~QTY*PT*2", 1).replace(
        b"***1:2:3~", b"***1:2:9~", 1
    )
    data = write_interchange(make.envelope("HC", t837p.VERSION), [spoilt_set])
    fault = at_fault(one_group(data).sets[0], written.ranges)
    assert fault.claims == ("CRA1", "CRD3")
    assert fault.outside  # SE01 is wrong too


def test_several_sets_are_counted(make):
    good = t837p.write_set(make.shapes_837p()["office"], "0001").data
    bad = t837p.write_set(make.shapes_837p()["dependent"], "0002").data.replace(b"~PAT*19~", b"~PAT*77~")
    ack = one_group(write_interchange(make.envelope("HC", t837p.VERSION), [good, bad]))
    assert (ack.code, ack.included, ack.received, ack.accepted) == ("P", 2, 2, 1)
    assert [one.accepted for one in ack.sets] == [True, False]
    assert ack.sets[1].reasons == ["5"]


@pytest.mark.parametrize(
    ("old", "new", "code", "set_reasons", "group_reasons"),
    [
        (b"~SE*", b"~SE*9", "R", ["4"], []),
        (b"*0001~GE*", b"*0002~GE*", "R", ["3"], []),
        (b"~GE*1*", b"~GE*2*", "R", [], ["5"]),
        (b"~GE*1*101", b"~GE*1*102", "R", [], ["4"]),
        (b"ST*837*", b"ST*852*", "R", ["1"], []),
    ],
)
def test_envelope_of_set_and_group(old, new, code, set_reasons, group_reasons):
    ack = one_group(golden("837p-void").replace(old, new, 1))
    reasons = [one for one in ack.sets[0].reasons if one != "5"]
    assert (ack.code, reasons, ack.reasons) == (code, set_reasons, group_reasons)
    assert ack.accepted == 0


def test_an_835_without_version_in_st_is_answered(make):
    [(ta1, [ack])] = answer(read(golden("835-paid")))
    assert ta1.code == "A"
    assert ack.sets[0].version is None
    assert (
        make.judged_by_pyx12(
            write_interchange(make.envelope("FA", t999.VERSION), [t999.write_set(ack, "0001").data], [ta1])
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "note"),
    [
        (b"~IEA*", b"~IEA*", "A", "000"),
        (b"~IEA*1*000000101", b"~IEA*1*000000102", "R", "001"),
        (b"~IEA*1*", b"~IEA*2*", "R", "021"),
        (b"~IEA*1*000000101~", b"~", "R", "023"),
        (b"*0*T*:", b"*0*X*:", "R", "020"),
    ],
)
def test_ta1(old, new, code, note):
    document = read(golden("837p-void").replace(old, new, 1))
    ta1 = answer_interchange(document.interchanges[0], document.findings)
    assert (ta1.control_number, ta1.date, ta1.time) == ("000000101", "261103", "1425")
    assert (ta1.code, ta1.note) == (code, note)


@pytest.mark.parametrize(
    ("old", "new", "named", "errors"),
    [
        (b"~CR1*", b"~C!R1*", 1, False),
        (b"~CR1*", b"~CR\xb21*", 1, False),
        (b"ST*837*0001", b"ST*837*1", 0, False),
        (b"ST*837*", b"ST*8*", 0, False),
        (b"CLM*CRA1*", b"CLM*C|R>A1*", 1, True),
        (b"005010X222A1~BHT", b"5010 \xb2~BHT", 1, True),
    ],
)
def test_whatever_was_read_the_answer_can_be_written(old, new, named, errors):
    data = golden("837p-ambulance").replace(b"***1:2~", b"***1:3~")
    data = data.replace(b"***1:3~", b"***1:2~") if not errors else data
    assert old in data
    ack = one_group(data.replace(old, new))
    assert len(ack.sets) == named
    assert (ack.received, ack.accepted, ack.code) == (1, 0, "R")
    assert t999.write_set(ack, "0001").data


def test_a_group_that_cannot_be_named_is_not_answered():
    for change in ((b"GS*HC*", b"GS*QQ*"), (b"*1425*101*X*", b"*1425*1O1*X*")):
        [(_, acks)] = answer(read(golden("837p-void").replace(*change)))
        assert acks == []


def test_a_999_is_not_answered():
    [(ta1, acks)] = answer(read(golden("999-partial")))
    assert ta1.code == "A"
    assert acks == []
