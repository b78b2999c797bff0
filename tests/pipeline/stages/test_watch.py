"""watch: what waits too long by business time is told once, with its cause, kept current, and closed by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from at_once import at_once
from x12_replies import BAD, at, claim, envelope, reply, report, status, ta1

from edi.x12.syntax.envelope import write_interchange
from pipeline.domain.errors import MailboxPaused, TryLater
from pipeline.stages import sweep
from pipeline.stages.poll import poll
from pipeline.stages.release import release
from pipeline.stages.sweep import drain, ring_due
from pipeline.stages.table import STAGES
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch
from pipeline.store.progress import busy
from transport.errors import ConnectionLost, HostKeyChanged, LoginRefused, NotFound, PermissionRefused, Unreachable

HOUR, DAY = 3600, 86400
PENDING = status("A1", "WQ", "19")


class Watched:
    """One tenant's waiting things, looked at as time passes."""

    def __init__(self, answers, edge):
        self.answers, self.edge = answers, edge

    def look(self, hours=0):
        """Lets business time pass, then looks once."""
        if hours:
            self.edge.ctx.clock.advance(int(hours * HOUR))
        watch(self.edge.ctx, self.edge.org, self.edge.org)

    def open(self, *types):
        """(type, subject) of what is open, of these types or of those that are watched for."""
        wanted = types or ("awaiting", "status_window_over", "eft_late", "era_late")
        rows = self.edge.rows("SELECT type, subject_id FROM work_exception WHERE state = 'OPEN' ORDER BY id")
        return [tuple(row) for row in rows if row.type in wanted]

    def reason(self, type_="awaiting"):
        return self.edge.value("SELECT reason FROM work_exception WHERE type = :t ORDER BY id DESC LIMIT 1", t=type_)

    def resolution(self, type_="awaiting"):
        return self.edge.value("SELECT max(resolution) FROM work_exception WHERE type = :t", t=type_)

    def next_steps(self):
        return [row.next_step for row in self.edge.rows("SELECT next_step FROM claim ORDER BY id")]

    def by_hand(self, type_):
        self.edge.run(
            "UPDATE work_exception SET state = 'RESOLVED', resolution = 'ana: asked them', resolved_at = now()"
            " WHERE type = :t AND state = 'OPEN'",
            t=type_,
        )


@pytest.fixture
def watched(answers, edge):
    return Watched(answers, edge)


def refused(edge, file_id, error):
    edge.partner.refusal = error("invented secret-word")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)


def let_in(edge):
    """The partner lets us in again; the next poll finds that out, and what waited goes by itself."""
    edge.partner.refusal = None
    edge.let_leases_end()
    poll(edge.ctx, edge.org, edge.box_id)
    drain(edge.ctx, STAGES)


# -- files that are not sent ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LoginRefused, "it is not sent: the partner refuses our login"),
        (HostKeyChanged, "it is not sent: the server shows another host key"),
        (Unreachable, "it is not sent: the partner's host cannot be reached"),
        (PermissionRefused, "it is not sent: the partner refuses what we ask for"),
        (NotFound, "it is not sent: a folder of the mailbox is not there"),
        (ConnectionLost, "it is not sent: talks with the partner break off"),
    ],
)
def test_a_file_that_cannot_leave_is_told_with_the_cause_and_goes_by_itself_once_that_is_mended(
    watched, edge, error, words
):
    [file_id] = edge.files(1)
    refused(edge, file_id, error)
    watched.look(hours=71.9)
    assert watched.open() == []
    watched.look(hours=0.2)
    assert watched.open() == [("awaiting", file_id)]
    assert words in watched.reason()
    assert "secret-word" not in watched.reason()
    money = "SELECT x.money_cents = f.amount_cents FROM work_exception x, outbound_file f WHERE x.type = 'awaiting'"
    assert edge.value(money)
    if error is ConnectionLost:  # no pause that a poll could lift: it is tried again after its own
        edge.run("UPDATE due_work SET due_at = now() WHERE stage = 'upload'")
    let_in(edge)
    assert edge.state(file_id) == "SENT"
    watched.look()
    assert "it left late" in watched.reason()
    number = edge.value("SELECT control_number FROM outbound_file")
    watched.answers.come(reply(number, "A", included=1))
    watched.look()
    assert watched.open() == []
    assert watched.resolution() == "an answer came, or it was voided unsent"


