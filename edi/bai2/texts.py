"""What a line of a BAI2 report says in its text and availability: the trace of an 835, a reversal, the day that counts."""

import re
from datetime import date

from edi.bai2.file import Group, Transaction
from edi.nacha.trn import Trn, find_trn

_REVERSAL = re.compile(r"\bREVERSAL\b")
_PAYER_ID = re.compile(r"1\d{9}")


def says_reversal(text: str) -> bool:
    """Whether the bank calls the line a reversal."""
    return _REVERSAL.search(text.upper()) is not None


def trn_in(text: str) -> Trn | None:
    """The TRN in a bank's text, whole: with its terminator or, since banks drop it, with all ten characters of TRN03.

    It may be cut by the end of a line or stand on one of its own: the lines are looked at as one run first, then each.
    """
    lines = text.split("\n")
    runs = ["".join(lines), *lines]
    found = [one for one in map(find_trn, runs) if one is not None]
    whole = [one for one in found if _PAYER_ID.fullmatch(one.payer_id)]
    ended = next((one for one in (*whole, *found) if one.terminated), None)
    return ended or next((Trn(one.trace_number, one.payer_id) for one in whole), None)


def day_of(group: Group, one: Transaction) -> date | None:
    """The day on which the amount counts: its own where it is value-dated, else the group's."""
    return _value_date(one) or group.as_of


def _value_date(one: Transaction) -> date | None:
    """The day of a value-dated amount (funds type V), YYMMDD or with its century."""
    told = one.availability[0] if one.funds_type == "V" and one.availability else ""
    if not (told.isascii() and told.isdigit()) or len(told) not in {6, 8}:
        return None
    whole = told if len(told) == 8 else "20" + told
    try:
        return date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    except ValueError:
        return None
