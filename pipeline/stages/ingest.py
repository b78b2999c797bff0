"""ingest: what payers decided (835) and what the bank received (CCD+), recorded once; the books come in `match`.

A file is applied whole or set aside whole. Each 835 set becomes one remittance:

    received     new and balanced at line, claim and transaction level: it will be posted
    duplicate    the same set, or the same payment with the same content, came before: kept, never posted
    conflict     the same set or payment came before with other content: a person decides
    unbalanced   its own sums disagree: a person asks the payer
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from edi.findings import Finding, Place, Severity
from edi.x12.sets import t835
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.reader import read
from pipeline.domain.remittance import Advice
from pipeline.domain.states import Kind
from pipeline.mapping.remittance_from_835 import content_hash, set_key, to_advice
from pipeline.stages import bank_answers, quarantine
from pipeline.stages.context import Context
from pipeline.store import exceptions, inbound, ledger, remittances, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import Known, NewRemittance


@dataclass(frozen=True, slots=True)
class _Set:
    position: int
    key: str
    content: bytes
    advice: Advice
    imbalances: list[Finding]


@dataclass(slots=True)
class _Reading:
    """All 835 sets of a file, and every error that keeps it from being applied."""

    sets: list[_Set] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


def ingest(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Takes in one file of kind x12:835 or nacha; run twice or at once it takes in nothing more."""
    with ctx.tenant(org_id, "ingest") as tx:
        file = inbound.get(tx, inbound_file_id)
        if file is None or file.state != "RECEIVED":
            work.done(tx, "ingest", [inbound_file_id])
            return
        mode = str(tenants.mailbox(tx, file.mailbox_id).mode)
    if not file.kind.startswith("x12"):
        bank_answers.apply(ctx, org_id, inbound_file_id)
        return
    reading = read_remittances(read(file.content), mode)
    with ctx.tenant(org_id, "ingest") as tx:
        work.done(tx, "ingest", [inbound_file_id])
        if reading.errors:
            quarantine.set_aside(tx, inbound_file_id, reading.errors)
            return
        ledger.lock(tx)
        if not transitions.move(tx, Kind.INBOUND, [inbound_file_id], "applied"):
            return
        record(tx, inbound_file_id, reading)
        work.put(tx, "match", [inbound_file_id], ctx.limits.lease_s)
    ctx.ring("match", org_id, [inbound_file_id])


def read_remittances(document: Document, mode: str) -> _Reading:
    """Every 835 of the file, as decisions; `mode` is the mailbox's, which ISA15 must agree with."""
    reading = _Reading(errors=quarantine.errors(document.findings))
    if not document.complete and not reading.errors:
        reading.errors.append(_error("X12-INCOMPLETE", "the file ends before its interchange does", Place()))
    for position, (interchange, group, one) in enumerate(_sets(document), start=1):
        if interchange.usage != mode:
            reading.errors.append(_wrong_mode(interchange, mode))
            break
        if one.set_id != "835":
            reading.errors.append(_error("X12-UNEXPECTED-SET", "a set that is no 835 among 835s", one.place(1)))
            continue
        value, findings = t835.read_set(one)
        # Why nothing can be posted comes first, then the parts that were not read.
        reading.errors += [*(t835.unjudged(value, one) if value else []), *quarantine.errors(findings)]
        if value is None:
            reading.errors = reading.errors or [_error("X12-UNREADABLE-SET", "the set could not be read", one.place(1))]
        elif not reading.errors:
            advice = to_advice(value)
            content = content_hash(advice, one.segments)
            key = set_key(interchange, group, one)
            reading.sets.append(_Set(position, key, content, advice, quarantine.errors(t835.balance(value, one))))
    return reading


def record(tx: Tenant, inbound_file_id: int, reading: _Reading) -> None:
    """Remittance rows for all sets of the file, each judged against what came before it."""
    known = remittances.known(tx, [(s.key, s.content, s.advice) for s in reading.sets])
    events = [_judged(one, known) for one in reading.sets]
    ids = remittances.add(
        tx,
        inbound_file_id,
        [
            NewRemittance(one.position, one.key, one.content, one.advice, event)
            for one, event in zip(reading.sets, events, strict=True)
        ],
    )
    exceptions.open_all(
        tx,
        [
            _raised(remittance_id, one, event)
            for remittance_id, one, event in zip(ids, reading.sets, events, strict=True)
            if event != "received"
        ],
    )


def _judged(one: _Set, known: Known) -> str:
    """The event of a set, and, if it will be posted, its place among what is known for the sets after it."""
    if one.content in known.contents:
        return "duplicate"
    payment = _payment(one.advice)
    # Nothing can be paid twice where nothing is paid: payers repeat the trace of zero-pay notices.
    if one.key in known.keys or (one.advice.amount_cents and payment in known.payments):
        return "conflict"
    if one.imbalances:
        return "unbalanced"
    known.keys[one.key] = one.content
    known.contents.add(one.content)
    known.payments.add(payment)
    return "received"


def _payment(advice: Advice) -> tuple[str, str, int, date | None]:
    return advice.trace_number, advice.trace_payer_id, advice.amount_cents, advice.payment_date


def _raised(remittance_id: int, one: _Set, event: str) -> Raise:
    if event == "conflict":
        reason = "this set or payment came before with other content; ask the payer which one stands"
        return Raise("remittance_conflict", "remittance", remittance_id, reason, money_cents=one.advice.amount_cents)
    if event == "duplicate":
        reason = "this payment came before with the same content; it is kept, and posted once"
        return Raise("duplicate_remittance", "remittance", remittance_id, reason, money_cents=one.advice.amount_cents)
    return Raise(
        "remittance_unbalanced",
        "remittance",
        remittance_id,
        quarantine.told(one.imbalances),
        money_cents=one.advice.amount_cents,
        findings=[finding.as_dict() for finding in one.imbalances],
    )


def _sets(document: Document) -> Iterator[tuple[Interchange, Group, TransactionSet]]:
    for interchange in document.interchanges:
        for group in interchange.groups:
            for one in group.sets:
                yield interchange, group, one


def _wrong_mode(interchange: Interchange, mode: str) -> Finding:
    message = f"a file of mode {interchange.usage} in a mailbox of mode {mode}"
    return _error("X12-MODE", message, Place(interchange=interchange.control_number, segment="ISA", element=15))


def _error(code: str, message: str, place: Place) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code=code,
        message=message,
        cure="Ask the partner for the whole file; nothing of this one was applied.",
        place=place,
    )