def test_the_cause_is_kept_current_in_the_one_open_row(watched, edge):
    [file_id] = edge.files(1)
    seen = []
    for error in (Unreachable, LoginRefused, LoginRefused):
        edge.let_leases_end()
        refused(edge, file_id, error)
        watched.look(hours=73)
        seen.append(watched.reason())
    assert "cannot be reached" in seen[0]
    assert "refuses our login" in seen[1]
    assert seen[1] == seen[2]
    assert watched.open() == [("awaiting", file_id)]


def test_a_mailbox_that_a_person_holds_and_a_database_that_was_moved_are_causes_too(watched, edge):
    edge.files(1)
    edge.profile(enabled=False)
    watched.look(hours=73)
    assert "mailbox clearinghouse is not enabled" in watched.reason()
    edge.ctx = replace(edge.ctx, held=True)
    watched.look()
    assert "a restore or a copy" in watched.reason()


def test_what_fails_on_our_side_is_told_as_that(watched, edge):
    [file_id] = edge.files(1)
    watched.look(hours=73)
    assert "no worker runs" in watched.reason()
    edge.run("UPDATE due_work SET attempts = 2, last_error = 'stage_failed' WHERE stage = 'upload'")
    watched.look()
    assert "its upload fails (stage_failed)" in watched.reason()
    edge.run("UPDATE outbound_file SET mode = 'P'")
    upload(edge.ctx, edge.org, file_id)
    watched.look()
    assert "its exception mode_mismatch keeps it here" in watched.reason()


def test_a_file_that_is_voided_is_awaited_no_more(watched, edge):
    edge.files(1)
    watched.look(hours=73)
    edge.run("UPDATE outbound_file SET state = 'VOIDED'")
    watched.look()
    assert watched.open() == []


def test_hours_are_the_mailboxs_own(watched, edge):
    [file_id] = edge.files(1)
    edge.profile(silence_alarm_h=10)
    watched.look(hours=9.9)
    assert watched.open() == []
    watched.look(hours=0.2)
    assert watched.open() == [("awaiting", file_id)]


# -- files that were sent ---------------------------------------------------------------------------------------------
def test_a_silent_partner_is_told_as_one_only_if_its_answers_were_looked_for(watched, edge):
    watched.answers.out(1)
    watched.look(hours=73)
    assert "nobody has looked for its answers" in watched.reason()
    poll(edge.ctx, edge.org, edge.box_id)
    watched.look()
    assert "the partner is silent" in watched.reason()
    assert "account paused or unpaid" in watched.reason()
    edge.partner.refusal = LoginRefused("invented")
    with pytest.raises(MailboxPaused):
        poll(edge.ctx, edge.org, edge.box_id)
    watched.look()
    assert "answers cannot be fetched: the partner refuses our login" in watched.reason()


@pytest.mark.parametrize("what", ["ta1", "999", "277", "277 that finds nothing", "835"])
def test_any_answer_at_all_ends_it(watched, edge, money, decide, what):
    [sent], number = watched.answers.out(1)
    watched.look(hours=73)
    assert len(watched.open()) == 1
    if what == "ta1":
        watched.answers.come(write_interchange(envelope(1), [], [ta1(number, "A")]))
    elif what == "999":
        watched.answers.come(reply(number, "A", included=1))
    elif what == "277":
        watched.answers.come(report(claim(sent.clm01), batch=f"{number:09d}-0001"))
    elif what == "277 that finds nothing":
        unknown = status("A4", "U", "35")
        watched.answers.come(report(claim(sent.clm01, unknown), batch=f"{number:09d}-0001"))
    else:
        money.remit(decide(sent, sent.charge_cents), day=money.ctx.today())
    watched.look()
    assert watched.open() == []


def test_a_bank_file_is_not_awaited_by_these_hours(watched, edge, money):
    release(edge.ctx, edge.org, edge.org)
    edge.run(
        "INSERT INTO outbound_file (org_id, mailbox_id, kind, mode, exchange, control_number, name, state, amount_cents,"
        " business_at) SELECT org_id, id, 'ACH', 'T', 'x', 1, 'x', 'SENT', 0, now() FROM mailbox WHERE kind = 'bank'"
    )
    watched.look(hours=500)
    assert watched.open() == []


