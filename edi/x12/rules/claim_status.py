"""Rules of the claim status request and its response: 276 and 277 (005010X212)."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules import dates, levels
from edi.x12.rules.eligibility import npi_checks
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, Rule, RuleBook, after, by_segment, repeated, rule
from edi.x12.rules.values import cents
from edi.x12.tree import Item, Node

_PERSONS = {"2000D", "2000E"}
_CLAIMS = ("2200D", "2200E")
_LINES = ("2210D", "2210E")
_CODES = (1, 10, 11)
_PHARMACY = "RX"


@rule("X276-TRACE-REPEATED", 4, "7")
def traces_differ(root: Node, _facts: Facts) -> Iterator[Found]:
    """A number that is to come back (TRN02) belongs to one inquiry."""
    for where, earlier in repeated(At(node.opening, 2) for node in root.walk() if node.id in _CLAIMS):
        yield Found(where, "the number of another inquiry", "Number every inquiry for itself.", earlier)


@rule("X276-NO-CLAIM", 4, "I7")
def level_has_claims(person: Node, _facts: Facts) -> Iterator[Found]:
    """A subscriber has claims or patients, a patient has claims."""
    if not person.loops(*_CLAIMS, "2000E"):
        lacking = At(person.items[-1], lacks="TRN", loop="2200D" if person.id == "2000D" else "2200E")
        yield Found(lacking, "a person without any claim", "Leave the level out.")


@rule("X276-DATE", 4, "I6", severity=DOUBTFUL)
def day_of_service_told(claim: Node, _facts: Facts) -> Iterator[Found]:
    """A claim is searched by its days of service: of the claim, or of its lines."""
    if claim.first("DTP") is None and not claim.loops(*_LINES):
        yield Found(after(claim, "DTP"), "a claim without any day of service", "Add the days of service.")


@rule("X277-CATEGORY-KNOWN", 5, "7", severity=DOUBTFUL)
def category_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Status categories are those of the national list."""
    for at in _CODES:
        category = item.part(at, 1)
        if category and not facts.known("claim_status_category", category):
            yield Found(At(item, at, 1), "a category that is not on its list", "Renew the list if it is new.")


@rule("X277-STATUS-KNOWN", 5, "7", severity=DOUBTFUL)
def status_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Status and entity codes are those of the national lists; rejections of a pharmacy (RX) have a list of their own."""
    for at in _CODES:
        lists = ((2, "claim_status"), (3, "entity"))[item.part(at, 4) == _PHARMACY :]
        for component, name in lists:
            code = item.part(at, component)
            if code and not facts.known(name, code):
                yield Found(At(item, at, component), "a code that is not on its list", "Renew the list if it is new.")


@rule("X277-UNDECIDED-PAID", 4, "7", severity=Severity.WARNING)
def only_what_is_decided_is_paid(item: Item, _facts: Facts) -> Iterator[Found]:
    """What was paid (STC05) is told of a claim that is decided (F)."""
    paid = cents(item[5])
    if paid and item.part(1, 1)[:1] not in {"F", ""}:
        yield Found(At(item, 5), "paid, and not decided", "Go by the remittance.", At(item, 1, 1))


_COMMON: dict[str, tuple[Rule, ...]] = {"NM1": (npi_checks,), "DTP": (dates.range_runs_forward,)}
_STATUS: dict[str, tuple[Rule, ...]] = {"STC": (category_known, status_known, only_what_is_decided_is_paid)}
_SET_276, _PERSON_276, _CLAIM_276 = (traces_differ,), (level_has_claims,), (day_of_service_told,)


def _nodes(
    facts: Facts, person: tuple[Rule, ...], claim: tuple[Rule, ...]
) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    for node in facts.root.walk():
        if node.items and node.opening.id == "HL":
            yield node, levels.LEVEL
            if node.id in _PERSONS:
                yield node, person
        elif node.id in _CLAIMS:
            yield node, claim


def _of_276(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, _SET_276
    yield from _nodes(facts, _PERSON_276, _CLAIM_276)
    yield from by_segment(facts.root.walk(), _COMMON)


def _of_277(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield from _nodes(facts, (), ())
    yield from by_segment(facts.root.walk(), _COMMON | _STATUS)


_BASE = (*levels.LEVEL, npi_checks, dates.range_runs_forward)
REQUEST = RuleBook((*_BASE, *_SET_276, *_PERSON_276, *_CLAIM_276), _of_276)
RESPONSE = RuleBook((*_BASE, *_STATUS["STC"]), _of_277)
