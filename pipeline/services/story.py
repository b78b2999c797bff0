"""A claim's whole story, from intake to cash, in the order of time: for whoever asks what became of it.

It names the patient and shows amounts, so it goes to the screen of the person who asked and nowhere else; that he
asked is written to the audit trail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from edi.amounts import dollars_text
from pipeline.domain.edits import warned
from pipeline.domain.errors import NotKnown
from pipeline.domain.forms import CLAIM_KINDS, AnyClaim, stored_claim
from pipeline.domain.institutional_claim import InstitutionalClaim
from pipeline.domain.ledger import ADJUSTMENTS, PATIENT_ACCOUNTS, Account
from pipeline.domain.remittance import REMITTED
from pipeline.services.tracking import Tracking, tracking
from pipeline.stages.context import Context
from pipeline.store import audit, desk, holds, ledger, stories
from pipeline.store.database import Tenant
from pipeline.store.desk import Note
from pipeline.store.holds import Hold
from pipeline.store.remittances import segment_name
from pipeline.store.stories import Booked, Decided, Decision, Paid, Raised, Related, Step, Try, Version

_ORDER = (
    "file",
    "remittance",
    "deposit",
    "decision",
    "submission",
    "inquiry",
    "claim",
    "approval",
    "payment",
    "ledger",
    "exception",
)
"""Of what one transaction wrote, and so bears the same time: causes before what they cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `at` is real time, `business_at` the business clock's where it was noted.

    `file` is the file that it happened to or that told of it; `control_number` where in it (ISA, ST, segment, trace).
    """

    at: datetime
    business_at: datetime | None = None
    subject: str
    what: str
    state: str | None = None
    actor: str | None = None
    file: str | None = None
    control_number: str | None = None
    detail: str | None = None
    amount_cents: int | None = None
    entries: list[tuple[str, int]] = field(default_factory=list)  # ledger: account, cents, debit positive
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version of the claim as it stands."""

    version: int
    frequency: str
    payer: str  # name and id
    responsibility: str  # SBR01: P first, S second …
    made_for_the_next: bool  # from what an earlier payer decided
    state: str
    charge_cents: int
    patient_paid_cents: int
    service_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """The claim's amounts, cents, over all its versions.

    billed + credit = paid + adjusted + patient + open + denied + written off.
    """

    billed_cents: int
    paid_cents: int  # by payers
    adjusted_cents: int
    patient_cents: int  # what payers said is the patient's
    open_cents: int  # not decided yet
    denied_cents: int  # refused by payers, and nobody has given it up
    written_off_cents: int
    credit_cents: int  # paid by payers above what was owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The claim, its versions (oldest first), every event, and its balances by account (cents, debit positive)."""

    clm01: str
    external_id: str
    patient: str
    payer: str
    bill_type: str | None  # of an institutional claim: 111
    state: str
    versions: list[Told]
    tracking: Tracking  # of the latest version
    holds: list[Hold]  # legal holds that stand
    events: list[Event]
    balances: dict[str, int]
    money: "Money"

    def as_dict(self) -> dict[str, Any]:
        """For JSON; times and dates stay objects with `isoformat`."""
        return asdict(self)


_DECIDING = ("remittance_claim", "match_action")


def story(ctx: Context, org_id: int, actor: str, key: str) -> Story:
    """Tells the claim with this CLM01 or external id. Raises NotKnown; writes down that `actor` looked."""
    with ctx.database.tenant(org_id, actor) as tx:
        return told(ctx, tx, key)


def told(ctx: Context, tx: Tenant, key: str) -> Story:
    """The same in the caller's transaction, whose actor looked."""
    found = stories.versions(tx, key)
    if not found:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    audit.note(tx, "claim.show", "claim", found[-1].id)
    return _tell(ctx, tx, found)


def events_of(tx: Tenant, kind: str, row_id: int) -> list[Event]:
    """What happened to one row that is no claim: a file, inbound file, decision, remittance, deposit or payment."""
    return [_moved(step, step.kind) for step in stories.steps_of(tx, kind, row_id)]


def _tell(ctx: Context, tx: Tenant, found: list[Version]) -> Story:
    about = stories.related(tx, [version.id for version in found])
    claim = stored_claim(found[-1].document)
    return Story(
        clm01=found[-1].clm01,
        external_id=claim.external_id,
        patient=f"{claim.patient.last_name}, {claim.patient.first_name}",
        payer=_payer(claim),
        bill_type=claim.bill_type if isinstance(claim, InstitutionalClaim) else None,
        state=found[-1].state,
        versions=[_told(version) for version in found],
        tracking=tracking(ctx, tx, found[-1], stories.tries(tx, about)),
        holds=holds.of_claim(tx, found[-1].clm01),
        events=sorted(_events(tx, found, about), key=lambda e: (e.at, _ORDER.index(e.subject.split()[0]))),
        balances=_balances(tx, about),
        money=_money(stories.booked(tx, about)),
    )