# -- claims -----------------------------------------------------------------------------------------------------------
def test_a_claim_that_no_payer_answers_within_its_window_is_to_be_asked_about(watched, edge):
    sent, number = watched.answers.out(3)
    watched.answers.come(reply(number, "A", included=3))
    said = report(*(claim(one.clm01, clearinghouse_id=f"47{one.id}") for one in sent), batch=f"{number:09d}-0001")
    watched.answers.come(said)
    watched.answers.come(report(claim(sent[1].clm01), by="PR", number=2))
    watched.answers.come(report(claim(sent[2].clm01, BAD), by="PR", number=3))
    watched.look(hours=7 * 24 - 0.1)
    assert watched.open() == []
    watched.look(hours=0.2)
    assert watched.open() == [("status_window_over", sent[0].id)]
    told = edge.rows("SELECT severity, money_cents FROM work_exception WHERE type = 'status_window_over'")
    assert [tuple(row) for row in told] == [("warning", sent[0].charge_cents)]
    assert f"(OA claim id 47{sent[0].id})" in watched.reason("status_window_over")
    assert watched.next_steps() == ["status_inquiry", None, None]


@pytest.mark.parametrize("what", ["accepted by the payer", "rejected by the payer", "pending", "decided"])
def test_a_later_answer_or_decision_closes_it_and_takes_the_next_step_away(watched, edge, money, decide, what):
    [sent], number = watched.answers.out(1)
    watched.look(hours=7 * 24 + 1)
    assert watched.next_steps() == ["status_inquiry"]
    if what == "decided":
        money.remit(decide(sent, sent.charge_cents), day=money.ctx.today())
    elif what == "pending":
        watched.answers.come(report(claim(sent.clm01, PENDING), batch=f"{number:09d}-0001"))
    else:
        watched.answers.come(report(claim(sent.clm01, BAD if "rejected" in what else PENDING), by="PR"))
    watched.look()
    assert watched.open() == []
    assert watched.next_steps() == ["refund_patient" if what == "decided" else None]
    assert watched.resolution("status_window_over") == "an answer or a decision came"


def test_after_a_late_answer_that_settles_nothing_the_window_begins_anew(watched):
    [sent], number = watched.answers.out(1)
    watched.look(hours=8 * 24)
    watched.answers.come(report(claim(sent.clm01), batch=f"{number:09d}-0001"))
    watched.look(hours=7 * 24 - 1)
    assert watched.open("status_window_over") == []
    watched.look(hours=2)
    assert watched.open("status_window_over") == [("status_window_over", sent.id)]
    assert watched.next_steps() == ["status_inquiry"]


def test_a_claim_that_the_payer_took_in_waits_for_its_decision_from_then(watched, money, decide):
    [sent], _ = watched.answers.out(1)
    watched.edge.ctx.clock.advance(2 * DAY)
    watched.answers.come(report(claim(sent.clm01), by="PR"))
    watched.look(hours=30 * 24 - 1)
    assert watched.open() == []
    watched.look(hours=2)
    assert watched.open() == [("status_window_over", sent.id)]
    assert "no remittance came within 30 days" in watched.reason("status_window_over")
    money.remit(decide(sent, sent.charge_cents), day=money.ctx.today())
    watched.look()
    assert (watched.open(), watched.next_steps()) == ([], ["refund_patient"])


def test_only_the_latest_submission_of_a_claim_counts(watched, flow):
    sent, number = watched.answers.out(2, claims_per_set=2)
    watched.edge.ctx.clock.advance(6 * DAY)
    watched.answers.come(reply(number, "R", ("0001", "R", [at(22, claim=sent[0].clm01)])))
    flow.go_on()
    watched.look(hours=48)
    assert watched.open("status_window_over") == []
    watched.look(hours=5 * 24)
    assert watched.open("status_window_over") == [("status_window_over", sent[1].id)]


# -- money ------------------------------------------------------------------------------------------------------------
def test_a_remittance_without_its_deposit_is_told_after_its_day(watched, edge, money, decide):
    paid, denied = money.claims(2, edge.document)
    money.remit(decide(paid, paid.charge_cents), trace="T1")
    money.remit(decide(denied, 0, ("CO", "45", denied.charge_cents), status="4"), trace="T2")
    today = edge.ctx.today()
    edge.run("UPDATE remittance SET deposit_due = :day, state = 'POSTED'", day=today)
    watched.look()
    assert watched.open() == []
    watched.look(hours=24)
    [late] = edge.rows("SELECT id FROM remittance WHERE trace_number = 'T1'")
    assert watched.open() == [("eft_late", late.id)]
    assert f"due by {today}" in watched.reason("eft_late")
    assert "trace T1" in watched.reason("eft_late")
    money.deposit(paid.charge_cents, trace="T1")
    watched.look()
    assert watched.open() == []


