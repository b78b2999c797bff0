"""Segments of one interchange into groups and sets, with the counts and control numbers that must agree."""

from collections.abc import Callable

from edi.findings import Finding, Place, Severity, class_of
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.document import Group, Interchange, TransactionSet
from edi.x12.syntax.header import Header
from edi.x12.syntax.ta1 import read_ta1

CONTROL = frozenset({"ISA", "TA1", "GS", "ST", "SE", "GE", "IEA"})


class Builder:
    """Builds one ``Interchange``. ``first_index`` is the index of its ISA in the file; ``report`` gets what is found.

    ``build`` takes all segments at once. A subclass that gets them bit by bit calls ``begin``, ``control`` for each segment
    that is one of ``CONTROL``, and ``end``; and keeps what it wants to keep (the ``_keep…`` and ``_name_of``).
    """

    def __init__(self, header: Header, first_index: int, report: Callable[[Finding], None]) -> None:
        self.delimiters = header.delimiters
        self._report = report
        self._first_index = first_index
        self._isa = header.elements
        self.interchange = _interchange_of(header.elements, header.delimiters)
        self._group: Group | None = None
        self._group_start = 0  # number of its GS
        self._group_numbers: set[str] = set()  # GS06 used in this interchange
        self._open: tuple[int, list[str]] | None = None  # number of the open ST and its elements
        self._segments: list[list[str]] = []
        self._numbers: set[str] = set()  # ST02 used in the open group
        self._covered = 0  # segments up to this number are accounted for
        self._groups = self._sets = 0  # how many groups, and sets of the open group, there were
        self._steps = {
            "TA1": self._ta1, "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea
        }  # fmt: skip

    def note(
        self,
        severity: Severity,
        code: str,
        message: str,
        cure: str,
        number: int,
        *,
        segment: str | None = None,
        element: int | None = None,
        standard_code: str | None = None,
        value: str | None = None,
        bare: bool = False,
    ) -> None:
        """Report something about segment ``number`` of this interchange, ISA = 0.

        A ``bare`` one is about characters, before group and set are looked at, and names neither.
        """
        group, begun = (None, None) if bare else (self._group, self._open)
        self._report(
            Finding(
                severity=severity,
                code=code,
                message=message,
                cure=cure,
                place=Place(
                    interchange=self.interchange.control_number,
                    group=group.control_number if group else None,
                    set_control=_at(begun[1], 2) if begun else None,
                    segment_index=self._first_index + number,
                    segment=segment,
                    element=element,
                ),
                standard_code=standard_code,
                value_class=None if value is None else class_of(value),
                value_length=None if value is None else len(value),
            )
        )

    def unterminated(self, text: str, number: int) -> None:
        """The file ends inside a segment: it is not taken, for it may be cut in mid-value."""
        self.note(
            Severity.ERROR,
            "X12-TRUNCATED",
            "the file ends inside a segment, which is left out",
            "Read the file again once it is whole, or ask for it anew.",
            number,
            segment=text.split(self.delimiters.element, 1)[0][:3],
            value=text,
            bare=True,
        )

    def build(self, segments: list[list[str]]) -> Interchange:
        """Take the segments after ISA."""
        self._segments = segments
        self.interchange.segments = [self._isa, *segments]
        self.begin()
        for number in [number for number, elements in enumerate(segments, 1) if elements[0] in CONTROL]:
            self.control(number, segments[number - 1])
        self.end(len(segments))
        return self.interchange

    def begin(self) -> None:
        """Before the first segment after ISA."""
        self._check_isa()

    def control(self, number: int, elements: list[str]) -> None:
        """Take a segment of the envelope; those between it and the last one are inside a set, or inside none."""
        self._strays(number)
        self._steps.get(elements[0], self._isa_inside)(number, elements)
        if self._open is None:
            self._covered = number

    def end(self, last: int) -> None:
        """After the last segment, which has number ``last``."""
        self._strays(last + 1)
        self._close_set(last + 1)
        self._close_group(last + 1)
        if not self.interchange.complete:
            self._error("X12-NO-IEA", "the interchange is not closed by IEA", last, "IEA", standard_code="023")

    def _error(
        self,
        code: str,
        message: str,
        number: int,
        segment: str,
        element: int | None = None,
        standard_code: str | None = None,
    ) -> None:
        cure = "Ask the sender for a correct file; nothing that depends on this part should be applied."
        self.note(
            Severity.ERROR, code, message, cure, number, segment=segment, element=element, standard_code=standard_code
        )

    def _check_isa(self) -> None:
        control, usage = self._isa[13], self._isa[15]
        if not (control.isascii() and control.isdigit()):
            self._error("X12-ISA13", "the interchange control number is no number", 0, "ISA", 13, "018")
        elif len(control) != 9:  # it can still be told from others and found again
            message, cure = "the interchange control number is not nine digits", "Have the sender write all nine."
            self.note(Severity.WARNING, "X12-ISA13", message, cure, 0, segment="ISA", element=13, standard_code="018")
        if usage not in {"T", "P"}:
            self._error("X12-ISA15", "the usage indicator is neither T nor P", 0, "ISA", 15, "020")

    def _strays(self, number: int) -> None:
        """Segments between the last control segment and this one that are inside no set."""
        if self._open is None and number > self._covered + 1:
            first = self._covered + 1
            words = f"{number - first} segments outside any transaction set"
            self._error("X12-STRAY", words, first, self._name_of(first)[:3])

    def _name_of(self, number: int) -> str:
        """Id of the segment with this number, the first one outside any set."""
        return self._segments[number - 1][0]

    def _isa_inside(self, number: int, _elements: list[str]) -> None:
        self._error("X12-STRAY", "an interchange header inside an interchange", number, "ISA", None, "022")

    def _ta1(self, number: int, elements: list[str]) -> None:
        if self._open is not None:
            self._error("X12-STRAY", "an interchange acknowledgment inside a transaction set", number, "TA1")
            return
        place = Place(interchange=self.interchange.control_number, segment_index=self._first_index + number)
        ta1, findings = read_ta1(elements, place)
        self.interchange.ta1s.append(ta1)
        for finding in findings:
            self._report(finding)

    def _gs(self, number: int, elements: list[str]) -> None:
        self._close_set(number)
        self._close_group(number)
        group = self._open_group(number, elements)
        if group.control_number in self._group_numbers:
            self._error("X12-GS06-REPEATED", "the group control number was used before", number, "GS", 6, "19")
        self._group_numbers.add(group.control_number)

    def _open_group(self, number: int, gs: list[str]) -> Group:
        group = self._group = _group_of(gs, self.delimiters)
        self._group_start = number
        self._numbers.clear()
        self._groups, self._sets = self._groups + 1, 0
        self._keep_group(group)
        return group

    def _keep_group(self, group: Group) -> None:
        self.interchange.groups.append(group)

    def _st(self, number: int, elements: list[str]) -> None:
        self._close_set(number)
        if self._group is None:
            self._open_group(number, [])
            self._error("X12-NO-GS", "a transaction set outside any group", number, "ST")
        self._open = (number, elements)

    def _se(self, number: int, elements: list[str]) -> None:
        if self._open is None:
            self._error("X12-STRAY", "SE without ST", number, "SE")
            return
        start, st = self._open
        count = number - start + 1
        if _at(elements, 1).lstrip("0") != str(count):
            self._error("X12-SE01", f"SE01 does not say the {count} segments that there are", number, "SE", 1, "4")
        if _at(elements, 2) != _at(st, 2):
            self._error("X12-SE02", "SE02 differs from ST02", number, "SE", 2, "3")
        self._end_set(number, complete=True)

    def _end_set(self, last: int, *, complete: bool) -> None:
        assert self._open is not None
        start, st = self._open
        control = _at(st, 2)
        if control in self._numbers:
            self._error(
                "X12-ST02-REPEATED", "the set control number was used before in this group", start, "ST", 2, "23"
            )
        self._numbers.add(control)
        self._sets += 1
        self._keep_set(last, complete=complete)
        self._open = None
        self._covered = last

    def _keep_set(self, last: int, *, complete: bool) -> None:
        assert self._open is not None
        assert self._group is not None
        found = self._set_of(*self._open)
        found.segments, found.complete = self._segments[self._open[0] - 1 : last], complete
        self._group.sets.append(found)

    def _set_of(self, start: int, st: list[str]) -> TransactionSet:
        """The set that begins with segment ``start``, without its segments."""
        assert self._group is not None
        return TransactionSet(
            set_id=_at(st, 1),
            control_number=_at(st, 2),
            version=_at(st, 3) or self._group.version,
            segments=[],
            first_segment_index=self._first_index + start,
            delimiters=self.delimiters,
            interchange=self.interchange.control_number,
            group=self._group.control_number,
        )

    def _ge(self, number: int, elements: list[str]) -> None:
        self._close_set(number)
        if self._group is None:
            self._error("X12-STRAY", "GE without GS", number, "GE")
            return
        if _at(elements, 1).lstrip("0") != (str(self._sets) if self._sets else ""):
            self._error("X12-GE01", f"GE01 does not say the {self._sets} sets that there are", number, "GE", 1, "5")
        if _at(elements, 2) != self._group.control_number:
            self._error("X12-GE02", "GE02 differs from GS06", number, "GE", 2, "4")
        self._group.complete = True
        self._end_group(self._group, number)

    def _iea(self, number: int, elements: list[str]) -> None:
        self._close_set(number)
        self._close_group(number)
        groups = self._groups
        if _at(elements, 1).lstrip("0") != (str(groups) if groups else ""):
            self._error("X12-IEA01", f"IEA01 does not say the {groups} groups that there are", number, "IEA", 1, "021")
        if _at(elements, 2) != self.interchange.control_number:
            self._error("X12-IEA02", "IEA02 differs from ISA13", number, "IEA", 2, "001")
        self.interchange.complete = True

    def _close_set(self, number: int) -> None:
        """A set that another control segment, or the end, finds open was never closed."""
        if self._open is not None:
            self._error("X12-NO-SE", "a transaction set is not closed by SE", number, "SE", None, "2")
            self._end_set(number - 1, complete=False)

    def _close_group(self, number: int) -> None:
        if self._group is not None:
            self._error("X12-NO-GE", "a group is not closed by GE", number, "GE", None, "3")
            self._end_group(self._group, number - 1)

    def _end_group(self, group: Group, last: int) -> None:
        self._keep_segments(group, last)
        self._group = None

    def _keep_segments(self, group: Group, last: int) -> None:
        group.segments = self._segments[self._group_start - 1 : last]


def _at(elements: list[str], position: int) -> str:
    return elements[position] if position < len(elements) else ""


def _interchange_of(isa: list[str], delimiters: Delimiters) -> Interchange:
    return Interchange(
        sender_qualifier=isa[5],
        sender_id=isa[6].strip(),
        receiver_qualifier=isa[7],
        receiver_id=isa[8].strip(),
        date=isa[9],
        time=isa[10],
        version=isa[12],
        control_number=isa[13].strip(),
        ack_requested=isa[14] == "1",
        usage=isa[15],
        delimiters=delimiters,
    )


def _group_of(gs: list[str], delimiters: Delimiters) -> Group:
    return Group(
        delimiters=delimiters,
        functional_id=_at(gs, 1),
        sender=_at(gs, 2),
        receiver=_at(gs, 3),
        date=_at(gs, 4),
        time=_at(gs, 5),
        control_number=_at(gs, 6),
        version=_at(gs, 8),
    )
