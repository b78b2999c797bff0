"""Loop 2400 as segments: one service line, what other payers decided on it, and its forms."""

from dataclasses import MISSING, fields
from operator import attrgetter

from edi.x12.sets.t837.parties import (
    procedure_of,
    write_condition,
    write_facility,
    write_nameless,
    write_provider,
    write_references,
)
from edi.x12.sets.t837.rows import CONTRACT, PRICING, ClaimWriter
from edi.x12.sets.t837.values_parties import Reference
from edi.x12.sets.t837.write_details import write_attachments, write_fixed_format
from edi.x12.sets.t837.write_drug import write_drug
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_line import Equipment, FormAnswers, ServiceLine
from edi.x12.sets.t837p.write_other import write_decided
from edi.x12.sets.t837p.write_trip import write_conditions, write_transport, write_trip
from edi.x12.tables.line_837p import DECISION
from edi.x12.writer import composite, day, money, number

_LX, _SV1, _CR1, _CRC = row("2400", "LX"), row("2400", "SV1"), row("2400", "CR1"), row("2400", "CRC", "07")
_DTP, _PATIENTS, _NTE = row("2400", "DTP", "472"), row("2400", "QTY", "PT"), row("2400", "NTE", "ADD")
_TRIP = ("2420G", "2420H")


_RARELY = (
    "equipment", "attachments", "certificate_transmission", "certification", "hospice_employee", "equipment_condition",
    *rows.LINE_DATES.names.values(), "obstetric_units", "measurements", "contract", *rows.LINE_REPRICED.names.values(),
    *rows.LINE_AMOUNTS.names.values(), "fixed_format", "third_party_note", "purchased_service", "pricing",
    "purchased_from", "facility", "primary_care", "adjudications", "forms",
)  # fmt: skip
_rarely = attrgetter(*_RARELY)
_DEFAULTS = {one.name: [] if one.default is MISSING else one.default for one in fields(ServiceLine)}
_NEVER = tuple(_DEFAULTS[name] for name in _RARELY)


def write_line(out: ClaimWriter, line: ServiceLine) -> None:
    """The segments of one line, LX to its last form."""
    rare = _rarely(line) != _NEVER  # one look spares some thirty questions to a line that has nothing of the kind
    out.put(_LX, str(line.number))
    _service(out, line)
    if rare:
        _papers(out, line)
    if line.ambulance:
        write_transport(out, _CR1, line.ambulance)
    if rare and line.certification:
        rows.CERTIFICATION.put(out, row("2400", "CR3"), line.certification)
    if line.conditions:
        write_conditions(out, _CRC, line.conditions)
    if rare:
        _needs(out, line)
    _service_date(out, line)
    if rare:
        rows.LINE_DATES.put(out, line)
    if line.patient_count is not None:
        out.put(_PATIENTS, "PT", str(line.patient_count))
    if rare:
        _measures(out, line)
    _references(out, line)
    _notes(out, line, rare=rare)
    write_drug(out, line, line.ndc_qualifier)
    _parties(out, line)
    if rare:
        _decisions(out, line)


def _service(out: ClaimWriter, line: ServiceLine) -> None:
    rest: tuple[str, ...] = ()
    if line.epsdt or line.family_planning or line.copay_exempt:
        marks = ("Y" if line.epsdt else "", "Y" if line.family_planning else "")
        rest = ("", *marks, "", "", "0" if line.copay_exempt else "")
    out.put(
        _SV1,
        procedure_of(out, _SV1, 1, line),
        money(line.charge_cents),
        line.unit,
        number(line.units),
        line.place_of_service or "",
        "",
        composite(*map(str, line.pointers)),
        "",
        "Y" if line.emergency else "",
        *rest,
    )


def _papers(out: ClaimWriter, line: ServiceLine) -> None:
    if line.equipment:
        _equipment(out, line.equipment)
    if line.attachments:
        write_attachments(out, row("2400", "PWK", "AA"), line.attachments)
    if line.certificate_transmission:
        out.put(row("2400", "PWK", "AB"), "CT", line.certificate_transmission)


