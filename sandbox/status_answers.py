"""The payers' answers to status inquiries: a 277 (005010X212) for each 276 set, claim by claim.

What is said follows from the claim's outcome (its member id, see ``sandbox.outcomes``) and from how far it is by business
time, never from the order of questions:

| the claim | category:status |
|---|---|
| never came to the clearinghouse | A4:35 |
| came, and went to no payer: its set was rejected, or the clearinghouse rejected it | D0:35 |
| the payer rejected it | as in its 277CA, A3 or A7 |
| the payer has it, its 835 is not due yet | P1:20 |
| paid by the 835 that was due | F1:65 with charge, payment and day |
| the same with nothing paid | F2:585 |
| corrected since, or a void | F3:101 |
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from edi.x12.sets import t276, t277
from edi.x12.sets.t277 import ClaimStatus, Status, StatusResponse
from edi.x12.syntax.document import Document
from sandbox.cases import Case, Upload
from sandbox.config import Delays
from sandbox.identifiers import payer_control_number
from sandbox.outcomes import VOID, Outcome
from sandbox.remittances import Decided, corrections, first_decisions
from sandbox.statuses import verdict
from sandbox.versions import Version, Versions, judged

_NEVER_CAME, _WENT_NOWHERE = ("A4", "35"), ("D0", "35")


@dataclass(frozen=True, slots=True)
class Known:
    """A claim as it came in, and how far it is. ``decided`` and ``corrected`` are days that have come, else None."""

    case: Case
    passed_on: bool
    decided: date | None
    corrected: date | None


def requests(document: Document) -> list[t276.StatusRequest]:
    """What a file asks; none for a file of claims."""
    return [t276.read_set(one)[0] for one in document.sets if one.set_id == "276"]


def known(
    asked: Iterable[t276.StatusRequest],
    versions: Versions,
    opened: Callable[[str], Upload],
    delays: Delays,
    now: datetime,
) -> dict[str, Known]:
    """By CLM01 the latest version that came in of each claim that is asked about, as it stands by now.

    ``opened`` gives an upload by its name in the archive.
    """
    numbers = {one.patient_control_number for request in asked for one in request.claims}
    came = {number: versions.of(number)[-1] for number in numbers if number and versions.of(number)}
    return {number: _stands(_case(number, last, versions, opened), last, delays, now) for number, last in came.items()}


def _case(number: str, version: Version, versions: Versions, opened: Callable[[str], Upload]) -> Case:
    case = next(one for one in opened(version.file.archived).of(number) if version.is_of(one))
    return judged([case], version.file.file_id, versions, opened)[0]


def _stands(case: Case, version: Version, delays: Delays, now: datetime) -> Known:
    since_s = (now - datetime.fromisoformat(version.file.at)).total_seconds()
    return Known(
        case,
        passed_on=version.accepted and case.outcome is not Outcome.CLEARINGHOUSE_REJECTED,
        decided=now.date() if since_s >= delays.remit_s else None,
        corrected=now.date() if since_s >= delays.remit_s + delays.correction_s else None,
    )


def response(request: t276.StatusRequest, found: Mapping[str, Known], reference: str, now: datetime) -> StatusResponse:
    """The answer to one set, its levels those of the request. ``found`` has the claims by CLM01."""
    return StatusResponse(
        reference=reference, when=now, sources=[_source(one, found, now.date()) for one in request.sources]
    )


def _source(asked: t276.Source, known: Mapping[str, Known], today: date) -> t277.Source:
    found = t277.Source(name=asked.name)
    for receiver in asked.receivers:
        providers = [
            t277.Provider(
                name=one.name,
                further_name=one.further_name,
                subscribers=[_subscriber(below, known, today) for below in one.subscribers],
            )
            for one in receiver.providers
        ]
        found.receivers.append(t277.Receiver(name=receiver.name, providers=providers))
    return found


def _subscriber(asked: t276.Subscriber, known: Mapping[str, Known], today: date) -> t277.Subscriber:
    return t277.Subscriber(
        name=asked.name,
        claims=_claims(asked.claims, known, today),
        dependents=[
            t277.Dependent(name=one.name, claims=_claims(one.claims, known, today)) for one in asked.dependents
        ],
    )


def _claims(asked: Sequence[t276.ClaimRequest], known: Mapping[str, Known], today: date) -> list[ClaimStatus]:
    return [_claim(one, known.get(one.patient_control_number or ""), today) for one in asked]


def _claim(asked: t276.ClaimRequest, found: Known | None, today: date) -> ClaimStatus:
    at_payer = found is not None and found.passed_on and found.case.outcome is not Outcome.PAYER_REJECTED
    return ClaimStatus(
        trace=asked.trace,
        payer_control_number=_payer_number(found.case) if found is not None and at_payer else None,
        bill_type=asked.bill_type,
        patient_control_number=asked.patient_control_number,
        statuses=[_status(asked, found, today)],
        service_date=asked.service_date,
        service_date_to=asked.service_date_to,
    )


def _payer_number(case: Case) -> str:
    claim = case.claim
    return payer_control_number(case.subscriber.payer.identifier, claim.patient_control_number, claim.frequency)


def _status(asked: t276.ClaimRequest, found: Known | None, today: date) -> Status:
    if found is None or not found.passed_on:
        category, code = _NEVER_CAME if found is None else _WENT_NOWHERE
        return Status(category=category, code=code, date=today, charge_cents=asked.charge_cents)
    case = found.case
    if case.outcome is Outcome.PAYER_REJECTED:
        category, code, entity, _ = verdict(case, "PR")
        return Status(category=category, code=code, entity=entity, date=today, charge_cents=case.claim.charge_cents)
    if found.decided is None:
        return Status(category="P1", code="20", date=today, charge_cents=case.claim.charge_cents)
    return _decided(case, found, found.decided, today)


def _decided(case: Case, found: Known, on: date, today: date) -> Status:
    changed: list[Decided] = corrections([case]) if found.corrected is not None else []
    decision = (changed or first_decisions([case]))[-1].decision
    revised = bool(changed) or case.claim.frequency == VOID
    category, code = ("F3", "101") if revised else ("F1", "65") if decision.paid_cents else ("F2", "585")
    return Status(
        category=category,
        code=code,
        date=today,
        charge_cents=case.claim.charge_cents,
        paid_cents=max(decision.paid_cents, 0),
        decided_date=found.corrected if changed else on,
    )
