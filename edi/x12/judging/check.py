"""Structure of a set against its table: which segments, in which order, how often; each element's usage, type, length
and code. Findings carry the code that a 999 would (IK304, IK403) in ``standard_code``. Meaning is for ``edi.x12.judging.judge``.
"""

from edi.findings import Finding, Severity
from edi.x12.guides import guide_of
from edi.x12.judging.hierarchy import check_levels
from edi.x12.judging.walk import walk
from edi.x12.profile import INBOUND, Profile
from edi.x12.syntax.document import TransactionSet


def check_set(ts: TransactionSet, profile: Profile = INBOUND) -> list[Finding]:
    """Everything in which the set differs from its table. Never raises on bad data.

    Only structure is judged, not meaning (sums, check digits, external codes). A set that has no table here gives one
    finding. Sets: those of ``edi.x12.guides``.
    """
    guide = guide_of(ts.set_id, ts.version)
    if guide is None:
        return [unsupported(ts)]
    findings, _ = walk(ts, guide.table, profile)
    return [*findings, *check_levels(ts)]


def unsupported(ts: TransactionSet) -> Finding:
    """What is said of a set that has no guide here."""
    return Finding(
        severity=Severity.WARNING,
        code="X12-SET-UNSUPPORTED",
        message="a set whose structure is not judged here",
        cure="Nothing to do if it was only looked at; otherwise ask the sender for a supported set.",
        place=ts.place(1),
        standard_code="1",
    )
