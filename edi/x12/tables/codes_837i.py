"""837I 005010X223A2: the HI segments of a claim, which carry its coded facts, one kind in each."""

from edi.x12.tables.schema import C, Composite, S, Segment

_ON_ADMISSION = (*["N"] * 6, "S 1073 N U W Y")
_ON_A_DAY = ("R 1250 D8", "R 1251")
_FROM_TO = ("R 1250 RD8", "R 1251")
_AMOUNT = ("N", "N", "R 782")


def _codes(usage: str, qualifiers: str, *more: str) -> Composite:
    return C(usage, f"R 1270 {qualifiers}", "R 1271", *more)


def _list(maximum: int, count: int, qualifiers: str, *more: str) -> Segment:
    """An optional HI with up to ``count`` codes of one kind."""
    return S("HI", "S", maximum, _codes("R", qualifiers, *more), *[_codes("S", qualifiers, *more)] * (count - 1))


CODES = (
    S("HI", "R", 1, _codes("R", "ABK BK", *_ON_ADMISSION)),
    _list(1, 1, "ABJ BJ"),
    _list(1, 3, "APR PR"),
    _list(1, 12, "ABN BN", *_ON_ADMISSION),
    _list(1, 1, "DR"),
    _list(2, 12, "ABF BF", *_ON_ADMISSION),
    _list(1, 1, "BBR BR CAH", *_ON_A_DAY),
    _list(2, 12, "BBQ BQ", *_ON_A_DAY),
    _list(2, 12, "BI", *_FROM_TO),
    _list(2, 12, "BH", *_ON_A_DAY),
    _list(2, 12, "BE", *_AMOUNT),
    _list(2, 12, "BG"),
    _list(2, 12, "TC"),
)
"""In the guide's order: principal diagnosis, admitting diagnosis, reasons for the visit, external causes, DRG, other
diagnoses, principal and other procedures, occurrence spans, occurrences, values, conditions, treatments.
"""
