"""What an X12 file holds, set by set, for `inspect`: counts, control numbers, organisations and money.

Claims are named by their control numbers and codes only, what an 820 pays for by counts and sums.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from edi import inspection_inquiries as inquiries
from edi.findings import Finding, Severity
from edi.x12.guides import guide_of
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.sets import t277ca, t820, t835, t837i, t837p, t999
from edi.x12.syntax.document import Document, Interchange, TransactionSet

Told = tuple[dict[str, object], list[Finding]]
Detail = dict[str, object]
Rows = list[dict[str, object]]
_SENT = frozenset({"837P", "837I", "270", "276"})
"""What we send is held to the strictest reading; what we get must be understood."""


def summarise(document: Document, *, claims: bool = False) -> Told:
    """The summary of a whole file, the claims of each set too if asked for, and the findings of its sets."""
    details: Rows = []
    findings: list[Finding] = []
    for one in document.sets:
        detail, found = _tell(one, claims=claims)
        details.append({"set": one.set_id, "control_number": one.control_number, "version": one.version} | detail)
        findings += found
    summary: dict[str, object] = {
        "complete": document.complete,
        "sets": dict(Counter(one.set_id for one in document.sets)),
        "totals": _totals(details),
        "interchanges": [_interchange(one) for one in document.interchanges],
        "set_list": details,
    }
    return summary, findings


def _interchange(one: Interchange) -> dict[str, object]:
    return {
        "sender": one.sender_id,
        "receiver": one.receiver_id,
        "control_number": one.control_number,
        "usage": one.usage,
        "groups": [group.control_number for group in one.groups],
        "ta1": [{"control_number": t.control_number, "code": t.code, "note": t.note} for t in one.ta1s],
    }


def _totals(details: Sequence[dict[str, object]]) -> dict[str, int]:
    """Sums over the sets, for what is counted in whole numbers."""
    totals: Counter[str] = Counter()
    for detail in details:
        totals.update({k: v for k, v in detail.items() if isinstance(v, int) and not isinstance(v, bool)})
    return dict(totals)


def _tell(one: TransactionSet, *, claims: bool) -> Told:
    guide = guide_of(one.set_id, one.version)
    if guide is None:
        return _counted(one)
    value, findings = guide.read(one)
    findings = _merged(judge(one, OUTBOUND if guide.name in _SENT else INBOUND), findings)
    if value is None:
        return {"readable": False}, findings
    tell, rows = _TELLERS[guide.name]
    return tell(value) | ({"claim_list": rows(value)} if claims else {}), findings


def _counted(one: TransactionSet) -> Told:
    finding = Finding(
        severity=Severity.INFO,
        code="INSPECT-SET",
        message="this set or version is counted, but its content is not read",
        cure="none needed, unless this file has to be worked",
        place=one.place(1),
    )
    ids = Counter(segment[0] for segment in one.segments)
    return {"segments": len(one.segments), "segment_ids": dict(ids.most_common())}, [finding]


def _merged(judged: list[Finding], reading: list[Finding]) -> list[Finding]:
    """The judgement first; of the reader's findings those about places that it did not tell already."""
    told = {_spot(finding) for finding in judged}
    return judged + [f for f in reading if f.place.element is None or _spot(f) not in told]


def _spot(finding: Finding) -> tuple[int | None, int | None]:
    return finding.place.segment_number, finding.place.element


# -- 837P and 837I ----------------------------------------------------------------------------------------------------
def _claims(value: t837p.ProfessionalSet | t837i.InstitutionalSet) -> Detail:
    claims = list(_claims_of(value))
    return {
        "reference": value.reference,
        "submitter": value.submitter.identifier,
        "receiver": value.receiver.name,
        "providers": len(value.billing),
        "claims": len(claims),
        "lines": sum(len(claim.lines) for claim in claims),
        "charge_cents": sum(claim.charge_cents for claim in claims),
        "frequencies": dict(Counter(claim.frequency for claim in claims)),
    }


def _institutional(value: t837i.InstitutionalSet) -> Detail:
    bills = Counter(f"0{claim.facility_code}{claim.frequency}" for claim in _claims_of(value))
    return _claims(value) | {"bill_types": dict(bills)}


def _claims_of(value: t837p.ProfessionalSet | t837i.InstitutionalSet) -> Iterator[Any]:
    for provider in value.billing:
        for subscriber in provider.subscribers:
            yield from subscriber.claims
            for patient in subscriber.patients:
                yield from patient.claims


def _claim_rows(value: t837p.ProfessionalSet | t837i.InstitutionalSet) -> Rows:
    return [
        {
            "claim": claim.patient_control_number,
            "frequency": claim.frequency,
            "lines": len(claim.lines),
            "charge_cents": claim.charge_cents,
        }
        for claim in _claims_of(value)
    ]


def _institutional_rows(value: t837i.InstitutionalSet) -> Rows:
    return [
        row | {"bill_type": f"0{claim.facility_code}{claim.frequency}"}
        for row, claim in zip(_claim_rows(value), _claims_of(value), strict=True)
    ]


