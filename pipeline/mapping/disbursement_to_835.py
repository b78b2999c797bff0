"""The 835 beside a disbursement: the payer's own decisions, told again with the payment by which their money goes on.

The payer stays who decided (N1*PR), the provider who is paid (N1*PE); money and trace (BPR, TRN) are our payment's.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from edi.errors import Unsound
from edi.findings import Finding, Severity
from edi.nacha import codes
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets import t835
from edi.x12.syntax.document import set_of
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.mailbox import AdviceProfile, BankProfile, Mode
from pipeline.domain.payment import AccountType, Payee
from pipeline.mapping.envelopes import envelope
from pipeline.mapping.payments_to_nacha import individual_id

_ACCOUNT_KIND = {AccountType.CHECKING: "DA", AccountType.SAVINGS: "SG"}


def sets_at(content: bytes, positions: Collection[int]) -> dict[int, t835.Remittance]:
    """The 835 sets of a payer's file by their position, counted from 1; what cannot be read is left out."""
    document = read(content)
    sets = (one for interchange in document.interchanges for group in interchange.groups for one in group.sets)
    wanted = {
        at: t835.read_set(one)[0] for at, one in enumerate(sets, start=1) if at in positions and one.set_id == "835"
    }
    return {at: value for at, value in wanted.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disbursed:
    """Our payment, as its 835 tells it. `effective_date` is the day on which it settles."""

    payment_id: int
    amount_cents: int
    where: Payee
    effective_date: date
    produced: date


def advice(remittance: t835.Remittance, paid: Disbursed, bank: BankProfile) -> bytes:
    """The set from ST to SE, read again, balanced and judged as a payer's would be. Raises NotRepresentable, Unsound."""
    value = replace(
        remittance, payment=_payment(remittance.payment, paid, bank), production_date=paid.produced, raw=None
    )
    written = t835.write_set(value, "0001")
    if errors := _errors(written.data):
        raise Unsound(errors)
    return written.data


def _errors(data: bytes) -> list[Finding]:
    ts = set_of(data, t835.VERSION)
    value, findings = t835.read_set(ts)
    found = [*findings, *(t835.balance(value, ts) if value else []), *judge(ts, INBOUND)]
    return [one for one in found if one.severity is Severity.ERROR]


def _payment(original: t835.Payment, paid: Disbursed, bank: BankProfile) -> t835.Payment:
    """Money from the account that the payer paid into, so far as its 835 tells that, to the provider's own."""
    account = original.receiver_account or (bank.offset.account_number.get_secret_value() if bank.offset else None)
    return t835.Payment(
        handling="I",
        amount_cents=paid.amount_cents,
        method="ACH",
        format="CCP",
        sender_bank_kind="01",
        sender_bank=original.receiver_bank or bank.odfi + codes.check_digit(bank.odfi),
        sender_account_kind="DA" if account else None,
        sender_account=account,
        originating_company=bank.company_id,
        receiver_bank_kind="01",
        receiver_bank=paid.where.routing_number,
        receiver_account_kind=_ACCOUNT_KIND[paid.where.account_type],
        receiver_account=paid.where.account_number,
        date=paid.effective_date,
        trace_number=individual_id(paid.payment_id),
        payer_trace_id=bank.company_id,
    )


def interchange(data: bytes, profile: AdviceProfile, mode: Mode, control_number: int, when: datetime) -> bytes:
    """The file around one such set. Raises NotRepresentable for ids that do not fit."""
    around = envelope(profile, mode, control_number, when, functional_id="HP", version=t835.VERSION)
    return write_interchange(around, [data])
