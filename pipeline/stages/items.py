"""Items of an 820 on their claims: money that somebody pays, and no decision of the claim's payer.

The books follow at once. The claim moves only where nothing is owed on it any more, or where something is owed anew.
"""

from dataclasses import dataclass

from pipeline.domain import remitted
from pipeline.domain.ledger import Position
from pipeline.domain.next_step import NextStep, steps
from pipeline.domain.posting import Posting
from pipeline.domain.remittance import Verdict
from pipeline.stages.decisions import Claims, raise_about
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import Candidate, StoredDecision

_PAID = "an 820 pays all that was owed; no decision of the payer's"
_OWED_ANEW = "an 820 takes its payment back"
PARTED = "a payment of an 820 was taken away from it"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an item does. `event` is the claim's, if it has one, and `why`; `next_step` None leaves the one that is named."""

    posting: Posting
    event: str | None
    why: str
    next_step: NextStep | None
    raised: list[Raise]


def post(candidate: Candidate, row: StoredDecision, claims: Claims) -> Effect:
    """What an item does to its claim; notes it in `claims`."""
    claim_id, before = candidate.claim_id, claims.position(candidate.claim_id)
    if row.verdict is Verdict.REVERSED:
        posted = tuple(claims.items.get(candidate.books_id, ()))
        posting = remitted.taken_back(
            candidate.books_id, row.remittance_id, before, posted, -row.paid_cents, candidate.filing_code
        )
    else:
        posting = remitted.paid(candidate.books_id, row.remittance_id, before, row.paid_cents, candidate.filing_code)
    claims.note(claim_id, row, posting)
    effect = followed(candidate, claims, posting, before, _OWED_ANEW)
    effect.raised.extend(_oddities(row, posting))
    return effect


def followed(candidate: Candidate, claims: Claims, posting: Posting, before: Position, owed_anew: str) -> Effect:
    """What becomes of a claim whose books moved from `before`; `owed_anew` says why where it is owed again."""
    after = before.after(posting.entries)
    event = remitted.event(before, after, claims.decided(candidate.claim_id))
    settled = not remitted.owed_cents(after)
    named = _next_step(candidate, after)
    raised = []
    if after.denied_cents > max(before.denied_cents, 0):
        reason = f"{owed_anew}: what was refused is owed again; next: {named.replace('_', ' ')}"
        raised.append(Raise("denied", "claim", candidate.claim_id, reason, money_cents=after.denied_cents))
    return Effect(
        posting,
        event,
        _PAID if settled else owed_anew,
        named if event or settled else None,
        raised,
    )


def _next_step(candidate: Candidate, position: Position) -> NextStep:
    """What payers have not decided waits for them, whatever else is open."""
    if position.receivable_cents > 0:
        return NextStep.AWAIT_DECISION
    return steps(position, further_payers=candidate.further_payers, crossed_over=False, refused_for=())[0]


def _oddities(row: StoredDecision, posting: Posting) -> list[Raise]:
    if posting.payer_credit_cents:
        reason = "more is paid than the claim owed; the excess awaits a takeback or a refund to whoever paid"
        return [raise_about(row, "payer_credit", reason, posting.payer_credit_cents)]
    if posting.unposted_cents:
        reason = "takes back more than any 820 has paid on the claim; the rest lowers unapplied cash"
        return [raise_about(row, "reversal_without_original", reason, -posting.unposted_cents)]
    return []
