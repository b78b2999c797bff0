"""Status inquiries: silent claims are asked about by their payer's rules, and what is answered counts once and for what it is."""

import json
from dataclasses import replace

import pytest
from at_once import at_once
from status_replies import about, answer, questions, status
from x12_replies import BAD, GOOD, claim, envelope, reply, report, ta1

from edi.x12.judging.check import check_set
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.errors import Conflict, NotAllowed
from pipeline.domain.payer_rules import DatedRules, PayerBook, PayerRules
from pipeline.services import status_inquiries as service
from pipeline.services.story import story
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch

DAY = 86400
CHASED = PayerRules(ask_after_days=10, ask_again_days=5, ask_at_most=3)


class Chase:
    """One tenant's silent claims. `out` sends some and lets the payer take them in; `asked` are the inquiries."""

    def __init__(self, answers, edge):
        self.answers, self.edge = answers, edge
        edge.ctx = replace(edge.ctx, payers=PayerBook([DatedRules(rules=CHASED)]))

    def out(self, count=1, verdict=GOOD, by="PR"):
        claims, number = self.answers.out(count)
        self.come(reply(number, "A", included=1))
        if verdict is not None:
            told = [claim(one.clm01, verdict) for one in claims]
            self.come(report(*told, by=by))
        return claims

    def come(self, data, kind=None):
        return self.answers.come(data, kind=kind or ("x12:277-x212" if b"X212" in data else None))

    def days(self, days):
        self.edge.ctx.clock.advance(int(days * DAY))
        watch(self.edge.ctx, self.edge.org, self.edge.org)

    def asked(self):
        return [tuple(row) for row in self.edge.rows("SELECT state, answer FROM inquiry ORDER BY id")]

    def file(self):
        """The latest 276 file, sent: its id, control number and requests."""
        row = self.edge.rows("SELECT id, control_number FROM outbound_file WHERE kind = '276' ORDER BY id DESC")[0]
        upload(self.edge.ctx, self.edge.org, row.id)
        return row.id, row.control_number, questions(self.edge.bytes_of(row.id))

    def traces(self):
        return [one.trace for request in self.file()[2] for one in request.claims]

    def open(self):
        kinds = ("status_window_over", "awaiting")
        rows = self.edge.rows("SELECT type, reason FROM work_exception WHERE state = 'OPEN' ORDER BY id")
        return [tuple(row) for row in rows if row.type not in kinds]


@pytest.fixture
def chase(answers, edge):
    return Chase(answers, edge)


# -- asking ---------------------------------------------------------------------------------------------------------------
def test_a_silent_claim_is_asked_about_by_rule_pending_asked_again_and_no_more_once_its_payer_has_decided(chase, edge):
    [sent] = chase.out()
    chase.days(9.9)
    assert chase.asked() == []
    chase.days(0.2)
    chase.days(0)
    assert chase.asked() == [("IN_FILE", None)]
    file_id, number, [request] = chase.file()
    assert edge.state(file_id) == "SENT"
    assert edge.partner.arrived[-1][0] == f"OATEST_276_{number:09d}.txt"
    [one] = request.claims
    assert (one.patient_control_number, one.charge_cents) == (sent.clm01, sent.charge_cents)
    assert one.service_date is not None
    assert request.reference == f"{number:09d}-0001"
    assert all(check_set(ts) == [] for ts in read(edge.bytes_of(file_id)).sets)
    chase.come(answer(about(one.trace, status("P1", "20"), number="ICN42")))
    assert chase.asked() == [("ANSWERED", "P1")]
    assert edge.value("SELECT payer_control_number FROM submission") == "ICN42"
    assert chase.answers.claims() == ["SUBMITTED"]
    chase.days(5.1)
    assert chase.asked() == [("ANSWERED", "P1"), ("IN_FILE", None)]
    [again] = chase.file()[2][0].claims
    assert again.payer_control_number == "ICN42"
    chase.come(answer(about(again.trace, status("F1", "65", paid_cents=500)), number=2))
    chase.days(13)
    assert [state for state, _ in chase.asked()] == ["ANSWERED", "ANSWERED"]
    assert chase.open() == []
    chase.days(1.5)
    [(type_, reason)] = chase.open()
    assert type_ == "finalised_without_835"
    assert "F1 (decided: paid)" in reason
    told = story(edge.ctx, edge.org, "test", sent.clm01)
    words = [event.detail for event in told.events if event.subject == "inquiry" and event.what == "answered"]
    assert words == ["P1:20 (in process)", "F1:65 (decided: paid)"]


