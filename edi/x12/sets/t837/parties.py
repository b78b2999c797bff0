"""Names, addresses, numbers and contacts of claims, as every loop writes them."""

from collections.abc import Sequence
from typing import Protocol

from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.values import BaseBillingProvider, BaseSubscriber, Submitter
from edi.x12.sets.t837.values_details import Condition
from edi.x12.sets.t837.values_other import OtherInsured
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider, Reference
from edi.x12.writer import Row, composite

CONTACT_NUMBERS = {"TE": "phone", "EX": "phone_extension", "EM": "email", "FX": "fax"}
"""The kinds of number that a submitter or billing provider has fields for, in the order of writing."""


_SPECIALISTS = {"82": "PE", "71": "AT"}
"""By NM101 of a provider that may tell his specialty: PRV01."""
_ONLY_SPECIALISTS = "only a rendering or attending provider carries a taxonomy"


class _Procedure(Protocol):
    procedure_qualifier: str
    modifiers: list[str]
    description: str | None

    @property
    def procedure(self) -> str | None: ...


def procedure_of(out: ClaimWriter, where: Row, position: int, value: _Procedure) -> str:
    """The composite of qualifier, procedure, modifiers and description."""
    modifiers = value.modifiers
    if len(modifiers) > 4:
        raise out.refuse(where, position, "four modifiers at most")
    if value.description is None:
        return composite(value.procedure_qualifier, value.procedure or "", *modifiers)
    return composite(
        value.procedure_qualifier, value.procedure or "", *[*modifiers, "", "", "", ""][:4], value.description
    )


def write_address(out: ClaimWriter, loop: str, value: Address) -> None:
    """N3 and N4 of the party whose NM1 was just written."""
    out.put(out.row(loop, "N3"), value.line1, value.line2 or "")
    abroad = (value.country or "", "", "", value.subdivision) if value.subdivision else (value.country or "",)
    out.put(out.row(loop, "N4"), value.city, value.state or "", value.zip or "", *abroad)


def write_name(
    out: ClaimWriter,
    where: Row,
    code: str,
    party: Provider | BaseBillingProvider | BaseSubscriber | OtherInsured,
    id_kind: str,
    identifier: str | None,
) -> None:
    """NM1 of a person (last and first name) or an organisation (name). Both at once is refused."""
    if party.name is not None and party.last_name is not None:
        raise out.refuse(where, 3, "a party is either a person or an organisation, not both")
    names = (party.first_name or "", party.middle_name or "", "", party.suffix or "")
    if party.name is not None and any(names):
        raise out.refuse(where, 4, "an organisation has no first or middle name and no suffix")
    entity = "2" if party.last_name is None else "1"
    last = party.name if party.last_name is None else party.last_name
    out.put(where, code, entity, last or "", *names, id_kind if identifier else "", identifier or "")


def write_provider(out: ClaimWriter, loop: str, code: str, value: Provider) -> None:
    """A provider with his specialty, address, further numbers and contact, as far as the loop has them."""
    where = out.row(loop, "NM1")
    write_name(out, where, code, value, "XX", value.npi)
    if value.taxonomy:
        _needs(out, where, code in _SPECIALISTS and out.has(loop, "PRV"), 3, _ONLY_SPECIALISTS)
        out.put(out.row(loop, "PRV"), _SPECIALISTS[code], "PXC", value.taxonomy)
    if value.address or value.contact:
        _needs(out, where, out.has(loop, "PER"), 3, "only an ordering provider has an address and a contact")
    if value.address:
        write_address(out, loop, value.address)
    if value.secondary_id or value.references:
        write_references(out, out.row(loop, "REF"), value.references, "G2", value.secondary_id)
    if value.contact:
        write_contact(out, out.row(loop, "PER"), value.contact)


def write_nameless(out: ClaimWriter, loop: str, code: str, value: NamelessProvider) -> None:
    """A provider without name."""
    npi = ("", "", "", "", "", "XX", value.npi) if value.npi else ()
    out.put(out.row(loop, "NM1"), code, "1" if value.person else "2", *npi)
    if value.references or loop != "2420B":
        write_references(out, out.row(loop, "REF"), value.references)


def write_facility(out: ClaimWriter, loop: str, value: Facility) -> None:
    """Where the service was given."""
    where = out.row(loop, "NM1")
    out.put(where, "77", "2", value.name, "", "", "", "", "XX" if value.npi else "", value.npi or "")
    write_address(out, loop, value.address)
    if value.references:
        write_references(out, out.row(loop, "REF"), value.references)
    if value.contact:
        _needs(out, where, out.has(loop, "PER"), 3, "only a claim's facility has a contact")
        write_contact(out, out.row(loop, "PER"), value.contact)


def write_references(
    out: ClaimWriter, where: Row, values: Sequence[Reference], code: str = "", first: str | None = None
) -> None:
    """``first`` as number of kind ``code``, then the others; as many as the guide has, and one at least where it must.

    A first number of that kind that no other payer gave has a field of its own and is refused among the others.
    """
    if first:
        values = [Reference(kind=code, value=first), *values]
    elif any(one.kind == code and one.payer_id is None for one in values):
        raise out.refuse(where, 2, f"the first number of kind {code} has a field of its own")
    _needs(out, where, bool(values) or where.segment.usage != "R", 1, "a further number is required here")
    out.allow(where, len(values))
    for one in values:
        if one.payer_id is None:
            out.put(where, one.kind, one.value)
        else:
            out.put(where, one.kind, one.value, "", composite("2U", one.payer_id))


def write_contact(out: ClaimWriter, where: Row, value: Contact) -> None:
    """PER with its numbers."""
    out.put(where, value.function, value.name or "", *(part for pair in value.numbers for part in pair))


def write_contacts(out: ClaimWriter, where: Row, party: Submitter | BaseBillingProvider) -> None:
    """The contact told by the party's own fields, then its others."""
    told = [party.phone, party.phone_extension, party.email, party.fax]
    own = [part for kind, number in zip(CONTACT_NUMBERS, told, strict=True) if number for part in (kind, number)]
    out.allow(where, len(party.contacts) + bool(own or party.contact_name))
    if own or party.contact_name:
        out.put(where, "IC", party.contact_name or "", *own)
    elif party.contacts and fits_own_fields(party.contacts[0]):
        raise out.refuse(where, 2, "the first contact has fields of its own")
    for one in party.contacts:
        write_contact(out, where, one)


def fits_own_fields(contact: Contact) -> bool:
    """Whether the fields of a submitter or billing provider can tell the contact."""
    kinds = [kind for kind, _ in contact.numbers]
    return contact.function == "IC" and len(kinds) == len(set(kinds)) and CONTACT_NUMBERS.keys() >= set(kinds)


def write_condition(out: ClaimWriter, where: Row, category: str, value: Condition) -> None:
    """CRC."""
    out.put(where, category, "Y" if value.applies else "N", *value.codes)


def _needs(out: ClaimWriter, where: Row, condition: bool, position: int, words: str) -> None:
    if not condition:
        raise out.refuse(where, position, words)
