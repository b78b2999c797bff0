"""Rules of the 820: payment orders with their remittance."""

from collections.abc import Iterator

from edi.findings import Finding, Severity
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, Rule, RuleBook, after, by_segment, rule
from edi.x12.rules.values import cents, days, whole
from edi.x12.sets import t820
from edi.x12.syntax.document import TransactionSet
from edi.x12.tree import Item, Node

_MOVES_MONEY = frozenset({"C", "D", "P", "U", "X"})
"""BPR01 of what orders a payment; I is remittance only."""


@rule("X820-BANK", 4, "I9", severity=DOUBTFUL)
def account_named(item: Item, _facts: Facts) -> Iterator[Found]:
    """An order to pay by ACH names bank and account of the payee (BPR13, BPR15)."""
    if item[1] in _MOVES_MONEY and item[4] == "ACH":
        for at in (13, 15):
            if not item[at]:
                words = "an order to pay by ACH without the payee's bank or account"
                yield Found(At(item, at), words, "Name the account that the money goes to.", At(item, 4))


@rule("X820-NO-MONEY", 4, "7", severity=Severity.WARNING)
def nothing_moves_without_a_way(item: Item, _facts: Facts) -> Iterator[Found]:
    """What is paid has a way of payment: NON (BPR04) belongs to an amount of zero (BPR02)."""
    amount = cents(item[2])
    if item[4] == "NON" and amount:
        words = "an amount is paid, and no money moves"
        yield Found(At(item, 4), words, "Ask the payer how it was paid.", At(item, 2))


@rule("X820-PERIOD", 5, "8")
def period_runs_forward(item: Item, _facts: Facts) -> Iterator[Found]:
    """The last day of a period is not before its first."""
    given = days(item[5], item[6])
    if given is not None and given[1] < given[0]:
        yield Found(At(item, 6), "the last day is before the first", "Correct the dates.")


@rule("X820-ENT-NUMBER", 4, "7", severity=Severity.WARNING)
def entities_are_numbered(root: Node, _facts: Facts) -> Iterator[Found]:
    """Entities are numbered from 1 in steps of 1 (ENT01)."""
    for expected, entity in enumerate(root.loops("2000", "2000A", "2000B"), 1):
        told = whole(entity.opening[1])
        if told is not None and told != expected:
            yield Found(
                At(entity.opening, 1), "not the next number of an entity", "Look for entities that are missing."
            )
            return


@rule("X820-PARTY", 4, "I6", severity=DOUBTFUL)
def payer_and_payee_named(root: Node, _facts: Facts) -> Iterator[Found]:
    """A set without a guide names who pays (N1*PR) and who is paid (N1*PE)."""
    named = {one.opening[1] for one in root.loops("1000")}
    for code, who in (("PR", "payer"), ("PE", "payee")):
        if code not in named:
            yield Found(after(root, "N1"), f"no {who} is named (N1*{code})", "Name both sides of the payment.")


_SEGMENT: dict[str, tuple[Rule, ...]] = {
    "BPR": (account_named, nothing_moves_without_a_way),
    "DTM": (period_runs_forward,),
}
_RULES = (account_named, nothing_moves_without_a_way, period_runs_forward, entities_are_numbered)


def _of_a_guide(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, (entities_are_numbered,)
    yield from by_segment(facts.root.walk(), _SEGMENT)


def _of_none(facts: Facts) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    yield facts.root, (payer_and_payee_named, entities_are_numbered)
    yield from by_segment(facts.root.walk(), _SEGMENT)


def _balance(ts: TransactionSet) -> list[Finding]:
    return t820.balance(t820.read_set(ts)[0], ts)


OF_A_GUIDE = RuleBook(_RULES, _of_a_guide, _balance)
OF_NONE = RuleBook((*_RULES, payer_and_payee_named), _of_none, _balance)
