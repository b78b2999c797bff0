"""What is wrong with data, and where: a value, never an exception.

Every codec of the house reports in these two shapes, so that a screen, a report or an acknowledgment can be made
from any of them alike. A finding names a value by class and length only; the value itself stays in its file.
"""

from dataclasses import dataclass, fields
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error makes the data unusable as it stands, a warning or an info does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address inside a file, as exact as the reader knew it. Every part is optional.

    ``interchange``, ``group`` and ``set_control`` are control numbers as they stand in the file (ISA13, GS06, ST02).
    ``segment_index`` counts segments of the file from 0, ``segment_number`` those of the set from 1 = ST (as IK302
    does), ``line`` counts lines of a NACHA file from 1, ``columns`` are first and last column, from 1, inclusive.
    """

    file: str | None = None
    interchange: str | None = None
    group: str | None = None
    set_control: str | None = None
    segment_index: int | None = None
    segment_number: int | None = None
    segment: str | None = None
    loop: str | None = None
    element: int | None = None
    component: int | None = None
    line: int | None = None
    columns: tuple[int, int] | None = None

    def __str__(self) -> str:
        return " / ".join(part for part in self._parts() if part)

    def _parts(self) -> tuple[str, ...]:
        return (
            self.file or "",
            f"ISA {self.interchange}" if self.interchange else "",
            f"GS {self.group}" if self.group else "",
            f"ST {self.set_control}" if self.set_control else "",
            f"loop {self.loop}" if self.loop else "",
            self._segment_text(),
            self._element_text(),
            f"line {self.line}" if self.line is not None else "",
            f"columns {self.columns[0]}-{self.columns[1]}" if self.columns else "",
        )

    def _segment_text(self) -> str:
        name = f" {self.segment}" if self.segment else ""
        if self.segment_number is not None:
            return f"segment {self.segment_number}{name}"
        if self.segment_index is not None:
            return f"segment index {self.segment_index}{name}"
        return f"segment{name}" if name else ""

    def _element_text(self) -> str:
        if self.element is None:
            return ""
        component = f"-{self.component}" if self.component is not None else ""
        return f"{self.segment or 'element '}{self.element:02d}{component}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong, its address and its cure.

    ``code`` is ours and stable (``X835-BAL-CLAIM``); ``standard_code`` is the one that the standard's own
    acknowledgment would carry (IK304, IK403, IK502, AK905, TA105). ``value_class`` ("letters", "digits" …) and
    ``value_length`` describe the offending value without telling it. ``snip`` is the level of validation, 1 to 7, that a
    rule of meaning belongs to; ``status`` the category, code and entity with which a 277CA would answer it (A7:562:85);
    ``trigger`` the place of what made it wrong, where that is elsewhere; ``deviation`` the name of what a source is known
    to do, where that explains the finding and made it information.
    """

    severity: Severity
    code: str
    message: str
    cure: str
    place: Place = Place()
    standard_code: str | None = None
    value_class: str | None = None
    value_length: int | None = None
    snip: int | None = None
    status: str | None = None
    trigger: Place | None = None
    deviation: str | None = None

    def as_dict(self) -> dict[str, object]:
        """The finding for JSON: absent parts left out, ``place`` as a mapping plus its ``at`` text."""
        place = {f.name: getattr(self.place, f.name) for f in fields(Place) if getattr(self.place, f.name) is not None}
        told: dict[str, object] = {
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message,
            "cure": self.cure,
            "at": str(self.place),
            "place": place,
        }
        optional = {
            "standard_code": self.standard_code,
            "value_class": self.value_class,
            "value_length": self.value_length,
            "snip": self.snip,
            "status": self.status,
            "trigger": str(self.trigger) if self.trigger else None,
            "deviation": self.deviation,
        }
        return told | {name: value for name, value in optional.items() if value is not None}


def class_of(value: str) -> str:
    """What kind of characters a value is made of, for a finding that must not show it."""
    if not value:
        return "blank"
    if not value.isascii():
        return "non-ascii"
    if not value.isprintable():
        return "control characters"
    if value.isdigit():
        return "digits"
    if value.isalpha():
        return "letters"
    return "letters and digits" if value.isalnum() else "mixed"
