"""What the payers say of coverage: a 271 to each 270, a pure function of what it asks.

The last digit of the insured's member id chooses (anything that is no digit counts as 0), so that it fits what becomes of
his claims (``sandbox.outcomes``):

| digit | answer |
|---|---|
| 0 1 2 3 4 8 9 | active, with deductible, what is left of it, co-payment and co-insurance |
| 5 | inactive |
| 6 | not found (AAA 75; of a dependent 67) |
| 7 | second last digit even: cannot respond now (AAA 42); odd: active, looked into (EB01 5) |

A member id that ends in 96 has its whole set rejected by a 999. A set that the strict reading refuses is rejected too.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from edi.findings import Severity
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets import t270, t271, t999
from edi.x12.sets.inquiries import Dated, Name, Trace
from edi.x12.sets.t271 import Benefit, Rejection
from edi.x12.sets.t999 import Acknowledgment
from edi.x12.syntax.document import Document, Group, TransactionSet

_AMBULANCE = "59"
_PLAN = "30"
_REJECTED_SET = "96"
Person = t271.Subscriber | t271.Dependent


def inquiries(document: Document) -> list[TransactionSet]:
    """The 270 sets of a file."""
    return [ts for ts in document.sets if ts.set_id == "270"]


def rejected(ts: TransactionSet) -> bool:
    """Whether a 999 refuses the set."""
    value, findings = t270.read_set(ts)
    members = [subscriber.name.identifier or "" for subscriber, _ in value.people]
    every = [*findings, *judge(ts, INBOUND)]
    return any(one.severity is Severity.ERROR for one in every) or any(m.endswith(_REJECTED_SET) for m in members)


def acknowledgment(group: Group) -> Acknowledgment:
    """The 999 to a group of 270 sets."""
    sets = [
        t999.SetAcknowledgment(
            set_id=one.set_id,
            control_number=one.control_number,
            version=one.version,
            code="R" if rejected(one) else "A",
            reasons=["5"] if rejected(one) else [],
        )
        for one in group.sets
    ]
    good = sum(one.accepted for one in sets)
    return Acknowledgment(
        group_id=group.functional_id,
        group_control=group.control_number,
        version=group.version,
        sets=sets,
        code="A" if good == len(sets) else "P" if good else "R",
        included=len(sets),
        received=len(sets),
        accepted=good,
    )


def answer(ts: TransactionSet, now: datetime) -> t271.EligibilityResponse:
    """The 271 to one 270, person by person in its order."""
    asked, _ = t270.read_set(ts)
    return t271.EligibilityResponse(
        reference=asked.reference, when=now, sources=[_source(source) for source in asked.sources]
    )


def _source(asked: t270.Source) -> t271.Source:
    return t271.Source(name=asked.name, receivers=[_receiver(one) for one in asked.receivers])


def _receiver(asked: t270.Receiver) -> t271.Receiver:
    return t271.Receiver(name=asked.name, subscribers=[_subscriber(one) for one in asked.subscribers])


def _subscriber(asked: t270.Subscriber) -> t271.Subscriber:
    value = t271.Subscriber(name=asked.name, traces=_echoed(asked.traces), birth_date=asked.birth_date, sex=asked.sex)
    if asked.questions:
        _tell(value, asked.name, asked.dates)
    for one in asked.dependents:
        dependent = t271.Dependent(
            name=one.name, traces=_echoed(one.traces), birth_date=one.birth_date, relationship=one.relationship
        )
        _tell(dependent, asked.name, one.dates)
        value.dependents.append(dependent)
    return value


def _echoed(traces: Sequence[Trace]) -> list[Trace]:
    return [Trace(kind="2", number=one.number, originator=one.originator) for one in traces]


def _tell(person: Person, insured: Name, dates: Sequence[Dated]) -> None:
    member = insured.identifier or ""
    last, odd = member[-1:], member[-2:-1] in tuple("13579")
    if last == "6":
        reason = "67" if isinstance(person, t271.Dependent) else "75"
        person.rejections = [Rejection(valid="N", reason=reason, follow_up="C")]
    elif last == "7" and not odd:
        person.rejections = [Rejection(valid="Y", reason="42", follow_up="R")]
    else:
        person.dates = [Dated(qualifier="346", date=_first_day(dates))]
        person.benefits = _benefits("6" if last == "5" else "5" if last == "7" else "1")


def _first_day(dates: Sequence[Dated]) -> date:
    """The plan begins with the year that is asked about."""
    day = next((one.date for one in dates if one.date is not None), None) or date(2026, 1, 1)
    return day.replace(month=1, day=1)


def _benefits(status: str) -> list[Benefit]:
    plan = Benefit(kind=status, service_types=[_PLAN], plan="INVENTED PLAN", coverage_level="IND")
    if status != "1":
        return [plan]
    return [
        plan,
        Benefit(kind="C", coverage_level="IND", service_types=[_PLAN], period="23", amount_cents=150_000),
        Benefit(kind="C", coverage_level="IND", service_types=[_PLAN], period="29", amount_cents=30_000),
        Benefit(kind="B", coverage_level="IND", service_types=[_AMBULANCE], period="27", amount_cents=10_000),
        Benefit(kind="A", coverage_level="IND", service_types=[_AMBULANCE], share=Decimal("0.2")),
    ]
