"""CAS: the adjustments of a claim or line, in the 835 and, for other payers' decisions, in the 837."""

from itertools import groupby

from edi.makers import maker
from edi.x12.sets.reading import cents, element, quantity
from edi.x12.sets.shared import Adjustment
from edi.x12.writer import Row, SetWriter, maybe_number, money

REASONS_PER_SEGMENT = 6


adjustment = maker(Adjustment, "group", "reason", "amount_cents")
"""An adjustment without quantity."""


def take_adjustments(given: list[Adjustment], segment: list[str]) -> None:
    """Append the reasons of one CAS; ValueError where one cannot be read, and then none is."""
    last = len(segment)
    if last == 4 and segment[2]:  # most have one reason and no quantity
        given.append(adjustment(segment[1], segment[2], cents(segment[3])))
        return
    if last < 3:
        raise ValueError("an adjustment without its reason")
    made = []
    for at in range(2, last, 3):
        reason, amount, count = (element(segment, at + step) for step in range(3))
        if reason or amount or count:
            if not reason:
                raise ValueError("an adjustment without its reason")
            adjusted = adjustment(segment[1], reason, cents(amount))
            adjusted.quantity = quantity(count) if count else None
            made.append(adjusted)
    given += made


def put_adjustments(out: SetWriter, row: Row, values: list[Adjustment]) -> None:
    """One CAS for each run of the same group, six reasons at most in each; more segments than the row allows are
    refused.
    """
    if len(values) == 1 and values[0].quantity is None:  # most have one
        out.put(row, values[0].group, values[0].reason, money(values[0].amount_cents), "")
        return
    segments = [
        (group, every[at : at + REASONS_PER_SEGMENT])
        for group, every in ((group, list(run)) for group, run in groupby(values, key=lambda one: one.group))
        for at in range(0, len(every), REASONS_PER_SEGMENT)
    ]
    out.allow(row, len(segments))
    for group, reasons in segments:
        triples = [(one.reason, money(one.amount_cents), maybe_number(one.quantity)) for one in reasons]
        out.put(row, group, *(part for triple in triples for part in triple))
