"""Payments under whatever people, banks, payers and crashes do, in any order: nobody is paid twice untold, no cent is lost."""

import itertools
from contextlib import contextmanager, suppress
from dataclasses import replace

from bank_replies import BankDesk
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from edi.nacha.corrections import Correction
from edi.nacha.returns import Sheet, change_file
from pipeline.domain.errors import TryLater
from pipeline.domain.payees import ToldPayee
from pipeline.domain.payment import OUT, AccountType, Payee, PayeeKind, PaymentKind
from pipeline.domain.states import Kind
from pipeline.services import payment_proof
from pipeline.services import payments as people
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import chains, ledger, obligations, payee_changes, payees, refunds, reports, transitions
from tests.conftest import add_tenant
from tests.pipeline.conftest import Money, decision

PREPAID = (3_000, 60_000)
ACCOUNTS = ("4400002227", "4400009927")
_numbers = itertools.count(1)
SOME = st.integers(0, 50)


class Killed(BaseException):
    """Stands for `kill -9`."""


class Crashing:
    """The database, whose n-th transaction is lost as it commits."""

    def __init__(self, database, nth):
        self._database, self._left = database, nth

    def __getattr__(self, name):
        return getattr(self._database, name)

    @contextmanager
    def tenant(self, *args, **kw):
        with self._database.tenant(*args, **kw) as tx:
            yield tx
            self._left -= 1
            if self._left == 0:
                raise Killed


