"""Writer of the 277CA, for clearinghouse and payer."""

from datetime import date

from edi.x12.sets.t277ca.values import ClaimStatus, LineStatus, ProviderStatus, Status, StatusReport
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_277ca import SET_277CA
from edi.x12.writer import Row, SetWriter, composite, day, maybe_day, maybe_money, maybe_number, money
from edi.x12.written import WrittenSet

VERSION = "005010X214"


def _row(loop: str, name: str, qualifier: str | None = None, *, shared: bool = False) -> Row:
    return Row(SET_277CA.segment(loop, name, qualifier), loop, shared=shared)


_ST, _BHT, _SE = _row("277", "ST"), _row("277", "BHT"), _row("277", "SE")
_HL = {code: _row(loop, "HL") for code, loop in (("20", "2000A"), ("21", "2000B"), ("19", "2000C"), ("PT", "2000D"))}
# Who answers and who is answered are organisations, and the same in each of very many small sets.
_NM1 = {loop: _row(loop, "NM1", shared=loop in {"2100A", "2100B"}) for loop in ("2100A", "2100B", "2100C", "2100D")}
_TRN = {loop: _row(loop, "TRN") for loop in ("2200A", "2200B", "2200C", "2200D")}
_STC = {loop: _row(loop, "STC") for loop in ("2200B", "2200C", "2200D", "2220D")}
_RECEIVED, _PROCESSED = _row("2200A", "DTP", "050"), _row("2200A", "DTP", "009")
_QTY = {
    (loop, code): _row(loop, "QTY", code)
    for loop, code in (("2200B", "90"), ("2200B", "AA"), ("2200C", "QA"), ("2200C", "QC"))
}
_AMT = {(loop, code): _row(loop, "AMT", code) for loop in ("2200B", "2200C") for code in ("YU", "YY")}
_REF = {code: _row("2200D", "REF", code) for code in ("1K", "D9", "BLT")}
_DTP, _SVC = _row("2200D", "DTP"), _row("2220D", "SVC")
_LINE_REF, _LINE_DTP = _row("2220D", "REF", "FJ"), _row("2220D", "DTP")


