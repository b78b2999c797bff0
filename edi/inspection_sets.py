"""What an X12 file holds, set by set, for `inspect`: counts, control numbers, organisations and money."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from edi.findings import Finding, Severity
from edi.x12.check import check_set
from edi.x12.document import Document, TransactionSet
from edi.x12.sets import t277ca, t835, t837p, t997, t999

Told = tuple[dict[str, object], list[Finding]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A set with a codec: ST01, the part of the version that tells the guide, its reader, and what to say of it."""

    set_id: str
    guide: str
    read: Callable[[TransactionSet], tuple[Any, list[Finding]]]
    tell: Callable[[Any], Told]


def summarise(document: Document) -> Told:
    """The summary of a whole file and the findings of its sets."""
    summary: dict[str, object] = {
        "complete": document.complete,
        "interchanges": [
            {
                "sender": one.sender_id,
                "receiver": one.receiver_id,
                "control_number": one.control_number,
                "usage": one.usage,
                "groups": [group.control_number for group in one.groups],
                "ta1": [{"control_number": t.control_number, "code": t.code, "note": t.note} for t in one.ta1s],
            }
            for one in document.interchanges
        ],
        "sets": dict(Counter(one.set_id for one in document.sets)),
    }
    details: list[dict[str, object]] = []
    findings: list[Finding] = []
    for one in document.sets:
        detail, found = _tell(one)
        details.append({"set": one.set_id, "control_number": one.control_number, "version": one.version} | detail)
        findings += found
    return summary | _totals(details) | {"set_list": details}, findings


def _totals(details: Sequence[dict[str, object]]) -> dict[str, object]:
    """Sums over the sets, for what is counted in whole numbers."""
    totals: Counter[str] = Counter()
    for detail in details:
        totals.update({k: v for k, v in detail.items() if isinstance(v, int) and not isinstance(v, bool)})
    return {"totals": dict(totals)} if totals else {}


def _tell(one: TransactionSet) -> Told:
    for row in _READERS:
        if row.set_id == one.set_id and row.guide in one.version:
            value, findings = row.read(one)
            detail, more = row.tell(value) if value is not None else ({"readable": False}, [])
            return detail, _merged(check_set(one), findings) + more
    finding = Finding(
        severity=Severity.INFO,
        code="INSPECT-SET",
        message="this set or version is counted, but its content is not read",
        cure="none needed, unless this file has to be worked",
        place=one.place(1),
    )
    return {"segments": len(one.segments)}, [finding]


def _merged(structure: list[Finding], reading: list[Finding]) -> list[Finding]:
    """Structure first; of the reader's findings those about places that the structure check did not tell already."""
    told = {_spot(finding) for finding in structure}
    return structure + [f for f in reading if f.place.element is None or _spot(f) not in told]


def _spot(finding: Finding) -> tuple[int | None, int | None]:
    return finding.place.segment_number, finding.place.element


def _professional(value: t837p.ProfessionalSet) -> Told:
    claims = [
        claim
        for provider in value.billing
        for subscriber in provider.subscribers
        for claim in [*subscriber.claims, *(c for patient in subscriber.patients for c in patient.claims)]
    ]
    return {
        "reference": value.reference,
        "submitter": value.submitter.identifier,
        "receiver": value.receiver.name,
        "providers": len(value.billing),
        "claims": len(claims),
        "lines": sum(len(claim.lines) for claim in claims),
        "charge_cents": sum(claim.charge_cents for claim in claims),
        "frequencies": dict(Counter(claim.frequency for claim in claims)),
    }, []


def _remittance(value: t835.Remittance) -> Told:
    findings = t835.judge(value)
    return {
        "payer": value.payer.name,
        "payee": value.payee.name,
        "trace_number": value.payment.trace_number,
        "payer_trace_id": value.payment.payer_trace_id,
        "method": value.payment.method,
        "date": value.payment.date.isoformat(),
        "amount_cents": value.payment.amount_cents,
        "claims": len(value.claims),
        "charge_cents": sum(claim.charge_cents for claim in value.claims),
        "paid_cents": sum(claim.paid_cents for claim in value.claims),
        "provider_adjustment_cents": sum(row.amount_cents for row in value.provider_adjustments),
        "statuses": dict(Counter(claim.status for claim in value.claims)),
        "balanced": all(one.severity is not Severity.ERROR for one in findings),
    }, findings


def _status_report(value: t277ca.StatusReport) -> Told:
    listed = [(provider, claim) for provider in value.providers for claim in provider.patients]
    verdicts = Counter(value.verdict_on(provider, claim) for provider, claim in listed)
    return {
        "source": value.source.name,
        "by": value.by,
        "batch_reference": value.batch_reference,
        "batch_rejected": value.rejected,
        "claims": len(listed),
        "claims_accepted": verdicts[t277ca.Verdict.ACCEPTED],
        "claims_rejected": verdicts[t277ca.Verdict.REJECTED],
        "claims_not_found": verdicts[t277ca.Verdict.NOT_FOUND],
        "lines_rejected": sum(len(claim.rejected_lines) for _, claim in listed),
        "categories": dict(Counter(status.category for _, claim in listed for status in claim.statuses)),
    }, []


def _acknowledgment(value: t999.Acknowledgment) -> Told:
    return {
        "group": value.group_control,
        "code": value.code,
        "included": value.included,
        "received": value.received,
        "accepted": value.accepted,
        "codes": dict(Counter(row.code for row in value.sets)),
        "not_accepted": [row.control_number for row in value.sets if not row.accepted],
        "errors": sum(len(row.errors) for row in value.sets),
    }, []


_READERS = (
    _Reader("837", "X222", t837p.read_set, _professional),
    _Reader("835", "X221", t835.read_set, _remittance),
    _Reader("277", "X214", t277ca.read_set, _status_report),
    _Reader("999", "X231", t999.read_set, _acknowledgment),
    _Reader("997", "", t997.read_set, _acknowledgment),
)