class Paying(RuleBasedStateMachine):
    product = None
    document = None

    def __init__(self):
        super().__init__()
        self.money = Money(self.product, add_tenant(self.product, f"paying-{next(_numbers)}"))
        self.bank = BankDesk(self.money)
        self.claims = [self.money.claims(1, self.document, patient_paid_cents=cents)[0] for cents in PREPAID]
        self.money.remit(*(decision(claim, 14_500) for claim in self.claims))
        self.money.deposit(14_500 * len(self.claims))
        self.traces = itertools.count(2)
        self.returned, self.dishonoured, self.taken_back = [], [], set()

    @property
    def ctx(self):
        return self.money.ctx

    def one(self, statement, number, **given):
        """The n-th of what a statement finds, or None."""
        found = self.money.column(statement, **given)
        return found[number % len(found)] if found else None

    def do(self, stage, subject, crash=0):
        """Runs a stage, killed at its n-th commit first; then leases end and it runs again."""
        if crash:
            with suppress(Killed, TryLater):
                stage(replace(self.ctx, database=Crashing(self.ctx.database, crash)), self.money.org, subject)
        with self.money.tx() as tx:
            tx.run("UPDATE outbound_file SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
        with suppress(Killed, TryLater):
            stage(self.ctx, self.money.org, subject)

    @initialize(begun=st.sampled_from(["answered", "answered", "sent", "nothing"]))
    def begin(self, begun):
        if begun == "nothing":
            return
        release(self.ctx, self.money.org, self.money.org)
        self.bank.approve()
        _, file = self.bank.send()
        if begun == "answered":
            for file_id in self.money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'"):
                self.bank.take(self.bank.sent(file_id))
        assert file.batches

    # -- our side ---------------------------------------------------------------------------------------------------
    @rule(crash=st.integers(0, 2))
    def file(self, crash):
        self.do(release, self.money.org, crash)

    @rule(crash=st.integers(0, 4), approved=st.booleans())
    def leave(self, crash, approved):
        if approved:
            self.bank.approve()
        self.do(release, self.money.org)
        unsent = (
            "SELECT id FROM outbound_file WHERE kind = 'ACH' AND state IN ('RESERVED', 'STAGING', 'STAGED', 'RENAMING')"
        )
        for file_id in self.money.column(unsent):
            before = set(self.money.column("SELECT id FROM payment WHERE state = 'SENT'"))
            checked = self.money.column("SELECT state = 'RESERVED' FROM outbound_file WHERE id = :i", i=file_id) == [
                True
            ]
            self.do(upload, file_id, crash)
            if checked:
                self.stood(set(self.money.column("SELECT id FROM payment WHERE state = 'SENT'")) - before)

    def stood(self, ids):
        """What has just left was let go for what it is, to a payee and details that stand."""
        unfit = (
            "SELECT p.id FROM payment p JOIN bank_details d ON d.id = p.details_id JOIN payee y ON y.id = p.payee_id"
            " WHERE p.id = ANY(CAST(:ids AS bigint[])) AND (p.kind <> 'reversal' AND (d.state <> 'ACTIVE' OR y.hold IS NOT NULL)"
            " OR (SELECT count(*) FROM approval a WHERE a.payment_id = p.id AND a.decision = 'approve'"
            "  AND a.content_sha256 = p.content_sha256) < p.approvals)"
        )
        assert self.money.column(unfit, ids=list(ids)) == []

    @rule(number=SOME, yes=st.sampled_from([True, True, True, False]))
    def decide(self, number, yes):
        payment_id = self.one("SELECT id FROM payment WHERE state = 'WAITING' ORDER BY id", number)
        if payment_id and yes:
            people.approve(self.ctx, self.money.org, payment_id, "ben")
        elif payment_id:
            people.deny(self.ctx, self.money.org, payment_id, "cleo", "no")

    @rule(what=st.sampled_from(["details", "hold", "takeback", "nothing"]), number=SOME)
    def upset(self, what, number):
        {"details": self.change_details, "hold": self.hold_or_lift, "takeback": lambda: self.take_back(number)}.get(
            what, lambda: None
        )()

    def change_details(self):
        """Two people put other bank details into force; next time the first ones again."""
        with self.money.tx() as tx:
            ledger.lock(tx)
            row = tx.first("SELECT p.id, d.id AS details_id, d.details, d.state FROM payee p JOIN bank_details d ON d.payee_id = p.id"
                           " ORDER BY d.version DESC LIMIT 1 FOR UPDATE OF p")  # fmt: skip
            if row is None:
                return
            now = payees.opened(tx, row.details_id, row.details).account_number
            where = Payee(
                name="PAUL MERRIWEATHER",
                routing_number="111111118",
                account_number=ACCOUNTS[now == ACCOUNTS[0]],
                account_type=AccountType.CHECKING,
            )
            told = ToldPayee(kind=PayeeKind.PATIENT, key="", where=where, source="person")
            made = payees.propose(tx, [(row.id, told)])[row.id]
            transitions.move(tx, Kind.DETAILS, [row.details_id], "replaced")
            transitions.move(tx, Kind.DETAILS, [made], "confirmed", assign="confirmed_at = now()")
            payees.void_unsent(tx, [row.details_id], "changed")
            refunds.reconsider(tx, [claim.id for claim in self.claims])

    def hold_or_lift(self):
        with self.money.tx() as tx:
            ids = [row.id for row in tx.rows("SELECT id FROM payee WHERE hold IS NOT NULL")]
            if ids:
                tx.run("UPDATE payee SET hold = NULL")
            else:
                payee_changes.hold_all(tx, [row.id for row in tx.rows("SELECT id FROM payee")], "asked")

    @rule(number=SOME)
    def pay_again(self, number):
        payment_id = self.one(
            "SELECT id FROM payment p WHERE kind = 'refund' AND state = 'RETURNED' AND NOT EXISTS (SELECT 1 FROM payment r"
            " WHERE r.replaces_id = p.id AND r.state NOT IN ('DENIED', 'VOIDED')) ORDER BY id", number,
        )  # fmt: skip
        if payment_id is None:
            return
        with self.money.tx() as tx:
            [cents] = [
                row.amount_cents for row in tx.rows("SELECT amount_cents FROM payment WHERE id = :i", i=payment_id)
            ]
            owed = obligations.owing(tx, [payment_id])[payment_id].owed_cents
            under_way = tx.value("SELECT coalesce(sum(p.amount_cents), 0) FROM payment p JOIN payment o ON o.claim_id = p.claim_id"
                                 " WHERE o.id = :i AND p.kind = 'refund' AND p.state IN ('WAITING', 'APPROVED', 'IN_FILE')", i=payment_id)  # fmt: skip
            there = tx.first("SELECT id, payee_id, details FROM bank_details WHERE state = 'ACTIVE'")
            where = None if there is None else payees.opened(tx, there.id, there.details)
        if owed - under_way >= cents and there is not None:
            self.bank.pay_again(payment_id, obligation=f"again:{next(self.traces)}", details_id=there.id, payee=where)

    @rule(number=SOME)
    def ask_back(self, number):
        payment_id = self.one(
            "SELECT id FROM payment p WHERE kind = 'refund' AND state IN ('ACKNOWLEDGED', 'SETTLED', 'OVERPAID') AND NOT EXISTS"
            " (SELECT 1 FROM payment r WHERE r.reverses_id = p.id AND r.state NOT IN ('DENIED', 'VOIDED')) ORDER BY id", number,
        )  # fmt: skip
        if payment_id:
            name = f"reversal:{next(self.traces)}"
            self.bank.pay_again(
                payment_id, PaymentKind.REVERSAL, obligation=name, replaces_id=None, reverses_id=payment_id
            )

    # -- payers and banks ---------------------------------------------------------------------------------------------
    def take_back(self, number):
        claim = self.claims[number % len(PREPAID)]
        if claim.id not in self.taken_back:
            self.taken_back.add(claim.id)
            back = decision(claim, -14_500, status="22", charge=-14_500)
            self.money.remit(back, trace=f"B{next(self.traces)}", plb=[("FB", -14_500)])

    def a_file(self, number):
        file_id = self.one("SELECT id FROM outbound_file WHERE kind = 'ACH' AND state <> 'VOIDED' ORDER BY id", number)
        state = self.money.column("SELECT state FROM outbound_file WHERE id = :i", i=file_id or 0)
        return None if not state or state == ["RESERVED"] else self.bank.sent(file_id)

    @rule(number=SOME, how=st.sampled_from(["taken", "taken", "taken", "partly", "refused", "other totals", "unclear"]))
    def answer(self, number, how):
        file = self.a_file(number)
        if file is None:
            return
        if how == "partly":
            self.bank.take(file, rejected_batches=[(1, "SEC")])
        elif how == "unclear":
            self.bank.take(file, "PENDED")
        else:
            answered = {"refused": ("REJECTED", "DUPLICATE")}.get(how, ("ACCEPTED",))
            self.bank.take(replace(file, batches=[]) if how == "other totals" else file, *answered)

    @rule(number=SOME, entry=SOME, code=st.sampled_from(["R23", "R23", "R23", "R06", "R03", "R16"]))
    def give_back(self, number, entry, code):
        file = self.a_file(number)
        if file is not None:
            traces = [one.trace for batch in file.batches for one in batch.entries]
            self.returned.append(self.bank.give_back(file, code, traces[entry % len(traces)]))

    @precondition(lambda self: self.returned)
    @rule(number=SOME)
    def dishonour(self, number):
        self.dishonoured.append(self.bank.dishonour(self.returned[number % len(self.returned)]))

    @precondition(lambda self: self.dishonoured)
    @rule(number=SOME)
    def contest(self, number):
        self.bank.contest(self.dishonoured[number % len(self.dishonoured)])

    @precondition(lambda self: self.returned)
    @rule(number=SOME)
    def tell_again(self, number):
        self.bank.come(replace(self.returned[number % len(self.returned)], modifier="Z"))

    @rule(number=SOME)
    def notify(self, number):
        file = self.a_file(number)
        if file is not None:
            before = self.money.column("SELECT state FROM payment ORDER BY id")
            trace = file.batches[0].entries[0].trace
            told = change_file(file, [(trace, "C01", Correction(account="9"))], Sheet(created=self.bank.minute))
            self.bank.come(told)
            assert self.money.column("SELECT state FROM payment ORDER BY id") == before

    @rule(days=st.sampled_from([0.0, 1.0, 5.0]))
    def pass_days(self, days):
        self.bank.pass_days(days)

    # -- what always holds ----------------------------------------------------------------------------------------------
    @invariant()
    def all_sums_agree(self):
        found = payment_proof.prove(self.ctx, self.money.org, "audra")
        assert (found.gaps, [one for one in found.compared if not one.agrees]) == ([], [])
        assert self.money.proof().balanced
        with self.money.tx() as tx:
            assert reports.folds(tx) == []

    @invariant()
    def what_is_owed_is_what_the_payable_says(self):
        with self.money.tx() as tx:
            booked = tx.value("SELECT coalesce(sum(amount_cents), 0) FROM entry WHERE account = 'refund_payable' AND org_id = :o",
                              o=self.money.org)  # fmt: skip
            rows = tx.rows(
                "SELECT p.amount_cents AS cents, p.state,"
                " (SELECT count(*) FILTER (WHERE j.purpose = 'owed') - count(*) FILTER (WHERE j.purpose = 'cancelled')"
                "  FROM journal j WHERE j.source_kind = 'payment' AND j.source_id = p.id) AS owed"
                " FROM payment p WHERE p.kind = 'refund'"
            )
        assert booked == sum(((row.state in OUT) - row.owed) * row.cents for row in rows)

    @invariant()
    def nobody_is_paid_twice_untold(self):
        told = set(self.money.column("SELECT subject_id FROM work_exception WHERE type = 'paid_twice'"))
        for claim, prepaid in zip(self.claims, PREPAID, strict=True):
            rows = "SELECT id FROM payment WHERE kind = 'refund' AND claim_id = :c ORDER BY id"
            ids = self.money.column(rows, c=claim.id)
            out = "SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE kind = 'refund' AND claim_id = :c AND state = ANY(:out)"
            [cents] = self.money.column(out, c=claim.id, out=list(OUT))
            assert cents <= prepaid or told & set(ids)
            with self.money.tx() as tx:
                assert all(chains.out(tx, one) <= 1 for one in ids) or told & set(ids)


def test_whatever_crosses_no_cent_is_lost_and_nobody_is_paid_twice_untold(product, claim_document):
    Paying.product, Paying.document = product, staticmethod(claim_document)
    run_state_machine_as_test(
        Paying,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
