"""Rules of what comes back: 835, 277CA and 999."""

from collections.abc import Iterator

from edi.findings import Finding, Severity
from edi.x12.rules import dates, levels
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, Rule, RuleBook, by_segment, rule
from edi.x12.rules.values import whole
from edi.x12.sets import t277ca, t835
from edi.x12.sets.t277ca.values import OPPOSITE
from edi.x12.syntax.document import TransactionSet
from edi.x12.tree import Item, Node

_ACCEPTED = frozenset({"A", "E"})
_CATEGORIES_HERE = frozenset(f"A{number}" for number in range(9))


@rule("X835-CARC", 5, "7", severity=DOUBTFUL)
def adjustment_reason_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Adjustment reasons are codes of the national list."""
    return _unknown(item, range(2, len(item.elements), 3), "carc", facts)


@rule("X835-RARC", 5, "7", severity=DOUBTFUL)
def remark_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Remarks of a line (LQ*HE) and a claim (MOA, MIA) are codes of the national list."""
    places: tuple[int, ...] = {"LQ": (2,), "MOA": (3, 4, 5, 6, 7), "MIA": (5, 20, 21, 22, 23)}[item.id]
    if item.id == "LQ" and item[1] != "HE":
        return
    yield from _unknown(item, places, "rarc", facts)


@rule("X835-PLB", 5, "7", severity=DOUBTFUL)
def provider_adjustment_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Reasons of provider adjustments (PLB) are codes of the standard's list."""
    for at in range(3, len(item.elements), 2):
        code = item.part(at, 1)
        if code and not facts.known("plb_reason", code):
            yield Found(
                At(item, at, 1), "a code that is not on its list", "Keep it as it is; ask the payer what it is."
            )


def _unknown(item: Item, places: range | tuple[int, ...], name: str, facts: Facts) -> Iterator[Found]:
    for at in places:
        if item[at] and not facts.known(name, item[at]):
            yield Found(
                At(item, at), "a code that is not on its list", "Keep it as it is; renew the list if it is new."
            )


@rule("X277-CATEGORY", 5, "7", severity=DOUBTFUL)
def category_belongs_to_an_acknowledgment(item: Item, _facts: Facts) -> Iterator[Found]:
    """A claim acknowledgment says A0 to A8: final, pending and request categories answer inquiries, E real time."""
    for at in (1, 10, 11):
        category = item.part(at, 1)
        if category and category not in _CATEGORIES_HERE:
            yield Found(
                At(item, at, 1), "a status category that a claim acknowledgment does not have", "Ask what was meant."
            )


@rule("X277-STATUS", 5, "7", severity=DOUBTFUL)
def status_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Status and entity codes are those of the national lists."""
    for at in (1, 10, 11):
        for component, name in ((2, "claim_status"), (3, "entity")):
            code = item.part(at, component)
            if code and not facts.known(name, code):
                yield Found(At(item, at, component), "a code that is not on its list", "Renew the list if it is new.")


@rule("X277-ACTION", 4, "7", severity=Severity.WARNING)
def action_and_category_agree(item: Item, _facts: Facts) -> Iterator[Found]:
    """What is accepted (WQ) has no category of rejection, what is rejected (U) none of acceptance."""
    if item.part(1, 1) in OPPOSITE.get(item[3], frozenset()):
        words = "the action and the category say the opposite of each other"
        yield Found(At(item, 3), words, "The action counts; ask the sender.", At(item, 1, 1))


@rule("X999-COUNT", 4, "7", severity=DOUBTFUL)
def counts_agree_with_the_sets(root: Node, _facts: Facts) -> Iterator[Found]:
    """AK9 counts what the sets above it say: received not below those told, accepted as they were."""
    verdict = root.first("AK9")
    if verdict is None:
        return
    told = root.loops("2000")
    accepted = sum(1 for one in told for item in (*one.all("IK5"), *one.all("AK5")) if item[1] in _ACCEPTED)
    included, received, taken = (whole(verdict[at]) for at in (2, 3, 4))
    if received is not None and (received < len(told) or (included is not None and included < received)):
        yield Found(At(verdict, 3), "fewer sets counted than are answered", "Go by the sets.")
    if taken is not None and received is not None and not accepted <= taken <= received - len(told) + accepted:
        yield Found(At(verdict, 4), "accepted sets are not as many as the sets say", "Go by the sets.")


@rule("X999-VERDICT", 4, "7", severity=Severity.WARNING)
def verdict_agrees_with_the_counts(root: Node, _facts: Facts) -> Iterator[Found]:
    """A group is accepted (A, E) with all sets taken, rejected with none, and partly (P) in between."""
    verdict = root.first("AK9")
    received, taken = (None, None) if verdict is None else (whole(verdict[3]), whole(verdict[4]))
    if verdict is None or received is None or taken is None:
        return
    code = verdict[1]
    wrong = (code in _ACCEPTED and taken < received) or (code == "P" and taken in {0, received})
    if wrong or (code == "R" and taken):
        yield Found(At(verdict, 1), "the group's verdict is not what its counts say", "Go by the sets.", At(verdict, 4))


_SEGMENT_835: dict[str, tuple[Rule, ...]] = {
    "CAS": (adjustment_reason_known,),
    "LQ": (remark_known,),
    "MOA": (remark_known,),
    "MIA": (remark_known,),
    "PLB": (provider_adjustment_known,),
}
_SEGMENT_277CA: dict[str, tuple[Rule, ...]] = {
    "STC": (category_belongs_to_an_acknowledgment, status_known, action_and_category_agree),
    "DTP": (dates.range_runs_forward,),
}
_SET_999 = (counts_agree_with_the_sets, verdict_agrees_with_the_counts)


def _of_835(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield from by_segment(facts.root.walk(), _SEGMENT_835)


def _of_277ca(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    for node in facts.root.walk():
        if node.items and node.opening.id == "HL":
            yield node, levels.LEVEL
    yield from by_segment(facts.root.walk(), _SEGMENT_277CA)


def _of_999(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, _SET_999


def _all(rules: dict[str, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(one for several in rules.values() for one in several))


def _remittance(ts: TransactionSet) -> list[Finding]:
    value, _ = t835.read_set(ts)
    return [] if value is None else t835.judge(value, ts)


def _status_report(ts: TransactionSet) -> list[Finding]:
    return list(t277ca.totals(t277ca.read_set(ts)[0], ts))


REMITTANCE = RuleBook(_all(_SEGMENT_835), _of_835, _remittance)
STATUS_REPORT = RuleBook((*levels.LEVEL, *_all(_SEGMENT_277CA)), _of_277ca, _status_report)
ACKNOWLEDGMENT = RuleBook(_SET_999, _of_999)
