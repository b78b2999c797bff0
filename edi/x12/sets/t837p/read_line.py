"""Loop 2400 and below: one service line."""

from datetime import date
from decimal import Decimal

from edi.x12.sets.reading import cents, element, optional, period, quantity, whole
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, once
from edi.x12.sets.t837.read_details import read_condition, take_attachment, take_fixed_format
from edi.x12.sets.t837.read_drug import DRUG
from edi.x12.sets.t837.read_party import meet_facility, meet_nameless, meet_provider, read_reference
from edi.x12.sets.t837.rows import CONTRACT, PRICING
from edi.x12.sets.t837.values_parties import Reference
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.read_other import open_decided
from edi.x12.sets.t837p.read_trip import meet_trip_end, read_transport
from edi.x12.sets.t837p.values_line import Equipment, FormAnswers, ServiceLine

UNSET_DAY = date.min
"""A line's date until its DTP*472 is read."""
_NOTHING = Decimal(0)
_CERTIFICATES = frozenset({"AB", "AD", "AF", "AG", "NS"})  # PWK02 that tells of a certificate of need


def open_line(cursor: Cursor, segment: list[str]) -> bool:
    """LX: the next line of the claim."""
    if cursor.claim is None:
        raise ValueError("a service line without its claim")
    cursor.line = ServiceLine(
        number=whole(element(segment, 1)),
        procedure="",
        charge_cents=0,
        units=_NOTHING,
        service_date=UNSET_DAY,
        segment_number=cursor.number,
    )
    cursor.claim.lines.append(cursor.line)
    cursor.scope(LINE)
    return True


def _line(cursor: Cursor) -> ServiceLine:
    line: ServiceLine = cursor.line
    return line


def _sv1(cursor: Cursor, segment: list[str]) -> bool:
    line, component = _line(cursor), cursor.component
    if line.procedure:
        return False
    given = segment if len(segment) > 15 else [*segment, *_BLANKS]
    procedure = given[1].split(component)
    line.procedure_qualifier, line.procedure = procedure[0], procedure[1] if len(procedure) > 1 else ""
    line.modifiers = [one for one in procedure[2:6] if one]
    line.description = (procedure[6] or None) if len(procedure) > 6 else None
    line.charge_cents = cents(given[2])
    line.unit, line.units = given[3], quantity(given[4])
    line.place_of_service = given[5] or None
    line.pointers = [whole(one) for one in given[7].split(component) if one]
    line.emergency, line.epsdt, line.family_planning = given[9] == "Y", given[11] == "Y", given[12] == "Y"
    line.copay_exempt = given[15] == "0"
    return True


def _sv5(cursor: Cursor, segment: list[str]) -> bool:
    equipment = Equipment(
        procedure=element(segment, 1).partition(cursor.component)[2],
        days=quantity(element(segment, 3)),
        rental_cents=cents(element(segment, 4)),
        purchase_cents=cents(element(segment, 5)),
        frequency=element(segment, 6),
    )
    return once(cursor.line, "equipment", equipment)


def _pwk(cursor: Cursor, segment: list[str]) -> bool:
    line, transmission = _line(cursor), element(segment, 2)
    if transmission not in _CERTIFICATES:
        return take_attachment(line.attachments, segment)
    if line.certificate_transmission is not None or element(segment, 1) != "CT":
        return False
    line.certificate_transmission = transmission
    return True


def _cr1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "ambulance", read_transport(segment))


def _cr3(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "certification", rows.CERTIFICATION.read(segment))


def _crc(cursor: Cursor, segment: list[str]) -> bool:
    line, code = _line(cursor), element(segment, 1)
    if code == "07":
        line.conditions.append(read_condition(segment))
    elif code == "70" and line.hospice_employee is None:
        line.hospice_employee = element(segment, 2) == "Y"
    elif code == "09" and line.equipment_condition is None:
        line.equipment_condition = read_condition(segment)
    else:
        return False
    return True


def _dtp(cursor: Cursor, segment: list[str]) -> bool:
    line = _line(cursor)
    if element(segment, 1) != "472":
        return rows.LINE_DATES.take(line, segment)
    if line.service_date is not UNSET_DAY:
        return False
    line.service_date, line.service_date_to = period(element(segment, 2), element(segment, 3))
    return True


