"""Who and where: names, identifiers with check digits, addresses."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stdnum import luhn

from edi.findings import Severity
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, rule
from edi.x12.tree import Item

_NINE_DIGITS = re.compile(r"(?!0{9})[0-9]{9}", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_ZIP = re.compile(r"(?!0{5})[0-9]{5}(?:[0-9]{4})?", re.ASCII)
_BOX = re.compile(r"(?:P\.? ?O\.? ?|POST OFFICE )BOX\b", re.IGNORECASE)
_PHONE = re.compile(r"[2-9][0-9]{9}", re.ASCII)
_STATE_AND_COUNTRY: dict[str, tuple[tuple[int, int | None], tuple[int, int | None]]] = {
    "N4": ((2, None), (4, None)),
    "CLM": ((11, 4), (11, 5)),
}
_PERSON, _ORGANISATION = "1", "2"
_PRICED_BY_PLACE = frozenset({"85", "77"})


@lru_cache(maxsize=16384)
def is_npi(text: str) -> bool:
    """Ten digits whose last is the check digit of the rest, counted with the card issuer's prefix 80840."""
    return len(text) == 10 and text.isascii() and text.isdigit() and luhn.is_valid("80840" + text)


@rule("X837-NPI", 5, "I12", "A7:562")
def npi_checks(item: Item, _facts: Facts) -> Iterator[Found]:
    """A national provider identifier has ten digits and the right check digit."""
    if item[8] == "XX" and item[9] and not is_npi(item[9]):
        yield Found(
            At(item, 9), "not a national provider identifier", "Look the provider up in the registry.", entity=item[1]
        )


@rule("X837-NAME-PERSON", 4, "I9", "A6:125")
def person_has_a_first_name(item: Item, _facts: Facts) -> Iterator[Found]:
    """A person who is named has last and first name."""
    if item[2] == _PERSON and not item[4] and item[3]:
        yield Found(
            At(item, 4), "a person without first name", "Add it, or name an organisation.", At(item, 2), item[1]
        )


@rule("X837-NAME-ORGANISATION", 4, "I13", "A7:125")
def organisation_has_one_name(item: Item, _facts: Facts) -> Iterator[Found]:
    """An organisation has neither first nor middle name nor suffix."""
    if item[2] == _ORGANISATION and any(item.elements[4:8]):
        for at in (4, 5, 7):
            if item[at]:
                yield Found(
                    At(item, at), "part of a person's name with an organisation", "Say person, or leave it out.",
                    At(item, 2), item[1],
                )  # fmt: skip


@rule("X837-TAX-ID", 5, "I12", "A7:128")
def tax_number_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """Employer and social security numbers have nine digits and no hyphen."""
    if item[1] in {"EI", "SY"} and item[2] and not _NINE_DIGITS.fullmatch(item[2]):
        yield Found(At(item, 2), "a tax number that is not nine digits", "Correct it; no hyphen.", entity=_entity(item))


@rule("X837-TAXONOMY", 5, "I12", "A7:145")
def taxonomy_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """A taxonomy code has ten characters and ends in X."""
    if item[2] == "PXC" and item[3] and not _TAXONOMY.fullmatch(item[3]):
        yield Found(At(item, 3), "not the form of a taxonomy code", "Look the specialty up.", entity=_entity(item))


@rule("X837-STATE", 5, "7", "A7:501", severity=DOUBTFUL)
def state_known(item: Item, facts: Facts) -> Iterator[Found]:
    """States within the country, of an address (N402) or an accident (CLM11-4), have their postal codes."""
    where, country = _STATE_AND_COUNTRY[item.elements[0]]
    state = _at(item, where)
    if state and not facts.known("state", state) and _at_home(_at(item, country)):
        yield Found(At(item, *where), "a state that is not on the postal list", "Correct it.", entity=_entity(item))


@rule("X837-COUNTRY", 5, "7", "A7:500", severity=DOUBTFUL)
def country_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Countries, of an address (N404) or an accident (CLM11-5), are those of ISO 3166."""
    _, where = _STATE_AND_COUNTRY[item.elements[0]]
    country = _at(item, where)
    if country and not facts.known("country", country):
        yield Found(At(item, *where), "a country that is not on the list", "Correct it.", entity=_entity(item))


@rule("X837-PHONE", 5, "I12", severity=Severity.WARNING)
def phone_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """Telephone and fax numbers have ten digits: area code and number, nothing between."""
    for kind in (3, 5, 7):
        if item[kind] in {"TE", "FX"} and not _PHONE.fullmatch(item[kind + 1]):
            yield Found(At(item, kind + 1), "a telephone number that is not ten digits", "Give digits only.")


@rule("X837-ADDRESS", 4, "I9", "A6:500")
def address_at_home_is_whole(item: Item, _facts: Facts) -> Iterator[Found]:
    """An address within the country has state and ZIP code."""
    if not (item[2] and item[3]) and _at_home(item[4]):
        for at, what in ((2, "state"), (3, "ZIP code")):
            if not item[at]:
                yield Found(
                    At(item, at), f"an address without its {what}", "Add it, or the country.", entity=_entity(item)
                )


@rule("X837-ZIP", 5, "I12", "A7:500")
def zip_well_formed(item: Item, _facts: Facts) -> Iterator[Found]:
    """ZIP codes have five or nine digits and no hyphen."""
    if not _ZIP.fullmatch(item[3]) and item[3] and _at_home(item[4]):
        yield Found(
            At(item, 3), "a ZIP code that is not five or nine digits", "Correct it; no hyphen.", entity=_entity(item)
        )


@rule("X837-ZIP-SHORT", 5, "I12", "A7:500", severity=Severity.WARNING)
def zip_of_provider_has_nine_digits(item: Item, _facts: Facts) -> Iterator[Found]:
    """Billing provider and service facility have nine digits: payers ask for them."""
    if len(item[3]) == 5 and item.node.opening[1] in _PRICED_BY_PLACE and _at_home(item[4]):
        yield Found(
            At(item, 3), "a ZIP code of five digits where nine are asked for", "Add the last four.",
            entity=_entity(item),
        )  # fmt: skip


@rule("X837-PO-BOX", 4, "I12", "A7:126", severity=Severity.WARNING)
def billing_provider_has_a_street(item: Item, _facts: Facts) -> Iterator[Found]:
    """The billing provider's address is a street; a box belongs to the pay-to address."""
    if item.node.id == "2010AA" and _BOX.search(item[1]):
        yield Found(
            At(item, 1), "a box as billing provider's address", "Give the street; the box in loop 2010AB.",
            entity=_entity(item),
        )  # fmt: skip


def _at_home(country: str) -> bool:
    return country in {"", "US"}


def _at(item: Item, place: tuple[int, int | None]) -> str:
    element, component = place
    return item[element] if component is None else item.part(element, component)


def _entity(item: Item) -> str | None:
    opening = item.node.opening
    return opening[1] or None if opening.id == "NM1" else None


NAME = (npi_checks, person_has_a_first_name, organisation_has_one_name)
CITY = (state_known, country_known, address_at_home_is_whole, zip_well_formed, zip_of_provider_has_nine_digits)
ACCIDENT = (state_known, country_known)
CONTACT = (phone_well_formed,)
STREET = (billing_provider_has_a_street,)
REFERENCE = (tax_number_well_formed,)
SPECIALTY = (taxonomy_well_formed,)
