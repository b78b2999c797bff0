"""Notifications of change: the payment stands, the receiving bank asks for other bank details; people decide on them.

A notice counts only where trace, bank and account are those of an entry of ours. What it asks for becomes a proposed
version of the payee's bank details, which nobody but two people puts into force.
"""

from edi.nacha.file import AchEntry, AchFile, Addenda98
from pipeline.domain.payees import ToldPayee
from pipeline.domain.payment import Payee, PayeeKind
from pipeline.mapping.corrections import corrected
from pipeline.store import exceptions, payee_changes, payees, payment_entries
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payee_changes import Paid
from pipeline.store.payment_entries import Entry

_STANDS = "the payment stands"


def tell(tx: Tenant, inbound_file_id: int, ach: AchFile) -> None:
    """Applies every notification of change of a file."""
    told = [(entry, entry.change) for batch in ach.batches for entry in batch.entries if entry.change is not None]
    if not told:
        return
    ours = payment_entries.by_trace(tx, [change.original_trace for _, change in told])
    exceptions.open_all(
        tx, [_told(tx, entry, change, ours.get(change.original_trace), inbound_file_id) for entry, change in told]
    )


def _told(tx: Tenant, entry: AchEntry, change: Addenda98, ours: Entry | None, inbound_file_id: int) -> Raise:
    paid = None if ours is None else payee_changes.paid(tx, ours.payment_id)
    if ours is None or paid is None or not _is_about(entry, change, ours, paid):
        reason = f"notification of change {change.change_code} about an entry that is not ours, or another account"
        return Raise("unknown_return", "inbound", inbound_file_id, reason)
    reason = propose_from_noc(tx, paid, change, inbound_file_id)
    found = {"code": change.change_code, "message": "corrected data", "value": change.corrected.strip()}
    return Raise("noc", "payment", ours.payment_id, reason, findings=[found])


def _is_about(entry: AchEntry, change: Addenda98, ours: Entry, paid: Paid) -> bool:
    """A notice moves no money: its amount is zero, or at some banks that of the entry it is about."""
    return (
        change.original_rdfi == paid.where.routing_number[:8]
        and entry.account.strip() == paid.where.account_number
        and entry.amount_cents in {0, ours.amount_cents}
    )


def propose_from_noc(tx: Tenant, paid: Paid, change: Addenda98, inbound_file_id: int) -> str:
    """Proposes what the bank asks for, where it is other bank details of a payee who is paid there still; says what was done."""
    code = change.change_code
    asks = f"the receiving bank asks to change the payee's details: {code}; {_STANDS}"
    try:
        where = corrected(paid.where, code, change.corrected)
    except ValueError as error:
        return f"{asks}; {error}: ask the bank"
    if where is None:
        return f"{asks}; it corrects nothing of the account: see the finding"
    if paid.payee_id is None or paid.kind is None or not paid.current:
        return f"{asks}; the payee is paid elsewhere by now"
    return _proposed(tx, paid.payee_id, paid.kind, where, code, inbound_file_id)


def _proposed(tx: Tenant, payee_id: int, kind: PayeeKind, where: Payee, code: str, inbound_file_id: int) -> str:
    [said] = payees.versions_of(tx, [(payee_id, where)])
    if said is not None and said.state != "PROPOSED":
        return (
            f"the receiving bank asks ({code}) for bank details {said.id} of payee {payee_id}, which are {said.state};"
            f" {_STANDS}: ask the payee, `claimrail payees change {payee_id}` proposes them anew"
        )
    told = ToldPayee(kind=kind, key="", where=where, source="noc", source_id=inbound_file_id)
    details_id = payees.propose(tx, [(payee_id, told)])[payee_id] if said is None else said.id
    payee_changes.wait_for_people(tx, payee_id, details_id)
    return (
        f"{payee_changes.noc_begins(details_id)} for payee {payee_id} by a notification of change ({code}); {_STANDS}:"
        f" two people confirm or refuse them (`claimrail payees show {payee_id}`) before the next payment"
    )
