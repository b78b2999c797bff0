"""Rows that the 837P and the 837I share outside their claims: header, pay-to plan, payer."""

from edi.x12.tables.common import N3, N4
from edi.x12.tables.schema import L, S

BHT = S("BHT", "R", 1, "R 1005 0019", "R 353 00 18", "R 127", "R 373", "R 337", "R 640 31 CH RP")
SUBMITTER = L(
    "1000A",
    "R",
    1,
    S("NM1", "R", 1, "R 98 41", "R 1065 1 2", "R 1035", "S 1036", "S 1037", "N", "N", "R 66 46", "R 67"),
    S(
        "PER",
        "R",
        2,
        "R 366 IC",
        "S 93",
        "R 365 ED EM FX TE",
        "R 364",
        *["S 365 ED EM EX FX TE", "S 364"] * 2,
        notes="P0506 P0708",
    ),
)
RECEIVER = L(
    "1000B",
    "R",
    1,
    S("NM1", "R", 1, "R 98 40", "R 1065 2", "R 1035", *["N"] * 4, "R 66 46", "R 67"),
)
PAY_TO_PLAN = L(
    "2010AC",
    "S",
    1,
    S("NM1", "R", 1, "R 98 PE", "R 1065 2", "R 1035", *["N"] * 4, "R 66 PI XV", "R 67"),
    N3,
    N4,
    S("REF", "S", 1, "R 128 2U FY NF", "R 127"),
    S("REF", "R", 1, "R 128 EI", "R 127"),
)