def test_what_is_asked_is_a_set_a_payer_in_files_of_the_mailboxes_size_and_two_at_once_ask_once(chase, edge, money):
    base = json.loads(edge.document())
    other = {**base["payer"], "payer_id": "60054", "name": "Other Invented Payer"}
    edge.profile(claims_per_file=3)
    first = money.claims(2, edge.document)
    second = money.claims(2, edge.document, payer=other)
    for row in edge.rows("SELECT id FROM outbound_file ORDER BY id"):
        upload(edge.ctx, edge.org, row.id)
    chase.come(report(*[claim(one.clm01, GOOD) for one in (*first, *second)], by="PR"))
    edge.ctx.clock.advance(11 * DAY)
    at_once([lambda: watch(edge.ctx, edge.org, edge.org)] * 3)
    assert chase.asked() == [("IN_FILE", None)] * 4
    made = edge.rows("SELECT id, claims FROM outbound_file WHERE kind = '276' ORDER BY id")
    assert [row.claims for row in made] == [3, 1]
    sets = questions(edge.bytes_of(made[0].id))
    assert sorted(len(list(one.claims)) for one in sets) == [1, 2]
    assert len({one.sources[0].name.identifier for one in sets}) == 2


def test_before_the_window_is_over_and_after_the_last_inquiry_nobody_is_asked(chase, edge):
    edge.profile(status_window_days=20)
    chase.out(verdict=GOOD, by="AY")
    chase.days(19)
    assert chase.asked() == []
    chase.days(1.1)
    assert chase.asked() == [("IN_FILE", None)]
    for _ in range(4):
        chase.days(5.1)  # nobody answers
    assert chase.asked() == [("FAILED", None), ("FAILED", None), ("IN_FILE", None)]
    edge.ctx = replace(edge.ctx, payers=PayerBook([DatedRules(rules=PayerRules())]))
    chase.days(90)
    assert len(chase.asked()) == 3


def test_a_person_asks_whatever_the_rules_say_but_not_twice_and_only_about_what_is_out(chase, edge, money, decide):
    first, second = chase.out(2)
    with pytest.raises(NotAllowed):
        service.ask(edge.ctx, edge.org, "ben", [first.clm01])
    [asked] = service.ask(edge.ctx, edge.org, "bill", [first.clm01])
    assert asked.clm01 == first.clm01
    assert chase.asked() == [("IN_FILE", None)]
    with pytest.raises(Conflict, match="is not answered yet"):
        service.ask(edge.ctx, edge.org, "bill", [first.clm01])
    edge.ctx.clock.advance(2 * DAY)
    service.ask(edge.ctx, edge.org, "bill", [first.clm01])
    assert chase.asked() == [("FAILED", None), ("IN_FILE", None)]
    money.remit(decide(second, second.charge_cents))
    with pytest.raises(Conflict, match="is PAID"):
        service.ask(edge.ctx, edge.org, "bill", [second.clm01])


def test_a_question_that_cannot_be_written_keeps_no_other_from_being_asked(chase, edge):
    first, second, third = chase.out(3)
    edge.run("UPDATE claim SET document = 'spoiled' WHERE id = :id", id=second.id)
    with edge.tx() as tx:  # a name that the character set of a 276 does not hold
        told = json.loads(edge.document()) | {"external_id": "x"}
        told["patient"]["last_name"] = "\u8a66"
        sealed = tx.keys.seal("claim", "document", third.id, json.dumps(told).encode())
        tx.run("UPDATE claim SET document = :document WHERE id = :id", document=sealed, id=third.id)
    chase.days(10.1)
    assert [state for state, _ in chase.asked()] == ["IN_FILE", "FAILED", "FAILED"]
    assert [one.patient_control_number for request in chase.file()[2] for one in request.claims] == [first.clm01]
    reasons = [reason for type_, reason in chase.open() if type_ == "inquiry_failed"]
    assert len(reasons) == 2
    assert not any("\u8a66" in reason for reason in reasons)


def test_questions_of_the_other_mode_stay_here(chase, edge):
    chase.out()
    service.ask(edge.ctx, edge.org, "bill", [edge.value("SELECT clm01 FROM claim")])
    [row] = edge.rows("SELECT id, name FROM outbound_file WHERE kind = '276'")
    edge.run("UPDATE outbound_file SET name = replace(name, 'OATEST_', '') WHERE id = :id", id=row.id)
    upload(edge.ctx, edge.org, row.id)
    assert edge.state(row.id) == "RESERVED"
    assert [type_ for type_, _ in chase.open()] == ["mode_mismatch"]


