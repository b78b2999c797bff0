"""Our own answers to what was read: a TA1 for the interchange, a 999 for each group, made of findings.

A 999 says what its standard has codes for: structure, elements, situations. What only adds up or not (SNIP 3) has no code
there; it is answered by a 277CA, whose codes stand in ``Finding.status``.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from edi.findings import Finding, Severity
from edi.x12.answering.set_errors import segment_errors
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets.t999.values import Acknowledgment, SetAcknowledgment
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.ta1 import Ta1
from edi.x12.tables.schema import Element
from edi.x12.tables.set_999 import SET_999

_OF_INTERCHANGE, _OF_GROUP, _OF_SET = frozenset({"ISA", "IEA"}), frozenset({"GS", "GE"}), frozenset({"ST", "SE"})
_UNSUPPORTED = "X12-SET-UNSUPPORTED"
_SEGMENTS_IN_ERROR = "5"
_MOST_REASONS = 5
_SET_ID, _SET_NUMBER = re.compile(r"[A-Z0-9]{3}", re.ASCII), re.compile(r"[A-Za-z0-9]{4,9}", re.ASCII)
_GROUP_NUMBER, _VERSION = re.compile(r"[0-9]{1,9}", re.ASCII), re.compile(r"[A-Z0-9]{1,12}", re.ASCII)
_GROUPS = frozenset(
    code for one in SET_999.segment("999", "AK1").elements[:1] if isinstance(one, Element) for code in one.codes
)

Judge = Callable[[TransactionSet], list[Finding]]


def as_received(ts: TransactionSet) -> list[Finding]:
    """All that is wrong with a set that somebody sent us."""
    return judge(ts, INBOUND)


def answer_interchange(interchange: Interchange, findings: Iterable[Finding]) -> Ta1:
    """The TA1: A and 000 where nothing is wrong with the envelope, else R or E (warnings only) and the first reason.

    ``findings`` are those of the document that was read. What only the receiver knows (a number used before, 025; not his
    identifier, 008) is added by him as a finding at that interchange's ISA.
    """
    faults = [
        one
        for one in findings
        if one.place.interchange == interchange.control_number
        and _is_note(one)
        and one.place.segment in _OF_INTERCHANGE
    ]
    worst = next((one for one in faults if one.severity is Severity.ERROR), faults[0] if faults else None)
    return Ta1(
        control_number=interchange.control_number,
        date=interchange.date,
        time=interchange.time,
        code="A" if worst is None else "R" if worst.severity is Severity.ERROR else "E",
        note=worst.standard_code or "000" if worst else "000",
    )


def answer_group(
    group: Group, findings: Iterable[Finding] = (), judge: Judge = as_received, *, copy_values: bool = False
) -> Acknowledgment:
    """The 999 of one group, every set named with its verdict.

    ``findings`` are those of the document (envelope), ``judge`` gives those of a set. Each error leads to its claim
    (CTX*CLM01) and to what made it one. Values at fault are repeated (IK404) only with ``copy_values``: they may name a
    patient. What a 999 cannot repeat in its own form is left out and counted all the same: a set whose ST names no set,
    a segment whose id is none.
    """
    envelope = [one for one in findings if one.place.group == group.control_number]
    every = [_answer_set(ts, [*_about(ts, envelope), *judge(ts)], copy_values=copy_values) for ts in group.sets]
    reasons = _codes(one for one in envelope if one.place.segment in _OF_GROUP)
    taken = 0 if reasons else sum(one.accepted for one in every)
    return Acknowledgment(
        group_id=group.functional_id,
        group_control=group.control_number,
        version=group.version,
        sets=[one for one in every if _SET_ID.fullmatch(one.set_id) and _SET_NUMBER.fullmatch(one.control_number)],
        code=_group_code(every, taken),
        included=len(every),
        received=len(every),
        accepted=taken,
        reasons=reasons,
    )


def answer(document: Document, judge: Judge = as_received) -> list[tuple[Ta1, list[Acknowledgment]]]:
    """For each interchange of a file its TA1, and a 999 for each group that a 999 can name.

    Acknowledgments (FA) are not answered, nor is a group whose GS cannot be repeated.
    """
    return [
        (
            answer_interchange(one, document.findings),
            [answer_group(group, document.findings, judge) for group in one.groups if _answerable(group)],
        )
        for one in document.interchanges
    ]


def _answerable(group: Group) -> bool:
    return (
        group.functional_id in _GROUPS
        and _GROUP_NUMBER.fullmatch(group.control_number) is not None
        and _VERSION.fullmatch(group.version) is not None
    )


def _is_note(finding: Finding) -> bool:
    code = finding.standard_code or ""
    return len(code) == 3 and code.isdigit()


def _about(ts: TransactionSet, envelope: Sequence[Finding]) -> list[Finding]:
    """What the reader found about the set's own envelope; a number used twice is told apart by the segment."""
    first, last = ts.first_segment_index, ts.first_segment_index + len(ts.segments)
    return [
        one
        for one in envelope
        if one.place.segment in _OF_SET and one.place.segment_index is not None
        and first <= one.place.segment_index <= last and one.place.set_control == ts.control_number
    ]  # fmt: skip


def _answer_set(ts: TransactionSet, findings: Sequence[Finding], *, copy_values: bool) -> SetAcknowledgment:
    told = [one for one in findings if one.standard_code is not None and one.severity is not Severity.INFO]
    whole = [one for one in told if one.place.segment_number is None or one.code == _UNSUPPORTED]
    inside = [one for one in told if one.place.segment_number is not None and one.code != _UNSUPPORTED]
    reasons = _codes(whole)
    errors = segment_errors(ts, inside, copy_values=copy_values)
    refused = bool(reasons) or any(one.severity is Severity.ERROR for one in inside)
    if inside:
        reasons = list(dict.fromkeys([*reasons, _SEGMENTS_IN_ERROR]))[:_MOST_REASONS]
    return SetAcknowledgment(
        set_id=ts.set_id,
        control_number=ts.control_number,
        version=_version(ts),
        code="R" if refused else "E" if errors else "A",
        reasons=reasons,
        errors=errors,
    )


def _version(ts: TransactionSet) -> str | None:
    head = ts.segments[0] if ts.segments else []
    return head[3] if len(head) > 3 and _VERSION.fullmatch(head[3]) else None


def _codes(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(one.standard_code for one in findings if one.standard_code))[:_MOST_REASONS]


def _group_code(sets: Sequence[SetAcknowledgment], taken: int) -> str:
    if taken < len(sets):
        return "P" if taken else "R"
    return "E" if any(one.code == "E" for one in sets) else "A"
