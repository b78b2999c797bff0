"""835 and 820 sets as remittances: read, proven by their own sums, recorded once, whichever file they came in.

    received     new and balanced: it will be posted
    duplicate    the same set, or the same payment with the same content, came before: kept, never posted
    conflict     the same set or payment came before with other content: a person decides
    unbalanced   its own sums disagree: a person asks the payer

An 835 balances at line, claim and transaction level, an 820 where its items and adjustments are the payment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from edi.findings import Finding, Place, Severity
from edi.nacha.file import AchFile
from edi.x12.sets import t820, t835
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from pipeline.domain.remittance import Advice
from pipeline.mapping import remittance_from_820, remittance_from_835
from pipeline.mapping.orders_in_addenda import Carried, carried
from pipeline.stages import quarantine
from pipeline.store import exceptions, remittances, tenants
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import InboundFile
from pipeline.store.remittances import Known, NewRemittance


@dataclass(frozen=True, slots=True)
class ReadSet:
    """One set, read: `errors` keep it from being recorded, `imbalances` from being posted."""

    advice: Advice | None = None
    content: bytes = b""
    imbalances: Sequence[Finding] = ()
    errors: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class _Set:
    position: int
    key: str
    content: bytes
    advice: Advice
    imbalances: Sequence[Finding]


@dataclass(slots=True)
class Reading:
    """All sets of a file that pay something, and every error that keeps it from being applied."""

    sets: list[_Set] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


# -- reading --------------------------------------------------------------------------------------------------------------
def read_sets(document: Document, mode: str) -> Reading:
    """Every 835 and 820 of the file; `mode` is the mailbox's, which ISA15 must agree with."""
    reading = Reading(errors=quarantine.errors(document.findings))
    if not document.complete and not reading.errors:
        reading.errors.append(_error("X12-INCOMPLETE", "the file ends before its interchange does", Place()))
    for position, (interchange, group, one) in enumerate(_sets(document), start=1):
        if interchange.usage != mode:
            place = Place(interchange=interchange.control_number, segment="ISA", element=15)
            reading.errors.append(_wrong_mode(interchange.usage, mode, place))
            break
        if one.set_id not in _READERS:
            words = "a set that is neither 835 nor 820 among those"
            reading.errors.append(_error("X12-UNEXPECTED-SET", words, one.place(1)))
            continue
        read = read_set(one)
        reading.errors += read.errors
        if read.advice is not None and not reading.errors:
            key = _KEYS[one.set_id](interchange, group, one)
            reading.sets.append(_Set(position, key, read.content, read.advice, read.imbalances))
    return reading


def read_set(one: TransactionSet, company_id: str | None = None) -> ReadSet:
    """An 835 or 820; `company_id` is that of the bank's entry in which an 820 stood."""
    return _read_835(one) if one.set_id == "835" else _read_820(one, company_id)


def _read_835(one: TransactionSet) -> ReadSet:
    value, findings = t835.read_set(one)
    # Why nothing can be posted comes first, then the parts that were not read.
    errors = [*(t835.unjudged(value, one) if value else []), *quarantine.errors(findings)]
    if value is None:
        return ReadSet(errors=errors or [_error("X12-UNREADABLE-SET", "the set could not be read", one.place(1))])
    if errors:
        return ReadSet(errors=errors)
    advice = remittance_from_835.to_advice(value)
    content = remittance_from_835.content_hash(advice, one.segments)
    return ReadSet(advice, content, quarantine.errors(t835.balance(value, one)))


def _read_820(one: TransactionSet, company_id: str | None) -> ReadSet:
    order, findings = t820.read_set(one)
    told = quarantine.errors(t820.balance(order, one))
    unread = quarantine.errors(findings)
    if unread or order.payment.net_cents is None:
        return ReadSet(errors=[*told, *unread])
    advice = remittance_from_820.to_advice(order, company_id)
    return ReadSet(advice, remittance_from_820.content_hash(order, one), told)


_READERS = frozenset({"835", "820"})
_KEYS: dict[str, Callable[[Interchange, Group, TransactionSet], str]] = {
    "835": remittance_from_835.set_key,
    "820": remittance_from_820.set_key,
}


def _sets(document: Document) -> Iterator[tuple[Interchange, Group, TransactionSet]]:
    for interchange in document.interchanges:
        for group in interchange.groups:
            for one in group.sets:
                yield interchange, group, one


# -- recording ------------------------------------------------------------------------------------------------------------
def record_addenda(tx: Tenant, file: InboundFile, ach: AchFile) -> int:
    """Records the 820s in the addenda of a bank's file as remittances of it; gives how many. Hold `ledger.lock`.

    The bank's file counts whatever a payer has put into its addenda: an 820 that cannot be read is left out and told.
    """
    found = carried(ach)
    if not found:
        return 0
    mode = str(tenants.mailbox(tx, file.mailbox_id).mode)
    reading = Reading()
    for position, one in enumerate(found, start=1):
        _take(reading, position, one, mode)
    record(tx, file.id, reading)
    if reading.errors:
        reason = (
            f"an 820 in the addenda of a deposit is left out, the deposit counts: {quarantine.told(reading.errors)}"
        )
        sealed = [finding.as_dict() for finding in reading.errors]
        exceptions.open_all(tx, [Raise("cannot_be_judged", "inbound", file.id, reason, findings=sealed)])
    return len(reading.sets)


def _take(reading: Reading, position: int, one: Carried, mode: str) -> None:
    errors = quarantine.errors(one.findings)
    if not one.one.complete and not errors:
        errors.append(_error("X12-INCOMPLETE", "the set ends before its SE", one.one.place(1)))
    if one.mode not in {None, mode}:
        errors.append(_wrong_mode(one.mode or "", mode, one.one.place(1)))
    read = ReadSet(errors=errors) if errors else read_set(one.one, one.company_id)
    reading.errors += [error for error in read.errors if error not in reading.errors]
    if read.advice is not None:
        reading.sets.append(_Set(position, one.key, read.content, read.advice, read.imbalances))


def record(tx: Tenant, inbound_file_id: int, reading: Reading) -> None:
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
    # Nothing can be paid twice where nothing is paid: payers repeat the trace of zero-pay notices. Without a trace two
    # payments of one amount and day are two.
    paid_before = one.advice.amount_cents and one.advice.trace_number and payment in known.payments
    if one.key in known.keys or paid_before:
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


def _wrong_mode(usage: str, mode: str, place: Place) -> Finding:
    return _error("X12-MODE", f"a file of mode {usage} in a mailbox of mode {mode}", place)


def _error(code: str, message: str, place: Place) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code=code,
        message=message,
        cure="Ask the partner for the whole file; nothing of this one was applied.",
        place=place,
    )
