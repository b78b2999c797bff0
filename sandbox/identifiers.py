"""Numbers that partners give, derived from what they are given for: the same claim gets the same number in every run."""

import hashlib
from functools import lru_cache


@lru_cache(maxsize=16_384)  # each is said two or three times, soon after another
def _number(purpose: str, text: str, digits: int) -> str:
    spread = int.from_bytes(hashlib.blake2b(f"{purpose}:{text}".encode(), digest_size=16).digest(), "big")
    return str(10 ** (digits - 1) + spread % (9 * 10 ** (digits - 1)))


def clearinghouse_claim_id(patient_control_number: str, frequency: str, responsibility: str = "P") -> str:
    """REF*D9: ten digits, one for each version of a claim and payer in the order."""
    later = "" if responsibility == "P" else f":{responsibility}"
    return _number("clearinghouse", f"{patient_control_number}:{frequency}{later}", 10)


def payer_control_number(payer_id: str, patient_control_number: str, frequency: str) -> str:
    """REF*1K and CLP07: thirteen digits, one for each version of a claim at a payer."""
    return _number("payer", f"{payer_id}:{patient_control_number}:{frequency}", 13)


def payer_tax_id(payer_id: str) -> str:
    """Nine digits, plainly no one's: TRN03 is "1" and these."""
    return _number("tax", payer_id, 9)