def _money(journals: list[Booked]) -> Money:
    totals: dict[str, int] = {}
    shares = 0
    for journal in journals:
        for account, cents in journal.entries:
            totals[account] = totals.get(account, 0) + cents
            # A decision books the share as due and at once pays it from what the patient had paid: both together.
            if journal.source_kind in _DECIDING and account in PATIENT_ACCOUNTS:
                shares += cents
    return Money(
        billed_cents=-totals.get(Account.REVENUE, 0),
        paid_cents=totals.get(Account.EFT_EXPECTED, 0) + totals.get(Account.UNAPPLIED_CASH, 0),
        adjusted_cents=sum(totals.get(account, 0) for account in ADJUSTMENTS),
        patient_cents=shares,
        open_cents=totals.get(Account.RECEIVABLE, 0),
        denied_cents=totals.get(Account.RECEIVABLE_DENIED, 0),
        written_off_cents=totals.get(Account.WRITE_OFF, 0),
        credit_cents=-totals.get(Account.PAYER_CREDIT, 0),
    )


def _payer(claim: AnyClaim) -> str:
    return f"{claim.payer.name} ({claim.payer.payer_id})"


def _told(version: Version) -> Told:
    claim = stored_claim(version.document)
    return Told(
        version=version.version,
        frequency=version.frequency,
        payer=_payer(claim),
        responsibility=claim.payer.responsibility,
        made_for_the_next=version.made_from_id is not None,
        state=version.state,
        charge_cents=version.charge_cents,
        patient_paid_cents=version.patient_paid_cents,
        service_from=version.service_from,
    )


def _balances(tx: Tenant, about: Related) -> dict[str, int]:
    totals: dict[str, int] = {}
    for of_version in ledger.claim_balances(tx, about.claims).values():
        for account, cents in of_version.items():
            totals[account] = totals.get(account, 0) + cents
    return {account: cents for account, cents in sorted(totals.items()) if cents}


def _events(tx: Tenant, found: list[Version], about: Related) -> Iterator[Event]:
    tries = {one.id: one for one in stories.tries(tx, about)}
    payments = {one.id: one for one in stories.paid(tx, about)}
    names = {version.id: f"claim v{version.version}" for version in found}
    steps = stories.steps(tx, about)
    coded = {step.subject_id: step.id for step in steps if step.event.startswith(_CODED)}
    for step in steps:
        if step.kind == "submission":
            yield _answered(step, tries[step.subject_id], coded=coded.get(step.subject_id) == step.id)
        elif step.kind == "payment":
            yield _payment(step, payments[step.subject_id])
        elif step.kind == "claim":
            yield _claim(step, names.get(step.subject_id, "claim"))
        else:
            yield _moved(step, step.kind)
    yield from map(_decided, stories.decided(tx, about))
    yield from map(_booked, stories.booked(tx, about))
    yield from map(_approved, stories.approvals(tx, about))
    raised = {one.id: one for one in stories.raised(tx, about)}
    for one in raised.values():
        yield from _raised(one)
    for note in desk.notes(tx, list(raised)):
        yield _noted(note, raised[note.exception_id].type)


# -- history ----------------------------------------------------------------------------------------------------------
def _moved(step: Step, subject: str, *, control_number: str | None = None, detail: str | None = None) -> Event:
    if control_number is None and step.trace_number is not None:
        control_number = f"trace {step.trace_number}"
    elif control_number is None and step.control_number is not None:
        control_number = f"ISA {step.control_number:09d}" if step.sent_kind in _X12 else f"no. {step.control_number}"
    return Event(
        at=step.at,
        business_at=step.business_at,
        subject=subject,
        what=step.event.replace("_", " "),
        state=step.state,
        actor=step.actor,
        file=_received(step.received_file, step.within) or step.sent_file,
        control_number=control_number,
        detail=detail or step.detail,
        amount_cents=step.amount_cents,
    )


def _claim(step: Step, subject: str) -> Event:
    """A claim that passed its edits with warnings is told with what each of them says."""
    if step.event != "validated":
        return _moved(step, subject)
    words, findings = warned.told(step.detail)
    return replace(_moved(step, subject), detail=words, findings=findings)


_X12 = {*CLAIM_KINDS, "276"}
_CODED = ("clearinghouse", "payer", "set_rejected")
"""Answers that bring status codes. The submission keeps those of the latest, so only that one is told with them."""


