"""Loop 2300 and below: one claim with its service lines."""

from edi.x12.sets import t837p_rows as rows
from edi.x12.sets.professional import AmbulanceCondition, AmbulanceTransport, ProfessionalClaim, Provider, ServiceLine
from edi.x12.sets.t837p_parties import write_address, write_name
from edi.x12.writer import Row, SetWriter, composite, day, maybe_number, money, number


def write_claim(out: SetWriter, claim: ProfessionalClaim) -> None:
    """The segments of one claim, CLM to its last line."""
    _clm(out, claim)
    _claim_dates(out, claim)
    if claim.patient_paid_cents is not None:
        out.put(rows.AMT_F5, "F5", money(claim.patient_paid_cents))
    _claim_references(out, claim)
    if claim.note:
        out.put(rows.NTE, claim.note_code, claim.note)
    if claim.ambulance:
        _transport(out, rows.CR1, claim.ambulance)
    _conditions(out, rows.CRC, claim.conditions)
    if claim.diagnoses:
        first, *others = claim.diagnoses
        out.put(rows.HI, composite("ABK", first), *[composite("ABF", code) for code in others])
    _claim_parties(out, claim)
    for line in claim.lines:
        _line(out, line)


def _clm(out: SetWriter, claim: ProfessionalClaim) -> None:
    causes = ""
    if claim.related_causes:
        one, two = [*claim.related_causes, ""][:2]
        if len(claim.related_causes) > 2:
            raise out.refuse(rows.CLM, 11, "two related causes at most")
        causes = composite(one, two, "", claim.accident_state or "", claim.accident_country or "")
    elif claim.accident_state or claim.accident_country:
        raise out.refuse(rows.CLM, 11, "an accident's state or country needs its cause")
    late = (claim.special_program or "", "", "", "", "", "", "", "", claim.delay_reason or "")
    out.put(
        rows.CLM,
        claim.patient_control_number,
        money(claim.charge_cents),
        "",
        "",
        composite(claim.place_of_service, "B", claim.frequency),
        "Y" if claim.signature_on_file else "N",
        claim.assignment_code,
        claim.benefits_assigned,
        claim.release_code,
        claim.patient_signature_code or "",
        causes,
        *late,
    )


def _claim_dates(out: SetWriter, claim: ProfessionalClaim) -> None:
    dates = (
        ("431", claim.onset_date),
        ("454", claim.initial_treatment_date),
        ("304", claim.last_seen_date),
        ("439", claim.accident_date),
        ("484", claim.last_menstrual_date),
        ("435", claim.admission_date),
        ("096", claim.discharge_date),
    )
    for code, value in dates:
        if value is not None:
            out.put(rows.CLAIM_DTP[code], code, "D8", day(value))


def _claim_references(out: SetWriter, claim: ProfessionalClaim) -> None:
    references = (
        ("9F", claim.referral_number),
        ("G1", claim.prior_authorization),
        ("F8", claim.payer_claim_number),
        ("X4", claim.clia),
        ("D9", claim.clearinghouse_claim_id),
        ("EA", claim.medical_record_number),
    )
    for code, value in references:
        if value:
            out.put(rows.CLAIM_REF[code], code, value)


def _transport(out: SetWriter, row: Row, value: AmbulanceTransport) -> None:
    weight = ("", "") if value.weight_lb is None else ("LB", str(value.weight_lb))
    purposes = (value.round_trip_purpose or "", value.stretcher_purpose or "")
    out.put(row, *weight, "", value.reason, "DH", number(value.miles), "", "", *purposes)


def _conditions(out: SetWriter, row: Row, values: list[AmbulanceCondition]) -> None:
    if len(values) > row.segment.maximum:
        raise out.refuse(row, 1, f"{row.segment.maximum} condition segments at most")
    for value in values:
        out.put(row, "07", "Y" if value.applies else "N", *value.codes)


