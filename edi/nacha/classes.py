"""Standard Entry Classes as one table: tables of their records, addenda they may carry, sides they may have.

From the rules' appendix of record formats, and its table of classes. `written` are the classes that this codec makes
for sending; all others are read, and set down again as they were read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edi.nacha import addenda, records
from edi.nacha.columns import Record

MANY = 9_999


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryClass:
    """One class: its code and what it is for; `most_addenda` and `addenda` say how many addenda of which types.

    `debits` and `credits` are the sides its entries may have (reversals apart); `named` whether the receiver's name has
    to be given; `moneyless` that its entries move no money.
    """

    code: str
    meaning: str
    entry: Record = records.ENTRY
    header: Record = records.BATCH_HEADER
    control: Record = records.BATCH_CONTROL
    file_control: Record = records.FILE_CONTROL
    most_addenda: int = 0
    addenda: Mapping[str, Record] = field(default_factory=dict)
    credits: bool = True
    debits: bool = True
    named: bool = False
    moneyless: bool = False
    written: bool = False

    @property
    def international(self) -> bool:
        return self.header is records.BATCH_HEADER_INTERNATIONAL

    @property
    def advice(self) -> bool:
        return self.entry is records.ENTRY_ADVICE


_PAYMENT = addenda.PAYMENT
ENTRY_CLASSES: dict[str, EntryClass] = {
    row.code: row
    for row in (
        EntryClass(
            code="PPD", meaning="prearranged payment or deposit of a consumer",
            most_addenda=1, addenda=_PAYMENT, named=True, written=True,
        ),
        EntryClass(
            code="CCD", meaning="corporate credit or debit",
            most_addenda=1, addenda=_PAYMENT, named=True, written=True,
        ),
        EntryClass(
            code="CTX", meaning="corporate trade exchange, with a remittance in up to 9,999 addenda",
            entry=records.ENTRY_COUNTED, most_addenda=MANY, addenda=_PAYMENT, named=True, written=True,
        ),
        EntryClass(code="WEB", meaning="internet or mobile entry", most_addenda=1, addenda=_PAYMENT, named=True),
        EntryClass(code="TEL", meaning="telephone initiated entry", credits=False, named=True),
        EntryClass(code="ARC", meaning="check from a lockbox, converted", credits=False),
        EntryClass(code="BOC", meaning="check converted in the back office", credits=False),
        EntryClass(code="RCK", meaning="check presented again", credits=False),
        EntryClass(
            code="POP", meaning="check converted at the point of purchase",
            entry=records.ENTRY_PURCHASE, credits=False,
        ),
        EntryClass(code="POS", meaning="point of sale", most_addenda=1, addenda=addenda.CARD),
        EntryClass(
            code="SHR", meaning="shared network transaction",
            entry=records.ENTRY_SHARED, most_addenda=1, addenda=addenda.CARD,
        ),
        EntryClass(
            code="MTE", meaning="machine transfer",
            entry=records.ENTRY_MACHINE, most_addenda=1, addenda=addenda.MACHINE,
        ),
        EntryClass(
            code="CIE", meaning="customer initiated credit",
            entry=records.ENTRY_CUSTOMER, most_addenda=1, addenda=_PAYMENT, debits=False,
        ),
        EntryClass(code="TRC", meaning="truncated check", entry=records.ENTRY_TRUNCATED, credits=False),
        EntryClass(
            code="TRX", meaning="truncated checks exchanged",
            entry=records.ENTRY_COUNTED, most_addenda=MANY, addenda=_PAYMENT, credits=False,
        ),
        EntryClass(code="XCK", meaning="destroyed check", entry=records.ENTRY_DESTROYED, credits=False),
        EntryClass(
            code="ENR", meaning="automated enrolment for payments of an agency",
            entry=records.ENTRY_COUNTED, most_addenda=MANY, addenda=_PAYMENT, moneyless=True,
        ),
        EntryClass(
            code="DNE", meaning="death notification of an agency",
            most_addenda=1, addenda=_PAYMENT, debits=False, moneyless=True,
        ),
        EntryClass(
            code="ACK", meaning="acknowledgment of a CCD",
            most_addenda=1, addenda=_PAYMENT, debits=False, moneyless=True,
        ),
        EntryClass(
            code="ATX", meaning="acknowledgment of a CTX",
            entry=records.ENTRY_COUNTED, most_addenda=MANY, addenda=_PAYMENT, debits=False, moneyless=True,
        ),
        EntryClass(code="COR", meaning="notification of change", most_addenda=1, moneyless=True, written=True),
        EntryClass(
            code="IAT", meaning="international transaction",
            entry=records.ENTRY_INTERNATIONAL, header=records.BATCH_HEADER_INTERNATIONAL,
            most_addenda=14, addenda=addenda.INTERNATIONAL,
        ),
        EntryClass(
            code="ADV", meaning="the operator's advice of accounting",
            entry=records.ENTRY_ADVICE, control=records.BATCH_CONTROL_ADVICE,
            file_control=records.FILE_CONTROL_ADVICE, most_addenda=1,
        ),
    )
}  # fmt: skip

NOTICE_INTERNATIONAL = EntryClass(
    code="COR",
    meaning="notification of change of an international entry",
    entry=records.ENTRY_INTERNATIONAL,
    header=records.BATCH_HEADER_INTERNATIONAL,
    most_addenda=14,
    addenda=addenda.INTERNATIONAL,
    moneyless=True,
)
"""Told by IATCOR in columns 5-20 of its batch header, which is laid out as an international one."""

_UNKNOWN = EntryClass(code="", meaning="unknown", most_addenda=MANY)


def entry_class_of(sec: str, international_indicator: str | None = None) -> EntryClass | None:
    """The class of a batch by columns 51-53 of its header, and its international indicator; None for an unknown one."""
    if sec == "COR" and international_indicator == "IATCOR":
        return NOTICE_INTERNATIONAL
    return ENTRY_CLASSES.get(sec)


def class_to_write(sec: str, other: tuple[tuple[str, Any], ...]) -> EntryClass:
    """As `entry_class_of`, from a batch's values; one with the common columns for an unknown class."""
    return entry_class_of(sec, dict(other).get("international_indicator")) or _UNKNOWN
