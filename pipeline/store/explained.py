"""What explains a decision, as it is sealed with its row: reasons, lines, who was treated and when. JSON.

A decision that was recorded before a part was kept reads as one that does not tell it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.domain.remittance import Adjusted, ClaimDecision, LineDecision, PatientTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The sealed part of a decision, opened."""

    adjustments: tuple[Adjusted, ...]  # claim level
    remarks: tuple[str, ...]
    lines: tuple[LineDecision, ...]
    patient: PatientTold
    service_to: date | None
    received_date: date | None
    filing_code: str | None
    facility_code: str | None

    @property
    def all_adjustments(self) -> tuple[Adjusted, ...]:
        """Claim and line level together."""
        return (*self.adjustments, *(a for line in self.lines for a in line.adjustments))


_json = json.JSONEncoder(separators=(",", ":"), default=str, check_circular=False).encode


def written(decision: ClaimDecision) -> bytes:
    """To be sealed; what is not told takes no room."""
    patient = decision.patient
    told = {
        "adjustments": decision.adjustments,
        "remarks": decision.remarks,
        "lines": [_line(line) for line in decision.lines],
        **_present(
            patient=_present(
                last_name=patient.last_name,
                first_name=patient.first_name,
                member_id=patient.member_id,
                corrected_member_id=patient.corrected_member_id,
            ),
            service_to=decision.service_to,
            received_date=decision.received_date,
            filing_code=decision.filing_code,
            facility_code=decision.facility_code,
        ),
    }
    return _json(told).encode()


def _line(line: LineDecision) -> dict[str, Any]:
    return {
        "procedure": line.procedure,
        "modifiers": line.modifiers,
        "charge_cents": line.charge_cents,
        "paid_cents": line.paid_cents,
        "control_number": line.control_number,
        "adjustments": line.adjustments,
        "remarks": line.remarks,
        **_present(
            units=line.units,
            submitted_procedure=line.submitted_procedure,
            submitted_modifiers=line.submitted_modifiers,
            submitted_units=line.submitted_units,
            service_date=line.service_date,
            service_date_to=line.service_date_to,
            revenue_code=line.revenue_code,
        ),
    }


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, (), {})}


def read(document: bytes) -> Explained:
    told = json.loads(document)
    return Explained(
        adjustments=_adjusted(told["adjustments"]),
        remarks=tuple(told["remarks"]),
        lines=tuple([_read_line(line) for line in told["lines"]]),
        patient=PatientTold(**told.get("patient", {})),
        service_to=_day(told, "service_to"),
        received_date=_day(told, "received_date"),
        filing_code=told.get("filing_code"),
        facility_code=told.get("facility_code"),
    )


def _read_line(told: Mapping[str, Any]) -> LineDecision:
    return LineDecision(
        procedure=told["procedure"],
        modifiers=tuple(told["modifiers"]),
        charge_cents=told["charge_cents"],
        paid_cents=told["paid_cents"],
        adjustments=_adjusted(told["adjustments"]),
        control_number=told["control_number"],
        remarks=tuple(told["remarks"]),
        units=_quantity(told, "units"),
        submitted_procedure=told.get("submitted_procedure"),
        submitted_modifiers=tuple(told.get("submitted_modifiers", ())),
        submitted_units=_quantity(told, "submitted_units"),
        service_date=_day(told, "service_date"),
        service_date_to=_day(told, "service_date_to"),
        revenue_code=told.get("revenue_code"),
    )


def _adjusted(reasons: list[list[Any]]) -> tuple[Adjusted, ...]:
    return tuple([Adjusted(*reason) for reason in reasons])


def _day(told: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(told[name]) if name in told else None


def _quantity(told: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(told[name]) if name in told else None
