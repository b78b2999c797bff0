"""Money that a BAI2 report saw arrive from payers, or leave to them again."""

import re
from dataclasses import dataclass
from datetime import date

from edi.bai2 import codes
from edi.bai2.file import BaiFile, Group, Transaction
from edi.bai2.lines import finding
from edi.bai2.own import is_own
from edi.bai2.texts import day_of, says_reversal, trn_in
from edi.findings import Finding, Place

# How banks write the parts of an ACH entry into the text of its line.
_COMPANY = re.compile(
    r"(?:ORIG(?:INATOR|INATING)?\s*)?(?:CO(?:MPANY)?|ORIG)\s*NAME\s*[:=]\s*(?P<name>.+?)\s*"
    r"(?=$|\n|[;,]|\b(?:ORIG|CO|COMPANY|DESC|ENTRY|SEC|TRACE|EED|EFF|IND|TRN|ID)\b[A-Z#. ]{0,20}[:=*])"
)
_COMPANY_ID = re.compile(r"(?:ORIG(?:INATOR)?|CO(?:MPANY)?)\s*ID\s*[:=]\s*(?P<id>[A-Z0-9]{9,10})\b")
_ENTRY_TRACE = re.compile(r"\bTRACE\s*(?:#|NO|NUMBER)?\s*[:=]\s*(?P<trace>\d{15})\b")
_ACH = frozenset({"142", "145", "164", "165", "166", "169", *codes.DEBITS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One credit or debit of the account that may be a payer's; `amount_cents` is negative for a debit.

    `trn_trace` and `payer_id` are TRN02 and TRN03, None where the text holds no whole TRN. `company_name` and `company_id`
    are the ACH company's, where the bank writes them; a wire's sender may be a person and is never taken. `reference` is
    the ACH entry's trace where the text has it, else the bank's own.
    """

    trn_trace: str | None
    payer_id: str | None
    amount_cents: int
    day: date | None
    company_name: str
    company_id: str
    reference: str


def movements(file: BaiFile) -> list[Movement]:
    """Credits by ACH, lockbox and wire, and debits by which others take money back, in the order of the file.

    Only of groups that are news (status 1); lines of other kinds (checks, fees, our own payments) are no deposits.
    """
    return [
        _movement(group, one)
        for group in file.groups
        if group.status == codes.UPDATE
        for account in group.accounts
        for one in account.transactions
        if one.amount_cents and _concerns_payers(one)
    ]


def _concerns_payers(one: Transaction) -> bool:
    if is_own(one):
        return False
    if not one.is_debit:
        return one.type_code in codes.CREDITS
    return one.type_code in codes.DEBITS or says_reversal(one.text) or trn_in(one.text) is not None


def unusable(file: BaiFile) -> list[Finding]:
    """Why a file, though sound, must not be taken in by itself: it corrects an earlier one, or tells other money."""
    found = []
    for number, group in enumerate(file.groups, start=1):
        at = Place(line=_line_of(group))
        if group.status in {codes.DELETION, codes.CORRECTION}:
            found.append(
                finding(
                    "BAI2-CORRECTION",
                    f"group {number} takes back or corrects what another file said",
                    "compare both files with the bank's statement, and settle the difference by hand",
                    at,
                )
            )
        if any((account.currency or group.currency or "USD") != "USD" for account in group.accounts):
            message = f"group {number} tells of another currency than USD"
            found.append(finding("BAI2-CURRENCY", message, "ask the bank for a report in USD", at))
    return found


def _line_of(group: Group) -> int | None:
    return next((one.line for account in group.accounts for one in account.transactions), None)


def _movement(group: Group, one: Transaction) -> Movement:
    assert one.amount_cents is not None, "the caller has looked"
    trn = trn_in(one.text)
    text = one.text.upper()
    ach = one.type_code in _ACH
    company, company_id, trace = (of.search(text) if ach else None for of in (_COMPANY, _COMPANY_ID, _ENTRY_TRACE))
    return Movement(
        trn_trace=trn.trace_number if trn else None,
        payer_id=trn.payer_id if trn else None,
        amount_cents=one.amount_cents,
        day=day_of(group, one),
        company_name=company["name"].strip() if company else "",
        company_id=company_id["id"] if company_id else "",
        reference=trace["trace"] if trace else one.bank_reference,
    )
