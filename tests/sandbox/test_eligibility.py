"""The sandbox's answers on coverage: sound sets, decided by the member id's digits alone, also beside claims."""

from datetime import datetime

import pytest
from x12_eligibility import asked_dependent, asked_subscriber, eligibility_inquiry, member_name

from edi.findings import Severity
from edi.x12.judging.judge import judge
from edi.x12.sets import t270, t271, t999
from edi.x12.syntax.document import set_of
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from sandbox import eligibility

WHEN = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - as X12 tells time


def asked(*members, control="0001"):
    people = [asked_subscriber(f"CRE{control}{m}", name=member_name(identifier=m)) for m in members]
    return t270.write_set(eligibility_inquiry(people), control).data


def verdicts(response):
    return [
        [one.reason for one in person.rejections] or person.active
        for subscriber, dependent in response.people
        for person in [dependent or subscriber]
    ]


@pytest.mark.parametrize("way", ["subscribers", "dependents"])
def test_the_digits_decide_and_every_answer_is_sound(way):
    members = ["Z00", "Z04", "Z05", "Z06", "Z07", "Z17", "ZX"]
    if way == "subscribers":
        data = asked(*members)
    else:
        people = [
            asked_subscriber(name=member_name(identifier=m), traces=[], questions=[], dependents=[asked_dependent(f"CRE{m}")])
            for m in members
        ]  # fmt: skip
        data = t270.write_set(eligibility_inquiry(people), "0001").data
    ts = set_of(data, t270.VERSION)
    response = eligibility.answer(ts, WHEN)
    unknown = "75" if way == "subscribers" else "67"
    assert verdicts(response) == [True, True, False, [unknown], ["42"], True, True]
    written = t271.write_set(response, "0001").data
    found = judge(set_of(written, t271.VERSION))
    assert [one for one in found if one.severity is Severity.ERROR] == []
    assert t271.echo(t270.read_set(ts)[0], response).findings == []


def test_a_file_is_answered_by_999_and_271_but_for_the_set_that_is_rejected(make_sandbox):
    sandbox = make_sandbox()
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="US", receiver_qualifier="ZZ", receiver_id="330897513", group_sender="US",
        group_receiver="330897513", control_number=7, usage="T", when=WHEN, functional_id="HS", version=t270.VERSION,
    )  # fmt: skip
    sets = [asked("Z00", "Z05"), asked("Z96", control="0002")]
    sandbox.put("oa", "OATEST_270_000000007.txt", write_interchange(envelope, sets))
    sandbox.tick()
    sandbox.tick()
    answers = {ts.set_id: ts for data in sandbox.outbound("oa").values() for ts in read(data).sets}
    assert sorted(answers) == ["271", "999"]
    said, _ = t999.read_set(answers["999"])
    assert (said.code, [one.code for one in said.sets]) == ("P", ["A", "R"])
    assert verdicts(t271.read_set(answers["271"])[0]) == [True, False]
