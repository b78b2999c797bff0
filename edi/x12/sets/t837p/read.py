"""Reader of the 837P: one pass; the level, claim, line and party at hand say what a segment is about.

Required text that is absent reads as "" (``check_set`` reports it). A claim with an amount, date or number that cannot
be read is left out whole, with an error finding.
"""

from edi.findings import Finding
from edi.pause import collector_paused
from edi.x12.sets.reading import unreadable, unused
from edi.x12.sets.t837p.cursor import Cursor
from edi.x12.sets.t837p.read_claim import ClaimReader
from edi.x12.sets.t837p.read_levels import LEVELS
from edi.x12.sets.t837p.values import ProfessionalSet, Receiver, Submitter
from edi.x12.syntax.document import TransactionSet

_NOT_IN_A_CLAIM = frozenset({"CLM", "HL", "SE"})


def read_set(ts: TransactionSet) -> tuple[ProfessionalSet, list[Finding]]:
    """The claims of the set as a tree, and what of it could not be taken. Never raises on bad data."""
    value = ProfessionalSet(
        reference="",
        when=None,
        submitter=Submitter(name="", identifier=""),
        receiver=Receiver(name="", identifier=""),
        raw=ts,
    )
    findings: list[Finding] = []
    with collector_paused():
        _read(ts, value, findings)
    return value, findings


def _read(ts: TransactionSet, value: ProfessionalSet, findings: list[Finding]) -> None:
    cursor = Cursor(value, ts.delimiters.component, LEVELS)
    claims = ClaimReader(ts, cursor, findings)
    for number, segment in enumerate(ts.segments, 1):
        name = segment[0]
        if claims.active:
            if name not in _NOT_IN_A_CLAIM:
                claims.take(segment, number)
                continue
            claims.close()
            cursor.scope(LEVELS)
        if name == "CLM":
            claims.open(segment, number)
            continue
        cursor.number = number
        step = cursor.step(name)
        try:
            taken = step is not None and step(cursor, segment)
        except ValueError as problem:
            findings.append(unreadable(ts, number, "X837-READ", str(problem)))
            continue
        if not taken:
            findings.append(unused(ts, number, "X837-NOT-MODELLED"))
    claims.close()
