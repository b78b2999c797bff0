"""Rules of the eligibility inquiry and its response: 270 and 271."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules import dates, levels
from edi.x12.rules.parties import is_npi
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, Rule, RuleBook, after, by_segment, repeated, rule
from edi.x12.rules.values import quantity, whole
from edi.x12.tree import Item, Node

_NAMES = ("2100C", "2100D")
_AMOUNT_TOLD = frozenset({"B", "C", "G", "J", "Y"})
_SHARE_TOLD = frozenset({"A"})
_POINTERS = {"EQ": 5, "EB": 14}
_SERVICE_TYPES = {"EQ": 1, "EB": 3}


def _is_patient(level: Node) -> bool:
    """A level of persons without one below it."""
    return not level.loops("2000D")


def _name(level: Node) -> Node | None:
    return next(iter(level.loops(*_NAMES)), None)


def _rejected_above(level: Node) -> bool:
    """Whether the request is rejected for the receiver, the source, or the subscriber of a dependent."""
    above = level.parent
    while above is not None:
        if any(node.first("AAA") for node in (above, *above.loops("2100A", "2100B", "2100C"))):
            return True
        above = above.parent
    return False


@rule("X270-NO-QUESTION", 4, "I6")
def patient_is_asked_about(level: Node, _facts: Facts) -> Iterator[Found]:
    """Who has nobody below him is asked about: an EQ."""
    person = _name(level)
    if person is not None and _is_patient(level) and not person.loops("2110C", "2110D"):
        yield Found(after(person, "EQ"), "a person, and nothing is asked", "Ask, or leave the level out.")


@rule("X270-WHO", 4, "I9", severity=DOUBTFUL)
def patient_can_be_found(level: Node, _facts: Facts) -> Iterator[Found]:
    """A patient is known by the subscriber's number, or by his own name and birth date."""
    person = _name(level)
    insured = _name(level.parent) if level.id == "2000D" and level.parent is not None else person
    if person is None or insured is None or not _is_patient(level) or insured.opening[9]:
        return
    dmg = person.first("DMG")
    if not person.opening[3] or dmg is None or not dmg[2]:
        words = "neither a member number, nor a name with its birth date"
        yield Found(At(insured.opening, 9), words, "Give the number on the card, or name and birth date.")


@rule("X270-TRACE-REPEATED", 4, "7")
def traces_differ(root: Node, _facts: Facts) -> Iterator[Found]:
    """A number that is to come back (TRN02) belongs to one person."""
    places = [At(item, 2) for node in root.walk() if node.id in {"2000C", "2000D"} for item in node.all("TRN")]
    for where, earlier in repeated(places):
        if where.item[3] == earlier.item[3]:
            yield Found(where, "the number of another person", "Number every person for himself.", earlier)


