"""One scene of money while it is played: the outside's acts, what our side holds of them, and what must be so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from edi.x12.sets.t835 import Remittance
from local.scenes.outside import Outside, Unpostable
from local.scenes.waiting import Say, Seen, until, watch_now
from local.whole import Whole
from pipeline.domain.calendar import add_banking_days
from pipeline.services import exceptions, listings, proof
from pipeline.services.exceptions import Outcome
from pipeline.services.proof import Proof
from pipeline.store import ledger, statements, stories, tenants
from pipeline.store.listings import OpenException
from pipeline.store.statements import RemittanceRow
from sandbox.cases import Case
from sandbox.outcomes import Decision, decide

BILLER = "ana"
_BALANCE = "BPR02 = sum of CLP04 - sum of PLB"


class NotAsExpected(AssertionError):
    """A scene went otherwise than it should; the text says what was seen."""


@dataclass(slots=True)
class Play:
    """`cases` are the scene's claims, as the payer has them; `before` the books when it began."""

    running: Whole
    say: Say
    title: str
    outside: Outside
    cases: list[Case]
    before: dict[str, int] = field(default_factory=dict)
    traces: list[str] = field(default_factory=list)
    about: str = "MONEY"

    def __post_init__(self) -> None:
        self.before = self._books()
        self.say(f"{self.about}: {self.title}")

    def tell(self, text: str) -> None:
        self.say(f"  {text}")

    # -- what the outside does ----------------------------------------------------------------------------------------
    def paid(self, place: int = 0) -> Decision:
        """The usual decision on a claim of the scene: a fifth is price, the rest is paid."""
        return decide("0", [line.charge_cents for line in self.cases[place].claim.lines])

    def remits(self, *sets: Remittance, unpostable: Unpostable | None = None) -> None:
        self.traces += [one.payment.trace_number for one in sets]
        self.outside.remits(*sets, unpostable=unpostable)
        self._fetch("clearinghouse")

    def deposits(self, *sets: Remittance) -> None:
        self.outside.deposits(*sets)
        self._fetch("bank")

    def pays(self, *sets: Remittance) -> list[RemittanceRow]:
        """Sets and their money come; gives the remittances once they are matched."""
        if paid := [one for one in sets if one.payment.amount_cents]:
            self.deposits(*paid)
        self.remits(*sets)
        return [self.remittance(one, "MATCHED") for one in sets]

    def _fetch(self, mailbox: str) -> None:
        """Both mailboxes are looked into all the time; the bell only saves waiting."""
        ctx, org_id = self.running.product.context, self.running.org_id
        with ctx.tenant(org_id, "scenes") as tx:
            boxes = [box.id for box in tenants.mailboxes(tx, mailbox)]
        ctx.ring("poll", org_id, boxes)

    def banking_days_pass(self, days: int) -> None:
        ctx = self.running.product.context
        later = add_banking_days(ctx.today(), days) - ctx.today()
        ctx.clock.advance(later // timedelta(seconds=1))

    # -- what is seen -------------------------------------------------------------------------------------------------
    def remittance(self, one: Remittance, state: str) -> RemittanceRow:
        """Waits until a remittance of this trace is in this state."""
        trace = one.payment.trace_number
        return self.until(
            f"the remittance of trace {trace} is {state}",
            lambda: next((row for row in self._rows(trace) if row.state == state), None),
        )

    def told(self, type_: str, subject: tuple[str, int] | None = None, clm01: str | None = None) -> OpenException:
        """Waits for an open exception of the type, about this subject or claim."""

        def find() -> OpenException | None:
            return next((one for one in self._open(type_) if _is_about(one, subject, clm01)), None)

        return self.until(f"a person is told: {type_}", find)

    def told_by_watch(self, type_: str, subject: tuple[str, int]) -> OpenException:
        """The same of what only the passing of time raises."""

        def find() -> OpenException | None:
            watch_now(self.running)
            return next((one for one in self._open(type_) if _is_about(one, subject, None)), None)

        return self.until(f"a person is told: {type_}", find)

    def closes(self, one: OpenException) -> None:
        """Waits until the exception closes by itself."""
        self.until(f"{one.type} closes by itself", lambda: all(o.id != one.id for o in self._open(one.type)))

    def claim_is(self, state: str, place: int = 0) -> None:
        clm01 = self.clm01(place)
        self.until(f"claim {clm01} is {state}", lambda: self._state(clm01) == state)

    def clm01(self, place: int = 0) -> str:
        return self.cases[place].claim.patient_control_number

    def moved(self, account: str) -> int:
        """Cents by which the account differs from before the scene, debit positive."""
        return self._books().get(account, 0) - self.before.get(account, 0)

    def until(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        return until(self.running, self.title, what, seen, self._seen)

    # -- what is done and proven on our side --------------------------------------------------------------------------
    def resolve(self, one: OpenException, reason: str) -> None:
        """The biller says how it was settled."""
        [done] = exceptions.resolve(self.running.product.context, self.running.org_id, BILLER, [one.id], reason)
        self.must(done.outcome is Outcome.DONE, f"the biller resolves {one.type}: {done.told}")

    def must(self, so: bool, what: str) -> None:
        if not so:
            raise NotAsExpected(f"{self.title}: not so: {what}. {self._seen()}")

    def books_moved(self, **cents: int) -> None:
        """Since the scene began these accounts moved by so much."""
        for account, wanted in cents.items():
            self.must(
                self.moved(account) == wanted, f"{account} moved by {wanted}, and not by {self.moved(account)} cents"
            )

    def prove(self) -> None:
        """Each remittance of the scene is proven; of an unbalanced one the proof names its imbalance and nothing else."""
        found = [one for trace in dict.fromkeys(self.traces) for one in self._proofs(trace)]
        for one in found:
            apart = [line.what for line in one.compared if not line.agrees]
            wanted = [_BALANCE] if one.remittance.state == "UNBALANCED" else []
            self.must(apart == wanted, f"the proof of R{one.remittance.id} differs in {wanted}, and not in {apart}")

    def _proofs(self, trace: str) -> list[Proof]:
        return proof.proofs(self.running.product.context, self.running.org_id, BILLER, trace)

    # -- questions ----------------------------------------------------------------------------------------------------
    def _rows(self, trace: str) -> list[RemittanceRow]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return statements.remittances(tx, trace)

    def _books(self) -> dict[str, int]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return ledger.trial_balance(tx)

    def _state(self, clm01: str) -> str:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return stories.versions(tx, clm01)[-1].state

    def _open(self, type_: str | None = None) -> list[OpenException]:
        found = listings.open_exceptions(self.running.product.context, self.running.org_id, 10_000)
        return [one for one in found if type_ in {None, one.type}]

    def _seen(self) -> str:
        rows = [f"R{row.id} {row.state}" for trace in dict.fromkeys(self.traces) for row in self._rows(trace)]
        claims = [f"{one} {self._state(one)}" for one in map(self.clm01, range(len(self.cases)))]
        raised = [f"{one.type} of {one.subject_kind} {one.subject_id}" for one in self._open()[-10:]]
        return f"Seen: {', '.join([*claims, *rows])}; open exceptions: {', '.join(raised) or 'none'}"


def _is_about(one: OpenException, subject: tuple[str, int] | None, clm01: str | None) -> bool:
    return (subject is None or (one.subject_kind, one.subject_id) == subject) and clm01 in {None, one.clm01}


def dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}" if cents >= 0 else f"-{dollars(-cents)}"
