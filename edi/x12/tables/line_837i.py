"""837I 005010X223A2: loop 2400, the service line."""

from edi.x12.tables.common import CAS, PWK
from edi.x12.tables.schema import C, L, Loop, S

_PROCEDURE = ("R 235 ER HC HP IV WK", "R 234", *["S 1339"] * 4, "S 352")


def _doctor(loop: str, code: str, kinds: str = "0B 1G G2 LU") -> Loop:
    return L(
        loop,
        "S",
        1,
        S(
            "NM1",
            "R",
            1,
            f"R 98 {code}",
            "R 1065 1",
            "R 1035",
            "S 1036",
            "S 1037",
            "N",
            "S 1039",
            "S 66 XX",
            "S 67",
            notes="P0809",
        ),
        S("REF", "S", 20, f"R 128 {kinds}", "R 127", "N", C("S", "R 128 2U", "R 127")),
    )


DECISION = L(
    "2430",
    "S",
    15,
    S("SVD", "R", 1, "R 67", "R 782", C("S", *_PROCEDURE), "R 234", "R 380", "S 554"),
    CAS,
    S("DTP", "R", 1, "R 374 573", "R 1250 D8", "R 1251"),
    S("AMT", "S", 1, "R 522 EAF", "R 782"),
)

SERVICE_LINE = L(
    "2400",
    "R",
    999,
    S("LX", "R", 1, "R 554"),
    S("SV2", "R", 1, "R 234", C("S", *_PROCEDURE), "R 782", "R 355 DA UN", "R 380", "N", "S 782"),
    PWK,
    S("DTP", "S", 1, "R 374 472", "R 1250 D8 RD8", "R 1251"),
    S("REF", "S", 1, "R 128 6R", "R 127"),
    S("REF", "S", 1, "R 128 9B", "R 127"),
    S("REF", "S", 1, "R 128 9D", "R 127"),
    S("AMT", "S", 1, "R 522 GT", "R 782"),
    S("AMT", "S", 1, "R 522 N8", "R 782"),
    S("NTE", "S", 1, "R 363 TPO", "R 352"),
    S(
        "HCP",
        "S",
        1,
        "R 1473 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14",
        "R 782",
        "S 782",
        "S 127",
        "S 118",
        "S 127",
        "S 782",
        "S 234",
        "S 235 ER HC HP IV WK",
        "S 234",
        "S 355 DA UN",
        "S 380",
        "S 901 T1 T2 T3 T4 T5 T6",
        "S 1526 1 2 3 4 5",
        "S 1527 1 2 3 4 5 6",
        notes="P0910 P1112",
    ),
    L(
        "2410",
        "S",
        1,
        S("LIN", "R", 1, "N", "R 235 N4", "R 234"),
        S("CTP", "R", 1, *["N"] * 3, "R 380", C("R", "R 355 F2 GR ME ML UN")),
        S("REF", "S", 1, "R 128 VY XZ", "R 127"),
    ),
    _doctor("2420A", "72"),
    _doctor("2420B", "ZZ"),
    _doctor("2420C", "82"),
    _doctor("2420D", "DN", "0B 1G G2"),
    DECISION,
)
