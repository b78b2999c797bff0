"""The balances of an 820.

payment  items paid + adjustments that stand before the items = payment           RMR04, ADX01, BPR02
item     billed - discount + adjustments of the item = paid, where billed is told  RMR05, RMR06, RMR08, ADX01, RMR04

An adjustment behind an item (ADX after RMR) is within what the item pays: it explains, and is added to nothing.
What could not be read cannot be judged, which is not the same as being wrong.
"""

from collections.abc import Iterator
from dataclasses import replace

from edi.findings import Finding, Place, Severity
from edi.x12.sets.t820.values import Item, PaymentOrder
from edi.x12.syntax.document import TransactionSet


def balance(order: PaymentOrder, ts: TransactionSet | None = None) -> list[Finding]:
    """Where the set does not add up, with the difference in cents, or cannot be judged.

    X820-BAL-PAYMENT and X820-UNJUDGED are errors: nothing of such a set may be posted. X820-BAL-ITEM is a warning: what is
    paid is told all the same. With the set ``ts`` that it was read from, places name interchange, group and set too.
    """
    findings = [*_payment(order), *_items(order)]
    if ts is None:
        return findings
    return [replace(one, place=ts.place(one.place.segment_number or 1, element=one.place.element)) for one in findings]


def _payment(order: PaymentOrder) -> Iterator[Finding]:
    amount = order.payment.net_cents
    if order.unread or amount is None:
        words = f"whether it balances cannot be judged: {len(order.unread) or 1} of its amounts could not be read"
        cure = "Do not post; read the part named here in the file, and ask the payer for a correct set."
        yield _found(Severity.ERROR, "X820-UNJUDGED", words, cure, (order.unread or [2])[0])
        return
    off = amount - order.paid_cents - order.adjustment_cents
    if off:
        explained = sum(one.amount_cents or 0 for item in order.items for one in item.adjustments)
        words = f"does not balance: the items with their entities' adjustments and the payment differ by {off} cents"
        if off == explained:
            words += "; they would agree if the adjustments of the items were counted beside them"
        cure = "Do not post; ask the payer for a corrected set."
        yield _found(Severity.ERROR, "X820-BAL-PAYMENT", words, cure, 2, "BPR", 2)


def _items(order: PaymentOrder) -> Iterator[Finding]:
    for item in order.items:
        off = _off(item)
        if off:
            words = f"does not balance: what is billed with its adjustments and what is paid differ by {off} cents"
            cure = "Post what is paid; ask the payer what the rest of the item is."
            yield _found(Severity.WARNING, "X820-BAL-ITEM", words, cure, item.segment_number, "RMR", 4)


def _off(item: Item) -> int | None:
    """By how many cents an item's amounts differ; None where it does not tell them all."""
    adjusted = [one.amount_cents for one in item.adjustments]
    if item.billed_cents is None or item.paid_cents is None or None in adjusted:
        return None
    expected = item.billed_cents - (item.discount_cents or 0) + (item.adjustment_cents or 0)
    return item.paid_cents - expected - sum(one for one in adjusted if one is not None)


def _found(
    severity: Severity,
    code: str,
    message: str,
    cure: str,
    number: int,
    segment: str | None = None,
    element: int | None = None,
) -> Finding:
    """A finding at segment ``number`` of the set (0: made, not read), or at an element of it."""
    place = Place(segment_number=number or None, segment=segment, element=element)
    return Finding(severity=severity, code=code, message=message, cure=cure, place=place, snip=3)
