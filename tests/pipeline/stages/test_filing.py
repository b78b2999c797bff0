"""Files for the bank: at its cut-offs, with days that it can keep, looked at again before they leave, and nothing lost on the way."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import check, read
from pipeline.domain.ach_calendar import Window, WindowBook
from pipeline.domain.calendar import RESERVE_BANKS
from pipeline.domain.mailbox import OffsetAccount
from pipeline.domain.states import Kind
from pipeline.services import payments
from pipeline.stages import filing
from pipeline.stages.bank_answers import apply
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch
from pipeline.store import counters, files, ledger, payments, standings, tenants, transitions
from pipeline.store.standings import Rules

TWICE = {"cutoffs": ("10:00", "16:30")}
ACH = "FROM outbound_file WHERE kind = 'ACH'"


class Clock:
    """Business time as the test sets it, told as the Reserve Banks' clock shows it."""

    def set(self, told):
        self.moment = datetime.fromisoformat(told).replace(tzinfo=RESERVE_BANKS).astimezone(UTC)

    def now(self):
        return self.moment


class Bank:
    """One tenant's refunds and the bank through which they leave."""

    def __init__(self, money, decide, document):
        self.money, self.decide, self.document = money, decide, document
        self.clock = Clock()
        money.ctx = replace(money.ctx, clock=self.clock)
        self.claims = 0

    def set(self, **changes):
        with self.money.tx() as tx:
            [box] = tenants.mailboxes(tx, "bank")
            tenants.put_mailbox(tx, box.name, box.mode, box.profile.model_copy(update=changes), enabled=True)

    def owe(self, *cents):
        """So many refunds become payable."""
        if not cents:
            return
        self.claims += 1
        trace = f"T{self.claims}"
        made = [self.money.claims(1, self.document, patient_paid_cents=one)[0] for one in cents]
        self.money.remit(*(self.decide(claim, 14_500) for claim in made), trace=trace)
        self.money.deposit(14_500 * len(made), trace=trace)

    def release(self, told=None):
        if told is not None:
            self.clock.set(told)
        release(self.money.ctx, self.money.org, self.money.org)
        return self.money.states("payment")

    def watch(self, told):
        """Whether the watch has a release look at once."""
        self.clock.set(told)
        watch(self.money.ctx, self.money.org, self.money.org)
        return self.wait_s() <= 0

    def wait_s(self):
        """Seconds until the next release, by the database's clock."""
        told = self.money.column(
            "SELECT extract(epoch FROM due_at - now())::float8 FROM due_work WHERE stage = 'release'"
        )
        return told[0] if told else float("inf")

    def upload(self, told=None):
        """The newest file is taken as far as it gets; gives its state."""
        if told is not None:
            self.clock.set(told)
        upload(self.money.ctx, self.money.org, self.newest())
        return self.file_states()[-1]

    def newest(self):
        return self.money.column(f"SELECT max(id) {ACH}")[0]

    def file_states(self):
        return self.money.column(f"SELECT state {ACH} ORDER BY id")

    def days(self):
        """Day and amount of the entries that stand."""
        with self.money.tx() as tx:
            rows = tx.rows("SELECT effective_date, amount_cents FROM payment_entry WHERE live ORDER BY id")
        return [(str(row.effective_date), row.amount_cents) for row in rows]

    def file(self):
        with self.money.tx() as tx:
            return read(files.content(tx, self.newest())).file

    def hold(self, reason):
        with self.money.tx() as tx:
            tx.run("UPDATE payee SET hold = :reason", reason=reason)


@pytest.fixture
def bank(money, decide, claim_document):
    made = Bank(money, decide, claim_document)
    made.clock.set("2026-12-01T12:00")
    return made


# -- cut-offs ---------------------------------------------------------------------------------------------------------
def test_a_payment_goes_with_the_first_cutoff_after_its_approval(bank):
    bank.set(**TWICE)
    bank.owe(1_000)
    assert bank.release("2026-12-01T16:29:59") == ["APPROVED"]
    assert 0 < bank.wait_s() <= 1
    bank.clock.set("2026-12-01T16:30:00")
    bank.owe(2_000)  # approved exactly at the cut-off
    assert bank.release() == ["IN_FILE", "APPROVED"]
    assert 17.4 < bank.wait_s() / 3600 <= 17.5
    assert bank.release("2026-12-02T09:59:59") == ["IN_FILE", "APPROVED"]
    assert bank.release("2026-12-02T10:00:00") == ["IN_FILE", "IN_FILE"]
    assert bank.days() == [("2026-12-02", 1_000), ("2026-12-03", 2_000)]
    assert bank.wait_s() == float("inf")


