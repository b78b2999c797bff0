"""One scene of payments while it is played: what people do, what the bank does with it, what must have come of it.

Who does what goes by the services that the commands call; what the bank saw is read in its own journal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.scenes import waiting
from local.scenes.play import Play
from local.scenes.waiting import Seen, watch_now
from pipeline.domain.bank_accounts import AccountForm
from pipeline.domain.errors import ClaimrailError
from pipeline.domain.invoices import Invoice, Row
from pipeline.mapping.payments_to_nacha import individual_id
from pipeline.services import invoices, mailboxes, payees, payments
from pipeline.services.payees import NewPayee
from pipeline.stages.context import Context
from pipeline.store import bank_lines, tenants
from pipeline.store.approvals import Listed
from pipeline.store.listings import OpenException
from pipeline.store.payee_listing import ShownVersion
from sandbox.journal import Line, read_journal

PREPARER, APPROVER, SECOND, BOTH = "ana", "ben", "cleo", "dora"
ROUTING = "091000019"
HOUR_S = 3600
REPORTED_DAYS = 2
"""Banking days after which the bank has settled a file, on a holiday too."""


@dataclass(slots=True)
class PayPlay(Play):
    """`asked`: payments of the scene, told where it goes wrong. `heard`: files of the bank when the bell was rung last."""

    about: str = "PAYING"
    asked: list[int] = field(default_factory=list)
    heard: int = 0

    @property
    def ctx(self) -> Context:
        return self.running.product.context

    @property
    def org_id(self) -> int:
        return self.running.org_id

    # -- what people do -----------------------------------------------------------------------------------------------
    def bank_says(self, **changes: Any) -> None:
        """Changes what is agreed with the bank."""
        mailboxes.change(self.ctx, self.org_id, "demo", "bank", changes)

    def payee(self, name: str, key: str, account: str, *, kind: str = "vendor", sec: str | None = None) -> int:
        """A payee whom one person enters and another confirms; gives his number."""
        new = NewPayee(kind=kind, name=name, key=key, sec=sec, details=form(account))
        made = payees.add(self.ctx, self.org_id, PREPARER, new)
        self.must(made.left == 1, f"one more person stands up for payee {made.payee_id}, and not {made.left}")
        told = self.told("payee_details_proposed", ("payee", made.payee_id))
        self.refused(lambda: payees.confirm(self.ctx, self.org_id, PREPARER, made.details_id), "somebody else")
        self.confirmed(made.details_id, APPROVER)
        self.closes(told)
        return made.payee_id

    def confirmed(self, details_id: int, *people: str) -> None:
        """Those who must stand up for bank details do, and no fewer."""
        for left, person in reversed(list(enumerate(reversed(people)))):
            found = payees.confirm(self.ctx, self.org_id, person, details_id)
            self.must(
                found == left, f"{left} more stand up for bank details {details_id} after {person}, and not {found}"
            )

    def invoice(self, payee_id: int, number: str, cents: int, discount_cents: int = 0) -> int:
        """An invoice that is due today; gives its number with us."""
        return self.invoices(payee_id, (number, cents, discount_cents))[0]

    def invoices(self, payee_id: int, *told: tuple[str, int, int]) -> list[int]:
        """Several at once, as a table brings them: number, cents and discount of each."""
        today = self.ctx.today()
        rows = [
            Row(
                line,
                payee_id,
                Invoice(
                    number=number, invoiced_on=today, due_on=today, gross_cents=cents, discount_cents=discount_cents
                ),
            )
            for line, (number, cents, discount_cents) in enumerate(told, 2)
        ]
        entered = invoices.enter_all(self.ctx, self.org_id, PREPARER, rows)
        self.ctx.ring("release", self.org_id, [self.org_id])  # it comes by itself; the bell saves the wait
        return [one.invoice_id for one in entered]

    def waits(self, payee_id: int, needed: int = 1, *, but: Sequence[int] = ()) -> int:
        """Waits until the rules give a payment to this payee to so many people; gives its id. `but`: not these."""

        def find() -> Listed | None:
            found = payments.waiting(self.ctx, self.org_id)
            return next((one for one in found if one.payee_id == payee_id and one.id not in but), None)

        one = self.until(f"a payment to payee {payee_id} waits for approval", find)
        self.must(one.needed == needed, f"{needed} must approve payment {one.id}, and not {one.needed}")
        self.asked.append(one.id)
        return one.id

    def approved(self, payment_id: int, *people: str) -> None:
        """They say yes, each in his turn, and the last one is the last that the rules ask for."""
        for left, person in reversed(list(enumerate(reversed(people)))):
            found = payments.approve(self.ctx, self.org_id, payment_id, person)
            self.must(found == left, f"{left} more must approve payment {payment_id} after {person}, and not {found}")

    def refused(self, act: Callable[[], object], words: str) -> str:
        """The act is refused in these words, among others; gives all of them."""
        try:
            act()
        except ClaimrailError as error:
            self.must(words in str(error), f"{words!r} is told, and not {error}")
            return str(error)
        self.must(False, f"it is refused: {words}")
        return ""

    # -- what the bank does -------------------------------------------------------------------------------------------
    def bank_takes(self, *payment_ids: int, kind: str = "payment") -> list[Line]:
        """Waits until the bank has seen each once and acknowledged it; gives the bank's own lines, in this order."""
        lines = [self.bank_sees(one, kind) for one in payment_ids]
        self.bank_answers(*payment_ids)
        return lines

    def bank_sees(self, payment_id: int, kind: str = "payment") -> Line:
        """Waits for the bank's own line of an entry: a payment, a prenote, or the debit that asks a payment back."""
        return self.until(f"the bank sees a {kind} P{payment_id}", lambda: self.bank_saw(payment_id, kind))

    def bank_saw(self, payment_id: int, kind: str = "payment") -> Line | None:
        lines = [line for line in read_journal(self.running.journal, kind) if _is_of(line, payment_id)]
        self.must(len(lines) <= 1, f"the bank saw P{payment_id} once, and not {len(lines)} times")
        return lines[0] if lines else None

    def bank_answers(self, *payment_ids: int) -> None:
        """The time passes that the bank takes to acknowledge a file that it has seen."""
        self.time_passes(self.running.plan.delays.bank_ack_s)
        for one in payment_ids:
            self.becomes(one, "ACKNOWLEDGED")

    # -- what is seen -------------------------------------------------------------------------------------------------
    def becomes(self, payment_id: int, state: str) -> Listed:
        """Waits until a payment is in this state."""
        return self.until(f"P{payment_id} is {state}", lambda: self._in_state(payment_id, state))

    def becomes_in_time(self, payment_id: int, state: str) -> Listed:
        """The same of what the watch brings about."""
        return self.until_watched(f"P{payment_id} is {state}", lambda: self._in_state(payment_id, state))

    def _in_state(self, payment_id: int, state: str) -> Listed | None:
        found = self.payment(payment_id)
        return found if found.state == state else None

    def closes_in_time(self, one: OpenException) -> None:
        """Waits until the watch closes what people were told."""
        self.until_watched(f"{one.type} closes by itself", lambda: all(o.id != one.id for o in self._open(one.type)))

    def payment(self, payment_id: int) -> Listed:
        return next(one for one in payments.listed(self.ctx, self.org_id) if one.id == payment_id)

    def version(self, payee_id: int, state: str) -> ShownVersion:
        """The one version of the payee's bank details that is in this state."""
        [found] = [one for one in self._versions(payee_id) if one.state == state]
        return found

    def _versions(self, payee_id: int) -> Sequence[ShownVersion]:
        return payees.show(self.ctx, self.org_id, PREPARER, payee_id).versions

    def until(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        def look() -> Seen | None:
            self._ring()
            return seen()

        return waiting.until(self.running, self.title, what, look, self._seen)

    def until_watched(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        """The same, while the watch looks again and again: it comes by itself every minute."""

        def look() -> Seen | None:
            watch_now(self.running)
            return seen()

        return self.until(what, look)

    def _ring(self) -> None:
        """Tells of new files of the bank: they are found anyway, at the next look into the mailbox."""
        files = sum(1 for _ in (self.running.sandbox_root / "bank" / "outbound").iterdir())
        if files != self.heard:
            self.heard = files
            self._fetch("bank")

    def _seen(self) -> str:
        known = [one for one in payments.listed(self.ctx, self.org_id) if one.id in self.asked]
        told = ", ".join(f"payment {one.id} {one.state}" for one in known) or "no payment"
        raised = ", ".join(f"{one.type} of {one.subject_kind} {one.subject_id}" for one in self._open()[-10:])
        return f"Seen: {told}; open exceptions: {raised or 'none'}"

    # -- time ---------------------------------------------------------------------------------------------------------
    def banking_days_pass(self, days: int) -> None:
        """On the way the bank's reports are read: a jump over them would look like a bank that reports nothing."""
        Play.banking_days_pass(self, min(days, REPORTED_DAYS))
        self.until_watched("the bank's reports tell of every file, and of nothing else", self._tied_out)
        Play.banking_days_pass(self, max(days - REPORTED_DAYS, 0))

    def _tied_out(self) -> bool:
        """Where the bank reports what it books: every file of ours is told, and every line is about one, or about returns."""
        with self.ctx.tenant(self.org_id, "scenes") as tx:
            boxes = [box.id for box in tenants.mailboxes(tx, "bank") if getattr(box.profile, "ties_out", False)]
            return not bank_lines.open_files(tx, boxes, self.ctx.today()) and not bank_lines.open_lines(tx)

    def time_passes(self, seconds: float) -> None:
        """So much of business time, and a minute."""
        self.ctx.clock.advance(int(seconds) + 60)


def _is_of(line: Line, payment_id: int) -> bool:
    return str(line["individual_id"]).strip() == individual_id(payment_id)


def form(account: str) -> AccountForm:
    """An account of an invented payee; its last two digits say what becomes of it at the bank."""
    return AccountForm(routing_number=ROUTING, account_number=account, account_type="checking")
