"""837I 005010X223A2: loop 2300, the claim. One table serves both branches of the hierarchy."""

from edi.x12.tables.codes_837i import CODES
from edi.x12.tables.common import CN1, N3, N4, PWK
from edi.x12.tables.line_837i import SERVICE_LINE
from edi.x12.tables.other_837i import OTHER_SUBSCRIBER
from edi.x12.tables.schema import C, L, Loop, S, Segment

_NOTES = "ALG DCP DGN DME MED NTR ODT RHB RLH RNH SET SFM SPT UPI"


def _person(code: str) -> Segment:
    return S(
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
    )


def _doctor(loop: str, code: str, *numbers: Segment) -> Loop:
    return L(loop, "S", 1, _person(code), *numbers)


_NUMBERS = S("REF", "S", 4, "R 128 0B 1G G2 LU", "R 127")

CLAIM = L(
    "2300",
    "S",
    100,
    S(
        "CLM",
        "R",
        1,
        "R 1028",
        "R 782",
        "N",
        "N",
        C("R", "R 1331", "R 1332 A", "R 1325"),
        "N",
        "R 1359 A B C",
        "R 1073 N W Y",
        "R 1363 I Y",
        *["N"] * 10,
        "S 1514 1 2 3 4 5 6 7 8 9 10 11 15",
    ),
    S("DTP", "S", 1, "R 374 096", "R 1250 TM", "R 1251"),
    S("DTP", "R", 1, "R 374 434", "R 1250 RD8", "R 1251"),
    S("DTP", "S", 1, "R 374 435", "R 1250 D8 DT", "R 1251"),
    S("DTP", "S", 1, "R 374 050", "R 1250 D8", "R 1251"),
    S("CL1", "R", 1, "R 1315", "S 1314", "R 1352"),
    PWK,
    CN1,
    S("AMT", "S", 1, "R 522 F3", "R 782"),
    S("REF", "S", 1, "R 128 4N", "R 127"),
    S("REF", "S", 1, "R 128 9F", "R 127"),
    S("REF", "S", 1, "R 128 G1", "R 127"),
    S("REF", "S", 1, "R 128 F8", "R 127"),
    S("REF", "S", 1, "R 128 9A", "R 127"),
    S("REF", "S", 1, "R 128 9C", "R 127"),
    S("REF", "S", 5, "R 128 LX", "R 127"),
    S("REF", "S", 1, "R 128 D9", "R 127"),
    S("REF", "S", 1, "R 128 LU", "R 127"),
    S("REF", "S", 1, "R 128 EA", "R 127"),
    S("REF", "S", 1, "R 128 P4", "R 127"),
    S("REF", "S", 1, "R 128 G4", "R 127"),
    S("K3", "S", 10, "R 449"),
    S("NTE", "S", 10, f"R 363 {_NOTES}", "R 352"),
    S("NTE", "S", 1, "R 363 ADD", "R 352"),
    S("CRC", "S", 1, "R 1136 ZZ", "R 1073 N Y", "R 1321 AV NU S2 ST", *["S 1321 AV NU S2 ST"] * 2),
    *CODES,
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
        "N",
        "N",
        "S 355 DA UN",
        "S 380",
        "S 901 T1 T2 T3 T4 T5 T6",
        "S 1526 1 2 3 4 5",
        "S 1527 1 2 3 4 5 6",
        notes="P1112",
    ),
    _doctor("2310A", "71", S("PRV", "S", 1, "R 1221 AT", "R 128 PXC", "R 127"), _NUMBERS),
    _doctor("2310B", "72", _NUMBERS),
    _doctor("2310C", "ZZ", _NUMBERS),
    _doctor("2310D", "82", _NUMBERS),
    L(
        "2310E",
        "S",
        1,
        S("NM1", "R", 1, "R 98 77", "R 1065 2", "R 1035", *["N"] * 4, "S 66 XX", "S 67", notes="P0809"),
        N3,
        N4,
        S("REF", "S", 3, "R 128 0B G2 LU", "R 127"),
    ),
    _doctor("2310F", "DN", S("REF", "S", 3, "R 128 0B 1G G2", "R 127")),
    OTHER_SUBSCRIBER,
    SERVICE_LINE,
)