def _claim_parties(out: SetWriter, claim: ProfessionalClaim) -> None:
    if claim.referring:
        _provider(out, "2310A", rows.REFERRING, "DN", claim.referring)
    if claim.rendering:
        _provider(out, "2310B", rows.RENDERING, "82", claim.rendering, rows.RENDERING_PRV)
    if claim.facility:
        npi = claim.facility.npi
        out.put(rows.FACILITY, "77", "2", claim.facility.name, "", "", "", "", "XX" if npi else "", npi or "")
        write_address(out, "2310C", claim.facility.address)
    if claim.supervising:
        _provider(out, "2310D", rows.SUPERVISING, "DQ", claim.supervising)
    if claim.pick_up:
        out.put(rows.PICK_UP, "PW", "2")
        write_address(out, "2310E", claim.pick_up)
    if claim.drop_off:
        out.put(rows.DROP_OFF, "45", "2", claim.drop_off.name or "")
        write_address(out, "2310F", claim.drop_off.address)


def _provider(out: SetWriter, loop: str, row: Row, code: str, value: Provider, specialty: Row | None = None) -> None:
    write_name(out, row, code, value, "XX", value.npi)
    if value.taxonomy:
        if specialty is None:
            raise out.refuse(row, 3, "only a rendering provider carries a taxonomy")
        out.put(specialty, "PE", "PXC", value.taxonomy)
    if value.secondary_id:
        out.put(rows.SECONDARY[loop], "G2", value.secondary_id)


def _line(out: SetWriter, line: ServiceLine) -> None:
    out.put(rows.LX, str(line.number))
    if len(line.modifiers) > 4:
        raise out.refuse(rows.SV1, 1, "four modifiers at most")
    modifiers = [*line.modifiers, "", "", "", ""][:4] if line.description else line.modifiers
    out.put(
        rows.SV1,
        composite(line.procedure_qualifier, line.procedure, *modifiers, line.description or ""),
        money(line.charge_cents),
        line.unit,
        number(line.units),
        line.place_of_service or "",
        "",
        composite(*map(str, line.pointers)),
        "",
        "Y" if line.emergency else "",
    )
    if line.ambulance:
        _transport(out, rows.LINE_CR1, line.ambulance)
    _conditions(out, rows.LINE_CRC, line.conditions)
    _service_date(out, line)
    if line.patient_count is not None:
        out.put(rows.QTY_PT, "PT", str(line.patient_count))
    _line_references(out, line)
    if line.note:
        out.put(rows.LINE_NTE, "ADD", line.note)
    _drug(out, line)
    _line_parties(out, line)


def _service_date(out: SetWriter, line: ServiceLine) -> None:
    if line.service_date_to is None:
        out.put(rows.SERVICE_DTP, "472", "D8", day(line.service_date))
    else:
        out.put(rows.SERVICE_DTP, "472", "RD8", f"{day(line.service_date)}-{day(line.service_date_to)}")


def _line_references(out: SetWriter, line: ServiceLine) -> None:
    references = (
        ("G1", line.prior_authorization),
        ("6R", line.line_control_number),
        ("X4", line.clia),
        ("9F", line.referral_number),
    )
    for code, value in references:
        if value:
            out.put(rows.LINE_REF[code], code, value)


def _drug(out: SetWriter, line: ServiceLine) -> None:
    if line.ndc:
        out.put(rows.LIN, "", "N4", line.ndc)
        out.put(rows.CTP, "", "", "", maybe_number(line.ndc_units), line.ndc_unit or "")
    elif line.ndc_units is not None or line.ndc_unit:
        raise out.refuse(rows.LIN, 3, "a drug quantity needs its drug code")


def _line_parties(out: SetWriter, line: ServiceLine) -> None:
    if line.rendering:
        _provider(out, "2420A", rows.LINE_RENDERING, "82", line.rendering, rows.LINE_PRV)
    if line.supervising:
        _provider(out, "2420D", rows.LINE_SUPERVISING, "DQ", line.supervising)
    if line.ordering:
        _provider(out, "2420E", rows.LINE_ORDERING, "DK", line.ordering)
    if line.referring:
        _provider(out, "2420F", rows.LINE_REFERRING, "DN", line.referring)
    if line.pick_up:
        out.put(rows.LINE_PICK_UP, "PW", "2")
        write_address(out, "2420G", line.pick_up)
    if line.drop_off:
        out.put(rows.LINE_DROP_OFF, "45", "2", line.drop_off.name or "")
        write_address(out, "2420H", line.drop_off.address)