def _equipment(out: ClaimWriter, value: Equipment) -> None:
    prices = (money(value.rental_cents), money(value.purchase_cents))
    out.put(row("2400", "SV5"), composite("HC", value.procedure), "DA", number(value.days), *prices, value.frequency)


def _needs(out: ClaimWriter, line: ServiceLine) -> None:
    if line.hospice_employee is not None:
        out.put(row("2400", "CRC", "70"), "70", "Y" if line.hospice_employee else "N", "65")
    if line.equipment_condition:
        write_condition(out, row("2400", "CRC", "09"), "09", line.equipment_condition)


def _service_date(out: ClaimWriter, line: ServiceLine) -> None:
    if line.service_date_to is None:
        out.put(_DTP, "472", "D8", day(line.service_date))
    else:
        out.put(_DTP, "472", "RD8", f"{day(line.service_date)}-{day(line.service_date_to)}")


def _measures(out: ClaimWriter, line: ServiceLine) -> None:
    if line.obstetric_units is not None:
        out.put(row("2400", "QTY", "FL"), "FL", number(line.obstetric_units))
    if line.measurements:
        where = row("2400", "MEA")
        out.allow(where, len(line.measurements))
        for one in line.measurements:
            rows.MEASUREMENT.put(out, where, one)
    if line.contract:
        CONTRACT.put(out, row("2400", "CN1"), line.contract)
    rows.LINE_REPRICED.put(out, line)


def _references(out: ClaimWriter, line: ServiceLine) -> None:
    _numbers(out, "G1", line.prior_authorization, line.further_authorizations)
    rows.LINE_REFERENCES.put(out, line)
    _numbers(out, "9F", line.referral_number, line.further_referrals)


def _numbers(out: ClaimWriter, code: str, first: str | None, further: list[Reference]) -> None:
    if first or further:
        write_references(out, row("2400", "REF", code), further, code, first)


def _notes(out: ClaimWriter, line: ServiceLine, *, rare: bool) -> None:
    if rare:
        rows.LINE_AMOUNTS.put(out, line)
        write_fixed_format(out, row("2400", "K3"), line.fixed_format)
    if line.note:
        out.put(_NTE, line.note_code, line.note)
    if rare and line.third_party_note:
        out.put(row("2400", "NTE", "TPO"), "TPO", line.third_party_note)
    if rare and line.purchased_service:
        rows.PURCHASED.put(out, row("2400", "PS1"), line.purchased_service)
    if rare and line.pricing:
        PRICING.put(out, row("2400", "HCP"), line.pricing)


def _parties(out: ClaimWriter, line: ServiceLine) -> None:
    if line.rendering:
        write_provider(out, "2420A", "82", line.rendering)
    if line.purchased_from:
        write_nameless(out, "2420B", "QB", line.purchased_from)
    if line.facility:
        write_facility(out, "2420C", line.facility)
    if line.supervising:
        write_provider(out, "2420D", "DQ", line.supervising)
    if line.ordering:
        write_provider(out, "2420E", "DK", line.ordering)
    if line.referring:
        write_provider(out, "2420F", "DN", line.referring)
    if line.primary_care:
        write_provider(out, "2420F", "P3", line.primary_care)
    if line.pick_up or line.drop_off:
        write_trip(out, _TRIP, line.pick_up, line.drop_off)


def _decisions(out: ClaimWriter, line: ServiceLine) -> None:
    out.allow(row("2430", "SVD"), len(line.adjudications), DECISION)
    for decided in line.adjudications:
        write_decided(out, decided)
    for form in line.forms:
        _form(out, form)


def _form(out: ClaimWriter, value: FormAnswers) -> None:
    out.put(row("2440", "LQ"), value.kind, value.identifier or "")
    where = row("2440", "FRM")
    if not value.answers:
        raise out.refuse(where, 1, "a form needs an answer")
    out.allow(where, len(value.answers))
    for answer in value.answers:
        rows.ANSWER.put(out, where, answer)
