"""A reversal that comes after the decision that corrects it: what that one found no room for is posted now.

A payer that decides a claim, or a further version of it, before he takes back what he had decided finds nothing open: what he
pays is his credit, what he adjusts is left out. Once he has taken the earlier one back the books stand as if he had done
that first. Where a later payer has decided too, what he paid rests on the decisions as they were posted: nothing is done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.domain import posting as books
from pipeline.domain.ledger import NewEntry, NewJournal, compact
from pipeline.domain.posting import Posting
from pipeline.domain.rebilling import evened
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims, Taken, decision_of, raise_about
from pipeline.store import exceptions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import StoredDecision

SETTLED = "the payer took back what he had decided before it"
CREDIT = "the payer paid more than the claim owed; the excess awaits a takeback or a payer refund"


@dataclass(frozen=True, slots=True)
class Anew:
    """A decision that stands, what it posts besides, and the reversal that made room for it."""

    row: StoredDecision
    claim_id: int
    posting: Posting
    reversal: StoredDecision
    action_id: int | None
    """By which a person tied it; None where it was found by itself."""


def follow(ctx: Context, claims: Claims, books_id: int, taken: Taken, reversal: StoredDecision) -> list[Anew]:
    """The decisions after one that was just taken back that find more open now; `claims` stand as with them."""
    if not taken.after or any(one.later_payer for one in claims.standing[books_id]):
        return []
    so_far = {one.id: claims.entries.get(one.id, ()) for one in taken.after}
    without = [entry._replace(amount_cents=-entry.amount_cents) for posted in so_far.values() for entry in posted]
    position = claims.position(books_id).after(without)
    extra: Sequence[NewEntry] = evened(books_id, position)
    position = position.after(extra)
    found = []
    for one in taken.after:
        row, candidate, posted = claims.told[one.id], claims.by_id[one.claim_id], so_far[one.id]
        decision = decision_of(ctx, candidate, row, later=False)
        posting = books.anew(books_id, row.remittance_id, position, decision, posted)
        moved = compact([*extra, *posting.entries])
        position, extra = position.after([*posted, *posting.entries]), ()
        if moved:
            claims.entries[one.id] = (*posted, *moved)
            posting = Posting(moved, posting.payer_credit_cents, posting.repeated)
            found.append(Anew(row, one.claim_id, posting, reversal, claims.by_hand.get(one.id)))
    claims.positions[books_id] = position
    return found


def journals(ctx: Context, found: Iterable[Anew], inbound_file_id: int, set_number: int | None) -> list[NewJournal]:
    """A journal a decision, which bears the place of the reversal."""
    return [
        NewJournal(
            "remittance_claim" if one.action_id is None else "match_action",
            one.row.id if one.action_id is None else one.action_id,
            f"anew {one.reversal.id}",
            ctx.today(),
            one.posting.entries,
            inbound_file_id,
            set_number,
            one.reversal.segment,
        )
        for one in found
    ]


def close(tx: Tenant, found: Sequence[Anew], raised: Iterable[Raise]) -> list[Raise]:
    """Closes what was told of these decisions for want of room; gives what of `raised`, and of them, is still to be told."""
    credited = {one.row.id for one in found}
    posted = {one.row.id for one in found if not one.posting.repeated}
    for type_, over in (("payer_credit", credited), ("repeated_decision", posted)):
        exceptions.close(tx, type_, "remittance_claim", sorted(over), SETTLED)
    over_now = {("payer_credit", row_id) for row_id in credited} | {("repeated_decision", row_id) for row_id in posted}
    left = [one for one in raised if (one.type, one.subject_id) not in over_now]
    return left + [
        raise_about(one.row, "payer_credit", CREDIT, cents)
        for one in found
        if (cents := one.posting.payer_credit_cents)
    ]