def test_a_deposit_without_its_remittance_is_told_after_its_day(watched, edge, money, decide):
    [paid] = money.claims(1, edge.document)
    money.deposit(paid.charge_cents, trace="T1")
    edge.run("UPDATE deposit SET remittance_due = :day", day=edge.ctx.today())
    watched.look()
    assert watched.open() == []
    watched.look(hours=24)
    assert [type_ for type_, _ in watched.open()] == ["era_late"]
    money.remit(decide(paid, paid.charge_cents), trace="T1")
    watched.look()
    assert watched.open() == []


# -- how it is told ---------------------------------------------------------------------------------------------------
def test_twice_and_at_once_it_tells_once(watched, edge):
    watched.answers.out(2)
    edge.ctx.clock.advance(8 * DAY)
    at_once([watched.look] * 4)
    watched.look()
    assert sorted(type_ for type_, _ in watched.open()) == ["awaiting", "status_window_over", "status_window_over"]
    assert edge.value("SELECT count(*) FROM work_exception") == 3


def test_what_a_person_resolved_is_not_told_again_until_something_happens_to_it(watched, edge):
    [sent], number = watched.answers.out(1)
    watched.look(hours=8 * 24)
    for type_ in ("awaiting", "status_window_over"):
        watched.by_hand(type_)
    watched.look(hours=24)
    assert watched.open() == []
    watched.answers.come(report(claim(sent.clm01), batch=f"{number:09d}-0001"))
    watched.look(hours=8 * 24)
    assert watched.open() == [("status_window_over", sent.id)]


def test_another_tenants_are_left_alone(watched, edge, neighbour):
    watched.answers.out(1)
    edge.ctx.clock.advance(9 * DAY)
    watch(edge.ctx, neighbour, neighbour)
    assert watched.open() == []


# -- its work ---------------------------------------------------------------------------------------------------------
def due(product, org_id):
    with product.database.narrow() as tx:
        return tx.first(
            "SELECT extract(epoch FROM due_at - now()) AS in_s, attempts FROM due_work"
            " WHERE stage = 'watch' AND subject_id = :org AND org_id = :org",
            org=org_id,
        )


def test_a_tenant_is_watched_from_its_beginning_for_ever_and_is_not_busy_by_that(product, org):
    assert 0 < due(product, org).in_s <= product.context.limits.watch_interval_s
    with product.context.tenant(org, "test") as tx:
        tx.run("DELETE FROM due_work WHERE stage <> 'watch'")
        tx.run("UPDATE due_work SET due_at = now()")
        assert busy(tx) == []
    assert drain(product.context, STAGES) == 1
    assert due(product, org).in_s > 50


@pytest.mark.parametrize("swept", [ring_due, lambda ctx: sweep.drain(ctx, STAGES)])
def test_a_tenant_that_has_no_row_gets_one_at_the_next_sweep(product, org, neighbour, swept):
    with product.database.narrow() as tx:
        tx.run("DELETE FROM due_work")
    swept(product.context)
    assert due(product, org).in_s > 0
    assert due(product, neighbour).in_s > 0


def test_a_look_that_fails_is_counted_and_settled_by_the_next(watched, edge, product, monkeypatch):
    from pipeline.stages import watch as stage

    def broken(*_):
        raise KeyError("invented")

    with monkeypatch.context() as patched:
        patched.setattr(stage, "_money", broken)
        for _ in range(edge.ctx.limits.max_tries):
            edge.run("UPDATE due_work SET due_at = now() WHERE stage = 'watch'")
            drain(edge.ctx, STAGES)
    assert due(product, edge.org).attempts == edge.ctx.limits.max_tries
    assert edge.open_exceptions() == ["stage_failed"]
    watched.look()
    assert due(product, edge.org).attempts == 0
    assert edge.open_exceptions() == []


def test_time_is_measured_in_business_hours_only_where_they_differ(edge, watched):
    """A file made now is due by the business clock, whatever the database's says."""
    edge.files(1)
    edge.run("UPDATE outbound_file SET created_at = now() - interval '30 days'")
    watched.look(hours=1)
    assert watched.open() == []
    assert edge.value("SELECT business_at FROM outbound_file") < edge.ctx.clock.now() - timedelta(minutes=59)