def test_cutoffs_that_were_missed_are_made_up_for_in_one_file(bank):
    bank.set(**TWICE)
    bank.owe(1_000)
    bank.release("2026-12-03T09:00")
    bank.clock.set("2026-12-03T12:00")
    bank.owe(2_000)
    assert bank.release("2026-12-03T12:00") == ["IN_FILE", "APPROVED"]
    void(bank, bank.newest())
    assert bank.watch("2026-12-06T08:00")  # a Sunday; Friday's cut-offs have passed
    assert bank.release() == ["IN_FILE", "IN_FILE"]
    assert bank.days() == [("2026-12-08", 1_000), ("2026-12-08", 2_000)]
    assert bank.file_states() == ["VOIDED", "RESERVED"]
    assert not bank.watch("2026-12-07T10:00")


def test_what_could_not_go_when_its_cutoff_passed_goes_with_the_next(bank):
    bank.set(**TWICE)
    bank.owe(1_000, 2_000)
    bank.release("2026-12-01T15:00")
    bank.hold("asked")
    assert bank.watch("2026-12-01T16:30")
    assert bank.release() == ["APPROVED", "APPROVED"]
    assert not bank.watch("2026-12-01T16:31")
    bank.hold(None)
    assert bank.release("2026-12-01T16:40") == ["APPROVED", "APPROVED"]
    bank.hold("asked")
    assert bank.release("2026-12-02T09:00") == ["APPROVED", "APPROVED"]
    bank.hold(None)  # lifted before the cut-off: it goes with it
    assert bank.release("2026-12-02T10:00") == ["IN_FILE", "IN_FILE"]


def test_the_watch_does_not_ring_where_a_person_is_asked(bank, monkeypatch):
    bank.set(**TWICE)
    bank.owe(1_000)
    bank.release("2026-12-01T15:00")
    with monkeypatch.context() as bad:
        bad.setattr(filing, "written", lambda _: (b"", "ACH-INVENTED at line 1"))
        bank.release("2026-12-01T16:30")
    assert bank.money.exceptions() == ["ach_refused"]
    assert not bank.watch("2026-12-01T16:31")
    assert bank.release("2026-12-01T16:32") == ["IN_FILE"]
    assert bank.money.exceptions() == []


def test_a_class_that_passes_the_check_does_not_hide_another_that_does_not(bank, monkeypatch):
    bank.set(**TWICE)
    bank.owe(1_000, 2_000)
    bank.release("2026-12-01T15:00")
    with bank.money.tx() as tx:
        tx.run("UPDATE payment SET sec = 'CCD' WHERE amount_cents = 1000")
    honest = filing.written
    with monkeypatch.context() as bad:
        bad.setattr(filing, "written", lambda file: (b"", "X") if file.batches[0].sec == "CCD" else honest(file))
        assert bank.release("2026-12-01T16:30") == ["APPROVED", "IN_FILE"]
    assert bank.money.exceptions() == ["ach_refused"]
    assert bank.release() == ["IN_FILE", "IN_FILE"]
    assert bank.money.exceptions() == []


# -- days -------------------------------------------------------------------------------------------------------------
def test_a_file_that_leaves_too_late_for_its_day_is_built_anew(bank):
    bank.set(**TWICE)
    bank.owe(1_000)
    bank.release("2026-12-01T15:00")
    bank.release("2026-12-01T16:30")
    assert bank.upload("2026-12-01T17:30:01") == "VOIDED"
    [told] = bank.money.column("SELECT detail FROM history WHERE subject_kind = 'file' AND event = 'voided'")
    assert told == "entries that bear 2026-12-02 would settle later if they left now"
    assert (bank.money.states("payment"), bank.wait_s() <= 0) == (["APPROVED"], True)
    assert bank.release() == ["IN_FILE"]
    assert bank.days() == [("2026-12-03", 1_000)]
    assert bank.upload() == "SENT"


