"""Reader and writer of the 999; the reader takes its older form too, the 997, whose segments say the same."""

from collections.abc import Sequence
from typing import Protocol

from edi.findings import Finding
from edi.x12.sets.reading import counted, element, optional, unreadable, unused
from edi.x12.sets.t999.values import Acknowledgment, ElementError, SegmentError, SetAcknowledgment
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.syntax.document import TransactionSet
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_999 import SET_999
from edi.x12.writer import Row, SetWriter, composite
from edi.x12.written import WrittenSet

VERSION = "005010X231A1"


class _HasContexts(Protocol):
    contexts: list[str]


def _row(loop: str, name: str) -> Row:
    return Row(SET_999.segment(loop, name), loop)


_ST, _AK1, _AK9, _SE = (_row("999", name) for name in ("ST", "AK1", "AK9", "SE"))
_AK2, _IK5, _IK3, _IK4 = _row("2000", "AK2"), _row("2000", "IK5"), _row("2100", "IK3"), _row("2110", "IK4")
_CTX, _ELEMENT_CTX = _row("2100", "CTX"), _row("2110", "CTX")


def write_set(value: Acknowledgment, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set. Raises NotRepresentable, naming the place, for what does not fit; ``ranges`` is empty."""
    out = SetWriter(delimiters, Charset.EXTENDED)
    out.put(_ST, "999", control_number, VERSION)
    out.put(_AK1, value.group_id, value.group_control, value.version or "")
    for one in value.sets:
        _set(out, one)
    counts = (_count(value.included), _count(value.received), _count(value.accepted))
    out.put(_AK9, value.code, *counts, *value.reasons)
    out.put(_SE, str(out.count + 1), control_number)
    return out.finish()


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def _set(out: SetWriter, value: SetAcknowledgment) -> None:
    out.put(_AK2, value.set_id, value.control_number, value.version or "")
    for error in value.errors:
        out.put(_IK3, error.segment, str(error.number), error.loop or "", error.code)
        _contexts(out, _CTX, error.contexts)
        for fault in error.elements:
            out.put(_IK4, _position(fault), fault.data_element or "", fault.code, fault.value or "")
            _contexts(out, _ELEMENT_CTX, fault.contexts)
    out.put(_IK5, value.code, *value.reasons)


def _position(fault: ElementError) -> str:
    component = "" if fault.component is None else str(fault.component)
    return composite(str(fault.element), component, "" if fault.repeat is None else str(fault.repeat))


def _contexts(out: SetWriter, row: Row, contexts: Sequence[str]) -> None:
    for text in contexts:
        out.put(row, *(composite(*part.split(":")) for part in text.split("*")))


def read_set(ts: TransactionSet) -> tuple[Acknowledgment, list[Finding]]:
    """The acknowledgment and what of it could not be taken. Never raises on bad data.

    A 997 has AK3, AK4 and AK5 where the 999 has IK3, IK4 and IK5, and no CTX. Control numbers are kept as they were
    sent: some senders drop leading zeros, so compare them as numbers. An IK3 or IK4 whose position is no number is left out with an error finding; the verdicts (IK5, AK9) stand.
    """
    return _Reader(ts).read()


class _Reader:
    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._findings: list[Finding] = []
        self._ack = Acknowledgment(
            group_id="", group_control="", code="", included=None, received=None, accepted=None, raw=ts
        )
        self._set: SetAcknowledgment | None = None
        self._error: SegmentError | None = None
        self._context: _HasContexts | None = None

    def read(self) -> tuple[Acknowledgment, list[Finding]]:
        steps = {"AK1": self._ak1, "AK2": self._ak2, "CTX": self._ctx, "AK9": self._ak9}
        for form in ("IK", "AK"):  # some senders mix the two
            steps |= {f"{form}3": self._ik3, f"{form}4": self._ik4, f"{form}5": self._ik5}
        for number, segment in enumerate(self._ts.segments, 1):
            step = steps.get(segment[0])
            if step is not None:
                step(segment, number)
            elif segment[0] not in {"ST", "SE"}:
                self._findings.append(unused(self._ts, number, f"X{self._ts.set_id}-NOT-MODELLED"))
        if not self._ack.group_control:
            self._fail(1, "no group is named (AK1)", 1, "")
        if not self._ack.code:
            self._fail(len(self._ts.segments), "no verdict on the group (AK9)", 1, "")
        return self._ack, self._findings

    def _ak1(self, segment: list[str], _number: int) -> None:
        self._ack.group_id, self._ack.group_control = element(segment, 1), element(segment, 2)
        self._ack.version = optional(segment, 3)

    def _ak2(self, segment: list[str], _number: int) -> None:
        self._set = SetAcknowledgment(
            set_id=element(segment, 1), control_number=element(segment, 2), version=optional(segment, 3), code=""
        )
        self._ack.sets.append(self._set)
        self._error = self._context = None

    def _ik3(self, segment: list[str], number: int) -> None:
        position = counted(element(segment, 2))
        self._error = self._context = None
        if self._set is None or position is None:
            self._fail(number, "an error that belongs to no set or has no position", 2, element(segment, 2))
            return
        self._error = SegmentError(
            segment=element(segment, 1), number=position, loop=optional(segment, 3), code=element(segment, 4)
        )
        self._context = self._error
        self._set.errors.append(self._error)

    def _ik4(self, segment: list[str], number: int) -> None:
        parts = element(segment, 1).split(self._ts.delimiters.component)
        numbers = [*map(counted, parts), None, None]
        spoilt = any(part and at is None for part, at in zip(parts, numbers, strict=False))
        if self._error is None or numbers[0] is None or spoilt:
            self._fail(number, "an element error without segment or position", 1, element(segment, 1))
            return
        fault = ElementError(
            element=numbers[0],
            component=numbers[1],
            repeat=numbers[2],
            data_element=optional(segment, 2),
            code=element(segment, 3),
            value=optional(segment, 4),
        )
        self._context = fault
        self._error.elements.append(fault)

    def _ctx(self, segment: list[str], number: int) -> None:
        if self._context is None:
            self._fail(number, "a context without its error", 1, "")
            return
        text = "*".join(segment[1:]).replace(self._ts.delimiters.component, ":")
        self._context.contexts.append(text)

    def _ik5(self, segment: list[str], number: int) -> None:
        if self._set is None:
            self._fail(number, "a verdict on no set", 1, "")
            return
        self._set.code = element(segment, 1)
        self._set.reasons = [code for code in segment[2:] if code]
        self._set = self._error = self._context = None

    def _ak9(self, segment: list[str], number: int) -> None:
        self._ack.code = element(segment, 1)
        self._ack.reasons = [code for code in segment[5:] if code]
        counts = [self._counted(segment, number, position) for position in (2, 3, 4)]
        self._ack.included, self._ack.received, self._ack.accepted = counts
        if any(not one.code for one in self._ack.sets):
            self._fail(number, "a set without its verdict", 1, "")

    def _counted(self, segment: list[str], number: int, position: int) -> int | None:
        text = element(segment, position)
        count = counted(text)
        if count is None:
            self._fail(number, "a count of sets that is no number", position, text)
        return count

    def _fail(self, number: int, words: str, position: int, value: str) -> None:
        code = f"X{self._ts.set_id}-READ"
        self._findings.append(unreadable(self._ts, number, code, words, position=position, value=value))
