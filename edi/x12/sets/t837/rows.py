"""Rows of a claim's table by loop, segment and qualifier, and where the fields that both guides have stand in them."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from edi.x12.sets.layouts import Layout, Qualified
from edi.x12.sets.t837.values import BaseSubscriber
from edi.x12.sets.t837.values_details import Contract, Pricing
from edi.x12.sets.t837.values_other import BaseOtherPayer
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.schema import Loop
from edi.x12.writer import Row, SetWriter

_NOBODY = frozenset({"1000A", "1000B", "2010AA", "2010BB"})
"""Loops about organisations that come again in every set."""

RowOf = Callable[..., Row]
"""Loop, segment and, where there are several, qualifier to the row."""


def rows_of(table: Loop) -> RowOf:
    """How to look up the rows of a guide's table."""

    @lru_cache(maxsize=512)
    def row(loop: str, name: str, qualifier: str | None = None) -> Row:
        return Row(table.segment(loop, name, qualifier), loop, shared=loop in _NOBODY)

    return row


def qualified(row: RowOf, loop: str, segment: str, names: dict[str, str]) -> Qualified:
    """Fields by qualifier, in the guide's order, of one kind of segment in a loop."""
    return Qualified(segment, lambda name, code: row(loop, name, code), names)


_INSURANCE = {"responsibility": 1, "relationship": 2, "group_number": 3, "group_name": 4, "filing_code": 9}
PRICING_PLACES = {
    "methodology": 1,
    "allowed_cents": 2,
    "saving_cents": 3,
    "organization": 4,
    "rate": 5,
    "patient_group": 6,
    "patient_group_cents": 7,
    "procedure_qualifier": 9,
    "procedure": 10,
    "unit": 11,
    "units": 12,
    "reject_reason": 13,
    "compliance": 14,
    "exception": 15,
}
"""Where the fields of HCP stand."""
CONTRACT = Layout(Contract, kind=1, amount_cents=2, percentage=3, code=4, discount_percentage=5, version=6)
PRICING = Layout(Pricing, **PRICING_PLACES)


class CommonRows:
    """What both guides have, each in its own table.

    ``subscriber`` and ``other`` are the guide's values for SBR, ``insurance`` what its SBR holds besides;
    ``other_amounts`` the AMT of another payer in the guide's order; ``other_providers`` by NM101 the loop and field of
    each provider that another payer knows by numbers.
    """

    __slots__ = (
        "decided_amounts", "decided_dates", "insured_references", "other_amounts", "other_dates", "other_providers",
        "other_references", "other_sbr", "patient_references", "row", "subscriber_references", "subscriber_sbr",
    )  # fmt: skip

    def __init__(
        self,
        row: RowOf,
        *,
        subscriber: type[BaseSubscriber],
        other: type[BaseOtherPayer],
        insurance: Mapping[str, int],
        other_amounts: dict[str, str],
        other_providers: Mapping[str, tuple[str, str]],
    ) -> None:
        self.row = row
        self.subscriber_sbr: Layout[BaseSubscriber] = Layout(subscriber, **_INSURANCE, **insurance)
        self.other_sbr: Layout[BaseOtherPayer] = Layout(other, **_INSURANCE, **insurance)
        self.other_providers = other_providers
        self.other_amounts = qualified(row, "2320", "AMT", other_amounts)
        self.other_dates = qualified(row, "2330B", "DTP", {"573": "adjudication_date"})
        self.other_references = qualified(
            row,
            "2330B",
            "REF",
            {
                "G1": "prior_authorization",
                "9F": "referral_number",
                "T4": "adjustment_indicator",
                "F8": "payer_claim_number",
            },
        )
        self.insured_references = qualified(row, "2330A", "REF", {"SY": "social_security_number"})
        self.subscriber_references = qualified(
            row, "2010BA", "REF", {"SY": "social_security_number", "Y4": "property_casualty_number"}
        )
        self.patient_references = qualified(row, "2010CA", "REF", {"Y4": "property_casualty_number"})
        self.decided_amounts = qualified(row, "2430", "AMT", {"EAF": "remaining_liability_cents"})
        self.decided_dates = qualified(row, "2430", "DTP", {"573": "adjudication_date"})


class ClaimWriter(SetWriter):
    """A writer of claim sets, which knows the rows of its guide."""

    __slots__ = ("row", "rows")

    def __init__(self, rows: CommonRows, delimiters: Delimiters, charset: Charset) -> None:
        super().__init__(delimiters, charset)
        self.rows = rows
        self.row = rows.row

    def has(self, loop: str, name: str) -> bool:
        """Whether the guide has such a segment in the loop."""
        try:
            self.row(loop, name)
        except KeyError:
            return False
        return True