@rule("X279-SERVICE-TYPE", 5, "7", severity=DOUBTFUL)
def service_type_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Service types (EQ01, EB03) are those of the guide."""
    at = _SERVICE_TYPES[item.id]
    for code in item[at].split(facts.ts.delimiters.repetition):
        if code and not facts.known("service_type", code):
            yield Found(At(item, at), "a service type that is not on its list", "Renew the list if it is new.")


@rule("X12-NPI", 5, "I12", severity=DOUBTFUL)
def npi_checks(item: Item, _facts: Facts) -> Iterator[Found]:
    """A national provider identifier has ten digits and the right check digit."""
    if item[8] == "XX" and item[9] and not is_npi(item[9]):
        yield Found(At(item, 9), "not a national provider identifier", "Look the provider up in the registry.")


@rule("X279-POINTER", 4, "7")
def pointers_lead_to_diagnoses(item: Item, _facts: Facts) -> Iterator[Found]:
    """Pointers (EQ05, EB14) are positions of diagnoses in HI."""
    person = item.node.parent
    hi = None if person is None else person.first("HI")
    known = 0 if hi is None else len(hi.elements) - 1
    at = _POINTERS[item.id]
    for component, text in enumerate(item.parts(at), 1):
        number = whole(text)
        if number is not None and not 1 <= number <= known:
            yield Found(At(item, at, component), "points at no diagnosis", "Name the diagnosis in HI.")


@rule("X271-REJECTED", 4, "7", severity=Severity.WARNING)
def rejected_or_answered(person: Node, _facts: Facts) -> Iterator[Found]:
    """Of whom the request is rejected (AAA before the benefits), no benefit is told."""
    rejected, benefits = person.first("AAA"), person.loops("2110C", "2110D")
    if rejected is not None and benefits:
        words = "rejected, and benefits are told all the same"
        yield Found(At(rejected, 3), words, "Ask the payer which of both is meant.", At(benefits[0].opening, 1))


@rule("X271-SILENT", 4, "I6", severity=DOUBTFUL)
def something_is_said(level: Node, _facts: Facts) -> Iterator[Found]:
    """Of each patient there are benefits (EB) or the reason why not (AAA), his own or that of a level above him."""
    person = _name(level)
    if person is None or not _is_patient(level) or _rejected_above(level):
        return
    if person.first("AAA") is None and not person.loops("2110C", "2110D"):
        yield Found(after(person, "EB"), "neither a benefit nor a rejection", "Ask again, or ask the payer.")


@rule("X271-SHARE", 5, "I12", severity=DOUBTFUL)
def share_is_a_fraction(item: Item, _facts: Facts) -> Iterator[Found]:
    """The patient's share (EB08) is a fraction: 0.2 for 20 %."""
    share = quantity(item[8])
    if share is not None and not 0 <= share <= 1:
        yield Found(At(item, 8), "a share that is not between 0 and 1", "Ask the payer; it may be meant in per cent.")


@rule("X271-HOW-MUCH", 4, "I9", severity=Severity.WARNING)
def benefit_says_how_much(item: Item, _facts: Facts) -> Iterator[Found]:
    """Co-payment, deductible, limits of what is paid and spend down have an amount (EB07), co-insurance a share (EB08)."""
    for kinds, at in ((_AMOUNT_TOLD, 7), (_SHARE_TOLD, 8)):
        if item[1] in kinds and not item[at]:
            yield Found(At(item, at), "a benefit that does not say how much", "Read its messages.", At(item, 1))


_COMMON = {"NM1": (npi_checks,), "DTP": (dates.range_runs_forward,)}
_SEGMENT_270: dict[str, tuple[Rule, ...]] = {**_COMMON, "EQ": (service_type_known, pointers_lead_to_diagnoses)}
_SEGMENT_271: dict[str, tuple[Rule, ...]] = {
    **_COMMON,
    "EB": (service_type_known, pointers_lead_to_diagnoses, share_is_a_fraction, benefit_says_how_much),
}
_LEVEL_270 = (patient_is_asked_about, patient_can_be_found)
_LEVEL_271 = (something_is_said,)
_PERSON_271 = (rejected_or_answered,)
_SET_270 = (traces_differ,)


def _nodes(
    facts: Facts, level: tuple[Rule, ...], person: tuple[Rule, ...]
) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    for node in facts.root.walk():
        if node.items and node.opening.id == "HL":
            yield node, levels.LEVEL
            if node.id in {"2000C", "2000D"}:
                yield node, level
        elif node.id in _NAMES:
            yield node, person


def _of_270(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, _SET_270
    yield from _nodes(facts, _LEVEL_270, ())
    yield from by_segment(facts.root.walk(), _SEGMENT_270)


def _of_271(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield from _nodes(facts, _LEVEL_271, _PERSON_271)
    yield from by_segment(facts.root.walk(), _SEGMENT_271)


def _all(*groups: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


INQUIRY = RuleBook(_all(levels.LEVEL, _SET_270, _LEVEL_270, *_SEGMENT_270.values()), _of_270)
RESPONSE = RuleBook(_all(levels.LEVEL, _LEVEL_271, _PERSON_271, *_SEGMENT_271.values()), _of_271)
