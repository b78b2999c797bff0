"""Bank details as people give them: what a routing number, an account number and a name must look like to be paid to.

Problems are told by field, never with the value.
"""

import re
from typing import Annotated

from pydantic import Field
from stdnum.us import rtn

from pipeline.domain.payment import AccountType, Payee
from pipeline.domain.value import Text, Value
from pipeline.domain.wire_text import wire_text

_ROUTING = re.compile(r"(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}")
_ACCOUNT = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]{0,15}[A-Z0-9])?")
_NAME_MOST = {"CTX": 16}
"""Columns of an entry's name, where they are not 22 (record 6 of CTX, receiving company)."""


class AccountForm(Value):
    """What `--details` holds. `name` is the account's holder, where that is not the payee's name as it is known."""

    routing_number: Text
    account_number: Text
    account_type: Annotated[str, Field(pattern="^(checking|savings)$")]
    name: Text | None = None

    def where(self, name: str) -> Payee:
        return Payee(
            name=self.name or name,
            routing_number=self.routing_number,
            account_number=self.account_number,
            account_type=AccountType(self.account_type),
        )


def routing_number_valid(number: str) -> bool:
    """Nine digits of an assigned range, weighted 3, 7, 1 to a multiple of ten."""
    return _ROUTING.fullmatch(number) is not None and bool(rtn.is_valid(number))


def account_number_valid(number: str) -> bool:
    """1 to 17 capitals, digits, inner blanks or hyphens: what record 6 takes in columns 13-29."""
    return _ACCOUNT.fullmatch(number) is not None


def faults(where: Payee, sec: str | None) -> list[str]:
    """Why nothing could be paid there, all at once; `sec` is the class that the payee is paid by."""
    most = _NAME_MOST.get(sec or "", 22)
    found = []
    if not routing_number_valid(where.routing_number):
        found.append("routing_number: not nine digits with a sound check digit (ask for the details again)")
    if not account_number_valid(where.account_number):
        found.append(
            "account_number: not 1 to 17 capitals, digits, inner blanks or hyphens (ask for the details again)"
        )
    if not _name_fits(where.name, most):
        found.append(
            f"name: not 1 to {most} characters that a bank takes (give the name as the bank has it, shortened)"
        )
    return found


def _name_fits(name: str, most: int) -> bool:
    try:
        return len(wire_text(name)) <= most
    except ValueError:
        return False
