"""Days in the order that life has them."""

from collections.abc import Iterator

from edi.x12.rules.claims import Claim
from edi.x12.rules.rule import At, Facts, Found, rule
from edi.x12.rules.values import day, period
from edi.x12.tree import Item, Node

_HAPPENED = frozenset(
    {"431", "439", "435", "304", "453", "454", "455", "471", "434", "472", "484", "444", "050", "461", "463", "573"}
)
"""Dates of what has happened when a claim is sent; a return to work or the end of a disability may lie ahead."""


@rule("X12-DATE-ORDER", 5, "8", "A7:187")
def range_runs_forward(item: Item, _facts: Facts) -> Iterator[Found]:
    """The last day of a range is not before its first."""
    given = period(item)
    if given is not None and given[1] < given[0]:
        yield Found(At(item, 3), "the last day is before the first", "Correct the dates.")


@rule("X837-DATE-FUTURE", 5, "8", "A7:187")
def what_happened_is_not_ahead(item: Item, facts: Facts) -> Iterator[Found]:
    """Service, accident, admission and the like are not after the day of the set (BHT04)."""
    given = period(item) if item[1] in _HAPPENED else None
    if given is not None and facts.today is not None and max(given) > facts.today:
        yield Found(At(item, 3), "a day after the day on which the set was made", "Correct the date, or bill later.")


@rule("X837-BIRTH", 5, "8", "A7:158")
def birth_is_not_ahead(item: Item, facts: Facts) -> Iterator[Found]:
    """Nobody is born after the day of the set."""
    born = day(item[2])
    if born is not None and facts.today is not None and born > facts.today:
        yield Found(At(item, 2), "born after the day on which the set was made", "Correct the birth date.")


@rule("X837-BIRTH-ORDER", 5, "8", "A7:158")
def served_after_birth(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """No service before the patient was born."""
    dmg = _patient(claim.person)
    born = day(dmg[2]) if dmg is not None else None
    if dmg is None or born is None:
        return
    for line in claim.lines:
        served = line.served
        given = period(served)
        if served is not None and given is not None and given[0] < born:
            yield Found(
                At(served, 3), "served before the patient was born", "Correct birth date or day of service.", At(dmg, 2)
            )


def _patient(person: Node) -> Item | None:
    for who in person.loops("2010BA", "2010CA"):
        return who.first("DMG")
    return None


@rule("X837-DISABILITY", 2, "7")
def disability_is_a_range_or_a_day(item: Item, _facts: Facts) -> Iterator[Found]:
    """A disability's whole time (DTP 314) is a range, its first day (360) or last day (361) a day."""
    if item[2] and item[2] != {"314": "RD8", "360": "D8", "361": "D8"}.get(item[1], item[2]):
        yield Found(At(item, 2), "a range for a day, or a day for a range", "Say which it is.", At(item, 1))


IN_ORDER = (range_runs_forward, what_happened_is_not_ahead)
DATE = (*IN_ORDER, disability_is_a_range_or_a_day)
BIRTH = (birth_is_not_ahead,)
CLAIM = (served_after_birth,)