def write_set(value: StatusReport, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set. ``ranges`` leads from the claim's number (TRN02 of the patient) to its segments, from its HL on.

    Raises NotRepresentable, naming the place, for what does not fit the guide's table.
    """
    out = SetWriter(delimiters, Charset.EXTENDED)
    out.put(_ST, "277", control_number, VERSION)
    if value.when is None:
        raise out.refuse(_BHT, 4, "a report needs its date and time")
    out.put(_BHT, "0085", "08", value.reference, day(value.when.date()), f"{value.when:%H%M%S}", "TH")
    _source(out, value)
    _receiver(out, value)
    level = 2
    for provider in value.providers:
        level = _provider(out, provider, level + 1)
    out.put(_SE, str(out.count + 1), control_number)
    return out.finish()


def _source(out: SetWriter, value: StatusReport) -> None:
    source = value.source
    out.put(_HL["20"], "1", "", "20", "1")
    out.put(
        _NM1["2100A"], source.kind, "2", source.name, "", "", "", "", source.identifier_kind, source.identifier or ""
    )
    out.put(_TRN["2200A"], "1", value.source_reference or "")
    out.put(_RECEIVED, "050", "D8", maybe_day(value.received_date))
    out.put(_PROCESSED, "009", "D8", maybe_day(value.processed_date))


def _receiver(out: SetWriter, value: StatusReport) -> None:
    out.put(_HL["21"], "2", "1", "21", "1" if value.providers else "0")
    out.put(_NM1["2100B"], "41", "2", value.receiver.name or "", "", "", "", "", "46", value.receiver.identifier or "")
    out.put(_TRN["2200B"], "2", value.batch_reference or "")
    _statuses(out, "2200B", value.batch_statuses)
    counts = (("90", value.accepted_count), ("AA", value.rejected_count))
    _totals(out, "2200B", counts, value.accepted_cents, value.rejected_cents)


def _provider(out: SetWriter, value: ProviderStatus, level: int) -> int:
    """One provider from hierarchical level ``level`` on; the last level used."""
    out.put(_HL["19"], str(level), "2", "19", "1" if value.patients else "0")
    kind, identifier = ("XX", value.npi) if value.npi else ("FI", value.tax_id)
    entity = "1" if value.first_name else "2"
    out.put(_NM1["2100C"], "85", entity, value.name or "", value.first_name or "", "", "", "", kind, identifier or "")
    told = (value.reference, value.statuses, value.accepted_count, value.rejected_count, value.accepted_cents)
    if any(one not in (None, []) for one in (*told, value.rejected_cents)):
        out.put(_TRN["2200C"], "1", value.reference or "")
        _statuses(out, "2200C", value.statuses)
        counts = (("QA", value.accepted_count), ("QC", value.rejected_count))
        _totals(out, "2200C", counts, value.accepted_cents, value.rejected_cents)
    last = level
    for claim in value.patients:
        last += 1
        first = out.count + 1
        _claim(out, claim, last, level)
        out.mark(claim.patient_control_number, first)
    return last


def _totals(
    out: SetWriter, loop: str, counts: tuple[tuple[str, int | None], ...], accepted: int | None, rejected: int | None
) -> None:
    for code, count in counts:
        if count is not None:
            out.put(_QTY[loop, code], code, str(count))
    for code, amount in (("YU", accepted), ("YY", rejected)):
        if amount is not None:
            out.put(_AMT[loop, code], code, money(amount))


def _claim(out: SetWriter, value: ClaimStatus, level: int, parent: int) -> None:
    out.put(_HL["PT"], str(level), str(parent), "PT")
    names = (value.last_name or "", value.first_name or "", value.middle_name or "")
    out.put(_NM1["2100D"], "QC", "1", *names, "", "", "MI", value.member_id or "")
    out.put(_TRN["2200D"], "2", value.patient_control_number)
    _statuses(out, "2200D", value.statuses)
    for code, number in (("1K", value.payer_control_number), ("D9", value.clearinghouse_id), ("BLT", value.bill_type)):
        if number:
            out.put(_REF[code], code, number)
    _service_date(out, _DTP, value.service_date, value.service_date_to)
    for line in value.lines:
        _line(out, line)


def _line(out: SetWriter, value: LineStatus) -> None:
    procedure = composite(value.procedure_qualifier, value.procedure or "", *value.modifiers)
    out.put(_SVC, procedure, maybe_money(value.charge_cents), "", "", "", "", maybe_number(value.units))
    _statuses(out, "2220D", value.statuses)
    if value.line_control_number:
        out.put(_LINE_REF, "FJ", value.line_control_number)
    _service_date(out, _LINE_DTP, value.service_date, value.service_date_to)


def _service_date(out: SetWriter, row: Row, first: date | None, last: date | None) -> None:
    if first is not None and last is not None:
        out.put(row, "472", "RD8", f"{day(first)}-{day(last)}")
    elif first is not None:
        out.put(row, "472", "D8", day(first))
    elif last is not None:
        raise out.refuse(row, 3, "a last day needs its first")


def _statuses(out: SetWriter, loop: str, values: list[Status]) -> None:
    for value in values:
        if len(value.further) > 2:
            raise out.refuse(_STC[loop], 11, "two further codes at most")
        first = composite(value.category, value.code, value.entity or "")
        dated = (maybe_day(value.date), value.action or "", maybe_money(value.charge_cents))
        if not value.further and not value.text:
            out.put(_STC[loop], first, *dated)
            continue
        further = [composite(one.category, one.code, one.entity or "") for one in value.further]
        out.put(_STC[loop], first, *dated, "", "", "", "", "", *[*further, "", ""][:2], value.text or "")