# -- what is answered -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("category", "claim_state", "submission_state", "exception"),
    [
        ("F2", "SUBMITTED", "PAYER_ACCEPTED", None),
        ("A2", "SUBMITTED", "PAYER_ACCEPTED", None),
        ("R4", "SUBMITTED", "PAYER_ACCEPTED", "information_requested"),
        ("E1", "SUBMITTED", "CLEARINGHOUSE_ACCEPTED", "inquiry_failed"),
        ("D0", "SUBMITTED", "CLEARINGHOUSE_ACCEPTED", "claim_not_found"),
        ("A4", "SUBMITTED", "CLEARINGHOUSE_ACCEPTED", "claim_not_found"),
        ("A3", "REJECTED", "PAYER_REJECTED", "claim_rejected"),
    ],
)
def test_each_category_counts_for_what_it_says_and_decides_no_money(
    chase, edge, category, claim_state, submission_state, exception
):
    chase.out(by="AY")
    books = edge.value("SELECT count(*) FROM journal")
    chase.days(10.1)
    [trace] = chase.traces()
    chase.come(answer(about(trace, status(category, "35"))))
    assert chase.asked() == [("ANSWERED", category)]
    assert chase.answers.claims() == [claim_state]
    assert chase.answers.submissions() == [submission_state]
    assert edge.value("SELECT count(*) FROM journal") == books
    told = chase.open()
    assert [type_ for type_, _ in told] == ([exception] if exception else [])
    assert all(f"{category}:35" in reason for _, reason in told)
    if exception in {"information_requested", "inquiry_failed", "claim_not_found"}:
        chase.days(5.1)  # only an F category ends the chase
        [trace] = chase.traces()
        chase.come(answer(about(trace, status("F1", "65")), number=2))
        assert chase.open() == []


def test_an_answer_counts_once_late_ones_are_noted_and_none_takes_the_place_of_a_decision(chase, edge):
    [sent] = chase.out()
    chase.days(10.1)
    [trace] = chase.traces()
    chase.days(5.1)
    [second] = chase.traces()
    assert second != trace
    assert chase.asked() == [("FAILED", None), ("IN_FILE", None)]
    first = chase.come(answer(about(trace, status("F1", "65"))))
    history = chase.answers.history()
    acknowledge(edge.ctx, edge.org, first)
    assert chase.answers.history() == history
    chase.come(answer(about(trace, status("P1", "20")), number=2))
    assert chase.asked() == [("ANSWERED", "F1"), ("IN_FILE", None)]
    kept = service.about(edge.ctx, edge.org, "bill", sent.clm01)[0]
    assert (kept.state, kept.said["counts"]) == ("ANSWERED", "F1:65")
    # Without the inquiry's number the claim's own leads to what is open about it; a stranger's is told to a person.
    chase.come(answer(about("0", status("P1", "20"), clm01=sent.clm01), number=3))
    assert chase.asked() == [("ANSWERED", "F1"), ("ANSWERED", "P1")]
    chase.come(answer(about(trace, status("F1", "65"), clm01="CSOMEBODYELSE0"), number=4))
    assert [type_ for type_, _ in chase.open()] == ["unmatched_status"]


def test_a_claim_that_the_payer_holds_twice_is_pending_as_long_as_one_of_the_two_is(chase):
    chase.out()
    chase.days(10.1)
    [trace] = chase.traces()
    chase.come(answer(about(trace, status("F2", "54"), number="ICN8"), about(trace, status("P1", "20"))))
    assert chase.asked() == [("ANSWERED", "P1")]


def test_both_kinds_of_277_stand_in_one_file_and_an_answer_without_a_status_is_set_aside_whole(chase, edge):
    first, second = chase.out(2, by="AY")
    service.ask(edge.ctx, edge.org, "bill", [first.clm01])
    [trace] = chase.traces()
    one, other = report(claim(second.clm01, BAD), by="PR"), answer(about(trace, status("P1", "20")))
    sets = b"".join(data[data.index(b"GS*") : data.index(b"IEA*")] for data in (one, other))
    whole = one[: one.index(b"GS*")] + sets + one[one.index(b"IEA*") :].replace(b"IEA*1", b"IEA*2")
    chase.come(whole, kind="x12:277")
    assert chase.asked() == [("ANSWERED", "P1")]
    assert chase.answers.submissions() == ["PAYER_ACCEPTED", "PAYER_REJECTED"]
    silent = chase.come(answer(about(trace, status("P1", "20")), number=5).replace(b"STC*P1:20*", b"STC**"))
    assert chase.answers.inbound(silent) == "QUARANTINED"


# -- what is refused --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", ["ta1", "999", "999 of its set", "277 of the request", "277 of the provider"])
def test_a_request_that_is_refused_is_told_at_its_file_and_asked_again_by_the_rule(chase, edge, what):
    chase.out()
    chase.days(10.1)
    file_id, number, [request] = chase.file()
    refused, reference = [status("E1", "484")], request.reference
    chase.come(
        {
            "ta1": write_interchange(envelope(1), [], [ta1(number, "R", "022")]),
            "999": reply(number, "R", included=1, reasons=["1"]),
            "999 of its set": reply(number, "R", ("0001", "R"), included=1),
            "277 of the request": answer(refused=refused, reference=reference),
            "277 of the provider": answer(refused_provider=refused, reference=reference),
        }[what]
    )
    assert chase.asked() == [("FAILED", None)]
    [(type_, reason)] = chase.open()
    assert type_ == "inquiry_failed"
    assert "1 status inquiries" in reason
    assert edge.value("SELECT subject_id FROM work_exception WHERE type = 'inquiry_failed'") == file_id
    assert chase.answers.claims() == ["SUBMITTED"]
    chase.days(5.1)
    assert chase.asked() == [("FAILED", None), ("IN_FILE", None)]
