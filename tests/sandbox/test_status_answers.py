"""A 276 at the sandbox: acknowledged, and answered as each claim stands by business time."""

from dataclasses import replace
from datetime import datetime

import pytest

from edi.x12.judging.check import check_set
from edi.x12.sets import t276, t277, t999
from edi.x12.sets.inquiries import Name
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from sandbox.config import Delays

DAY = 86400
WHEN = datetime.fromisoformat("2026-11-21T10:30")


def inquiry(*numbers, control=301):
    """A 276 about these CLM01s, one subscriber for all."""
    subscriber = t276.Subscriber(
        name=Name(code="IL", last_name="SAMPLE", first_name="PAT", identifier_kind="MI", identifier="W00"),
        birth_date=WHEN.date(),
        claims=[
            t276.ClaimRequest(
                trace=f"{one}Q1", patient_control_number=one, charge_cents=15000, service_date=WHEN.date()
            )
            for one in numbers
        ],
    )
    provider = t276.Provider(
        name=Name(code="1P", entity_type="2", last_name="SAMPLE EMS", identifier_kind="XX", identifier="1234567893"),
        subscribers=[subscriber],
    )
    receiver = t276.Receiver(
        name=Name(code="41", entity_type="2", last_name="SAMPLE EMS", identifier_kind="46", identifier="123456789"),
        providers=[provider],
    )
    payer = Name(code="PR", entity_type="2", last_name="ALPHA HEALTH PLAN", identifier_kind="PI", identifier="10202")
    request = t276.StatusRequest(
        reference=f"{control:09d}-0001", when=WHEN, sources=[t276.Source(name=payer, receivers=[receiver])]
    )
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="123456789", receiver_qualifier="ZZ", receiver_id="330897513",
        group_sender="123456789", group_receiver="OA", control_number=control, usage="P", when=WHEN,
        functional_id="HR", version=t276.VERSION,
    )  # fmt: skip
    return write_interchange(envelope, [t276.write_set(request, "0001").data])


def told(sandbox):
    """By CLM01 the category of the latest 277, whose sets are in order."""
    names = [name for name in sandbox.outbound("oa") if "_277_" in name]
    document = read(sandbox.outbound("oa")[names[-1]])
    assert document.findings == []
    found = {}
    for ts in document.sets:
        assert check_set(ts) == []
        value, findings = t277.read_set(ts)
        assert findings == []
        found |= {one.patient_control_number: one for one in value.claims}
        assert all(one.trace == f"{one.patient_control_number}Q1" for one in value.claims)
    return found


@pytest.fixture
def sandbox(make_sandbox, x12):
    made = make_sandbox(
        delays=replace(Delays.none(), inquiry_s=DAY, remit_s=14 * DAY, correction_s=21 * DAY), judge_fraction=1.0
    )
    claims = [x12.subscriber(f"W0{digit}", [x12.claim(f"CLAIM{digit}", [10000, 5000])]) for digit in (0, 5, 6, 7, 8)]
    lost = [x12.subscriber("W96", [x12.claim("LOST", [10000])])]
    made.put("oa", "837P_000000101.txt", x12.interchange([claims, lost]))
    made.tick()
    return made


def test_the_answer_follows_from_the_outcome_and_from_how_far_the_claim_is(sandbox):
    asked = ("CLAIM0", "CLAIM5", "CLAIM6", "CLAIM7", "CLAIM8", "LOST", "NEVER")
    for at, control, wanted in (
        (0, 301, ["P1", "P1", "D0", "A3", "P1", "D0", "A4"]),
        (15 * DAY, 302, ["F1", "F2", "D0", "A3", "F1", "D0", "A4"]),
        (40 * DAY, 303, ["F1", "F2", "D0", "A3", "F3", "D0", "A4"]),
    ):
        sandbox.pass_time(at)
        sandbox.put("oa", f"276_{control:09d}.txt", inquiry(*asked, control=control))
        sandbox.tick()
        sandbox.pass_time(at + DAY)
        sandbox.tick()
        found = told(sandbox)
        assert [found[one].statuses[0].category for one in asked] == wanted
    assert found["CLAIM0"].statuses[0].paid_cents == 12000
    assert found["CLAIM0"].payer_control_number
    assert found["CLAIM7"].payer_control_number is None


def test_it_is_acknowledged_once_answered_once_and_no_claims_come_of_it(sandbox):
    before = len(sandbox.journal("claim"))
    sandbox.put("oa", "276_000000301.txt", inquiry("CLAIM0"))
    sandbox.tick()
    acknowledged = [data for name, data in sandbox.outbound("oa").items() if "276_000000301_999" in name]
    value, _ = t999.read_set(read(acknowledged[0]).sets[0])
    assert (value.group_id, value.group_control, value.code) == ("HR", "301", "A")
    assert not [name for name in sandbox.outbound("oa") if "_277_" in name]
    sandbox.restart()
    sandbox.pass_time(DAY)
    sandbox.tick()
    sandbox.restart()
    sandbox.tick()
    assert len([name for name in sandbox.outbound("oa") if "_277_" in name]) == 1
    assert len(sandbox.journal("claim")) == before
    assert [line["claims"] for line in sandbox.journal("inquiry_file")] == [1]
    sandbox.put("oa", "276_000000301.txt", inquiry("CLAIM0"))
    sandbox.tick()
    assert [line["note"] for line in sandbox.journal("duplicate")] == ["025"]
