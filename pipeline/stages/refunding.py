"""What patients get back: proposed as soon as a claim is finally decided and all its money has come.

Amounts come from the books alone, never from the 835; where the money goes is what the claim says of its patient, unless
he is known with other bank details: then people decide first (`services/payees`).
"""

from collections.abc import Sequence
from datetime import date

from pipeline.domain.forms import stored_claim
from pipeline.domain.ledger import NewJournal, Position
from pipeline.domain.payables import refund_owed
from pipeline.domain.payees import ToldPayee, patient_key
from pipeline.domain.payment import AccountType, Payee, PayeeKind, PaymentKind, refund_obligation
from pipeline.mapping.payments_to_nacha import misfits
from pipeline.stages import ruling
from pipeline.stages.context import Context
from pipeline.store import claims, exceptions, ledger, payees, payments, refunds
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payees import Met
from pipeline.store.payments import NewPayment
from pipeline.store.refunds import Refundable
from pipeline.store.tenants import Mailbox


def propose(ctx: Context, tx: Tenant, box: Mailbox | None) -> None:
    """Proposes what became refundable since the last look, and asks the rules about it."""
    found = refunds.refundable(tx, refunds.unreleased(tx))
    if not found:
        return
    if box is None:
        refunds.reconsider(tx, [one.claim_id for one in found])
        exceptions.open_all(tx, [Raise("no_bank_mailbox", "org", tx.org_id, "refunds wait: add a bank mailbox")])
        return
    exceptions.close(tx, "no_bank_mailbox", "org", [tx.org_id], "there is a bank mailbox now")
    payable, raised = _payable(ctx, tx, box, found)
    exceptions.open_all(tx, raised)
    if not payable:
        return
    now, today = ctx.clock.now(), ctx.today()
    met = payees.meet(tx, [told for _, told in payable], now, box.bank.prenotes)
    _tell_details(tx, [(one, m) for (one, _), m in zip(payable, met, strict=True)])
    new = [
        _new(one, m.payee_id, m.details_id, m.where)
        for (one, _), m in zip(payable, met, strict=True)
        if not m.differs and m.details_id is not None and m.where is not None
    ]
    positions = {one.books_id: one.position for one, _ in payable}
    ids = payments.propose(tx, new, now)
    ledger.post(tx, [_owed(i, p, positions, today) for i, p in zip(ids, new, strict=True)])
    ruling.rule(ctx, tx, ids)


def _payable(
    ctx: Context, tx: Tenant, box: Mailbox, found: Sequence[Refundable]
) -> tuple[list[tuple[Refundable, ToldPayee]], list[Raise]]:
    """What can be paid, with whom the claim names; and what cannot, told to people."""
    documents = claims.by_id(tx, [one.claim_id for one in found])
    payable: list[tuple[Refundable, ToldPayee]] = []
    raised: list[Raise] = []
    named: list[tuple[Refundable, ToldPayee]] = []
    for one in found:
        try:
            told, problem = _told(documents[one.claim_id].document, one.claim_id), None
        except SealBroken as error:
            told, problem = None, str(error)
        if told is None:
            raised.append(_stuck(one, problem))
        else:
            named.append((one, told))
    asked = [(one.position.refundable_cents, told.where) for one, told in named]
    problems = misfits(box.bank, PaymentKind.REFUND, asked, ctx.clock.now())
    for (one, told), problem in zip(named, problems, strict=True):
        if problem is None:
            payable.append((one, told))
        else:
            raised.append(_stuck(one, problem))
    return payable, raised


def _told(document: bytes, claim_id: int) -> ToldPayee | None:
    """The patient, and where the claim says that money goes back to; None where it names no known kind of account."""
    claim = stored_claim(document)
    account = claim.refund_to
    if account is None or account.account_type not in set(AccountType):
        return None
    return ToldPayee(
        kind=PayeeKind.PATIENT,
        key=patient_key(claim.member_id, claim.patient.birth_date, claim.patient.first_name),
        where=Payee(
            name=account.name,
            routing_number=account.routing_number,
            account_number=account.account_number,
            account_type=AccountType(account.account_type),
        ),
        source="claim",
        source_id=claim_id,
    )


def _new(one: Refundable, payee_id: int, details_id: int, where: Payee) -> NewPayment:
    return NewPayment(
        kind=PaymentKind.REFUND,
        obligation=refund_obligation(one.clm01, one.refunds + 1),
        amount_cents=one.position.refundable_cents,
        payee=where,
        payee_id=payee_id,
        details_id=details_id,
        claim_id=one.books_id,
    )


def _owed(payment_id: int, new: NewPayment, positions: dict[int, Position], today: date) -> NewJournal:
    claim_id = new.claim_id
    if claim_id is None:
        raise TypeError("a refund is of a claim")
    return refund_owed(payment_id, claim_id, new.amount_cents, positions[claim_id], today)


def _stuck(one: Refundable, problem: str | None) -> Raise:
    money = one.position.refundable_cents
    if problem is None:
        reason = "the patient has money back to get and the claim names no usable bank details"
        return Raise("refund_details_missing", "claim", one.claim_id, reason, money_cents=money)
    return Raise("refund_details_unusable", "claim", one.claim_id, problem, money_cents=money)


def _tell_details(tx: Tenant, met: Sequence[tuple[Refundable, Met]]) -> None:
    """Claims whose refund waits until people have decided where it goes, or cannot go where they say; the others no more."""
    decided = [one.claim_id for one, m in met if m.refused or not m.differs]
    exceptions.close(tx, "refund_details_changed", "claim", decided, "people decided on the bank details")
    usable = [one.claim_id for one, m in met if not m.differs]
    exceptions.close(tx, "refund_details_unusable", "claim", usable, "there are bank details that it goes to now")
    exceptions.open_all(tx, [_refused(one, m) if m.refused else _changed(one, m) for one, m in met if m.differs])


def _refused(one: Refundable, met: Met) -> Raise:
    reason = (
        f"the bank details that the claim names were refused, or failed, for payee {met.payee_id}; ask the patient,"
        f" `claimrail payees change {met.payee_id}` proposes where the refund goes"
    )
    return Raise("refund_details_unusable", "claim", one.claim_id, reason, money_cents=one.position.refundable_cents)


def _changed(one: Refundable, met: Met) -> Raise:
    reason = (
        f"the claim names other bank details than payee {met.payee_id} is known with: two people confirm or refuse them"
        f" (`claimrail payees show {met.payee_id}`), the refund waits"
    )
    return Raise("refund_details_changed", "claim", one.claim_id, reason, money_cents=one.position.refundable_cents)