def _qty(cursor: Cursor, segment: list[str]) -> bool:
    line, code, text = _line(cursor), element(segment, 1), element(segment, 2)
    if code == "FL" and line.obstetric_units is None:
        line.obstetric_units = quantity(text)
        return True
    if code != "PT" or line.patient_count is not None:
        return False
    line.patient_count = whole(text)
    return True


def _mea(cursor: Cursor, segment: list[str]) -> bool:
    _line(cursor).measurements.append(rows.MEASUREMENT.read(segment))
    return True


def _cn1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "contract", CONTRACT.read(segment))


def _ref(cursor: Cursor, segment: list[str]) -> bool:
    line, code = _line(cursor), element(segment, 1)
    if code == "G1":
        line.prior_authorization = _first(
            read_reference(cursor, segment), line.prior_authorization, line.further_authorizations
        )
        return True
    if code == "9F":
        line.referral_number = _first(read_reference(cursor, segment), line.referral_number, line.further_referrals)
        return True
    return rows.LINE_REFERENCES.take(line, segment) or rows.LINE_REPRICED.take(line, segment)


def _first(given: Reference, known: str | None, further: list[Reference]) -> str | None:
    """The claim payer's own number; what comes beyond it goes to the further ones."""
    if known is None and given.payer_id is None:
        return given.value or None
    further.append(given)
    return known


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    return rows.LINE_AMOUNTS.take(cursor.line, segment)


def _k3(cursor: Cursor, segment: list[str]) -> bool:
    return take_fixed_format(_line(cursor).fixed_format, segment)


def _nte(cursor: Cursor, segment: list[str]) -> bool:
    line, code, text = _line(cursor), element(segment, 1), optional(segment, 2)
    if code == "TPO" and line.third_party_note is None:
        line.third_party_note = text
    elif code in {"ADD", "DCP"} and line.note is None:
        line.note_code, line.note = code, text
    else:
        return False
    return True


def _ps1(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "purchased_service", rows.PURCHASED.read(segment))


def _hcp(cursor: Cursor, segment: list[str]) -> bool:
    return once(cursor.line, "pricing", PRICING.read(segment))


def _lin(cursor: Cursor, segment: list[str]) -> bool:
    line = _line(cursor)
    cursor.meet(NOBODY)
    if line.ndc is not None:
        return False
    line.ndc_qualifier, line.ndc = element(segment, 2), optional(segment, 3)
    cursor.meet(DRUG)
    return line.ndc is not None


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    line, code = _line(cursor), element(segment, 1)
    cursor.meet(NOBODY)
    if code in {"PW", "45"}:
        return meet_trip_end(cursor, line, segment)
    if code == "77":
        return meet_facility(cursor, line, segment)
    if code == "QB":
        return meet_nameless(cursor, line, "purchased_from", segment)
    name = rows.LINE_PROVIDERS.get(code)
    return name is not None and meet_provider(cursor, line, name, segment)


def _lq(cursor: Cursor, segment: list[str]) -> bool:
    cursor.form = FormAnswers(kind=element(segment, 1), identifier=optional(segment, 2))
    _line(cursor).forms.append(cursor.form)
    cursor.meet(_FORM)
    return True


def _frm(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.form is not None
    cursor.form.answers.append(rows.ANSWER.read(segment))
    return True


_BLANKS = ("",) * 15
LINE: Steps = {
    "SV1": _sv1, "SV5": _sv5, "PWK": _pwk, "CR1": _cr1, "CR3": _cr3, "CRC": _crc, "DTP": _dtp,
    "QTY": _qty, "MEA": _mea, "CN1": _cn1, "REF": _ref, "AMT": _amt, "K3": _k3, "NTE": _nte, "PS1": _ps1, "HCP": _hcp,
    "LIN": _lin, "NM1": _nm1, "SVD": open_decided, "LQ": _lq,
}  # fmt: skip
_FORM: Steps = {**NOBODY, "FRM": _frm}
