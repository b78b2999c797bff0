"""Institutional claims: the type of bill, the stay, the statement, and who was in charge."""

from collections.abc import Iterator

from pipeline.domain.edits.codes import STATES
from pipeline.domain.edits.codes_institutional import (
    ADMISSION_SOURCES,
    ADMISSION_TYPES,
    BILL_FREQUENCIES,
    FACILITY_TYPES,
    GOING_ON,
    NURSING,
    PATIENT_STATUSES,
    STILL_PATIENT,
    WHOLE_OR_LAST,
    is_accommodation,
    is_transport,
)
from pipeline.domain.edits.identity import is_person, is_taxonomy
from pipeline.domain.edits.parties import other_payers, providers
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.institutional_claim import InstitutionalClaim


@rule("INS01")
def bill_type_known(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """The type of bill is one of the national list: two digits of facility and care, and a frequency."""
    if claim.facility_type not in FACILITY_TYPES:
        yield "facility_type", "no type of bill has these digits", "give the second and third digit, as 11 or 13"
    if claim.frequency not in BILL_FREQUENCIES:
        yield "frequency", "no type of bill ends so", "give 1, 2 to 4 for one of several bills, 7 or 8"


@rule("INS02")
def rooms_belong_to_a_stay(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Room and board (revenue codes 0100 to 0219) is billed with an inpatient type of bill only."""
    if claim.inpatient or claim.facility_type not in FACILITY_TYPES:
        return
    for index, line in enumerate(claim.lines):
        if is_accommodation(line.revenue_code):
            yield (
                f"lines[{index}].revenue_code",
                "room and board on a bill without a stay",
                "give an inpatient facility_type, or the revenue code of the service",
            )


@rule("INS03")
def admission_told(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A stay has its day of admission, not after the statement, and says where the patient came from."""
    if claim.inpatient and claim.admission_date is None:
        yield "admission_date", "a stay without the day of its admission", "give it"
    if claim.inpatient and claim.admission_source is None:
        yield "admission_source", "a stay that does not say where the patient came from", "give the point of origin"
    if claim.admission_date is not None and claim.admission_date > claim.statement_to:
        yield "admission_date", "admitted after the last day of the statement", "correct admission or statement"
    if claim.admission_date is None and claim.admission_time is not None:
        yield "admission_time", "a time of admission without its day", "give the day, or leave the time out"


@rule("INS04")
def admission_codes_known(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Type of admission, point of origin and patient status are codes of the national list."""
    for path, value, known, cure in (
        ("admission_type", claim.admission_type, ADMISSION_TYPES, "give 1 to 5, or 9 where it is not known"),
        ("admission_source", claim.admission_source, {None, *ADMISSION_SOURCES}, "give the point of origin, as 1"),
        ("patient_status", claim.patient_status, PATIENT_STATUSES, "give both digits, as 01"),
    ):
        if value not in known:
            yield path, "the code is unknown", cure


@rule("INS05")
def status_agrees_with_the_bill(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Who is still a patient (30) has a first or continuing bill (2, 3); a whole or last one (1, 4) ends the stay."""
    if not claim.inpatient:
        return
    still = claim.patient_status == STILL_PATIENT
    if (still and claim.frequency in WHOLE_OR_LAST) or (not still and claim.frequency in GOING_ON):
        yield (
            "patient_status",
            "status and frequency do not both say whether the stay has ended",
            "give 30 with frequency 2 or 3, any other status with 1 or 4",
        )


@rule("INS06")
def discharge_timed(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A stay that has ended has the hour of discharge, save in skilled nursing."""
    ended = claim.frequency in WHOLE_OR_LAST and claim.patient_status != STILL_PATIENT
    if claim.inpatient and claim.facility_type not in NURSING and ended and claim.discharge_time is None:
        yield "discharge_time", "a stay that has ended without the hour of discharge", "give it as HH:MM"


@rule("INS07")
def statement_covers_its_lines(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """The statement runs forward and covers its lines; without a stay and over several days, each line has its day."""
    first, last = claim.statement_from, claim.statement_to
    if last < first:
        yield "statement_to", "the statement ends before it begins", "correct the dates"
        return
    for index, line in enumerate(claim.lines):
        day, to = line.service_date, line.service_date_to
        if day is None and to is not None:
            yield f"lines[{index}].service_date", "a last day of service without a first", "give the first day"
        elif day is not None and (day < first or (to or day) > last):
            yield f"lines[{index}].service_date", "a day outside the statement", "correct the line or the statement"
        elif day is None and first != last and not claim.inpatient:
            yield f"lines[{index}].service_date", "a line without day, and the statement has several", "give its day"


@rule("INS08")
def attending_named(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Somebody was in charge of the patient, unless all there was is transport (revenue code 054x)."""
    if claim.attending is None and not (claim.lines and all(is_transport(line.revenue_code) for line in claim.lines)):
        yield "attending", "nobody is named who was in charge of the patient", "name the attending provider"


@rule("INS09")
def providers_are_persons(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """Who took part is a person, named whole; only the attending provider has a specialty."""
    for path, provider in providers(claim):
        if not is_person(provider):
            yield path, "not a whole person's name", "give last_name and first_name"
        if provider.taxonomy is not None and not (path == "attending" and is_taxonomy(provider.taxonomy)):
            yield (
                f"{path}.taxonomy",
                "a taxonomy code has ten characters ending in X and belongs to the attending provider",
                "correct or remove it",
            )


@rule("INS10")
def second_surgeon_has_a_first(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """There is another operating physician only beside a first one."""
    if claim.other_operating is not None and claim.operating is None:
        yield "operating", "another operating physician and no first one", "name the operating physician"


@rule("INS11", "warning")
def surgeon_named(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """A procedure of surgery has its operating physician."""
    if claim.principal_procedure is not None and claim.operating is None:
        yield "operating", "a procedure, and nobody is named who operated", "name who operated, if it was surgery"


@rule("INS12")
def institution_bills(_claim: InstitutionalClaim, facts: Facts) -> Iterator[Found]:
    """Who bills is an organisation with an employer's number."""
    if facts.provider.name is None:
        yield "billing_provider.name", "a person cannot bill as an institution", "bill by the organisation's NPI"
    if facts.provider.tax_id_kind != "EI":
        yield "billing_provider.tax_id_kind", "an institution has an employer's number", "give EI and that number"


@rule("INS13")
def nothing_that_has_no_place(claim: InstitutionalClaim, _facts: Facts) -> Iterator[Found]:
    """An institutional claim has no insurance type, and its accident state is one of the postal list."""
    types = [("payer.insurance_type", claim.payer.insurance_type)]
    types += [(f"{path}.insurance_type", payer.insurance_type) for path, payer in other_payers(claim)]
    for path, given in types:
        if given is not None:
            yield path, "an institutional claim has no place for an insurance type", "remove it"
    if claim.accident_state is not None and claim.accident_state not in STATES:
        yield "accident_state", "the state is not a postal code of two capitals", "give it as in TX"


RULES = (
    bill_type_known,
    rooms_belong_to_a_stay,
    admission_told,
    admission_codes_known,
    status_agrees_with_the_bill,
    discharge_timed,
    statement_covers_its_lines,
    attending_named,
    providers_are_persons,
    second_surgeon_has_a_first,
    surgeon_named,
    institution_bills,
    nothing_that_has_no_place,
)
