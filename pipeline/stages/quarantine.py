"""A file that cannot be read whole is set aside whole: nothing of it is applied, a person is told where it breaks."""

from collections.abc import Sequence

from edi.findings import Finding, Severity
from pipeline.domain.states import Kind
from pipeline.store import exceptions, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise


def errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


_UNJUDGED = ("X835-UNJUDGED-", "X820-UNJUDGED")
"""Codes of what nobody can say of a whole file: whether its sums agree."""


def told(findings: Sequence[Finding]) -> str:
    """The first finding with its place, and how many more there are: what a person reads first."""
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{first.code} at {first.place or 'the start'}: {first.message}{more}"


def set_aside(tx: Tenant, inbound_file_id: int, findings: Sequence[Finding]) -> bool:
    """RECEIVED → QUARANTINED with an exception that carries every finding; False when the file was settled already."""
    reason = told(findings)
    moved = transitions.move(
        tx, Kind.INBOUND, [inbound_file_id], "quarantined", assign="reason = :reason", reason=reason, detail=reason
    )
    if moved:
        type_ = "cannot_be_judged" if findings[0].code.startswith(_UNJUDGED) else "quarantined"
        sealed = [finding.as_dict() for finding in findings]
        exceptions.open_all(tx, [Raise(type_, "inbound", inbound_file_id, reason, findings=sealed)])
    return bool(moved)
