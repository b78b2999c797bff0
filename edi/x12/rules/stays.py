"""What the type of bill asks of an institutional claim: admission, discharge, statement, who was in charge."""

import re
from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.bills import Bill
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, after, rule
from edi.x12.rules.values import day, period

_TYPE_OF_BILL = re.compile(r"[1-8][1-9]", re.ASCII)
_FREQUENCIES = frozenset("0123456789ABCDEFGHIJKMOPQXYZ")
_ADMISSION_TYPES = frozenset("123459")
_STATUS = re.compile(r"[0-9]{2}", re.ASCII)
_STILL_PATIENT = "30"
_WHOLE_OR_LAST, _GOING_ON = frozenset({"1", "4"}), frozenset({"2", "3"})
_TRANSPORT = re.compile(r"054[0-9]", re.ASCII)


@rule("X837I-BILL-TYPE", 5, "I12", "A7:228", severity=DOUBTFUL)
def type_of_bill_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """CLM05-1 is the second and third digit of the type of bill, without its leading zero."""
    if claim.place and not _TYPE_OF_BILL.fullmatch(claim.place):
        yield Found(At(claim.clm, 5, 1), "not two digits of a type of bill", "Give facility and kind of care: 11, 13.")


@rule("X837I-FREQUENCY", 5, "7", "A7:535", severity=DOUBTFUL)
def bill_frequency_known(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """CLM05-3 is the last digit of the type of bill, one that the national committee has given out."""
    if claim.frequency and claim.frequency not in _FREQUENCIES:
        yield Found(At(claim.clm, 5, 3), "no frequency of a type of bill", "Say whole, interim, replacement or void.")


@rule("X837I-ADMISSION", 4, "I6", "A6:189")
def admission_dated(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A stay has the day of its admission (DTP 435)."""
    if claim.inpatient and claim.node.first("DTP", "435") is None:
        yield Found(
            after(claim.node, "DTP"),
            "a stay without the day of its admission",
            "Add DTP*435 with the day, and with the hour where it is known.",
            At(claim.clm, 5, 1),
        )


@rule("X837I-ADMISSION-ORDER", 4, "8", "A7:189")
def admitted_before_the_statement_ends(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Nobody is admitted after the last day of the statement."""
    item = claim.node.first("DTP", "435")
    admitted = day(item[3][:8]) if item is not None else None
    if item is not None and admitted is not None and claim.statement and admitted > claim.statement[1]:
        yield Found(At(item, 3), "admitted after the last day of the statement", "Correct admission or statement.")


@rule("X837I-ADMISSION-TYPE", 5, "7", "A7:231", severity=DOUBTFUL)
def admission_type_known(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """CL101 is 1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma or 9 unknown."""
    if claim.cl1 and claim.cl1[1] and claim.cl1[1] not in _ADMISSION_TYPES:
        yield Found(At(claim.cl1, 1), "no type of admission", "Give 1 to 5, or 9 where it is not known.")


@rule("X837I-ADMISSION-SOURCE", 4, "I9", "A6:229")
def admission_source_told(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A stay tells where the patient came from (CL102)."""
    if claim.inpatient and claim.cl1 and not claim.cl1[2]:
        yield Found(
            At(claim.cl1, 2), "a stay that does not say where the patient came from", "Give the point of origin.",
            At(claim.clm, 5, 1),
        )  # fmt: skip


@rule("X837I-PATIENT-STATUS", 5, "I12", "A7:234")
def patient_status_well_formed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """CL103 has two digits: 01, not 1."""
    if claim.cl1 and claim.patient_status and not _STATUS.fullmatch(claim.patient_status):
        yield Found(At(claim.cl1, 3), "a patient status that is not two digits", "Give both digits.")


@rule("X837I-STATUS-FREQUENCY", 4, "7", "A7:234")
def patient_status_agrees_with_the_frequency(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Who is still a patient (30) has a first or next bill of several (2, 3); a whole or last one (1, 4) ends the stay."""
    if not claim.inpatient or claim.cl1 is None or not claim.patient_status:
        return
    still = claim.patient_status == _STILL_PATIENT
    if (still and claim.frequency in _WHOLE_OR_LAST) or (not still and claim.frequency in _GOING_ON):
        yield Found(
            At(claim.cl1, 3),
            "the patient's status and the frequency of the bill do not both say whether the stay has ended",
            "Give 30 with frequency 2 or 3, any other status with 1 or 4.",
            At(claim.clm, 5, 3),
        )


@rule("X837I-DISCHARGE-HOUR", 4, "I6", "A6:233")
def discharge_timed(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A stay that has ended has the hour of discharge (DTP 096), save in skilled nursing."""
    ended = claim.frequency in _WHOLE_OR_LAST and claim.patient_status != _STILL_PATIENT
    if claim.inpatient and not claim.nursing and ended and claim.node.first("DTP", "096") is None:
        yield Found(
            after(claim.node, "DTP"), "a stay that has ended without the hour of discharge", "Add DTP*096.",
            At(claim.clm, 5, 3),
        )  # fmt: skip


@rule("X837I-LINE-DATE", 4, "I6", "A6:187")
def outpatient_lines_dated(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Where a statement of care without a stay covers several days, each line has its own (DTP 472)."""
    if claim.inpatient or claim.statement is None or claim.statement[0] == claim.statement[1]:
        return
    for line in claim.lines:
        if line.served is None:
            yield Found(
                after(line.node, "DTP"), "a line without day, and the statement has several", "Add DTP*472.",
                At(claim.clm, 5, 1),
            )  # fmt: skip


@rule("X837I-LINE-PERIOD", 4, "8", "A7:188", severity=Severity.WARNING)
def lines_within_the_statement(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """The days of a line lie within those of the statement."""
    if claim.statement is None:
        return
    for line in claim.lines:
        item = line.served
        given = period(item)
        if item is not None and given and (given[0] < claim.statement[0] or given[1] > claim.statement[1]):
            yield Found(At(item, 3), "a day outside the statement", "Correct the line's days or the statement's.")


@rule("X837I-ATTENDING", 4, "I6", "A6:21")
def attending_provider_named(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """Somebody was in charge of the patient (2310A), unless all there was is transport."""
    revenue = [line.sv2[1] for line in claim.lines if line.sv2]
    if claim.node.loops("2310A") or not revenue or all(_TRANSPORT.fullmatch(code) for code in revenue):
        return
    yield Found(
        At(claim.clm, lacks="NM1", loop="2310A"), "nobody is named who was in charge", "Name the attending provider.",
        entity="71",
    )  # fmt: skip


@rule("X837I-OPERATING", 4, "I6", severity=Severity.WARNING)
def operating_physician_named(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """A procedure of surgery has its operating physician (2310B)."""
    done = claim.of_kind("BBR")
    if done and not claim.node.loops("2310B"):
        yield Found(
            At(claim.clm, lacks="NM1", loop="2310B"), "a procedure, and nobody is named who operated",
            "Name the operating physician, if it was surgery.", At(done[0].item, done[0].element, 2),
        )  # fmt: skip


@rule("X837I-OTHER-OPERATING", 4, "I6")
def second_surgeon_has_a_first(claim: Bill, _facts: Facts) -> Iterator[Found]:
    """There is another operating physician (2310C) only beside a first one (2310B)."""
    for other in claim.node.loops("2310C"):
        if not claim.node.loops("2310B"):
            yield Found(
                At(claim.clm, lacks="NM1", loop="2310B"), "another operating physician and no first one",
                "Name the operating physician.", At(other.opening, 1),
            )  # fmt: skip


CLAIM = (
    type_of_bill_well_formed,
    bill_frequency_known,
    admission_dated,
    admitted_before_the_statement_ends,
    admission_type_known,
    admission_source_told,
    patient_status_well_formed,
    patient_status_agrees_with_the_frequency,
    discharge_timed,
    outpatient_lines_dated,
    lines_within_the_statement,
    attending_provider_named,
    operating_physician_named,
    second_surgeon_has_a_first,
)
