"""TA1: the receiver's answer to an interchange as a whole, carried in an interchange of its own or before a group."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity, class_of
from edi.x12.syntax.delimiters import DEFAULT, Delimiters


@dataclass(slots=True, kw_only=True)
class Ta1:
    """One interchange acknowledgment.

    ``control_number`` is the ISA13 of the interchange that is answered, nine digits as sent; ``date`` (YYMMDD) and
    ``time`` (HHMM) are those of its ISA09 and ISA10. ``code`` is A accepted, E accepted with errors, R rejected;
    ``note`` is the three-digit reason (000 none, 025 duplicate …).
    """

    control_number: str  # TA101
    date: str  # TA102
    time: str  # TA103
    code: str  # TA104
    note: str = "000"  # TA105

    @property
    def rejected(self) -> bool:
        return self.code == "R"


_SHAPES = (
    (1, "control_number", re.compile(r"\d{9}"), "nine digits"),
    (2, "date", re.compile(r"\d{6}"), "six digits, YYMMDD"),
    (3, "time", re.compile(r"\d{4}"), "four digits, HHMM"),
    (4, "code", re.compile(r"[AER]"), "A, E or R"),
    (5, "note", re.compile(r"\d{3}"), "three digits"),
)
# Without these nobody knows which interchange is answered, or how; the rest only explains.
_DECISIVE = {1: re.compile(r"\d{1,9}"), 4: re.compile(r"[AER]")}


def write_ta1(value: Ta1, delimiters: Delimiters = DEFAULT) -> str:
    """The TA1 segment with its terminator. Raises NotRepresentable naming the element that does not fit."""
    for finding in _misfits(value, Place(segment="TA1")):
        raise NotRepresentable(replace(finding, severity=Severity.ERROR))
    parts = ("TA1", value.control_number, value.date, value.time, value.code, value.note)
    return delimiters.element.join(parts) + delimiters.segment


def read_ta1(elements: Sequence[str], place: Place) -> tuple[Ta1, list[Finding]]:
    """The acknowledgment in the elements of a TA1 segment (its id first) and what is wrong with them.

    An error where number or code cannot be used, a warning where they can although an element is not as it should be.
    """
    padded = [*elements, "", "", "", "", "", ""]
    value = Ta1(control_number=padded[1], date=padded[2], time=padded[3], code=padded[4], note=padded[5])
    findings = list(_misfits(value, place))
    if len(elements) > 6:
        findings.append(_finding(place, 6, "TA1 has five elements", elements[6]))
    return value, findings


def _misfits(value: Ta1, place: Place) -> Iterator[Finding]:
    for element, name, shape, words in _SHAPES:
        text = getattr(value, name)
        if not shape.fullmatch(text) or not text.isascii():
            yield _finding(place, element, f"TA1 {name.replace('_', ' ')} is not {words}", text)


def _finding(place: Place, element: int, message: str, value: str) -> Finding:
    decisive = _DECISIVE.get(element)
    usable = decisive is None or (value.isascii() and decisive.fullmatch(value))
    return Finding(
        severity=Severity.WARNING if usable else Severity.ERROR,
        code="X12-TA1-ELEMENT",
        message=message,
        cure="Ask the partner which interchange it answers.",
        place=replace(place, segment="TA1", element=element),
        value_class=class_of(value),
        value_length=len(value),
    )
