"""Rules about record 6: what an operator or a receiving bank would reject or send back.

Each takes rows and yields findings. Fields whose columns could not be read are None here and were reported by the
reader: a rule stays silent about them.
"""

from collections.abc import Iterator

from edi.findings import Finding
from edi.nacha import codes
from edi.nacha.addenda import CHANGES, RETURNS
from edi.nacha.rows import BatchRows, EntryRows, error
from edi.nacha.rules.required import required

_ANSWERS = CHANGES | RETURNS


def transaction_code(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The transaction code exists and is on a side that the service class allows."""
    row, code = item.entry, item.entry["transaction_code"]
    if code is None:
        return
    place = row.place("transaction_code")
    if code not in codes.TRANSACTION_CODES:
        yield error("ACH-TRANSACTION-CODE", "the transaction code is unknown", "use a code of the rules", place, code)
        return
    service = batch.header["service_class"] if batch.header else None
    wrong = codes.DEBITS if service == codes.CREDITS_ONLY else codes.CREDITS if service == codes.DEBITS_ONLY else ()
    if code in wrong:
        yield error(
            "ACH-SIDE",
            f"service class {service} does not allow this transaction code",
            "use service class 200, or a batch for each side",
            place,
            code,
        )


def class_side(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The class knows this side; a reversal may be on the other one. Advices have codes of their own."""
    row, code, entry_class = item.entry, item.entry["transaction_code"], batch.entry_class
    if entry_class is None or code not in codes.TRANSACTION_CODES:
        return
    place = row.place("transaction_code")
    if entry_class.advice != (code in codes.ADVICE):
        yield error(
            "ACH-TRANSACTION-CODE", "codes 81 to 88 belong to advices alone", "use a code of the class", place, code
        )
    wrong = frozenset() if entry_class.credits else codes.CREDITS
    wrong |= frozenset() if entry_class.debits else codes.DEBITS
    reversal = batch.header is not None and batch.header["description"] == "REVERSAL"
    if code in wrong - codes.RETURN_OR_CHANGE and not reversal:
        yield error(
            "ACH-CLASS-SIDE",
            f"class {entry_class.code} has no entries of this side, reversals apart",
            "use another class",
            place,
            code,
        )


def routing_number(_batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The receiving bank's routing number has a right check digit."""
    rdfi = item.entry["rdfi"]
    if rdfi is not None and not codes.is_routing_number(rdfi):
        yield error(
            "ACH-CHECK-DIGIT",
            "the check digit of the receiving bank's routing number is wrong",
            "correct the routing number",
            item.entry.place("rdfi"),
            rdfi,
        )


def required_fields(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The account is given, and the receiver's name in the classes that want it."""
    yield from required(item.entry, "account")
    if batch.entry_class is not None and batch.entry_class.named:
        yield from required(item.entry, "name")


def amount(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """Live entries move money; prenotes, zero-dollar entries, notifications and acknowledgments do not."""
    row, code, cents = item.entry, item.entry["transaction_code"], item.entry["amount_cents"]
    if code is None or cents is None:
        return
    comes_back = any(a.table in _ANSWERS for a in item.addenda)
    moneyless = batch.entry_class is not None and batch.entry_class.moneyless
    if code in codes.LIVE and not cents and not comes_back and not moneyless:
        yield error(
            "ACH-AMOUNT", "a live entry has amount zero", "give an amount or use a prenote", row.place("amount_cents")
        )
    if cents and (moneyless or code in codes.PRENOTE | codes.ZERO_DOLLAR):
        notified = any(a.table in CHANGES for a in item.addenda)
        yield error(
            "ACH-NOTICE-AMOUNT" if notified else "ACH-AMOUNT",
            "an entry that moves no money has an amount",
            "write amount zero",
            row.place("amount_cents"),
        )


def trace(batch: BatchRows, item: EntryRows) -> Iterator[Finding]:
    """The trace begins with the batch's bank and ends in a sequence number."""
    number, odfi = item.entry["trace"], batch.header["odfi"] if batch.header else None
    if number is not None and odfi is not None and number[:8] != odfi:
        yield error(
            "ACH-TRACE-BANK",
            "the trace number does not begin with the batch's bank",
            "begin it with columns 80-87 of the batch header",
            item.entry.place("trace"),
        )