def _answered(step: Step, submission: Try, *, coded: bool) -> Event:
    """The ids and codes of an answer are kept on the submission; each is told with the answer that brought it."""
    status = ("status", submission.status_codes if coded else None)
    brought = {
        "set": [("IK501", submission.set_answer), status],
        "clearinghouse": [("clearinghouse id", submission.clearinghouse_id), status],
        "payer": [("payer control number", submission.payer_control_number), status],
        "adjudicated": [("payer control number", submission.payer_control_number)],
    }.get(step.event.split("_")[0], [])
    place = f"ISA {submission.control_number:09d} / ST {submission.set_control}"
    return _moved(
        step, f"submission {submission.attempt}", control_number=place, detail=_joined(brought) or step.detail
    )


def _payment(step: Step, payment: Paid) -> Event:
    until = payment.provisional_until
    detail = _joined(
        [("amount", dollars_text(payment.amount_cents)), ("account ending in", payment.account_last4)]
        + ([("rule", payment.rule), ("prepared by", payment.prepared_by)] if step.event == "proposed" else [])
        + ([("because", payment.reason)] if step.event == "denied" else [])
        + ([("told", step.detail)] if step.detail else [])
        + ([("provisional until", until.isoformat())] if until and step.event in _PROVISIONAL else [])
    )
    trace = f"trace {', '.join(payment.traces)}" if payment.traces and step.event not in _BEFORE_TRACE else None
    return _moved(step, f"payment {payment.id}", control_number=trace, detail=detail)


_PROVISIONAL = {"acknowledged", "return_dishonoured"}
_BEFORE_TRACE = {"proposed", "released_by_rule", "held_for_approval", "approved", "denied"}


def _joined(named: Iterable[tuple[str, str | None]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in named if value)


def _received(name: str | None, within: str | None) -> str | None:
    return f"{name} (in {within})" if name and within else name


# -- money and people -------------------------------------------------------------------------------------------------
def _decided(one: Decided) -> Event:
    reasons = [*one.explained["adjustments"], *(a for line in one.explained["lines"] for a in line["adjustments"])]
    remarks = [*one.explained["remarks"], *(r for line in one.explained["lines"] for r in line["remarks"])]
    is_item = one.status == REMITTED
    detail = _joined(
        [
            ("CLP02", None if is_item else one.status),
            ("an 820 for", one.number if is_item else None),
            ("billed" if is_item else "charge", dollars_text(one.charge_cents)),
            ("paid", dollars_text(one.paid_cents)),
            ("patient", None if is_item else dollars_text(one.patient_cents)),
            ("adjusted", " ".join(f"{group}-{reason} {dollars_text(cents)}" for group, reason, cents in reasons)),
            ("remarks", " ".join(remarks)),
            ("payer control number", one.payer_control_number),
            ("payment of", one.payment_date.isoformat() if one.payment_date else None),
        ]
    )
    return Event(
        at=one.at,
        subject="decision",
        what=_item(one) if is_item else one.verdict.replace("_", " "),
        actor=one.payer_name,
        file=_received(one.received_file, one.within),
        control_number=f"trace {one.trace_number} / segment {one.segment} {segment_name(one.status)}",
        detail=detail,
        amount_cents=one.paid_cents,
    )


def _item(one: Decided) -> str:
    """An 820 pays and decides nothing: what it means for the claim is told by the claim's own event."""
    return "payment taken back" if one.paid_cents < 0 else "payment without decision"


def _booked(one: Booked) -> Event:
    return Event(
        at=one.at,
        business_at=datetime.combine(one.business_date, datetime.min.time(), one.at.tzinfo),
        subject="ledger",
        what=f"{one.source_kind.replace('_', ' ')} {one.purpose.replace('_', ' ')}",
        file=one.received_file,
        control_number=f"segment {one.segment} {one.segment_name}" if one.segment is not None else None,
        entries=one.entries,
    )


def _approved(one: Decision) -> Event:
    return Event(at=one.at, subject="approval", what=one.decision, actor=one.name, detail=f"payment {one.payment_id}")


def _raised(one: Raised) -> Iterator[Event]:
    yield Event(
        at=one.created_at,
        subject="exception",
        what=one.type.replace("_", " "),
        state="OPEN",
        detail=one.reason,
        amount_cents=one.money_cents,
        findings=one.findings,
    )
    if one.resolved_at is not None:
        yield Event(
            at=one.resolved_at,
            subject="exception",
            what=one.type.replace("_", " "),
            state=one.state,
            detail=one.resolution,
        )


_DONE = {
    "assign": "assigned",
    "take": "taken",
    "comment": "commented",
    "resolve": "resolved by hand",
    "reopen": "reopened",
    "resubmit": "sent again",
    "ended": "seen to end",
}


def _noted(note: Note, type_: str) -> Event:
    """What a person did with an exception, in that person's words."""
    what = f"{type_.replace('_', ' ')} {_DONE.get(note.action, note.action)}"
    return Event(at=note.at, subject="exception", what=what, actor=note.actor, detail=note.told)
