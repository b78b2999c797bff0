"""820 without a guide: the standard's payment order and remittance advice, as vendors get it inside CTX addenda.

What a settlement of invoices needs of the standard, in the standard's own order; codes are free where the two sides
agree on them. Parties come in any order, and a rule asks for payer and payee (X820-PARTY).
"""

from edi.x12.tables.common import N3_S, N4_S
from edi.x12.tables.common_820 import ACCOUNTS, NAMES, PERIOD
from edi.x12.tables.schema import L, S

_REF = S("REF", "S", 0, "R 128", "S 127", "S 352", notes="R0203")
_DTM = S("DTM", "S", 0, "R 374", "S 373", "N", "N", "S 1250 D8 RD8", "S 1251", notes=PERIOD)
_NTE = S("NTE", "S", 0, "S 363", "R 352")
_ADX = S("ADX", "R", 1, "R 782", "R 426", "S 128", "S 127", notes="P0304")

SET_820 = L(
    "820",
    "R",
    1,
    S("ST", "R", 1, "R 143 820", "R 329", "S 1705"),
    S(
        "BPR",
        "R",
        1,
        "R 305",
        "R 782",
        "R 478 C D",
        "R 591",
        "S 812",
        "S 506",
        "S 507",
        "S 569",
        "S 508",
        "S 509",
        "S 510",
        "S 506",
        "S 507",
        "S 569",
        "S 508",
        "S 373",
        notes=ACCOUNTS,
    ),
    _NTE,
    S("TRN", "R", 1, "R 481", "R 127", "S 509", "S 127"),
    S("CUR", "S", 1, "R 98", "R 100"),
    _REF,
    _DTM,
    L(
        "1000",
        "S",
        0,
        S("N1", "R", 1, "R 98", "S 93", "S 66", "S 67", notes="R0203 P0304"),
        S("N2", "S", 1, "R 93"),
        N3_S,
        N4_S,
        _REF,
        S("PER", "S", 0, "R 366", "S 93", *["S 365", "S 364"] * 3, notes="P0304 P0506 P0708"),
        S("RDM", "S", 1, "R 756", "S 93", "S 364"),
    ),
    L(
        "2000",
        "S",
        0,
        S("ENT", "R", 1, "R 554", "S 98", "S 66", "S 67", notes="P020304"),
        L("2100", "S", 0, S("NM1", "R", 1, "R 98", "R 1065 1 2", *NAMES, "S 66", "S 67", notes="P0809"), _REF),
        L("2200", "S", 0, _ADX),
        L(
            "2300",
            "S",
            0,
            S(
                "RMR",
                "R",
                1,
                "S 128",
                "S 127",
                "S 482",
                "R 782",
                "S 782",
                "S 782",
                "S 426",
                "S 782",
                notes="P0102 P0708",
            ),
            _NTE,
            _REF,
            _DTM,
            L("2320", "S", 0, _ADX),
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
