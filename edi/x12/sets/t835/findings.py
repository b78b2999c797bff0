"""How the rules of the 835 report: what they have to say, and the address of the set that it was read from."""

from collections.abc import Iterable
from dataclasses import replace

from edi.findings import Finding, Place, Severity
from edi.x12.syntax.document import TransactionSet


def found(
    severity: Severity,
    code: str,
    message: str,
    cure: str,
    *,
    number: int,
    segment: str | None = None,
    element: int | None = None,
) -> Finding:
    """A finding at segment ``number`` of the set (0: made, not read), or at an element of it."""
    place = Place(segment_number=number or None, segment=segment, element=element)
    return Finding(severity=severity, code=code, message=message, cure=cure, place=place)


def addressed(findings: Iterable[Finding], ts: TransactionSet | None) -> list[Finding]:
    """The findings with interchange, group and set in their places, where the set is known."""
    if ts is None:
        return list(findings)
    return [replace(one, place=ts.place(one.place.segment_number or 1, element=one.place.element)) for one in findings]
