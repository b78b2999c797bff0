"""The proof of all payments: approved, filed, sent, answered, kept and returned, each sum from another source than its twin."""

from dataclasses import dataclass

from pipeline.services.proof import Compared
from pipeline.stages.context import Context
from pipeline.store import audit, payment_proofs
from pipeline.store.payment_proofs import Gap, Sums

_GAPS_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentProof:
    """Counts and cents side by side; `gaps` are the first hundred payments that do not fit, each with the reason."""

    compared: list[Compared]
    gaps: list[Gap]

    @property
    def agrees(self) -> bool:
        return not self.gaps and all(one.agrees for one in self.compared)


def prove(ctx: Context, org_id: int, actor: str) -> PaymentProof:
    """The proof at one moment; writes down that `actor` looked."""
    with ctx.database.tenant(org_id, actor, snapshot=True) as tx:
        found, gaps = payment_proofs.sums(tx), payment_proofs.gaps(tx, _GAPS_SHOWN)
    with ctx.database.tenant(org_id, actor) as tx:
        audit.note(tx, "payment.proof", "org", org_id)
    return PaymentProof(compared=_compared(found), gaps=gaps)


def _compared(told: Sums) -> list[Compared]:
    filed = "history, entries in files"
    sent = "states of files, states of payments"
    out_cents = told.kept_cents + told.unanswered_cents
    return [
        Compared("payments approved = in files + waiting", told.approved, told.filed + told.waiting, filed),
        Compared("cents approved", told.approved_cents, told.filed_cents + told.waiting_cents, filed),
        Compared(
            "payments sent = answered + refused + unanswered",
            told.sent,
            told.answered + told.refused + told.unanswered,
            sent,
        ),
        Compared("cents sent", told.sent_cents, told.answered_cents + told.refused_cents + told.unanswered_cents, sent),
        Compared("payments answered = kept + returned", told.answered, told.kept + told.returned, "states of payments"),
        Compared(
            "cents that left the bank and are not back", told.booked_cents, out_cents, "books, states of payments"
        ),
    ]
