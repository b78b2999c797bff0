"""When: nothing before birth, nothing after today, no end before its beginning."""

from collections.abc import Iterator
from datetime import date

from pipeline.domain.claim import BaseClaim, Claim
from pipeline.domain.edits.parties import adjudications, other_payers, procedures
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.institutional_claim import InstitutionalClaim

Dated = tuple[str, date | None]
"""Path, and the date if there is one."""

_OLDEST = date(1880, 1, 1)
_INPATIENT = "21"
_CHANGES = frozenset({"7", "8"})
_ACCIDENTS = frozenset({"AA", "OA"})  # EM may be an illness of the work


@rule("DAT01")
def nothing_in_the_future(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """No date lies after today."""
    dates: list[Dated] = [
        ("patient.birth_date", claim.patient.birth_date),
        ("subscriber.birth_date", claim.subscriber.birth_date if claim.subscriber else None),
    ]
    for index, line in enumerate(claim.lines):
        dates.append((f"lines[{index}].service_date", line.service_date))
        dates.append((f"lines[{index}].service_date_to", line.service_date_to))
    if type(claim) is Claim:
        dates += _of_professional(claim)
    elif type(claim) is InstitutionalClaim:
        dates += _of_institutional(claim)
    dates += [(f"{path}.adjudication_date", payer.adjudication_date) for path, payer in other_payers(claim)]
    dates += [(f"{path}.adjudication_date", found.adjudication_date) for path, found in adjudications(claim)]
    for path, value in dates:
        if value is not None and value > facts.today:
            yield path, "the date is in the future", "correct the date, or send the claim afterwards"


def _of_professional(claim: Claim) -> list[Dated]:
    dates: list[Dated] = [
        ("accident_date", claim.accident_date),
        ("onset_date", claim.onset_date),
        ("admission_date", claim.admission_date),
        ("discharge_date", claim.discharge_date),
    ]
    if claim.ambulance is not None and (certified := claim.ambulance.certification) is not None:
        dates.append(("ambulance.certification.signed_date", certified.signed_date))
        dates.append(("ambulance.certification.requested_date", certified.requested_date))
    return dates


def _of_institutional(claim: InstitutionalClaim) -> Iterator[Dated]:
    for name in ("statement_from", "statement_to", "admission_date"):
        yield name, getattr(claim, name)
    for path, procedure in procedures(claim):
        yield f"{path}.performed_on", procedure.performed_on
    for index, occurrence in enumerate(claim.occurrences):
        yield f"occurrences[{index}].on", occurrence.on


@rule("DAT02")
def service_ends_after_it_begins(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A line's last day is not before its first."""
    for index, line in enumerate(claim.lines):
        if line.service_date_to is not None and line.service_date_to < (line.service_date or line.service_date_to):
            yield f"lines[{index}].service_date_to", "the last day of service is before the first", "correct the dates"


@rule("DAT03")
def born_before_the_service(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The patient was born by the day of service, and within living memory."""
    born = claim.patient.birth_date
    first = claim.service_from
    if born < _OLDEST:
        yield "patient.birth_date", "the birth date is impossibly old", "correct the birth date"
    if first is not None and born > first:
        yield (
            "patient.birth_date",
            "the patient was born after the service",
            "correct the birth date or the service date",
        )


@rule("DAT04")
def accident_dated(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An auto or other accident has its date; an accident date has its cause and is not after the service."""
    first = claim.service_from
    if claim.accident_date is None and not _ACCIDENTS.isdisjoint(claim.related_causes):
        yield "accident_date", "an accident needs its date", "give the date of the accident"
    if claim.accident_date is not None and not claim.related_causes:
        yield "related_causes", "there is an accident date but no cause", "give AA, EM or OA"
    if claim.accident_date is not None and first is not None and claim.accident_date > first:
        yield "accident_date", "the accident is after the service", "correct the dates"


@rule("DAT05")
def admission_in_order(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Inpatient services have an admission date; discharge is not before admission."""
    if claim.place_of_service == _INPATIENT and claim.admission_date is None:
        yield "admission_date", "inpatient services need the admission date", "give the date of admission"
    if claim.discharge_date is not None and claim.discharge_date < (claim.admission_date or claim.discharge_date):
        yield "discharge_date", "the discharge is before the admission", "correct the dates"


@rule("DAT06")
def onset_before_the_service(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An illness begins by the last day of service."""
    last = claim.service_to
    if claim.onset_date is not None and last is not None and claim.onset_date > last:
        yield "onset_date", "the illness begins after the service", "correct the dates"


@rule("DAT07", "warning")
def filed_in_time(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """An original claim is sent within the payer's filing limit, or says why it is late; of a statement its last day counts."""
    limit_days = facts.rules.filing_limit_days
    if limit_days is None or claim.frequency in _CHANGES or claim.delay_reason is not None:
        return
    served = claim.statement_to if type(claim) is InstitutionalClaim else claim.service_from
    if served is not None and (facts.today - served).days > limit_days:
        yield "delay_reason", f"more than {limit_days} days after the service, and no reason", "say why it is late"


RULES = (nothing_in_the_future, service_ends_after_it_begins, born_before_the_service, filed_in_time)
PROFESSIONAL = (accident_dated, admission_in_order, onset_before_the_service)
