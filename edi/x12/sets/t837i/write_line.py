"""Loop 2400 of the 837I as segments: one service line, and what other payers decided on it."""

from edi.x12.sets.t837.parties import procedure_of, write_provider
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.write_details import write_attachments
from edi.x12.sets.t837.write_drug import write_drug
from edi.x12.sets.t837.write_other import write_decision_details
from edi.x12.sets.t837i import rows
from edi.x12.sets.t837i.rows import row
from edi.x12.sets.t837i.values_line import LineAdjudication, ServiceLine
from edi.x12.tables.line_837i import DECISION
from edi.x12.writer import Row, day, maybe_money, money, number

_LX, _SV2, _SVD, _DTP = row("2400", "LX"), row("2400", "SV2"), row("2430", "SVD"), row("2400", "DTP", "472")


def write_line(out: ClaimWriter, line: ServiceLine) -> None:
    """The segments of one line, LX to its last decision."""
    out.put(_LX, str(line.number))
    denied = () if line.non_covered_cents is None else ("", maybe_money(line.non_covered_cents))
    what = _procedure(out, _SV2, 2, line)
    out.put(_SV2, line.revenue_code, what, money(line.charge_cents), line.unit, number(line.units), *denied)
    write_attachments(out, row("2400", "PWK"), line.attachments)
    _date(out, line)
    rows.LINE_REFERENCES.put(out, line)
    rows.LINE_AMOUNTS.put(out, line)
    if line.third_party_note:
        out.put(row("2400", "NTE"), "TPO", line.third_party_note)
    if line.pricing:
        rows.PRICING.put(out, row("2400", "HCP"), line.pricing)
    write_drug(out, line)
    for code, (loop, name) in rows.LINE_PROVIDERS.items():
        provider = getattr(line, name)
        if provider:
            write_provider(out, loop, code, provider)
    out.allow(_SVD, len(line.adjudications), DECISION)
    for decided in line.adjudications:
        _decided(out, decided)


def _date(out: ClaimWriter, line: ServiceLine) -> None:
    if line.service_date is None:
        if line.service_date_to is not None:
            raise out.refuse(_DTP, 3, "a last day of service needs its first")
    elif line.service_date_to is None:
        out.put(_DTP, "472", "D8", day(line.service_date))
    else:
        out.put(_DTP, "472", "RD8", f"{day(line.service_date)}-{day(line.service_date_to)}")


def _procedure(out: ClaimWriter, where: Row, position: int, value: ServiceLine | LineAdjudication) -> str:
    """The composite of a procedure, blank where there is none."""
    if value.procedure is None:
        if value.modifiers or value.description:
            raise out.refuse(where, position, "modifiers and description need a procedure")
        return ""
    return procedure_of(out, where, position, value)


def _decided(out: ClaimWriter, value: LineAdjudication) -> None:
    bundled = "" if value.bundled_line is None else str(value.bundled_line)
    what = _procedure(out, _SVD, 3, value)
    out.put(_SVD, value.payer_id, money(value.paid_cents), what, value.revenue_code, number(value.units), bundled)
    write_decision_details(out, value)
