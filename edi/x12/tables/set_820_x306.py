"""820 005010X306: payments of a health insurance exchange (marketplace) to the plans.

Qualifiers are listed where the guide has one only: the exchange's and the plan's own numbers (REF) come with whatever
qualifier the sender uses, and are told apart by it.
"""

from edi.x12.tables.common_820 import ACCOUNTS, CONTACT, COVERAGE, NAMES
from edi.x12.tables.schema import L, S

SET_820_X306 = L(
    "820",
    "R",
    1,
    S("ST", "R", 1, "R 143 820", "R 329", "R 1705"),
    S(
        "BPR",
        "R",
        1,
        "R 305",
        "R 782",
        "R 478 C D",
        "R 591 ACH BOP CHK FWT NON",
        "S 812 CCP CTX",
        "S 506 01 04",
        "S 507",
        "S 569 DA",
        "S 508",
        "S 509",
        "S 510",
        "S 506 01 04",
        "S 507",
        "S 569 DA SG",
        "S 508",
        "R 373",
        notes=ACCOUNTS,
    ),
    S("TRN", "R", 1, "R 481 1 3", "R 127", "S 509", "S 127"),
    S("REF", "S", 4, "R 128", "R 127"),
    L(
        "1000A",
        "R",
        1,
        S("N1", "R", 1, "R 98 PE", "S 93", "S 66", "S 67", notes="R0203 P0304"),
        S("REF", "S", 1, "R 128", "R 127"),
    ),
    L(
        "1000B",
        "R",
        1,
        S("N1", "R", 1, "R 98 RM", "S 93", "S 66", "S 67", notes="R0203 P0304"),
        CONTACT,
    ),
    L(
        "2000",
        "R",
        0,
        S("ENT", "R", 1, "R 554"),
        L(
            "2100",
            "S",
            1,
            S("NM1", "R", 1, "R 98", "R 1065 1 2", *NAMES, "S 66", "S 67", notes="P0809"),
            S("REF", "S", 11, "R 128", "R 127"),
        ),
        L(
            "2300",
            "R",
            0,
            S("RMR", "R", 1, "R 128 ZZ", "R 127", "N", "R 782", notes="P0102"),
            S("REF", "S", 0, "R 128", "R 127"),
            COVERAGE,
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
