"""Where a value's fields stand in a segment, told once for reader and writer.

``Layout`` is for a segment whose elements are the fields of one dataclass; ``Qualified`` for segments that hold one
value each and say by their qualifier which (REF, DTP, AMT).
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints

from edi.x12.sets.reading import cents, day, element, optional, quantity, whole
from edi.x12.writer import Row, SetWriter, money, number
from edi.x12.writer import day as day_text

T = TypeVar("T")
_Read = Callable[[str], Any]
_Write = Callable[[Any], str]
_Texts = Callable[[object], tuple[str, ...]]


def _text(text: str) -> str:
    return text


_KINDS: dict[type, tuple[_Read, _Write]] = {
    str: (_text, _text),
    int: (whole, str),
    Decimal: (quantity, number),
    date: (day, day_text),
}


def _kind(name: str, annotation: Any) -> tuple[_Read, _Write]:
    """How a field is read and written, by its type; whole numbers that end in ``_cents`` are money."""
    bare = next((one for one in get_args(annotation) if one is not type(None)), annotation)
    return (cents, money) if name.endswith("_cents") else _KINDS[bare]


class Layout(Generic[T]):
    """The elements of one segment that are fields of ``make``: ``Layout(Contract, kind=1, amount_cents=2)``.

    ``fixed`` are elements that always say the same. A field without default is required: it is read where blank, too,
    which fails where a number or a date is wanted.
    """

    __slots__ = ("_fields", "_make", "_texts")

    def __init__(self, make: type[T], fixed: dict[int, str] | None = None, /, **positions: int) -> None:
        hints = get_type_hints(make)
        declared: Any = fields(make)  # type: ignore[arg-type]
        required = {one.name for one in declared if one.default is MISSING and one.default_factory is MISSING}
        self._make = make
        self._fields = [(at, name, name in required, _kind(name, hints[name])[0]) for name, at in positions.items()]
        self._texts = _compiled(positions, fixed or {}, {name: _kind(name, hints[name])[1] for name in positions})

    def read(self, segment: list[str]) -> T:
        """A value from its segment; ValueError where an element cannot be read."""
        return self._make(**dict(self._given(segment)))

    def fill(self, value: object, segment: list[str]) -> None:
        """The same into a value that is there already."""
        for name, given in self._given(segment):
            setattr(value, name, given)

    def _given(self, segment: list[str]) -> Iterable[tuple[str, Any]]:
        for at, name, required, read in self._fields:
            text = segment[at] if at < len(segment) else ""
            if text or required:
                yield name, read(text)

    def spoilt(self, segment: list[str]) -> list[tuple[int, str]]:
        """Positions of the elements that cannot be read, each with the reason."""
        found = []
        for at, _name, required, read in self._fields:
            text = segment[at] if at < len(segment) else ""
            try:
                if text or required:
                    read(text)
            except ValueError as problem:
                found.append((at, str(problem)))
        return found

    def put(self, out: SetWriter, row: Row, value: object) -> None:
        """Write the value as a segment of ``row``."""
        out.put(row, *self._texts(value))


def _compiled(positions: dict[str, int], fixed: dict[int, str], kinds: dict[str, _Write]) -> _Texts:
    """A function of the value that gives the texts of all elements, blank where there is nothing."""
    last = max((*positions.values(), *fixed))
    parts = [repr(fixed.get(at, "")) for at in range(1, last + 1)]
    for name, at in positions.items():
        text = "" if kinds[name] is _text else name
        parts[at - 1] = f"'' if _.{name} is None else {text}(_.{name})"
    return cast("_Texts", eval(f"lambda _: ({', '.join(parts)},)", dict(kinds)))  # noqa: S307 - made of our own names


def _one_day(segment: list[str]) -> date | None:
    """The day of a DTP, or None where it tells a range."""
    return None if element(segment, 2) == "RD8" else day(element(segment, 3))


_FORMS: dict[str, tuple[Callable[[list[str]], Any], str]] = {
    "DTP": (_one_day, "'D8', day(given)"),
    "REF": (lambda segment: optional(segment, 2), "given"),
    "AMT": (lambda segment: cents(element(segment, 2)), "money(given)"),
}
"""By segment: how its value is read, and the elements after the qualifier that tell it."""


class Qualified:
    """Segments that hold one value each, by qualifier in the guide's order: ``{"431": "onset_date"}``.

    ``row`` looks a qualifier's row up. ``put(out, value)`` writes those fields of the value that are there, and costs
    next to nothing where none is.
    """

    __slots__ = ("_read", "names", "put")

    def __init__(self, segment: str, row: Callable[[str, str], Row], names: dict[str, str]) -> None:
        self.names = names
        self._read, elements = _FORMS[segment]
        self.put = _compiled_put({code: row(segment, code) for code in names}, names, elements)

    def take(self, value: object, segment: list[str]) -> bool:
        """Read the segment into its field; False where its qualifier has none, or the field is taken."""
        name = self.names.get(element(segment, 1))
        if name is None or getattr(value, name) is not None:
            return False
        given = self._read(segment)
        setattr(value, name, given)
        return given is not None


def _compiled_put(rows: dict[str, Row], names: dict[str, str], elements: str) -> Callable[[SetWriter, object], None]:
    """A function that asks the value for one field after the other."""
    lines = ["def put(out, _):"]
    for code, name in names.items():
        lines.append(
            f"    if (given := _.{name}) is not None and given != '': out.put(rows[{code!r}], {code!r}, {elements})"
        )
    known: dict[str, Any] = {"rows": rows, "day": day_text, "money": money}
    exec("\n".join(lines), known)  # noqa: S102 - made of our own names
    return cast("Callable[[SetWriter, object], None]", known["put"])
