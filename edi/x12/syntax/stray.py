"""What lies between interchanges, told by its length and class without being kept."""

from edi.findings import class_of
from edi.x12.syntax.boundaries import BETWEEN

_DIGITS, _LETTERS, _BOTH = "digits", "letters", "letters and digits"
_WORST = ("non-ascii", "control characters")


class Stray:
    """``length`` and ``kind`` of the text so far without the blanks around it, which ``blanks`` counts."""

    __slots__ = ("_after", "_after_kind", "blanks", "kind", "length")

    def __init__(self) -> None:
        self.length = self.blanks = 0
        self.kind = "blank"
        self._after = 0  # blanks at the end so far: around it, or within if something follows
        self._after_kind = "blank"

    def add(self, text: str) -> None:
        """The text goes on."""
        bare = text.lstrip(BETWEEN)
        leading = len(text) - len(bare)
        if self.length:
            self._after += leading
            self._after_kind = _joined(self._after_kind, class_of(text[:leading]))
        self.blanks += leading
        if not bare:
            return
        if self._after:
            self.blanks -= self._after
            self.length += self._after
            self.kind = _joined(self.kind, self._after_kind)
        inner = bare.rstrip(BETWEEN)
        self.length += len(inner)
        self.kind = _joined(self.kind, class_of(inner))
        self._after, self._after_kind = len(bare) - len(inner), class_of(bare[len(inner) :])
        self.blanks += self._after


def _joined(one: str, other: str) -> str:
    """The class of two texts in one."""
    if "blank" in {one, other}:
        return other if one == "blank" else one
    for worst in _WORST:
        if worst in {one, other}:
            return worst
    if one == other:
        return one
    return _BOTH if {one, other} <= {_DIGITS, _LETTERS, _BOTH} else "mixed"
