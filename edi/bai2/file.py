"""A BAI2 file as values: file, groups, accounts, transactions.

Totals and record counts are not stored: they follow from the rest, are computed when a file is written and compared when
one is read. Amounts are integer cents, as the format writes them. Numbers that identify something are text.
"""

from dataclasses import dataclass, field
from datetime import date

from edi.bai2 import codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One status or total of an account (record 03): its type code, cents with their sign, how many items.

    `availability` is as in `Transaction`.
    """

    type_code: str
    amount_cents: int | None = None
    items: int | None = None
    funds_type: str = ""
    availability: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Record 16. `amount_cents` is negative for a debit, and None where its text could not be read.

    `availability` holds the fields that the funds type brings, as they stand: S three amounts, V date and time, D a number
    and so many pairs of days and amount. `text` keeps the bank's lines apart by newlines, since some banks cut words at a
    line's end and others do not. `line` is where it begins.
    """

    type_code: str
    amount_cents: int | None
    funds_type: str = ""
    availability: tuple[str, ...] = ()
    bank_reference: str = ""
    customer_reference: str = ""
    text: str = ""
    line: int | None = field(default=None, compare=False)

    @property
    def is_debit(self) -> bool:
        return codes.is_debit(self.type_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Record 03 with its transactions. A blank `currency` is the group's."""

    number: str
    currency: str = ""
    summaries: list[Summary] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        """Record 49's control total: the statuses with their signs, and the transactions without."""
        told = sum(summary.amount_cents or 0 for summary in self.summaries)
        return told + sum(abs(one.amount_cents or 0) for one in self.transactions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Record 02 with its accounts. `status`: 1 new, 2 takes a group back, 3 corrects one, 4 only a test.

    `modifier` tells what the day is: 1 and 2 the day before, interim and final; 3 and 4 the same day.
    """

    receiver: str = ""
    originator: str = ""
    status: str = "1"
    as_of: date | None = None
    as_of_time: str = ""
    currency: str = ""
    modifier: str = ""
    accounts: list[Account] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        return sum(account.total_cents for account in self.accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaiFile:
    """Record 01 with its groups. `created_time` is HHMM as it stands; lengths are None for lines of any length."""

    sender: str = ""
    receiver: str = ""
    created: date | None = None
    created_time: str = ""
    file_id: str = ""
    record_length: int | None = None
    block_size: int | None = None
    version: str = "2"
    groups: list[Group] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        return sum(group.total_cents for group in self.groups)

    @property
    def transactions(self) -> list[Transaction]:
        """All of them, in the order of the file."""
        return [one for group in self.groups for account in group.accounts for one in account.transactions]
