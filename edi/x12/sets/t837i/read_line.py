"""Loop 2400 of the 837I and below: one service line."""

from decimal import Decimal

from edi.x12.sets.reading import cents, element, optional, period, quantity, whole
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, once
from edi.x12.sets.t837.read_details import take_attachment
from edi.x12.sets.t837.read_drug import DRUG
from edi.x12.sets.t837.read_other import meet_decision
from edi.x12.sets.t837.read_party import meet_provider
from edi.x12.sets.t837i import rows
from edi.x12.sets.t837i.values_line import LineAdjudication, ServiceLine

_NOTHING = Decimal(0)


def open_line(cursor: Cursor, segment: list[str]) -> bool:
    """LX: the next line of the claim."""
    if cursor.claim is None:
        raise ValueError("a service line without its claim")
    cursor.line = ServiceLine(
        number=whole(element(segment, 1)),
        revenue_code="",
        charge_cents=0,
        units=_NOTHING,
        segment_number=cursor.number,
    )
    cursor.claim.lines.append(cursor.line)
    cursor.scope(_LINE)
    return True


def _line(cursor: Cursor) -> ServiceLine:
    line: ServiceLine = cursor.line
    return line


def _take_procedure(value: ServiceLine | LineAdjudication, text: str, component: str) -> None:
    """Qualifier, procedure, modifiers and description, where there is any procedure."""
    if text:
        parts = [*text.split(component), *[""] * 7]
        value.procedure_qualifier, value.procedure = parts[0], parts[1] or None
        value.modifiers = [one for one in parts[2:6] if one]
        value.description = parts[6] or None


def _sv2(cursor: Cursor, segment: list[str]) -> bool:
    line = _line(cursor)
    if line.revenue_code:
        return False
    line.revenue_code = element(segment, 1)
    _take_procedure(line, element(segment, 2), cursor.component)
    line.charge_cents, line.unit = cents(element(segment, 3)), element(segment, 4)
    line.units, denied = quantity(element(segment, 5)), element(segment, 7)
    line.non_covered_cents = cents(denied) if denied else None
    return True


def _pwk(cursor: Cursor, segment: list[str]) -> bool:
    return take_attachment(_line(cursor).attachments, segment)


def _dtp(cursor: Cursor, segment: list[str]) -> bool:
    line = _line(cursor)
    if element(segment, 1) != "472" or line.service_date is not None:
        return False
    line.service_date, line.service_date_to = period(element(segment, 2), element(segment, 3))
    return True


def _ref(cursor: Cursor, segment: list[str]) -> bool:
    return rows.LINE_REFERENCES.take(cursor.line, segment)


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    return rows.LINE_AMOUNTS.take(cursor.line, segment)


def _nte(cursor: Cursor, segment: list[str]) -> bool:
    return element(segment, 1) == "TPO" and once(cursor.line, "third_party_note", optional(segment, 2))


def _hcp(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "pricing", rows.PRICING.read(segment))


def _lin(cursor: Cursor, segment: list[str]) -> bool:
    cursor.meet(NOBODY)
    if element(segment, 2) != "N4" or not once(cursor.line, "ndc", optional(segment, 3)):
        return False
    cursor.meet(DRUG)
    return True


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    code = element(segment, 1)
    cursor.meet(NOBODY)
    return code in rows.LINE_PROVIDERS and meet_provider(cursor, cursor.line, rows.LINE_PROVIDERS[code][1], segment)


def _svd(cursor: Cursor, segment: list[str]) -> bool:
    bundled = element(segment, 6)
    decided = LineAdjudication(
        payer_id=element(segment, 1),
        paid_cents=cents(element(segment, 2)),
        revenue_code=element(segment, 4),
        units=quantity(element(segment, 5)),
        bundled_line=whole(bundled) if bundled else None,
        adjudication_date=None,
    )
    _take_procedure(decided, element(segment, 3), cursor.component)
    meet_decision(cursor, decided)
    return True


_LINE: Steps = {
    "SV2": _sv2, "PWK": _pwk, "DTP": _dtp, "REF": _ref, "AMT": _amt, "NTE": _nte, "HCP": _hcp, "LIN": _lin, "NM1": _nm1,
    "SVD": _svd,
}  # fmt: skip
