"""What a payer's decision does to the books: pure functions from a position and a decision to entries.

    remittance_claim posted     Dr EFT expected, adjustments, patient due, denied / Cr receivable; then what the patient
                                paid before is applied to what is due, and the rest of it becomes his credit
    remittance_claim anew n     what it would have posted without decision n, less what it did: n was before it, and is taken back
    remittance_claim unapplied  Dr EFT expected / Cr unapplied cash           money whose claim is not known
    remittance   plb            Dr provider level accounts / Cr EFT expected  PLB: positive lowers the payment

An adjustment lowers the receivable only where a dated rule says that it is price (`adjustment_rules`); all else that a
payer refuses stays owed, as denied, until a payer pays it or a person writes it off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.domain.ledger import Account, NewEntry, Position, compact
from pipeline.domain.rebilling import evened

_ADJUSTMENT_OF = {"CO": Account.ADJUSTMENT_CO, "OA": Account.ADJUSTMENT_OA, "PI": Account.ADJUSTMENT_PI}
_PROVIDER_LEVEL = {
    "L6": Account.INTEREST,
    "51": Account.INTEREST,
    "WO": Account.RECOUPMENT,
    "72": Account.RECOUPMENT,
    "FB": Account.FORWARD_BALANCE,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The money of one CLP: its payment (CLP04) and all adjustments, claim and line level together, in cents."""

    paid_cents: int
    settled_cents: Mapping[str, int] = field(default_factory=dict)
    """By group: adjustments that end what is owed."""
    patient_cents: int = 0
    """Group PR: the patient's to pay."""
    kept_cents: int = 0
    """Refused, and still owed: no rule lets it go."""
    later_payer: bool = False
    """Another payer decided before (CLP02 2, 3, 20, 21): what is left to the patient is judged anew."""
    earlier_cents: Mapping[str, int] = field(default_factory=dict)
    """By group: what a later payer says that those before it have settled; it settles only what nobody has decided here."""
    payer_class: str | None = None

    @property
    def charge_cents(self) -> int:
        return self.paid_cents + sum(self.settled_cents.values()) + self.patient_cents + self.kept_cents


@dataclass(frozen=True, slots=True)
class Posting:
    """Entries of one decision and how much of it found nothing left to pay on the claim."""

    entries: tuple[NewEntry, ...]
    payer_credit_cents: int = 0
    repeated: bool = False
    """The claim was decided already and this decision says so again without taking the first one back."""
    unposted_cents: int = 0
    """What a takeback (of an 820) found nothing of."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a decision leaves of a claim, and how it got there."""

    applied_cents: int
    settled_cents: Mapping[str, int]
    receivable_cents: int
    denied_cents: int
    patient_due_cents: int


def decided(
    claim_id: int, remittance_id: int, position: Position, decision: Decision, shared_cents: int | None = None
) -> Posting:
    """Posts a decision against what the claim still owes.

    A payment above that goes to payer credit, never to the patient, and an adjustment finds no more than what is left: a
    payer that decides twice does not make the patient owe twice. `shared_cents` is what the payers before a later one have
    called the patient's, whether he owes it still (None: he does) or has paid it: the later one pays that, and he gets back
    what he had paid of it.
    """
    own = position.receivable_cents + position.denied_cents
    due = position.patient_due_cents if shared_cents is None else shared_cents
    due = max(due, 0) if decision.later_payer else 0
    over = decision.paid_cents > max(own, 0) or decision.charge_cents > own
    outcome = _clipped(position, decision, due) if over or due else _exact(position, decision)
    if decision.earlier_cents:
        outcome = _without_what_others_settled(outcome, decision)
    credit = decision.paid_cents - outcome.applied_cents
    entries = [
        NewEntry(Account.EFT_EXPECTED, decision.paid_cents, claim_id, remittance_id),
        *(NewEntry(_adjustment_account(group), cents, claim_id) for group, cents in outcome.settled_cents.items()),
        *_moved(claim_id, position, outcome, decision.payer_class),
        NewEntry(Account.PAYER_CREDIT, -credit, claim_id),
    ]
    entries += prepaid_applied(claim_id, position.after(entries))
    nothing_new = not outcome.applied_cents and outcome.patient_due_cents == position.patient_due_cents
    repeated = over and nothing_new and position.receivable_cents <= 0 and decision.charge_cents > 0
    return Posting(compact(entries), credit, repeated=repeated)


