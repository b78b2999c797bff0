"""BAI2, the banks' cash report: records of comma-separated fields as tables, totals and counts proven."""

from edi.bai2.deposits import Movement, movements, unusable
from edi.bai2.file import Account, BaiFile, Group, Summary, Transaction
from edi.bai2.own import OwnMovement, own_movements
from edi.bai2.reading import BaiDocument, read
from edi.bai2.recognition import is_bai2, is_whole
from edi.bai2.writing import write

__all__ = [
    "Account",
    "BaiDocument",
    "BaiFile",
    "Group",
    "Movement",
    "OwnMovement",
    "Summary",
    "Transaction",
    "is_bai2",
    "is_whole",
    "movements",
    "own_movements",
    "read",
    "unusable",
    "write",
]
