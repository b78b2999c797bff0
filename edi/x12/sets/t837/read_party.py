"""Parties of claims: their names, addresses, numbers and contacts."""

from edi.x12.sets.reading import element, optional
from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, once
from edi.x12.sets.t837.parties import CONTACT_NUMBERS, fits_own_fields
from edi.x12.sets.t837.values import BaseBillingProvider, BaseSubscriber, Submitter
from edi.x12.sets.t837.values_other import OtherInsured
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider, Reference


def read_name(party: BaseBillingProvider | BaseSubscriber | OtherInsured | Provider, segment: list[str]) -> None:
    """NM103 to NM107 of a person or an organisation."""
    if element(segment, 2) == "1":
        party.last_name = element(segment, 3)
    else:
        party.name = element(segment, 3)
    party.first_name, party.middle_name, party.suffix = optional(segment, 4), optional(segment, 5), optional(segment, 7)


def read_provider(segment: list[str]) -> Provider:
    """NM1 of a provider with a name."""
    provider = Provider(npi=optional(segment, 9))
    read_name(provider, segment)
    return provider


def meet_provider(cursor: Cursor, owner: object, name: str, segment: list[str]) -> bool:
    """A named provider into a field of the claim or line, unless there is one."""
    provider = read_provider(segment)
    if not once(owner, name, provider):
        return False
    cursor.meet(PROVIDER, provider)
    return True


def meet_nameless(cursor: Cursor, owner: object, name: str, segment: list[str]) -> bool:
    """A provider without name into a field of the other payer or line, unless there is one."""
    provider = NamelessProvider(person=element(segment, 2) == "1", npi=optional(segment, 9))
    if not once(owner, name, provider):
        return False
    cursor.meet(NAMELESS, provider)
    return True


def meet_facility(cursor: Cursor, owner: object, segment: list[str]) -> bool:
    """The place of service of a claim or line."""
    address = Address(line1="", city="")
    facility = Facility(name=element(segment, 3), npi=optional(segment, 9), address=address)
    return meet_place(cursor, owner, "facility", facility, FACILITY, address)


def meet_place(cursor: Cursor, owner: object, name: str, place: object, steps: Steps, address: Address) -> bool:
    """A place, with its address, into a field of the claim or line, unless there is one."""
    if not once(owner, name, place):
        return False
    cursor.meet(steps, place, address)
    return True


def read_reference(cursor: Cursor, segment: list[str]) -> Reference:
    """A number with its kind, and the payer who gave it."""
    payer = element(segment, 4).partition(cursor.component)[2]
    return Reference(kind=element(segment, 1), value=element(segment, 2), payer_id=payer or None)


def read_contact(segment: list[str]) -> Contact:
    """PER with up to three numbers."""
    pairs = [(segment[at], element(segment, at + 1)) for at in range(3, len(segment), 2) if segment[at]]
    return Contact(function=element(segment, 1), name=optional(segment, 2), numbers=pairs)


def take_contact_fields(party: Submitter | BaseBillingProvider, segment: list[str]) -> bool:
    """PER of a party that tells its first contact by fields of its own."""
    contact = read_contact(segment)
    names = ("contact_name", *CONTACT_NUMBERS.values())
    if party.contacts or any(getattr(party, name) for name in names) or not fits_own_fields(contact):
        party.contacts.append(contact)
        return True
    party.contact_name = contact.name
    for kind, number in contact.numbers:
        setattr(party, CONTACT_NUMBERS[kind], number or None)
    return True


def take_contact(cursor: Cursor, segment: list[str]) -> bool:
    """PER of a party that has one contact."""
    return once(cursor.party, "contact", read_contact(segment))


def take_street(cursor: Cursor, segment: list[str]) -> bool:
    """N3."""
    address = _address(cursor)
    address.line1, address.line2 = element(segment, 1), optional(segment, 2)
    return True


def take_city(cursor: Cursor, segment: list[str]) -> bool:
    """N4."""
    address = _address(cursor)
    address.city, address.state = element(segment, 1), optional(segment, 2)
    if len(segment) > 3:
        address.zip, address.country = optional(segment, 3), optional(segment, 4)
        address.subdivision = optional(segment, 7)
    return True


def _address(cursor: Cursor) -> Address:
    """The party's address, made where it is the first that comes of it."""
    if cursor.address is None:
        cursor.address = cursor.party.address = Address(line1="", city="")
    return cursor.address


def _prv(cursor: Cursor, segment: list[str]) -> bool:
    cursor.party.taxonomy = optional(segment, 3)
    return True


def _provider_ref(cursor: Cursor, segment: list[str]) -> bool:
    provider, reference = cursor.party, read_reference(cursor, segment)
    if reference.kind == "G2" and reference.payer_id is None and provider.secondary_id is None:
        provider.secondary_id = reference.value or None
    else:
        provider.references.append(reference)
    return True


def take_reference(cursor: Cursor, segment: list[str]) -> bool:
    """REF of a party that lists them all."""
    cursor.party.references.append(read_reference(cursor, segment))
    return True


PLACE: Steps = {**NOBODY, "N3": take_street, "N4": take_city}
PROVIDER: Steps = {**PLACE, "PRV": _prv, "REF": _provider_ref, "PER": take_contact}
NAMELESS: Steps = {**NOBODY, "REF": take_reference}
FACILITY: Steps = {**PLACE, "REF": take_reference, "PER": take_contact}