def repeated(claim_id: int, remittance_id: int, decision: Decision) -> Posting:
    """The very decision that stands, said again: whatever it pays is paid twice."""
    entries = [
        NewEntry(Account.EFT_EXPECTED, decision.paid_cents, claim_id, remittance_id),
        NewEntry(Account.PAYER_CREDIT, -decision.paid_cents, claim_id),
    ]
    return Posting(compact(entries), decision.paid_cents, repeated=True)


def _exact(position: Position, decision: Decision) -> _Outcome:
    """The payer decided on no more than what is open: all stands as he says it."""
    settled = sum(decision.settled_cents.values())
    own = position.receivable_cents + position.denied_cents
    left = own - decision.paid_cents - settled - decision.patient_cents
    denied = (
        decision.kept_cents if not position.denied_cents else min(left, position.denied_cents + decision.kept_cents)
    )
    return _Outcome(
        decision.paid_cents,
        decision.settled_cents,
        left - denied,
        denied,
        position.patient_due_cents + decision.patient_cents,
    )


def _clipped(position: Position, decision: Decision, due: int) -> _Outcome:
    """More was decided than is open: payment first, then what is settled, then the patient's share, the rest refused.

    A later payer also pays what the one before had left to the patient (`due`), and says himself what stays the patient's.
    """
    own = max(position.receivable_cents + position.denied_cents, 0)
    left = own + due
    applied = max(min(decision.paid_cents, left), 0)
    left -= applied
    share = min(max(decision.patient_cents, 0), left) if decision.later_payer else 0
    left -= share
    settled = {}
    for group in sorted(decision.settled_cents):
        settled[group] = min(max(decision.settled_cents[group], 0), left)
        left -= settled[group]
    if not decision.later_payer:
        share = min(max(decision.patient_cents, 0), left)
        left -= share
    denied = min(left, max(decision.kept_cents, position.denied_cents, due))
    return _Outcome(applied, settled, left - denied, denied, position.patient_due_cents - due + share)


def _without_what_others_settled(outcome: _Outcome, decision: Decision) -> _Outcome:
    """A claim that was sent to a later payer first: what the earlier ones settled is not in these books, and not open."""
    settled, left = dict(outcome.settled_cents), max(outcome.receivable_cents, 0)
    for group in sorted(decision.earlier_cents):
        part = min(max(decision.earlier_cents[group], 0), left)
        settled[group] = settled.get(group, 0) + part
        left -= part
    return replace(outcome, settled_cents=settled, receivable_cents=min(outcome.receivable_cents, left))


def _moved(claim_id: int, position: Position, outcome: _Outcome, payer_class: str | None) -> list[NewEntry]:
    return [
        NewEntry(
            Account.RECEIVABLE, outcome.receivable_cents - position.receivable_cents, claim_id, subaccount=payer_class
        ),
        NewEntry(
            Account.RECEIVABLE_DENIED, outcome.denied_cents - position.denied_cents, claim_id, subaccount=payer_class
        ),
        # Below zero: he has paid what a later payer pays now.
        NewEntry(Account.PATIENT_DUE, max(outcome.patient_due_cents, 0) - position.patient_due_cents, claim_id),
        NewEntry(Account.PATIENT_CREDIT, min(outcome.patient_due_cents, 0), claim_id),
    ]


def prepaid_applied(claim_id: int, position: Position) -> list[NewEntry]:
    """Settles what is due from what the patient paid before; what is left of that is his credit."""
    prepaid, credit = -position.patient_prepaid_cents, -position.patient_credit_cents
    if prepaid < 0:
        return []
    # Given back on a decision that was taken back since: it is no longer there to pay with.
    gone = min(prepaid, max(0, -credit))
    due = max(0, position.patient_due_cents)
    from_prepaid = min(prepaid - gone, due)
    from_credit = min(max(0, credit), due - from_prepaid)
    rest = prepaid - gone - from_prepaid
    return [
        NewEntry(Account.PATIENT_PREPAID, gone + from_prepaid + rest, claim_id),
        NewEntry(Account.PATIENT_CREDIT, from_credit - gone - rest, claim_id),
        NewEntry(Account.PATIENT_DUE, -from_prepaid - from_credit, claim_id),
    ]


