"""Syntax notes of the standard: which elements of a segment go together.

P paired: all or none · R required: at least one · E exclusive: at most one · C conditional: the first needs all others
· L list: the first needs at least one of the others.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache


@lru_cache(maxsize=1024)
def _positions(note: str) -> tuple[int, ...]:
    return tuple(int(note[at : at + 2]) for at in range(1, len(note), 2))


def shortest_breaking(notes: Sequence[str]) -> int:
    """How many elements a segment must have, at least, to break one of the notes; 1000 where there are none."""
    return min((_shortest(note[0], _positions(note)) for note in notes), default=1000)


def _shortest(kind: str, positions: tuple[int, ...]) -> int:
    if kind == "P":
        return min(positions)
    if kind == "E":
        return sorted(positions)[1]
    return 0 if kind == "R" else positions[0]


def broken_notes(notes: Sequence[str], elements: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Element position, code of IK403 and words for every note that the elements (id first) break."""
    count = len(elements)
    for note in notes:
        positions = _positions(note)
        given = [at < count and elements[at] != "" for at in positions]
        if note[0] == "P" and all(given) == any(given):  # nearly every note is one that is kept
            continue
        broken = _verdict(note[0], positions, given)
        if broken is not None:
            yield broken[0], broken[1], f"{broken[2]} (note {note})"


def _verdict(kind: str, positions: tuple[int, ...], given: list[bool]) -> tuple[int, str, str] | None:
    absent = next((at for at, there in zip(positions, given, strict=True) if not there), positions[0])
    if kind == "P" and any(given) and not all(given):
        return absent, "2", "these elements come together or not at all"
    if kind == "R" and not any(given):
        return positions[0], "2", "one of these elements is needed"
    if kind == "E" and sum(given) > 1:
        return positions[-1], "10", "only one of these elements may be given"
    if kind == "C" and given[0] and not all(given):
        return absent, "2", "an element that this one needs is missing"
    if kind == "L" and given[0] and not any(given[1:]):
        return positions[1], "2", "one of the elements that this one needs is missing"
    return None
