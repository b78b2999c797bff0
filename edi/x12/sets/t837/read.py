"""Reader of claim sets: one pass; the level, claim, line and party at hand say what a segment is about.

Required text that is absent reads as "" (``check_set`` reports it). A claim with an amount, date or number that cannot
be read is left out whole, with an error finding.
"""

from typing import Any

from edi.findings import Finding
from edi.pause import collector_paused
from edi.x12.sets.reading import unreadable, unused
from edi.x12.sets.t837.cursor import Cursor, Kinds, Steps
from edi.x12.sets.t837.read_other import open_other_payer
from edi.x12.sets.t837.values import BaseSet
from edi.x12.syntax.document import TransactionSet

_NOT_IN_A_CLAIM = frozenset({"CLM", "HL", "SE"})


def read_into(value: BaseSet, ts: TransactionSet, kinds: Kinds) -> list[Finding]:
    """Take the segments of the set into ``value``; what could not be taken. Never raises on bad data."""
    with collector_paused():
        reader = SetReader(ts, value, kinds)
        reader.take(ts.segments, 1)
        reader.end()
    return reader.findings


class SetReader:
    """Takes the segments of a set into ``value``, at once or bit by bit: `take` any number of times, then `end`."""

    def __init__(self, ts: TransactionSet, value: BaseSet, kinds: Kinds) -> None:
        self._ts = ts
        self._kinds = kinds
        self.findings: list[Finding] = []
        self.cursor = Cursor(kinds, value, ts.delimiters.component)
        self.claims = ClaimReader(ts, self.cursor, self.findings)

    def take(self, segments: list[list[str]], first: int) -> None:
        """The next segments, the first of which has this number, ST = 1."""
        cursor, claims = self.cursor, self.claims
        for number, segment in enumerate(segments, first):
            name = segment[0]
            if claims.active:
                if name not in _NOT_IN_A_CLAIM:
                    claims.take(segment, number)
                    continue
                claims.close()
                cursor.scope(self._kinds.levels)
            if name == "CLM":
                claims.open(segment, number)
                continue
            cursor.number = number
            step = cursor.step(name)
            try:
                taken = step is not None and step(cursor, segment)
            except ValueError as problem:
                self.findings.append(unreadable(self._ts, number, "X837-READ", str(problem)))
                continue
            if not taken:
                self.findings.append(unused(self._ts, number, "X837-NOT-MODELLED"))

    def end(self) -> None:
        """There are no more."""
        self.claims.close()


class ClaimReader:
    """Takes the segments between CLM and the next claim or level."""

    __slots__ = ("_broken", "_cursor", "_findings", "_holder", "_last", "_openers", "_ts", "active")

    def __init__(self, ts: TransactionSet, cursor: Cursor, findings: list[Finding]) -> None:
        self._ts = ts
        self._cursor = cursor
        self._findings = findings
        self._holder: Any = None  # patient or subscriber
        self._openers: Steps = {"LX": cursor.kinds.open_line, "SBR": open_other_payer}
        self._broken = False
        self._last = 0
        self.active = False

    def open(self, segment: list[str], number: int) -> None:
        """Begin a claim of the patient or subscriber at hand."""
        cursor = self._cursor
        self.active, self._last = True, number
        self._holder = cursor.patient or cursor.subscriber
        if self._holder is None:
            self._fail(number, "a claim without subscriber")
            return
        try:
            cursor.claim = cursor.kinds.claim(segment, cursor.component, number)
        except ValueError as problem:
            self._fail(number, str(problem))
        cursor.scope(cursor.kinds.claim_steps)

    def close(self) -> None:
        """End the claim at hand: kept if it was read whole."""
        cursor, claim = self._cursor, self._cursor.claim
        if claim is not None and not self._broken and self._holder is not None:
            claim.segment_last = self._last
            fault = cursor.kinds.fault(claim)
            if fault is not None:
                self._fail(claim.segment_number, fault)
            else:
                self.keep(claim)
        cursor.claim = cursor.line = cursor.other = cursor.decided = cursor.form = self._holder = None
        self._broken = self.active = False

    def keep(self, claim: Any) -> None:
        """Put a claim where it belongs."""
        self._holder.claims.append(claim)

    def take(self, segment: list[str], number: int) -> None:
        """One segment of the claim."""
        if self._broken:
            return
        cursor, name = self._cursor, segment[0]
        cursor.number = self._last = number
        step = cursor.inner.get(name) or cursor.outer.get(name) or self._openers.get(name)
        try:
            taken = step is not None and step(cursor, segment)
        except (ValueError, IndexError) as problem:
            self._fail(number, str(problem) if isinstance(problem, ValueError) else "elements are missing")
            return
        if not taken:
            self._findings.append(unused(self._ts, number, "X837-NOT-MODELLED"))

    def _fail(self, number: int, words: str) -> None:
        self._broken = True
        self._findings.append(unreadable(self._ts, number, "X837-CLAIM", f"{words}; the claim is left out"))