def reversed_from(entries: Iterable[NewEntry], remittance_id: int, claim_id: int, position: Position) -> Posting:
    """The contra of what an earlier decision posted: 22 takes it back whole, its prepaid application included.

    What was expected with the earlier payment lowers the one that brings the reversal. What it had refused may be asked
    for anew, or given up, by now: more than is still refused of the claim cannot be taken back there.
    """
    contra = [
        entry._replace(
            amount_cents=-entry.amount_cents,
            remittance_id=remittance_id if entry.account is Account.EFT_EXPECTED else None,
        )
        for entry in entries
    ]
    return Posting((*contra, *evened(claim_id, position.after(contra))))


def anew(
    claim_id: int, remittance_id: int, position: Position, decision: Decision, posted: Iterable[NewEntry]
) -> Posting:
    """What a decision posts besides, now that one before it is taken back: it had found too little open.

    `position` is without it, `posted` what it has put into the books so far. The money expected with it stays as it is; no
    entries where it had found room for all.
    """
    posting = decided(claim_id, remittance_id, position, decision)
    totals: dict[NewEntry, int] = {}
    for entries, sign in ((posting.entries, 1), (posted, -1)):
        for entry in entries:
            key = entry._replace(amount_cents=0)
            totals[key] = totals.get(key, 0) + sign * entry.amount_cents
    moved = (
        key._replace(amount_cents=cents) for key, cents in totals.items() if key.account is not Account.EFT_EXPECTED
    )
    return replace(posting, entries=compact(moved))


def reversed_alone(claim_id: int, remittance_id: int, decision: Decision) -> Posting:
    """A reversal whose original we never posted: its own negative amounts, as they stand."""
    settled = decision.settled_cents
    entries = [
        NewEntry(Account.EFT_EXPECTED, decision.paid_cents, claim_id, remittance_id),
        *(NewEntry(_adjustment_account(group), cents, claim_id) for group, cents in settled.items()),
        NewEntry(Account.PATIENT_DUE, decision.patient_cents, claim_id),
        NewEntry(Account.RECEIVABLE_DENIED, decision.kept_cents, claim_id, subaccount=decision.payer_class),
        NewEntry(Account.RECEIVABLE, -decision.charge_cents, claim_id, subaccount=decision.payer_class),
    ]
    return Posting(compact(entries))


def unapplied(remittance_id: int, paid_cents: int) -> Posting:
    """Money of a CLP that names no claim of ours: kept whole until somebody says whose it is."""
    entries = [
        NewEntry(Account.EFT_EXPECTED, paid_cents, remittance_id=remittance_id),
        NewEntry(Account.UNAPPLIED_CASH, -paid_cents),
    ]
    return Posting(compact(entries))


def applied_from_cash(entries: Iterable[NewEntry]) -> tuple[NewEntry, ...]:
    """The same entries where the money lies in unapplied cash already: a person found the claim later."""
    return tuple(
        NewEntry(Account.UNAPPLIED_CASH, entry.amount_cents, entry.claim_id)
        if entry.account is Account.EFT_EXPECTED
        else entry
        for entry in entries
    )


def provider_level(
    remittance_id: int, adjustments: Iterable[tuple[str, int]], returned: Mapping[int, int] | None = None
) -> tuple[NewEntry, ...]:
    """PLB: (reason, cents), positive lowers the payment.

    `returned` are claims with the cents of the payer's own credit on them that a takeback (WO) names: that much of it
    is given back there, and only the rest is a recoupment.
    """
    totals: dict[tuple[Account, str], int] = {}
    for reason, cents in adjustments:
        key = (_PROVIDER_LEVEL.get(reason, Account.PROVIDER_ADJUSTMENT), reason)
        totals[key] = totals.get(key, 0) + cents
    entries = []
    for claim_id, cents in (returned or {}).items():
        entries += [
            NewEntry(Account.PAYER_CREDIT, cents, claim_id),
            NewEntry(Account.EFT_EXPECTED, -cents, claim_id, remittance_id),
        ]
        totals[Account.RECOUPMENT, "WO"] -= cents
    entries += [NewEntry(account, cents, subaccount=reason) for (account, reason), cents in totals.items()]
    rest = sum(totals.values())
    return compact([*entries, NewEntry(Account.EFT_EXPECTED, -rest, remittance_id=remittance_id)])


def _adjustment_account(group: str) -> Account:
    return _ADJUSTMENT_OF.get(group, Account.ADJUSTMENT_OTHER)