def test_a_file_of_the_evening_does_not_leave_after_midnight_with_its_old_day(bank):
    bank.owe(1_000)
    bank.release("2026-12-31T23:59:59")
    assert bank.days() == [("2027-01-04", 1_000)]
    assert bank.upload("2027-01-04T00:00") == "VOIDED"
    bank.release()
    assert bank.days() == [("2027-01-05", 1_000)]
    assert bank.upload() == "SENT"
    assert bank.money.exceptions() == []


def test_same_day_within_its_window_and_limit_and_the_rest_the_day_after(bank):
    window = Window(name="w", deadline=time(14, 45), settlement=time(17), limit_cents=2_000)
    bank.money.ctx = replace(bank.money.ctx, windows=WindowBook([window]))
    bank.set(settlement_days=0, same_day=True, same_day_lead_min=30)
    bank.owe(2_000, 2_001)
    bank.release("2026-12-01T14:14:59")
    assert bank.days() == [("2026-12-01", 2_000), ("2026-12-02", 2_001)]
    assert [batch.effective_date for batch in bank.file().batches] == [date(2026, 12, 1), date(2026, 12, 2)]
    assert bank.upload("2026-12-01T14:15") == "VOIDED"
    bank.release()
    assert bank.days() == [("2026-12-02", 2_000), ("2026-12-02", 2_001)]
    assert len(bank.file().batches) == 1
    assert bank.upload() == "SENT"


def test_a_payment_may_ask_for_the_same_day_where_others_wait(bank):
    bank.set(same_day=True)
    bank.owe(1_000, 2_000)
    bank.set(cutoffs=("11:00",))
    bank.release("2026-12-01T10:00")
    with bank.money.tx() as tx:
        tx.run("UPDATE payment SET same_day = true WHERE amount_cents = 2000")
    bank.release("2026-12-01T11:00")
    assert bank.days() == [("2026-12-01", 2_000), ("2026-12-02", 1_000)]


# -- bytes ------------------------------------------------------------------------------------------------------------
def test_stored_bytes_that_do_not_pass_the_check_any_more_do_not_leave(bank, outside, monkeypatch):
    """As when the check has become stricter between making and sending: the bytes themselves the database keeps as they are."""
    bank.owe(1_000)
    bank.release()
    with bank.money.tx() as tx:
        stored = files.content(tx, bank.newest())
    finding = check(stored.replace(b"0000001000", b"0000001001", 1))[0]
    with monkeypatch.context() as stricter:
        stricter.setattr(filing, "check", lambda data: [finding] if data == stored else [])
        assert bank.upload() == "VOIDED"
    [told] = bank.money.column("SELECT detail FROM history WHERE subject_kind = 'file' AND event = 'voided'")
    assert told.startswith("ACH-")
    assert outside["bank"].list("inbound") == []
    assert bank.release() == ["IN_FILE"]


def test_the_very_bytes_of_another_file_are_refused(bank, monkeypatch):
    bank.owe(1_000)
    bank.release()
    void(bank, bank.newest())
    monkeypatch.setattr(counters, "take_modifier", lambda *_: "A")
    monkeypatch.setattr(counters, "take", lambda *_: 1)
    with pytest.raises(RuntimeError, match=f"the very bytes of file {bank.newest()}"):
        bank.release()
    assert bank.money.states("payment") == ["APPROVED"]


def void(bank, file_id):
    """A file is taken back whole, as when somebody finds that it must not go."""
    with bank.money.tx() as tx:
        ledger.lock(tx)
        standings.void_file(tx, file_id, Rules(bank.money.ctx.releases, bank.clock.now(), bank.money.ctx.today()))
        transitions.move(tx, Kind.FILE, [file_id], "voided")


