"""What a bank's notification of change makes of the bank details that a payment went to."""

from dataclasses import replace

from edi.nacha.corrections import read_correction
from pipeline.domain.bank_accounts import faults
from pipeline.domain.payment import AccountType, Payee

_TYPES = {2: AccountType.CHECKING, 3: AccountType.SAVINGS}
"""By the first digit of a transaction code; others are no accounts that we pay to."""


def corrected(where: Payee, change_code: str, text: str) -> Payee | None:
    """The bank details as the bank wants them (change code, 29 columns of corrected data); None where it corrects none.

    Raises ValueError, without a value, where the correction cannot be read or nothing could be paid there.
    """
    told = read_correction(change_code, text)
    if told is None:
        raise ValueError(f"the corrected data of {change_code} cannot be read")
    changed = where
    if told.routing_number is not None:
        changed = replace(changed, routing_number=told.routing_number)
    if told.account is not None:
        changed = replace(changed, account_number=told.account)
    if told.transaction_code is not None:
        if told.transaction_code // 10 not in _TYPES:
            raise ValueError(f"{change_code} names a kind of account that is not paid to")
        changed = replace(changed, account_type=_TYPES[told.transaction_code // 10])
    if changed == where:
        return None
    if faults(changed, None):
        raise ValueError(f"the corrected data of {change_code} are no account that could be paid to")
    return changed
