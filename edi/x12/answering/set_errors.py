"""Findings of one set as the errors of a 999: IK3 and IK4 with their contexts."""

import re
from collections.abc import Sequence

from edi.findings import Finding, Place
from edi.x12.guides import guide_of
from edi.x12.sets.t999.values import ElementError, SegmentError
from edi.x12.syntax.document import TransactionSet
from edi.x12.tables.schema import Composite, Loop

_LOOP_LENGTH = 4  # IK303: what a loop's id has beyond its four digits does not fit
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}", re.ASCII)
_COPIED = re.compile(r"(?! )[^*:~^\x00-\x1f\x7f-\xff]{1,99}(?<! )")  # IK404, in our own delimiters
_CLAIM_NUMBER = re.compile(r"[A-Za-z0-9./ _#-]{0,33}[A-Za-z0-9]", re.ASCII)  # what no delimiter can be taken for


def segment_errors(ts: TransactionSet, findings: Sequence[Finding], *, copy_values: bool) -> list[SegmentError]:
    """An IK3 for each segment with faulty elements, and one for each complaint about a segment as such."""
    guide = guide_of(ts.set_id, ts.version)
    claims = _claim_of_each_segment(ts)
    findings = [one for one in findings if _SEGMENT_ID.fullmatch(one.place.segment or "")]
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
        if _CLAIM_NUMBER.fullmatch(current):
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
    return value if _COPIED.fullmatch(value) else None
