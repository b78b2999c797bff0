"""What the bank books for ACH files of our own: their settlement, and the entries of them that came back."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from edi.bai2 import codes
from edi.bai2.file import BaiFile, Transaction
from edi.bai2.texts import day_of, says_reversal, trn_in

Kind = Literal["settlement", "return"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMovement:
    """One line for what we sent; `amount_cents` is negative where it leaves the account.

    A settlement is a file's credits and debits in one sum, a return what came back of it (negative: what did not come
    back after all). `reference` is the customer's, by which the file is known, "" where the bank gives none;
    `bank_reference` tells lines apart; `text` is the bank's, its lines parted by newlines.
    """

    kind: Kind
    amount_cents: int
    day: date | None
    reference: str
    bank_reference: str
    text: str


def own_movements(file: BaiFile) -> list[OwnMovement]:
    """Settlements of our files and return items, in the order of the file; only of groups that are news (status 1)."""
    return [
        OwnMovement(
            kind="return" if one.type_code in codes.RETURN_ITEMS else "settlement",
            amount_cents=one.amount_cents,
            day=day_of(group, one),
            reference=one.customer_reference,
            bank_reference=one.bank_reference,
            text=one.text,
        )
        for group in file.groups
        if group.status == codes.UPDATE
        for account in group.accounts
        for one in account.transactions
        if one.amount_cents and is_own(one)
    ]


def is_own(one: Transaction) -> bool:
    """Whether a line is about a file of ours, by its type code and what stands beside it.

    None that names an 835's trace is. A credit of type 166 may be a payer's money, and a line that says REVERSAL a payer's
    that is taken back: these are ours only with our reference beside them.
    """
    if one.type_code not in codes.SETTLEMENTS and one.type_code not in codes.RETURN_ITEMS:
        return False
    if trn_in(one.text) is not None:
        return False
    if one.type_code == "166" or says_reversal(one.text):
        return bool(one.customer_reference)
    return True