# -- offsets ----------------------------------------------------------------------------------------------------------
def test_a_balanced_file_is_sent_answered_and_booked_like_any_other(bank, outside):
    bank.set(offset=OffsetAccount(routing_number="091000019", account_number="88001", name="INVENTED EMS"))
    bank.owe(3_000, 2_000)
    bank.release()
    sent = bank.file()
    assert (sent.credit_cents, sent.debit_cents) == (5_000, 5_000)
    assert bank.money.column("SELECT count(*) FROM payment_entry") == [2]
    assert bank.money.column(f"SELECT amount_cents {ACH}") == [5_000]
    assert bank.upload() == "SENT"
    bank.owe(1_000)
    bank.release()
    traces = [entry.trace for entry in [*sent.batches[0].entries, *bank.file().batches[0].entries]]
    assert len(set(traces)) == 5
    answer = bank.money.store("bank:ack", write_acknowledgment(acknowledge(sent)), mailbox="bank")
    apply(bank.money.ctx, bank.money.org, answer)
    assert bank.money.states("payment") == ["ACKNOWLEDGED", "ACKNOWLEDGED", "IN_FILE"]
    with bank.money.tx() as tx:
        assert ledger.trial_balance(tx)["bank"] == 3 * 14_500 - 5_000
    assert bank.money.proof().balanced


# -- nothing is lost --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(4))
def test_every_payment_out_of_a_file_that_is_voided_comes_back(bank, outside, seed):
    """Whatever happens in whatever order: a payment that is not stopped by itself ends in one file that left, once."""
    chance = random.Random(seed)
    bank.set(**TWICE) if seed % 2 else bank.set(settlement_days=0, same_day=True)
    amounts = iter(range(1_000, 1_009))

    def unsent():
        return bank.money.column(f"SELECT id {ACH} AND state = 'RESERVED' ORDER BY id")

    moves = {
        "owe": lambda: bank.owe(*[cents for cents, _ in zip(amounts, range(2), strict=False)]),
        "pass time": lambda: bank.clock.set(_later(bank, chance.choice((1, 600, 3_600, 20_000)))),
        "release": bank.release,
        "take back": lambda: [void(bank, one) for one in unsent()[-chance.randint(1, 2) :]],
        "upload": lambda: [upload(bank.money.ctx, bank.money.org, one) for one in unsent()[:1]],
        "hold": lambda: bank.hold(chance.choice((None, None, "asked"))),
        "stop one": lambda: _stop(bank, chance),
        "watch": lambda: bank.watch(_later(bank, 60)),
    }
    weights = (1.5, 5, 9, 2.5, 1, 2, 0.3, 1)
    for _ in range(90):
        [move] = chance.choices(list(moves), weights)
        moves[move]()
        _consistent(bank)
    bank.hold(None)
    for payment_id in bank.money.column("SELECT id FROM payment WHERE state = 'WAITING'"):
        payments.approve(bank.money.ctx, bank.money.org, payment_id, "ben")  # proposed while their payee was held
    for _ in range(12):
        bank.clock.set(_later(bank, 20_000))
        bank.release()
        for one in unsent():
            upload(bank.money.ctx, bank.money.org, one)
    assert set(bank.money.states("payment")) <= {"SENT", "VOIDED"}
    assert set(bank.file_states()) <= {"SENT", "VOIDED"}
    arrived = [read(outside["bank"].read("inbound", one.name)).file for one in outside["bank"].list("inbound")]
    at_bank = [entry.individual_id for file in arrived for batch in file.batches for entry in batch.entries]
    assert sorted(at_bank) == sorted(f"P{i}" for i in bank.money.column("SELECT id FROM payment WHERE state = 'SENT'"))
    assert len({file.key for file in arrived}) == len(arrived)
    assert bank.money.proof().balanced


def _later(bank, seconds):
    then = bank.clock.now() + timedelta(seconds=seconds)
    return then.astimezone(RESERVE_BANKS).replace(tzinfo=None).isoformat()


def _stop(bank, chance):
    """A person stops a payment that is in no file."""
    ids = bank.money.column("SELECT id FROM payment WHERE state = 'APPROVED'")
    if ids:
        with bank.money.tx() as tx:
            ledger.lock(tx)
            payments.void(tx, [chance.choice(ids)], "not wanted", bank.money.ctx.today())


def _consistent(bank):
    """IN_FILE, and only it, stands in one unsent file; nothing that left has a second line."""
    with bank.money.tx() as tx:
        rows = tx.rows(
            "SELECT p.state, array_agg(f.state) FILTER (WHERE e.live) AS live FROM payment p"
            " LEFT JOIN payment_entry e ON e.payment_id = p.id LEFT JOIN outbound_file f ON f.id = e.file_id"
            " GROUP BY p.id"
        )
    wanted = {"IN_FILE": ["RESERVED"], "SENT": ["SENT"]}
    assert all(row.live == wanted.get(row.state) for row in rows)
