"""Rows that several guides of the 820 share."""

from edi.x12.tables.schema import S

NAMES = ("S 1035", "S 1036", "S 1037", "S 1038", "S 1039")
"""NM103 to NM107."""
ACCOUNTS = "P0607 C0809 P1213 C1415"
"""Syntax notes of BPR: a bank has its kind, an account number its own."""
PERIOD = "R020305 P0506"
"""Syntax notes of DTM: a day, or a period with its form."""
N2 = S("N2", "S", 1, "R 93")
CONTACT = S(
    "PER",
    "S",
    0,
    "R 366 IC",
    "R 93",
    "R 365 EM FX TE",
    "R 364",
    *["S 365 EM EX FX TE", "S 364"] * 2,
    notes="P0304 P0506 P0708",
)
COVERAGE = S("DTM", "S", 1, "R 374 582", "N", "N", "N", "R 1250 RD8", "R 1251", notes=PERIOD)
"""The period that something is paid for."""
