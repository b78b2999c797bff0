"""NACHA files: 94-column records as tables, totals and order as functions."""

from edi.nacha.acknowledgment import (
    BankAcknowledgment,
    acknowledge,
    is_acknowledgment,
    read_acknowledgment,
    write_acknowledgment,
)
from edi.nacha.deposits import Deposit, deposits
from edi.nacha.file import (
    AchBatch,
    AchEntry,
    AchFile,
    Addenda,
    Addenda05,
    Addenda98,
    Addenda99,
    ClassAddenda,
    ContestedReturn,
    DishonoredReturn,
    OtherAddenda,
)
from edi.nacha.profiles import DEVIATIONS, Deviation, bank_profile
from edi.nacha.reading import INBOUND, STRICT, AchDocument, Profile, check, read
from edi.nacha.returns import return_file
from edi.nacha.trn import Trn, find_trn, trn_text
from edi.nacha.write_back import write_back
from edi.nacha.writing import write

__all__ = [
    "DEVIATIONS",
    "INBOUND",
    "STRICT",
    "AchBatch",
    "AchDocument",
    "AchEntry",
    "AchFile",
    "Addenda",
    "Addenda05",
    "Addenda98",
    "Addenda99",
    "BankAcknowledgment",
    "ClassAddenda",
    "ContestedReturn",
    "Deposit",
    "Deviation",
    "DishonoredReturn",
    "OtherAddenda",
    "Profile",
    "Trn",
    "acknowledge",
    "bank_profile",
    "check",
    "deposits",
    "find_trn",
    "is_acknowledgment",
    "read",
    "read_acknowledgment",
    "return_file",
    "trn_text",
    "write",
    "write_acknowledgment",
    "write_back",
]
