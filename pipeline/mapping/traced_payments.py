"""What stands beside a CCD+ entry to a payer or a provider: our own trace, and by what the receiver knows the matter."""

import re

from edi.nacha.trn import trn_text
from pipeline.domain.mailbox import BankProfile
from pipeline.mapping.payments_to_820 import BESIDE_CCD
from pipeline.mapping.payments_to_nacha import individual_id

_TAX_ID = re.compile(r"1\d{9}", re.ASCII)
_PAYERS_CLAIM, _EARLIER_TRACE = "F8", "TN"


def payer_refund(profile: BankProfile, payment_id: int, payer_claim_number: str | None) -> str:
    """TRN with our payment, and the payer's own number of the claim. ValueError as `_traced`."""
    return _traced(profile, payment_id, _PAYERS_CLAIM, payer_claim_number)


def disbursement(profile: BankProfile, payment_id: int, trace_number: str | None) -> str:
    """TRN with our payment, and the trace of the 835 whose money is passed on. ValueError as `_traced`."""
    return _traced(profile, payment_id, _EARLIER_TRACE, trace_number)


def _traced(profile: BankProfile, payment_id: int, qualifier: str, reference: str | None) -> str:
    """The reference stands there where it fits whole. ValueError where the company's id is no tax number."""
    if not _TAX_ID.fullmatch(profile.company_id):
        raise ValueError("TRN03 is 1 and our tax number: set company_id of the bank's mailbox to that")
    trace = trn_text(individual_id(payment_id), profile.company_id)
    told = f"REF*{qualifier}*{reference}\\"
    fits = reference and not set(reference) & set("*\\~") and len(trace) + len(told) <= BESIDE_CCD
    return trace + told if fits and told.isascii() and told.isprintable() else trace
