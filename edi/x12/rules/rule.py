"""What a rule of meaning is: a code, the level of validation, the answers of the standard, and a function that finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from edi.findings import Finding, Place, Severity, class_of
from edi.x12.codes import CodeLists
from edi.x12.profile import Profile
from edi.x12.syntax.document import TransactionSet
from edi.x12.tree import Item, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules know besides their subject. ``today`` is the set's own date (BHT04, BPR16), None where it has none."""

    ts: TransactionSet
    root: Node
    profile: Profile
    lists: CodeLists
    today: date | None

    def known(self, name: str, code: str) -> bool:
        """True if a code list has the code on the set's day."""
        return self.lists.known(name, code, self.today)


class At(NamedTuple):
    """Where: a segment, an element or component of it; or, with ``lacks``, the segment that is missing after it."""

    item: Item
    element: int | None = None
    component: int | None = None
    lacks: str | None = None
    loop: str | None = None


class Found(NamedTuple):
    """One hit. ``trigger`` is what made it wrong; ``entity`` whom it is about, for the 277CA."""

    where: At
    message: str
    cure: str
    trigger: At | None = None
    entity: str | None = None


Finder = Callable[[Any, Facts], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``severity`` None leaves it to the profile. ``standard`` is IK403 where an element is named, else IK304; None where
    a 999 has no words for it. ``status`` is the 277CA's category and code.
    """

    code: str
    snip: int
    severity: Severity | None
    standard: str | None
    status: str | None
    find: Finder

    def finding(self, found: Found, facts: Facts) -> Finding:
        """A hit as a finding, in full."""
        place = _place(found.where, facts.ts)
        value = _value(found.where)
        status = f"{self.status}:{found.entity}" if self.status and found.entity else self.status
        return Finding(
            severity=self.severity or facts.profile.doubtful,
            code=self.code,
            message=found.message,
            cure=found.cure,
            place=place,
            standard_code=self.standard,
            value_class=class_of(value) if value else None,
            value_length=len(value) if value else None,
            snip=self.snip,
            status=status,
            trigger=_place(found.trigger, facts.ts) if found.trigger else None,
        )


def rule(
    code: str,
    snip: int,
    standard: str | None = None,
    status: str | None = None,
    *,
    severity: Severity | None = Severity.ERROR,
) -> Callable[[Finder], Rule]:
    """Makes a function the rule ``code``."""
    return lambda find: Rule(code, snip, severity, standard, status, find)


DOUBTFUL: Severity | None = None
"""Severity of a rule about codes that others keep: an error in what we send, a warning in what we get."""

Subjects = Callable[[Facts], Iterator[tuple[object, tuple[Rule, ...]]]]


def _nothing(_ts: TransactionSet) -> list[Finding]:
    return []


class RuleBook(NamedTuple):
    """The rules of a guide, and its subjects: everything there is to judge, with the rules for it.

    ``arithmetic`` is what a typed reading of the set proves besides.
    """

    rules: tuple[Rule, ...]
    subjects: Subjects
    arithmetic: Callable[[TransactionSet], list[Finding]] = _nothing

    def judge(self, facts: Facts) -> list[Finding]:
        """All findings, in the order of the subjects."""
        found = [
            one.finding(hit, facts)
            for subject, rules in self.subjects(facts)
            for one in rules
            for hit in one.find(subject, facts)
        ]
        return found + self.arithmetic(facts.ts)


def by_segment(
    nodes: Iterable[Node], rules: Mapping[str, tuple[Rule, ...]]
) -> Iterator[tuple[object, tuple[Rule, ...]]]:
    """Every segment of these loops whose id has rules."""
    for node in nodes:
        for item in node.items:
            found = rules.get(item.elements[0])
            if found is not None:
                yield item, found


def together(*books: Mapping[str, tuple[Rule, ...]]) -> dict[str, tuple[Rule, ...]]:
    """All rules of each segment."""
    found: dict[str, tuple[Rule, ...]] = {}
    for book in books:
        for name, rules in book.items():
            found[name] = found.get(name, ()) + rules
    return found


def after(node: Node, name: str) -> At:
    """The place of a segment that a loop lacks: told at its last segment."""
    return At(node.items[-1], lacks=name, loop=node.id)


def repeated(places: Iterable[At]) -> Iterator[tuple[At, At]]:
    """Places whose text stood at an earlier one, with that one; blank texts are no repeats."""
    seen: dict[str, At] = {}
    for where in places:
        text = _value(where)
        if text and seen.setdefault(text, where) is not where:
            yield where, seen[text]


def differ(texts: Sequence[str]) -> bool:
    """True if none comes twice: the usual case of what ``repeated`` would look for, told without places."""
    return len(set(texts)) == len(texts)


def _place(where: At, ts: TransactionSet) -> Place:
    place = ts.place(
        where.item.number, loop=where.loop or where.item.node.id, element=where.element, component=where.component
    )
    return replace(place, segment=where.lacks) if where.lacks else place


def _value(where: At) -> str:
    if where.lacks or where.element is None:
        return ""
    return where.item[where.element] if where.component is None else where.item.part(where.element, where.component)
