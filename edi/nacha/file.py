"""An ACH file as values: file, batches, entries, addenda.

Totals, counts, entry hash and block filling are not stored: they follow from the entries, are computed when a file is
written and compared when one is read. Amounts are integer cents. Text carries no fill blanks. Numbers that identify
something (routing, trace, company) are text, so that leading zeros live.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from edi.nacha import codes

ADDENDA_TEXT = 80
"""How much text an 05 addenda holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addenda05:
    """Record 7, type 05: free payment information, at most 80 characters.

    `sequence` counts from 1 within the entry.
    """

    text: str
    sequence: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Addenda98:
    """Record 7, type 98: notification of change, or (with `refused_change_code`) its refusal.

    `original_trace` and `original_rdfi` (8 digits) name the entry it speaks of; `corrected` is the 29-character field
    whose inner columns depend on the change code; `trace` is the notification's own.
    """

    change_code: str
    original_trace: str
    original_rdfi: str
    corrected: str
    trace: str
    refused_change_code: str = ""
    refused_sequence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addenda99:
    """Record 7, type 99: return, dishonored return or contested dishonored return.

    `reason` is R01..R85. `original_trace` and `original_rdfi` (8 digits) name the entry that comes back.
    `date_of_death` is columns 22-27 of R14 and R15. `information` is columns 36-79 as they stand.
    """

    reason: str
    original_trace: str
    original_rdfi: str
    trace: str
    information: str = ""
    date_of_death: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonoredReturn(Addenda99):
    """A return sent back by the originating bank, R61 to R70. `information` is columns 59-79.

    `return_trace`, `return_settlement_day` (Julian) and `return_reason` (the two digits of its code) name the return.
    """

    return_trace: str
    return_settlement_day: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedReturn(Addenda99):
    """A dishonored return contested or corrected by the receiving bank, R71 to R77; it has no free information.

    The further parts name the original entry's settlement day, the return and the dishonored return; settlement days
    are Julian, reasons the two digits of their codes. `first_returned` is given with R73.
    """

    return_trace: str
    dishonored_trace: str
    first_returned: date | None = None
    original_settlement_day: str = ""
    return_settlement_day: str = ""
    return_reason: str = ""
    dishonored_settlement_day: str = ""
    dishonored_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAddenda:
    """Record 7 that only certain classes have: 02 of cards and terminals, 10 to 18 of international entries.

    `columns` are (name, value) pairs by the type's table, in its order.
    """

    type_code: str
    columns: tuple[tuple[str, Any], ...]

    def __getitem__(self, name: str) -> Any:
        return dict(self.columns)[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAddenda:
    """Record 7 of a type that its class does not know: columns 4-94 as they stand."""

    type_code: str
    text: str


Addenda = Addenda05 | Addenda98 | Addenda99 | ClassAddenda | OtherAddenda


@dataclass(slots=True, kw_only=True)
class AchEntry:
    """Record 6 with its addenda.

    `rdfi` is the receiver's routing number with its check digit (9 digits), `trace` the ODFI's 8 digits and a sequence
    of 7. `amount_cents` is zero for prenotes, zero-dollar entries and notifications of change. `other` are (name, value)
    pairs of columns that only the entry's class has, by its table. Treated as frozen; it is none for speed alone.
    """

    transaction_code: int
    rdfi: str
    account: str
    amount_cents: int
    individual_id: str
    name: str
    trace: str
    discretionary: str = ""
    addenda: list[Addenda] = field(default_factory=list)
    other: tuple[tuple[str, Any], ...] = ()

    @property
    def is_credit(self) -> bool:
        """True where the receiver is given money. Raises ValueError for an unknown transaction code."""
        return codes.is_credit(self.transaction_code)

    @property
    def is_prenote(self) -> bool:
        return self.transaction_code in codes.PRENOTE

    @property
    def returned(self) -> Addenda99 | None:
        """The return addenda, if this entry is a return; the newest where a bank has left older ones before it."""
        return next((row for row in reversed(self.addenda) if isinstance(row, Addenda99)), None)

    @property
    def change(self) -> Addenda98 | None:
        """The notification of change, if this entry is one."""
        return next((row for row in self.addenda if isinstance(row, Addenda98)), None)

    @property
    def information(self) -> str:
        """The text of the 05 addenda as one unbroken run: all but the last count with their fill blanks."""
        texts = [row.text for row in self.addenda if isinstance(row, Addenda05)]
        return "".join([*(text.ljust(ADDENDA_TEXT) for text in texts[:-1]), *texts[-1:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class AchBatch:
    """Records 5 and 8 with the entries between.

    `service_class` is 200 mixed, 220 credits only, 225 debits only. `odfi` has 8 digits (no check digit).
    `settlement_day` is the operator's Julian day, blank in what we send. `mac` is the authentication code of record 8.
    `other` are (name, value) pairs of header columns that only international batches and advices have.
    """

    service_class: int
    company_name: str
    company_id: str
    sec: str
    description: str
    odfi: str
    number: int
    company_data: str = ""
    descriptive_date: str = ""
    effective_date: date | None = None
    settlement_day: str = ""
    originator_status: str = "1"
    mac: str = ""
    entries: list[AchEntry] = field(default_factory=list)
    other: tuple[tuple[str, Any], ...] = ()

    @property
    def entry_addenda_count(self) -> int:
        return sum(1 + len(entry.addenda) for entry in self.entries)

    @property
    def entry_hash(self) -> int:
        """Sum of the entries' 8-digit routing numbers, right 10 digits. ValueError where one is not digits."""
        return sum(int(entry.rdfi[:8]) for entry in self.entries) % 10**10

    @property
    def debit_cents(self) -> int:
        return sum(entry.amount_cents for entry in self.entries if entry.transaction_code in codes.DEBITS)

    @property
    def credit_cents(self) -> int:
        return sum(entry.amount_cents for entry in self.entries if entry.transaction_code in codes.CREDITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AchFile:
    """Records 1 and 9 with the batches between.

    `origin` and `destination` have 9 or 10 characters: a routing number (9 digits, written after a blank) or an
    identification of 10. `created` is the sender's wall-clock time to the minute, without zone; it is None only in a
    file that was read without a usable header. The operator and the bank tell files apart by `key`.
    """

    origin: str
    origin_name: str
    destination: str
    destination_name: str
    created: datetime | None
    modifier: str = "A"
    reference: str = ""
    batches: list[AchBatch] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        """Origin, creation date and time as YYMMDDHHMM (blank if unknown) and modifier: unique a file for ever."""
        return self.origin, f"{self.created:%y%m%d%H%M}" if self.created else "", self.modifier

    @property
    def entry_addenda_count(self) -> int:
        return sum(batch.entry_addenda_count for batch in self.batches)

    @property
    def entry_hash(self) -> int:
        return sum(batch.entry_hash for batch in self.batches) % 10**10

    @property
    def debit_cents(self) -> int:
        return sum(batch.debit_cents for batch in self.batches)

    @property
    def credit_cents(self) -> int:
        return sum(batch.credit_cents for batch in self.batches)
