"""Segments of an 835 before its claims: payment, payer, payee, and the groups of loop 2000."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from edi.x12.sets.reading import cents, day, element, optional, quantity
from edi.x12.sets.shared import Address, Delivery
from edi.x12.sets.t835.read_claim import Handler, NotModelled, contact_of, figures_of
from edi.x12.sets.t835.values import (
    ClaimGroup,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    ProviderSummary,
)
from edi.x12.tables.set_835 import SET_835

T = TypeVar("T")


@dataclass(slots=True)
class Header:
    """What stands before the parties, as read."""

    bpr: list[str] = field(default_factory=list)
    trn: list[str] = field(default_factory=list)
    currency: str | None = None
    receiver_id: str | None = None
    software_version: str | None = None
    production_date: date | None = None


def _bpr(header: Header, segment: list[str]) -> None:
    header.bpr = segment


def _trn(header: Header, segment: list[str]) -> None:
    header.trn = segment


def _cur(header: Header, segment: list[str]) -> None:
    header.currency = segment[2]


def _header_ref(header: Header, segment: list[str]) -> None:
    if segment[1] == "EV":
        header.receiver_id = segment[2]
    elif segment[1] == "F2":
        header.software_version = segment[2]
    else:
        raise NotModelled


def _header_dtm(header: Header, segment: list[str]) -> None:
    if segment[1] != "405":
        raise NotModelled
    header.production_date = day(segment[2])


HEADER: dict[str, Handler] = {"BPR": _bpr, "TRN": _trn, "CUR": _cur, "REF": _header_ref, "DTM": _header_dtm}


def payment_of(header: Header) -> Payment:
    """BPR and TRN; an amount or a date that cannot be read is None."""
    bpr, trn = header.bpr, header.trn
    return Payment(
        handling=element(bpr, 1),
        amount_cents=_or_none(cents, element(bpr, 2)),
        credit_debit=element(bpr, 3),
        method=element(bpr, 4),
        format=optional(bpr, 5),
        sender_bank_kind=optional(bpr, 6),
        sender_bank=optional(bpr, 7),
        sender_account_kind=optional(bpr, 8),
        sender_account=optional(bpr, 9),
        originating_company=optional(bpr, 10),
        originating_supplement=optional(bpr, 11),
        receiver_bank_kind=optional(bpr, 12),
        receiver_bank=optional(bpr, 13),
        receiver_account_kind=optional(bpr, 14),
        receiver_account=optional(bpr, 15),
        date=_or_none(day, element(bpr, 16)),
        trace_number=element(trn, 2),
        payer_trace_id=element(trn, 3),
        trace_supplement=optional(trn, 4),
    )


def _or_none(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except ValueError:
        return None


# -- parties -----------------------------------------------------------------------------------------------------------


def payer_of(segment: list[str]) -> PayerParty:
    """N1*PR; nameless where there is none."""
    return PayerParty(name=element(segment, 2), identifier=optional(segment, 4), address=Address(line1="", city=""))


def payee_of(segment: list[str]) -> PayeeParty:
    """N1*PE; nameless where there is none."""
    payee, kind, identifier = PayeeParty(name=element(segment, 2)), element(segment, 3), optional(segment, 4)
    if kind == "XX":
        payee.npi = identifier
    elif kind == "FI":
        payee.tax_id = identifier
    elif kind == "XV":
        payee.plan_id = identifier
    return payee


def _n3(party: PayerParty | PayeeParty, segment: list[str]) -> None:
    address = _address(party)
    address.line1, address.line2 = segment[1], optional(segment, 2)


def _n4(party: PayerParty | PayeeParty, segment: list[str]) -> None:
    address = _address(party)
    address.city, address.state = segment[1], optional(segment, 2)
    address.zip, address.country, address.subdivision = (optional(segment, at) for at in (3, 4, 7))


def _address(party: PayerParty | PayeeParty) -> Address:
    if party.address is None:
        party.address = Address(line1="", city="")
    return party.address


def _payer_ref(payer: PayerParty, segment: list[str]) -> None:
    payer.references.append((segment[1], segment[2]))


def _per(payer: PayerParty, segment: list[str]) -> None:
    payer.contacts.append(contact_of(segment))


def _payee_ref(payee: PayeeParty, segment: list[str]) -> None:
    if segment[1] == "TJ" and payee.tax_id is None:
        payee.tax_id = segment[2]
    else:
        payee.references.append((segment[1], segment[2]))


def _rdm(payee: PayeeParty, segment: list[str]) -> None:
    payee.delivery = Delivery(method=segment[1], name=optional(segment, 2), number=optional(segment, 3))


PAYER: dict[str, Handler] = {"N3": _n3, "N4": _n4, "REF": _payer_ref, "PER": _per}
PAYEE: dict[str, Handler] = {"N3": _n3, "N4": _n4, "REF": _payee_ref, "RDM": _rdm}


# -- groups of claims, provider adjustments ----------------------------------------------------------------------------

_TS3, _TS2 = SET_835.segment("2000", "TS3"), SET_835.segment("2000", "TS2")


def _ts3(group: ClaimGroup, segment: list[str]) -> None:
    group.summary = ProviderSummary(
        provider_id=segment[1],
        facility_code=segment[2],
        fiscal_date=day(segment[3]),
        claim_count=quantity(segment[4]),
        charge_cents=cents(segment[5]),
        figures=figures_of(_TS3, segment, first=6),
    )


def _ts2(group: ClaimGroup, segment: list[str]) -> None:
    group.inpatient = figures_of(_TS2, segment)


GROUP: dict[str, Handler] = {"TS3": _ts3, "TS2": _ts2}


def provider_adjustments_of(segment: list[str], number: int, component: str) -> list[ProviderAdjustment]:
    """PLB: its pairs of reason and amount. ValueError if any cannot be read, for then none may stand alone."""
    provider, fiscal, made = segment[1], day(segment[2]) if segment[2] else None, []
    for at in range(3, len(segment), 2):
        identifier, amount = segment[at], element(segment, at + 1)
        if identifier or amount:
            reason, _, reference = identifier.partition(component)
            made.append(
                ProviderAdjustment(
                    provider_id=provider,
                    fiscal_date=fiscal,
                    reason=reason,
                    reference=reference or None,
                    amount_cents=cents(amount),
                    segment_number=number,
                )
            )
    return made
