"""Coverage asked at once: what is stored before and after, what an answer comes to, what happens when none comes."""

import logging
from datetime import date

import pytest
from coverage_questions import SECRETS, at_once, child, question

from edi.x12.syntax.reader import read
from pipeline.domain.eligibility import Coverage
from pipeline.domain.errors import CallerError, ConfigurationError, Conflict, NotAllowed, NotKnown, TryLater
from pipeline.services import eligibility, intake
from transport import errors


@pytest.fixture
def asked(product, tmp_path):
    return at_once(product, tmp_path)


def rows(ctx, org, statement):
    with ctx.tenant(org, "test") as tx:
        return [tuple(row) for row in tx.rows(statement)]


@pytest.mark.parametrize(
    ("ending", "coverage", "code"),
    [
        ("00", Coverage.ACTIVE, None),
        ("05", Coverage.INACTIVE, None),
        ("06", Coverage.REJECTED, "75"),
        ("07", Coverage.CANNOT_RESPOND, "42"),
        ("17", Coverage.PENDING, None),
    ],
)
def test_each_answer_comes_to_a_word_with_its_reason(asked, org, ending, coverage, code):
    ctx, _ = asked
    shown = eligibility.ask(ctx, org, question(ending), "bill")
    assert (shown.inquiry.state, shown.inquiry.answer.coverage) == ("ANSWERED", coverage)
    assert [one.code for one in shown.inquiry.answer.reasons] == ([code] if code or ending == "17" else [])


def test_benefits_and_bytes_are_kept_and_a_second_look_asks_nobody(asked, org):
    ctx, service = asked
    first = eligibility.ask(ctx, org, child(), "bill")
    [(payload, kind)] = service.asked
    assert kind == "X12_270_Request_005010X279A1"
    assert first.inquiry.sent.encode("latin-1") == payload
    [ts] = read(first.inquiry.received.encode("latin-1")).sets
    assert first.inquiry.trace in [segment[2] for segment in ts.segments if segment[:2] == ["TRN", "2"]]
    told = {(one.kind, one.amount_cents) for one in first.inquiry.answer.benefits}
    assert {("C", 150_000), ("C", 30_000), ("B", 10_000)} <= told
    assert first.inquiry.answer.plan_begins == date(2026, 1, 1)

    assert eligibility.ask(ctx, org, child(), "bill").inquiry.id == first.inquiry.id
    assert eligibility.ask(ctx, org, question(), "bill").inquiry.id != first.inquiry.id  # of the parent himself
    assert eligibility.ask(ctx, org, child(), "bill", again=True).inquiry.id != first.inquiry.id
    assert len(service.asked) == 3
    ctx.clock.advance(25 * 3600)
    eligibility.ask(ctx, org, child(), "bill")
    assert len(service.asked) == 4


def test_what_the_payer_could_not_tell_is_asked_anew(asked, org):
    ctx, service = asked
    for _ in range(2):
        eligibility.ask(ctx, org, question("07"), "bill")
    assert len(service.asked) == 2


def test_the_question_is_there_before_it_leaves_and_nothing_of_the_patient_is_in_clear(asked, org, caplog, capsys):
    ctx, service = asked
    caplog.set_level(logging.DEBUG)
    seen, answer = [], service.answer

    def looking(payload):
        seen.extend(rows(ctx, org, "SELECT state, asked_by, answer FROM inquiry"))
        return answer(payload)

    service.answer = looking
    eligibility.ask(ctx, org, question(), "bill")
    assert seen == [("ASKED", "bill", None)]
    whole = str([
        rows(ctx, org, f"SELECT t::text FROM {table} t") for table in ("inquiry", "history", "audit", "due_work")
    ])  # fmt: skip
    out = caplog.text + "".join(capsys.readouterr())
    assert [word for word in SECRETS if word in (whole + out).upper()] == []
    assert ("eligibility.ask", "bill") in rows(ctx, org, "SELECT action, actor FROM audit")


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (errors.Unreachable("host"), TryLater),
        (errors.ConnectionLost("host"), TryLater),
        (errors.LoginRefused("host"), ConfigurationError),
        (errors.NotFound("host"), ConfigurationError),
    ],
)
def test_where_nobody_answers_the_question_is_failed_with_its_reason(asked, org, error, raised):
    ctx, service = asked
    service.fail_next(error)
    with pytest.raises(raised, match=type(error).__name__):
        eligibility.ask(ctx, org, question(), "bill")
    [one] = eligibility.listed(ctx, org, "test", ["FAILED"], 10)
    assert eligibility.show(ctx, org, "test", one.id).failure == type(error).__name__
    assert eligibility.ask(ctx, org, question(), "bill").inquiry.state == "ANSWERED"


