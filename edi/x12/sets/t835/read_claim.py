"""Segments of an 835 claim (2100) and of its lines (2110): one function a segment, each given its owner.

A function raises ValueError or IndexError for a segment that cannot be taken, and NotModelled for one that the values
have no room for. They are called some 25 times a claim, so they build by compiled makers and look at no state.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from edi.makers import maker
from edi.x12.sets.adjustments import adjustment, take_adjustments
from edi.x12.sets.reading import cents, day, element, optional, quantity
from edi.x12.sets.shared import Contact
from edi.x12.sets.t835.values import (
    Amount,
    Figures,
    Name,
    Quantity,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.tables.schema import Element, Segment
from edi.x12.tables.set_835 import SET_835

Handler = Callable[[Any, list[str]], None]
_BLANKS = ("",) * 13


class NotModelled(Exception):
    """The values have no room for the segment at hand; it stays in the raw set."""


_claim = maker(
    RemittanceClaim,
    "patient_control_number",
    "status",
    "charge_cents",
    "paid_cents",
    "patient_responsibility_cents",
    "filing_code",
    "payer_control_number",
    "facility_code",
    "frequency",
    "segment_number",
)
_line = maker(
    RemittanceLine,
    "procedure_qualifier",
    "procedure",
    "modifiers",
    "charge_cents",
    "paid_cents",
    "revenue_code",
    "units",
    "submitted_units",
    "segment_number",
)
_amount = maker(Amount, "code", "amount_cents")
_name = maker(
    Name, "person", "last_name", "first_name", "middle_name", "suffix", "identifier_kind", "identifier"
)  # fmt: skip


def claim_of(segment: list[str], number: int) -> RemittanceClaim:
    """CLP."""
    given = segment if len(segment) > 9 else [*segment, *_BLANKS]
    responsibility = given[5]
    claim = _claim(
        given[1],
        given[2],
        cents(given[3]),
        cents(given[4]),
        cents(responsibility) if responsibility else None,
        given[6] or None,
        given[7] or None,
        given[8] or None,
        given[9] or None,
        number,
    )
    if len(segment) > 11:
        claim.drg = segment[11] or None
        claim.drg_weight, claim.discharge_fraction = _maybe_quantity(segment, 12), _maybe_quantity(segment, 13)
    return claim


def line_of(segment: list[str], number: int, component: str) -> RemittanceLine:
    """SVC."""
    given = segment if len(segment) > 7 else [*segment, *_BLANKS]
    procedure = given[1].split(component)
    modifiers = procedure[2:6]
    code = procedure[1] if len(procedure) > 1 else ""
    units, submitted, original = given[5], given[6], given[7]
    line = _line(
        procedure[0],
        code or None,
        [one for one in modifiers if one] if "" in modifiers else modifiers,
        cents(given[2]),
        cents(given[3]),
        given[4] or None,
        quantity(units) if units else None,
        quantity(original) if original else None,
        number,
    )
    if submitted:
        parts = [*submitted.split(component), "", "", "", "", "", ""]
        line.submitted_qualifier, line.submitted_procedure = parts[0] or None, parts[1] or None
        line.submitted_modifiers = [one for one in parts[2:6] if one]
        line.submitted_description = parts[6] or None
    return line


def _maybe_quantity(segment: list[str], position: int) -> Decimal | None:
    text = element(segment, position)
    return quantity(text) if text else None


# -- claim or line -----------------------------------------------------------------------------------------------------


def _cas(owner: RemittanceClaim | RemittanceLine, segment: list[str]) -> None:
    if len(segment) == 4 and segment[2]:  # most have one reason and no quantity
        owner.adjustments.append(adjustment(segment[1], segment[2], cents(segment[3])))
    else:
        take_adjustments(owner.adjustments, segment)


def _amt(owner: RemittanceClaim | RemittanceLine, segment: list[str]) -> None:
    owner.amounts.append(_amount(segment[1], cents(segment[2])))


def _qty(owner: RemittanceClaim | RemittanceLine, segment: list[str]) -> None:
    owner.quantities.append(Quantity(code=segment[1], quantity=quantity(segment[2])))


# -- claim -------------------------------------------------------------------------------------------------------------

_DATES = {"232": "service_date", "233": "service_date_to", "036": "coverage_expired", "050": "received_date"}
_NAMES = {
    "QC": "patient",
    "IL": "subscriber",
    "74": "corrected",
    "82": "rendering",
    "TT": "crossover",
    "PR": "priority_payer",
    "GB": "other_subscriber",
}


def _nm1(claim: RemittanceClaim, segment: list[str]) -> None:
    field = _NAMES.get(segment[1])
    if field is None or getattr(claim, field) is not None:
        raise NotModelled
    given = segment if len(segment) > 9 else [*segment, *_BLANKS]
    name = _name(
        given[2] != "2",
        given[3] or None,
        given[4] or None,
        given[5] or None,
        given[7] or None,
        given[8] or None,
        given[9] or None,
    )
    setattr(claim, field, name)


def _claim_ref(claim: RemittanceClaim, segment: list[str]) -> None:
    claim.references.append((segment[1], segment[2]))


def _claim_dtm(claim: RemittanceClaim, segment: list[str]) -> None:
    field = _DATES.get(segment[1])
    if field is None:
        raise NotModelled
    setattr(claim, field, day(segment[2]))


def _claim_per(claim: RemittanceClaim, segment: list[str]) -> None:
    claim.contacts.append(contact_of(segment))


def _claim_lq(claim: RemittanceClaim, segment: list[str]) -> None:
    """A remark that should stand at a line."""
    if segment[1] != "HE":
        raise NotModelled
    claim.remarks.append(segment[2])


def _mia(claim: RemittanceClaim, segment: list[str]) -> None:
    claim.remarks += [code for code in (*segment[5:6], *segment[20:24]) if code]
    claim.inpatient = figures_of(_MIA, segment)


def _moa(claim: RemittanceClaim, segment: list[str]) -> None:
    claim.remarks += [code for code in segment[3:8] if code]
    figures = figures_of(_MOA, segment)
    claim.outpatient = figures if figures.amounts or figures.counts else None


_MIA, _MOA = SET_835.segment("2100", "MIA"), SET_835.segment("2100", "MOA")


def figures_of(row: Segment, segment: list[str], first: int = 1) -> Figures:
    """Amounts and counts of a summary segment from element ``first`` on; its row says which is which."""
    figures = Figures()
    for position, known in enumerate(row.elements, 1):
        text = element(segment, position)
        if text and position >= first and isinstance(known, Element):
            if known.number == "782":
                figures.amounts[position] = cents(text)
            elif known.kind == "R":
                figures.counts[position] = quantity(text)
    return figures


def contact_of(segment: list[str]) -> Contact:
    """PER."""
    pairs = [(segment[at], element(segment, at + 1)) for at in range(3, len(segment), 2) if segment[at]]
    return Contact(function=segment[1], name=optional(segment, 2), numbers=pairs)


CLAIM: dict[str, Handler] = {
    "CAS": _cas, "NM1": _nm1, "MIA": _mia, "MOA": _moa, "REF": _claim_ref, "DTM": _claim_dtm, "PER": _claim_per,
    "AMT": _amt, "QTY": _qty, "LQ": _claim_lq,
}  # fmt: skip


# -- line --------------------------------------------------------------------------------------------------------------


def _line_dtm(line: RemittanceLine, segment: list[str]) -> None:
    code = segment[1]
    if code in {"472", "150"}:
        line.service_date = day(segment[2])
    elif code == "151":
        line.service_date_to = day(segment[2])
    else:
        raise NotModelled


def _line_ref(line: RemittanceLine, segment: list[str]) -> None:
    if segment[1] == "6R" and line.line_control_number is None:
        line.line_control_number = segment[2] or None
    else:
        line.references.append((segment[1], segment[2]))


def _lq(line: RemittanceLine, segment: list[str]) -> None:
    if segment[1] == "HE":
        line.remarks.append(segment[2])
    elif segment[1] == "RX":
        line.reject_codes.append(segment[2])
    else:
        raise NotModelled


LINE: dict[str, Handler] = {
    "CAS": _cas, "DTM": _line_dtm, "REF": _line_ref, "AMT": _amt, "LQ": _lq, "QTY": _qty,
}  # fmt: skip
