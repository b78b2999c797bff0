"""What an item of an 820 does to the books of its claim: money, and no decision.

    remittance_claim posted     Dr EFT expected / Cr receivable, then denied, then patient due; payer credit for the rest
    and where it is negative    Dr payer credit, patient due, denied, receivable, as far as 820s paid there / Cr EFT expected;
                                Dr unapplied cash for what no 820 had paid

Nothing is adjusted: what is not paid stays owed. A takeback begins where a payment ends, so that what was too much goes back
first and no claim is open again while the payer has a credit on it.
"""

from collections.abc import Iterable

from pipeline.domain.ledger import Account, NewEntry, Position, compact
from pipeline.domain.posting import Posting
from pipeline.domain.remittance import Verdict

_OWED = (Account.RECEIVABLE, Account.RECEIVABLE_DENIED, Account.PATIENT_DUE)
"""What a payment settles, in this order."""


def owed_cents(position: Position) -> int:
    """What is still owed on a claim by anybody; a credit on one account does not lower another."""
    return sum(max(cents, 0) for cents in _owed(position))


def paid(
    claim_id: int, remittance_id: int, position: Position, paid_cents: int, payer_class: str | None = None
) -> Posting:
    """Settles what the claim owes, oldest duty first; more than that is the payer's credit, never the patient's."""
    left = paid_cents
    entries = [NewEntry(Account.EFT_EXPECTED, paid_cents, claim_id, remittance_id)]
    for account, owed in zip(_OWED, _owed(position), strict=True):
        part = min(left, max(owed, 0))
        left -= part
        entries.append(_on(claim_id, account, -part, payer_class))
    entries.append(NewEntry(Account.PAYER_CREDIT, -left, claim_id))
    return Posting(compact(entries), left)


def taken_back(
    claim_id: int,
    remittance_id: int,
    position: Position,
    posted: Iterable[NewEntry],
    back_cents: int,
    payer_class: str | None = None,
) -> Posting:
    """Takes `back_cents` (positive) out of what 820s have put on the claim: `posted`, all their entries so far.

    Credit that is no longer the payer's is not taken twice. What was never posted is unapplied, and told by the posting.
    """
    standing = dict.fromkeys((Account.PAYER_CREDIT, *reversed(_OWED)), 0)
    for entry in posted:
        if entry.account in standing:
            standing[entry.account] -= entry.amount_cents
    standing[Account.PAYER_CREDIT] = min(standing[Account.PAYER_CREDIT], -position.payer_credit_cents)
    left = back_cents
    entries = []
    for account, there in standing.items():
        part = min(left, max(there, 0))
        left -= part
        entries.append(_on(claim_id, account, part, payer_class))
    # What was not posted on the claim is no money of the claim's.
    entries += [
        NewEntry(Account.EFT_EXPECTED, left - back_cents, claim_id, remittance_id),
        NewEntry(Account.EFT_EXPECTED, -left, remittance_id=remittance_id),
        NewEntry(Account.UNAPPLIED_CASH, left),
    ]
    return Posting(compact(entries), unposted_cents=left)


def event(before: Position, after: Position, decided: Verdict | None) -> str | None:
    """What happens to a claim whose books moved so; `decided` is what an 835 said of it that stands, None where none did.

    It is paid when nothing is owed any more. Is it owed again, it is what it was by decision, or taken back. A payment of a
    part moves no claim: it is still for its payer to decide.
    """
    was, is_ = owed_cents(before), owed_cents(after)
    if was > 0 and not is_:
        return str(Verdict.PAID)
    if is_ > 0 and not was:
        return str(decided or Verdict.REVERSED)
    return None


def _owed(position: Position) -> tuple[int, int, int]:
    return position.receivable_cents, position.denied_cents, position.patient_due_cents


def _on(claim_id: int, account: Account, cents: int, payer_class: str | None) -> NewEntry:
    is_payers = account in {Account.RECEIVABLE, Account.RECEIVABLE_DENIED}
    return NewEntry(account, cents, claim_id, subaccount=payer_class if is_payers else None)
