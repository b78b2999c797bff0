"""Our own answers to what was read: a TA1 for the interchange, a 999 for each group, made of findings.

A 999 says what its standard has codes for: structure, elements, situations. What only adds up or not (SNIP 3) has no code
there; it is answered by a 277CA, whose codes stand in ``Finding.status``.
"""

from collections.abc import Callable, Iterable, Sequence

from edi.findings import Finding, Place, Severity
from edi.x12.document import Document, Group, Interchange, TransactionSet
from edi.x12.guides import guide_of
from edi.x12.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.schema import Composite, Loop
from edi.x12.sets.acknowledgment import Acknowledgment, ElementError, SegmentError, SetAcknowledgment
from edi.x12.ta1 import Ta1

_OF_INTERCHANGE, _OF_GROUP, _OF_SET = frozenset({"ISA", "IEA"}), frozenset({"GS", "GE"}), frozenset({"ST", "SE"})
_UNSUPPORTED = "X12-SET-UNSUPPORTED"
_SEGMENTS_IN_ERROR = "5"
_LOOP_LENGTH = 4  # IK303: what a loop's id has beyond its four digits does not fit
_MOST_REASONS = 5

Judge = Callable[[TransactionSet], list[Finding]]


def as_received(ts: TransactionSet) -> list[Finding]:
    """All that is wrong with a set that somebody sent us."""
    return judge(ts, INBOUND)


def answer_interchange(interchange: Interchange, findings: Iterable[Finding]) -> Ta1:
    """The TA1: A and 000 where nothing is wrong with the envelope, else R or E (warnings only) and the first reason.

    ``findings`` are those of the document that was read.
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
    patient.
    """
    envelope = [one for one in findings if one.place.group == group.control_number]
    sets = [_answer_set(ts, [*_about(ts, envelope), *judge(ts)], copy_values=copy_values) for ts in group.sets]
    reasons = _codes(one for one in envelope if one.place.segment in _OF_GROUP)
    taken = 0 if reasons else sum(one.accepted for one in sets)
    return Acknowledgment(
        group_id=group.functional_id,
        group_control=group.control_number,
        version=group.version or None,
        sets=sets,
        code=_group_code(sets, taken),
        included=len(sets),
        received=len(sets),
        accepted=taken,
        reasons=reasons,
    )


def answer(document: Document, judge: Judge = as_received) -> list[tuple[Ta1, list[Acknowledgment]]]:
    """For each interchange of a file its TA1, and a 999 for each of its groups that is none itself."""
    return [
        (
            answer_interchange(one, document.findings),
            [answer_group(group, document.findings, judge) for group in one.groups if group.functional_id != "FA"],
        )
        for one in document.interchanges
    ]


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
    errors = _segment_errors(ts, inside, copy_values=copy_values)
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
    return (head[3] if len(head) > 3 else "") or None


def _codes(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(one.standard_code for one in findings if one.standard_code))[:_MOST_REASONS]


def _group_code(sets: Sequence[SetAcknowledgment], taken: int) -> str:
    if taken < len(sets):
        return "P" if taken else "R"
    return "E" if any(one.code == "E" for one in sets) else "A"


def _segment_errors(ts: TransactionSet, findings: Sequence[Finding], *, copy_values: bool) -> list[SegmentError]:
    """An IK3 for each segment with faulty elements, and one for each complaint about a segment as such."""
    guide = guide_of(ts.set_id, ts.version)
    claims = _claim_of_each_segment(ts)
    errors: list[SegmentError] = []
    by_segment: dict[int, SegmentError] = {}
    for finding in sorted(findings, key=lambda one: one.place.segment_number or 0):
        place, number = finding.place, finding.place.segment_number or 0
        code = finding.standard_code or ""
        trigger = [_trigger(finding.trigger)] if finding.trigger else []
        if place.element is None:
            error = _segment_error(place, code, claims)
            error.contexts += trigger
            errors.append(error)
            continue
        if number not in by_segment:
            by_segment[number] = _segment_error(place, "8", claims)
            errors.append(by_segment[number])
        by_segment[number].elements.append(
            ElementError(
                element=place.element,
                component=place.component,
                data_element=_data_element(guide.table if guide else None, place),
                code=code,
                value=_value(ts, place) if copy_values else None,
                contexts=trigger,
            )
        )
    return errors


def _segment_error(place: Place, code: str, claims: dict[int, str]) -> SegmentError:
    number = place.segment_number or 0
    contexts = [f"CLM01:{claims[number]}"] if number in claims else []
    loop = place.loop[:_LOOP_LENGTH] if place.loop and place.loop[:1].isdigit() else None
    return SegmentError(segment=place.segment or "", number=number, loop=loop, code=code, contexts=contexts)


def _trigger(place: Place) -> str:
    """CTX*SITUATIONAL TRIGGER with segment, position, loop and element, as far as they are known."""
    loop = place.loop[:_LOOP_LENGTH] if place.loop and place.loop[:1].isdigit() else ""
    element = "" if place.element is None else str(place.element)
    if place.component is not None:
        element += f":{place.component}"
    return "*".join(("SITUATIONAL TRIGGER", place.segment or "", str(place.segment_number), loop, element)).rstrip("*")


def _claim_of_each_segment(ts: TransactionSet) -> dict[int, str]:
    """CLM01 by segment number, from CLM up to the next claim or level; nothing for sets without claims."""
    found: dict[int, str] = {}
    current = ""
    for number, segment in enumerate(ts.segments, 1):
        if segment[0] == "CLM":
            current = segment[1] if len(segment) > 1 else ""
        elif segment[0] in {"HL", "SE"}:
            current = ""
        if current:
            found[number] = current
    return found


def _data_element(table: Loop | None, place: Place) -> str | None:
    """The data element's number (IK402) in the guide's row of that segment."""
    if table is None or place.element is None:
        return None
    for loop, row in table.walk():
        if loop == place.loop and row.id == place.segment and place.element <= len(row.elements):
            element = row.elements[place.element - 1]
            if not isinstance(element, Composite):
                return element.number or None
            if place.component is not None and place.component <= len(element.parts):
                return element.parts[place.component - 1].number or None
            return None
    return None


def _value(ts: TransactionSet, place: Place) -> str | None:
    segment = ts.segments[(place.segment_number or 1) - 1]
    value = segment[place.element] if place.element is not None and place.element < len(segment) else ""
    if place.component is not None:
        parts = value.split(ts.delimiters.component)
        value = parts[place.component - 1] if place.component <= len(parts) else ""
    return value or None