def test_an_answer_to_another_question_is_kept_and_never_used(asked, org):
    ctx, service = asked
    eligibility.ask(ctx, org, question(), "bill")
    [(earlier, _)] = service.asked
    answer, replayed = service.answer, service.answer(earlier)
    service.answer = lambda _payload: replayed
    with pytest.raises(Conflict, match="another question"):
        eligibility.ask(ctx, org, question("05"), "bill")
    [one] = eligibility.listed(ctx, org, "test", ["FAILED"], 10)
    shown = eligibility.show(ctx, org, "test", one.id)
    assert (shown.inquiry.answer, shown.inquiry.received.encode("latin-1")) == (None, replayed)
    for damaged in (b"hello", replayed[:-40], replayed.replace(b"TRN*2*", b"TRN*1*")):
        service.answer = lambda _payload, data=damaged: data
        with pytest.raises(Conflict):
            eligibility.ask(ctx, org, question("05"), "bill")
    service.answer = answer


def test_a_refused_interchange_or_set_is_told_by_its_code(asked, org):
    ctx, service = asked
    with pytest.raises(Conflict, match="999 R"):
        eligibility.ask(ctx, org, question("96"), "bill")
    answer = service.answer
    service.answer = lambda payload: answer(payload.replace(b"OFFALLY", b"SOMEONE"))
    with pytest.raises(Conflict, match="TA1 R note 008"):
        eligibility.ask(ctx, org, question(), "bill")


def test_who_may_not_and_what_cannot_be_asked_leave_no_row(asked, org):
    ctx, service = asked
    with pytest.raises(NotAllowed, match=r"eligibility\.ask"):
        eligibility.ask(ctx, org, question(), "ben")
    with pytest.raises(CallerError, match="PRV01"):
        eligibility.ask(ctx, org, question(billing_provider_npi="1992999999"), "bill")
    strange = question(insured=question().insured.model_copy(update={"last_name": "Sample中"}))
    with pytest.raises(CallerError) as caught:
        eligibility.ask(ctx, org, strange, "bill")
    assert "Sample" not in str(caught.value)
    with pytest.raises(NotKnown):
        eligibility.show(ctx, org, "test", 1)
    assert (rows(ctx, org, "SELECT id FROM inquiry"), service.asked) == ([], [])


def test_a_mailbox_without_an_address_says_what_is_missing(product, org):
    with pytest.raises(ConfigurationError, match="realtime_url"):
        eligibility.ask(product.context, org, question(), "bill")
    assert rows(product.context, org, "SELECT id FROM inquiry") == []


def test_a_claim_tells_all_that_is_to_be_asked(asked, org, claim_document):
    ctx, _ = asked
    [receipt] = intake.submit(ctx, org, [claim_document()], "test")
    asked_of, claim_id = eligibility.question_of(ctx, org, "test", receipt.clm01)
    shown = eligibility.ask(ctx, org, asked_of, "bill", claim_id=claim_id)
    assert shown.inquiry.answer is not None
    [one] = eligibility.listed(ctx, org, "test", [], 10)
    assert one.clm01 == receipt.clm01
    with pytest.raises(NotKnown):
        eligibility.question_of(ctx, org, "test", "CNOSUCHCLAIM00")
