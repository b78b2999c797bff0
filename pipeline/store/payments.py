"""Payments: proposed once an obligation, released by rule, denied or voided. Their lines in files: `payment_entries`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.payment import Payee, PaymentKind, content_sha256
from pipeline.domain.release_rules import Answer, Ruling
from pipeline.domain.states import Kind
from pipeline.store import accounts, exceptions, invoices, obligations, refunds, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise


# -- proposals ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """What is to be paid, to which version of whose bank details, and for what. `obligation` names it once for ever."""

    kind: PaymentKind
    obligation: str
    amount_cents: int
    payee: Payee
    payee_id: int
    details_id: int
    claim_id: int | None = None
    mailbox_id: int | None = None  # None: the tenant's first bank
    deposit_id: int | None = None
    remittance_id: int | None = None
    replaces_id: int | None = None
    reverses_id: int | None = None
    sec: str = "PPD"
    addenda: str = ""
    same_day: bool = False
    prepared_by: str | None = None  # None: whoever acts


def propose(tx: Tenant, new: Sequence[NewPayment], business_at: Any, ids: Sequence[int] = ()) -> list[int]:
    """Stores payments as PROPOSED; gives their ids in the same order. The obligations must be new.

    `ids`: taken before (`tx.ids`), where what stands beside a payment names it.
    """
    if not new:
        return []
    ids = list(ids) or tx.ids("payment", len(new))
    numbered = list(zip(ids, new, strict=True))
    references = ("payee_id", "details_id", "claim_id", "mailbox_id", "deposit_id", "remittance_id")
    tx.insert(
        "payment",
        {
            "id": ("bigint", ids),
            "obligation": ("text", [p.obligation for p in new]),
            "kind": ("text", [str(p.kind) for p in new]),
            "amount_cents": ("bigint", [p.amount_cents for p in new]),
            "payee": ("bytea", [tx.keys.seal("payment", "payee", i, p.payee.to_json()) for i, p in numbered]),
            "payee_hmac": ("bytea", [accounts.index_of(tx, p.payee) for p in new]),
            "account_last4": ("text", [p.payee.last4 for p in new]),
            "content_sha256": (
                "bytea",
                [content_sha256(p.payee, p.amount_cents, p.kind, p.obligation, p.addenda) for p in new],
            ),
            "state": ("text", ["PROPOSED"] * len(new)),
            "prepared_by": ("text", [p.prepared_by or tx.actor for p in new]),
            "sec": ("text", [p.sec for p in new]),
            "addenda": (
                "bytea",
                [tx.keys.seal("payment", "addenda", i, p.addenda.encode()) if p.addenda else None for i, p in numbered],
            ),
            "same_day": ("boolean", [p.same_day for p in new]),
            **{name: ("bigint", [getattr(p, name) for p in new]) for name in references},
            **{name: ("bigint", [getattr(p, name) for p in new]) for name in ("replaces_id", "reverses_id")},
        },
    )
    transitions.born(tx, Kind.PAYMENT, ids, "proposed", business_at=business_at)
    return ids


def go_by_rule(tx: Tenant, ruled: Sequence[tuple[int, int, Ruling]], business_at: Any) -> list[int]:
    """Moves each proposed payment (id, cents, ruling) along what the rules said; gives those that they refused."""
    by_event: dict[str, list[tuple[int, int, Ruling]]] = {}
    for one in ruled:
        by_event.setdefault(_EVENTS[one[2].answer], []).append(one)
    for event, some in sorted(by_event.items()):
        transitions.move(
            tx,
            Kind.PAYMENT,
            [payment for payment, _, _ in some],
            event,
            assign="approved_at = :at" if event == "released_by_rule" else "",
            each={
                "rule": ("text", [ruling.told for _, _, ruling in some]),
                "approvals": ("smallint", [ruling.needed for _, _, ruling in some]),
                "reason": ("text", ["; ".join(ruling.reasons) for _, _, ruling in some]),
            },
            detail=[ruling.told for _, _, ruling in some],
            business_at=business_at,
            at=business_at,
        )
    told = by_event.get("held_for_approval", []) + by_event.get("refused", [])
    exceptions.open_all(
        tx,
        [Raise("rule_hold", "payment", payment, _held(ruling), money_cents=cents) for payment, cents, ruling in told],
    )
    return [payment for payment, _, _ in by_event.get("refused", [])]


_EVENTS = {
    Answer.RELEASE: "released_by_rule",
    Answer.APPROVE: "held_for_approval",
    Answer.HOLD: "held_for_approval",
    Answer.REFUSE: "refused",
}


def _held(ruling: Ruling) -> str:
    said = f"{'; '.join(ruling.reasons)} ({ruling.told})"
    if ruling.answer is Answer.REFUSE:
        return f"refused by rule: {said}; it is not paid, and what is owed stays owed"
    people = "an approver" if ruling.needed == 1 else f"{ruling.needed} approvers"
    return f"{said}: {people} who did not prepare it must say yes, `claimrail payments` lists it"


# -- what a row says --------------------------------------------------------------------------------------------------
CONTENT = "p.id, p.kind, p.obligation, p.amount_cents, p.payee, p.addenda, p.content_sha256"
"""Columns of a payment `p` that `payee`, `addenda` and `hash_holds` need."""


def payee(tx: Tenant, row: Any) -> Payee:
    """The opened payee of a payment's row (`id`, `payee`)."""
    return Payee.from_json(tx.keys.open("payment", "payee", row.id, bytes(row.payee)))


def addenda(tx: Tenant, row: Any) -> str:
    """What stands beside its entry (`id`, `addenda`); empty where nothing does."""
    return "" if row.addenda is None else tx.keys.open("payment", "addenda", row.id, bytes(row.addenda)).decode()


def hash_holds(tx: Tenant, row: Any) -> bool:
    """Whether a row (`CONTENT`) is what its hash says."""
    told = content_sha256(payee(tx, row), row.amount_cents, row.kind, row.obligation, addenda(tx, row))
    return told == bytes(row.content_sha256)


# -- not paid after all -----------------------------------------------------------------------------------------------
def cancel(tx: Tenant, payment_ids: Sequence[int], business_date: date) -> None:
    """Gives what payments would have paid back to whom it is owed: they were denied, and are not proposed again."""
    obligations.released(tx, payment_ids, business_date)


def voided(tx: Tenant, payment_ids: Sequence[int], business_date: date) -> None:
    """The same for payments that were voided: what is owed is looked at anew."""
    invoices.opened_again(tx, payment_ids)
    refunds.reconsider(tx, obligations.released(tx, payment_ids, business_date))


NOT_IN_FILE = "t.state <> 'IN_FILE'"


def void(
    tx: Tenant, payment_ids: Sequence[int], reason: str, business_date: date, where: str = NOT_IN_FILE
) -> list[int]:
    """Stops payments that have not left and are in no file, or of which `where` (SQL, ours) holds; gives those that were."""
    moved = transitions.move(
        tx,
        Kind.PAYMENT,
        payment_ids,
        "voided",
        where=f"AND ({where})",
        assign="reason = :reason",
        reason=reason,
        detail=reason,
    )
    voided(tx, moved, business_date)
    exceptions.close(tx, "rule_hold", "payment", moved, reason)
    return moved
