"""Writer of claim sets: the tree of values as segments, in the order that both guides have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from edi.x12.sets.t837.parties import write_address, write_contacts, write_name, write_references
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.values import (
    BaseBillingProvider,
    BasePatient,
    BaseSet,
    BaseSubscriber,
    Payer,
    PayToPlan,
    Submitter,
)
from edi.x12.tables.schema import Loop
from edi.x12.writer import day, maybe_day
from edi.x12.written import WrittenSet


def _nothing(_out: ClaimWriter, _value: Any) -> None:
    """Where a guide has none of it."""


def _no_contact(_out: ClaimWriter, _loop: str, _value: Any) -> None:
    """Where a guide has no contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What each guide writes in its own way."""

    claims: Loop  # 2300, for how many there may be
    claim: Callable[[ClaimWriter, Any], None]
    patient_condition: Callable[[ClaimWriter, Any], None]  # PAT
    subscriber_condition: Callable[[ClaimWriter, Any], None] = _nothing
    billing_numbers: Callable[[ClaimWriter, Any], None] = _nothing  # REF beyond the tax number
    contact: Callable[[ClaimWriter, str, Any], None] = _no_contact  # PER of subscriber and patient, by loop


class TreeWriter:
    """Writes one set."""

    __slots__ = ("_out", "_parts")

    def __init__(self, out: ClaimWriter, parts: Parts) -> None:
        self._out = out
        self._parts = parts

    def write(self, value: BaseSet, billing: Sequence[Any], control_number: str, version: str) -> WrittenSet:
        """The whole set, ST to SE."""
        out, row = self._out, self._out.row
        out.put(row("837", "ST"), "837", control_number, version)
        bht = row("837", "BHT")
        if value.when is None:
            raise out.refuse(bht, 4, "a set needs its date and time")
        out.put(bht, "0019", value.purpose, value.reference, day(value.when.date()), f"{value.when:%H%M%S}", value.kind)
        _submitter(out, value.submitter)
        receiver = value.receiver
        out.put(row("1000B", "NM1"), "40", "2", receiver.name, "", "", "", "", "46", receiver.identifier)
        level = 0
        for provider in billing:
            level = self._billing(provider, provider.subscribers, level + 1)
        out.put(row("837", "SE"), str(out.count + 1), control_number)
        return out.finish()

    def _billing(self, value: BaseBillingProvider, subscribers: Sequence[Any], level: int) -> int:
        """One billing provider from hierarchical level ``level`` on; the last level used."""
        out, row = self._out, self._out.row
        out.put(row("2000A", "HL"), str(level), "", "20", "1")
        if value.taxonomy:
            out.put(row("2000A", "PRV"), "BI", "PXC", value.taxonomy)
        if value.currency:
            out.put(row("2000A", "CUR"), "85", value.currency)
        write_name(out, row("2010AA", "NM1"), "85", value, "XX", value.npi)
        write_address(out, "2010AA", value.address)
        out.put(row("2010AA", "REF", "EI"), value.tax_id_kind, value.tax_id)
        self._parts.billing_numbers(out, value)
        write_contacts(out, row("2010AA", "PER"), value)
        if value.pay_to:
            out.put(row("2010AB", "NM1"), "87", "1" if value.last_name else "2")
            write_address(out, "2010AB", value.pay_to)
        if value.pay_to_plan:
            _pay_to_plan(out, value.pay_to_plan)
        last = level
        for subscriber in subscribers:
            last = self._subscriber(subscriber, subscriber.patients, subscriber.claims, last + 1, level)
        return last

    def _subscriber(
        self, value: BaseSubscriber, patients: Sequence[Any], claims: Sequence[Any], level: int, parent: int
    ) -> int:
        out, row = self._out, self._out.row
        first = out.count + 1
        out.put(row("2000B", "HL"), str(level), str(parent), "22", "1" if patients else "0")
        out.rows.subscriber_sbr.put(out, row("2000B", "SBR"), value)
        self._parts.subscriber_condition(out, value)
        _insured(out, value)
        self._parts.contact(out, "2010BA", value)
        _payer(out, value.payer)
        alone = len(claims) + sum(len(patient.claims) for patient in patients) == 1
        self._claims(claims, first if alone else None)
        last = level
        for patient in patients:
            last += 1
            self._patient(patient, patient.claims, last, level, first if alone else None)
        return last

    def _patient(self, value: BasePatient, claims: Sequence[Any], level: int, parent: int, owner: int | None) -> None:
        out, row = self._out, self._out.row
        first = out.count + 1
        out.put(row("2000C", "HL"), str(level), str(parent), "23", "0")
        self._parts.patient_condition(out, value)
        names = (value.last_name, value.first_name or "", value.middle_name or "", "", value.suffix or "")
        out.put(row("2010CA", "NM1"), "QC", "1", *names)
        write_address(out, "2010CA", value.address)
        out.put(row("2010CA", "DMG"), "D8", maybe_day(value.birth_date), value.sex)
        out.rows.patient_references.put(out, value)
        if value.secondary_id:
            kind = value.secondary_id_kind
            out.put(row("2010CA", "REF", kind), kind, value.secondary_id)
        self._parts.contact(out, "2010CA", value)
        self._claims(claims, owner or (first if len(claims) == 1 else None))

    def _claims(self, claims: Sequence[Any], owner: int | None) -> None:
        """Write claims; the range of each starts at segment ``owner`` where it has a level to itself."""
        out = self._out
        out.allow(out.row("2300", "CLM"), len(claims), self._parts.claims)
        for claim in claims:
            first = owner or out.count + 1
            self._parts.claim(out, claim)
            out.mark(claim.patient_control_number, first)


def _submitter(out: ClaimWriter, value: Submitter) -> None:
    names = (value.name, value.first_name or "", value.middle_name or "")
    out.put(out.row("1000A", "NM1"), "41", "1" if value.first_name else "2", *names, "", "", "46", value.identifier)
    before = out.count
    write_contacts(out, out.row("1000A", "PER"), value)
    if out.count == before:
        raise out.refuse(out.row("1000A", "PER"), 3, "a submitter needs a contact with a number")


def _pay_to_plan(out: ClaimWriter, value: PayToPlan) -> None:
    who = (value.name, "", "", "", "", value.identifier_kind, value.identifier)
    out.put(out.row("2010AC", "NM1"), "PE", "2", *who)
    write_address(out, "2010AC", value.address)
    if value.secondary:
        write_references(out, out.row("2010AC", "REF", "2U"), [value.secondary])
    out.put(out.row("2010AC", "REF", "EI"), "EI", value.tax_id)


def _insured(out: ClaimWriter, value: BaseSubscriber) -> None:
    write_name(out, out.row("2010BA", "NM1"), "IL", value, value.member_id_kind, value.member_id)
    if value.address:
        write_address(out, "2010BA", value.address)
    if value.birth_date or value.sex:
        out.put(out.row("2010BA", "DMG"), "D8", maybe_day(value.birth_date), value.sex or "")
    out.rows.subscriber_references.put(out, value)


def _payer(out: ClaimWriter, value: Payer) -> None:
    who = (value.name, "", "", "", "", value.identifier_kind, value.identifier)
    out.put(out.row("2010BB", "NM1"), "PR", "2", *who)
    if value.address:
        write_address(out, "2010BB", value.address)
    if value.secondary_id or value.references:
        write_references(out, out.row("2010BB", "REF", "2U"), value.references, "2U", value.secondary_id)
    if value.billing_provider_id or value.provider_references:
        where = out.row("2010BB", "REF", "G2")
        write_references(out, where, value.provider_references, "G2", value.billing_provider_id)