# -- 835 --------------------------------------------------------------------------------------------------------------
def _remittance(value: t835.Remittance) -> Detail:
    off = [one for one in t835.balance(value) if one.severity is Severity.ERROR]
    return {
        "payer": value.payer.name,
        "payee": value.payee.name,
        "trace_number": value.payment.trace_number,
        "payer_trace_id": value.payment.payer_trace_id,
        "method": value.payment.method,
        "date": value.payment.date and value.payment.date.isoformat(),
        "amount_cents": value.payment.amount_cents,
        "claims": len(value.claims),
        "charge_cents": sum(claim.charge_cents for claim in value.claims),
        "paid_cents": sum(claim.paid_cents for claim in value.claims),
        "provider_adjustment_cents": sum(row.amount_cents for row in value.provider_adjustments),
        "statuses": dict(Counter(claim.status for claim in value.claims)),
        "balanced": not off,
    }


def _remittance_rows(value: t835.Remittance) -> Rows:
    return [
        {
            "claim": claim.patient_control_number,
            "status": claim.status,
            "lines": len(claim.lines),
            "charge_cents": claim.charge_cents,
            "paid_cents": claim.paid_cents,
        }
        for claim in value.claims
    ]


# -- 820 --------------------------------------------------------------------------------------------------------------
def _payment_order(value: t820.PaymentOrder) -> Detail:
    off = [one for one in t820.balance(value) if one.severity is Severity.ERROR]
    return {
        "payer": value.payer and value.payer.name,
        "payee": value.payee and value.payee.name,
        "trace_number": value.trace and value.trace.number,
        "originator": value.trace and value.trace.originator,
        "method": value.payment.method,
        "date": value.payment.date and value.payment.date.isoformat(),
        "amount_cents": value.payment.amount_cents,
        "entities": len(value.entities),
        "items": len(list(value.items)),
        "paid_cents": value.paid_cents,
        "adjustment_cents": value.adjustment_cents,
        "balanced": not off,
    }


def _payment_order_rows(value: t820.PaymentOrder) -> Rows:
    """A row for each entity: no item's number, for in a premium payment that may be a person's."""
    return [
        {
            "entity": entity.number,
            "kind": entity.kind,
            "items": len(entity.items),
            "paid_cents": sum(item.paid_cents or 0 for item in entity.items),
            "adjustment_cents": sum(one.amount_cents or 0 for one in entity.adjustments),
        }
        for entity in value.entities
    ]


# -- 277CA ------------------------------------------------------------------------------------------------------------
def _status_report(value: t277ca.StatusReport) -> Detail:
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
    }


def _status_rows(value: t277ca.StatusReport) -> Rows:
    rows: Rows = []
    for provider in value.providers:
        for claim in provider.patients:
            told = [*claim.statuses, *(status for line in claim.rejected_lines for status in line.statuses)]
            rows.append(
                {
                    "claim": claim.patient_control_number,
                    "verdict": value.verdict_on(provider, claim),
                    "codes": [":".join(filter(None, (s.category, s.code, s.entity))) for s in told],
                }
            )
    return rows


# -- 999 and 997 ------------------------------------------------------------------------------------------------------
def _acknowledgment(value: t999.Acknowledgment) -> Detail:
    return {
        "group": value.group_control,
        "code": value.code,
        "included": value.included,
        "received": value.received,
        "accepted": value.accepted,
        "codes": dict(Counter(row.code for row in value.sets)),
        "not_accepted": [row.control_number for row in value.sets if not row.accepted],
        "errors": sum(len(row.errors) for row in value.sets),
    }


def _acknowledgment_rows(value: t999.Acknowledgment) -> Rows:
    return [
        {
            "set": row.control_number,
            "code": row.code,
            "errors": [f"{error.segment} {error.number} {error.code}" for error in row.errors],
        }
        for row in value.sets
    ]


_TELLERS: dict[str, tuple[Callable[[Any], Detail], Callable[[Any], Rows]]] = {
    "837P": (_claims, _claim_rows),
    "837I": (_institutional, _institutional_rows),
    "835": (_remittance, _remittance_rows),
    "820-X218": (_payment_order, _payment_order_rows),
    "820-X306": (_payment_order, _payment_order_rows),
    "820": (_payment_order, _payment_order_rows),
    "277CA": (_status_report, _status_rows),
    "270": (inquiries.eligibility_inquiry, inquiries.eligibility_inquiry_rows),
    "271": (inquiries.eligibility_response, inquiries.eligibility_response_rows),
    "276": (inquiries.status_request, inquiries.status_request_rows),
    "277": (inquiries.status_response, inquiries.status_response_rows),
    "999": (_acknowledgment, _acknowledgment_rows),
    "997": (_acknowledgment, _acknowledgment_rows),
}
"""By the name of a guide: what to say of a set, and a row for each claim (entity of an 820, person of an eligibility set,
set of an acknowledgment).
"""
