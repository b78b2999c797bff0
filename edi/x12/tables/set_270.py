"""270 eligibility inquiry, 005010X279A1. Codes of service types (EQ01) are kept in a list of their own."""

from edi.x12.tables.common import N3_S, N4_S
from edi.x12.tables.common_27x import HI, POINTERS, PXC, RECEIVER_REF, ROLES, SOURCE_NM1
from edi.x12.tables.schema import C, L, Loop, S, Segment

_TRN = S("TRN", "S", 2, "R 481 1", "R 127", "R 509", "S 127")
_PRV = S("PRV", "S", 1, f"R 1221 {ROLES}", "S 128 9K D3 EI HPI PXC SY TJ", "S 127", notes="P0203")
_DMG = S("DMG", "S", 1, "S 1250 D8", "S 1251", "S 1068 F M", notes="P0102")
_SPEND_DOWN = (S("AMT", "S", 1, "R 522 R", "R 782"), S("AMT", "S", 1, "R 522 PB", "R 782"))
_BIRTH_ORDER = ["N"] * 14
_DTP = S("DTP", "S", 2, "R 374 102 291", "R 1250 D8 RD8", "R 1251")


def _question(name: str, level: str, *spend_down: Segment) -> Loop:
    return L(
        name,
        "S",
        99,
        S(
            "EQ",
            "R",
            1,
            "S 1365 x99",
            C("S", "R 235 AD CJ HC ID IV N4 ZZ", "R 234", *["S 1339"] * 4),
            level,
            "N",
            POINTERS,
            notes="R0102",
        ),
        *spend_down,
        S("III", "S", 1, "R 1270 ZZ", "R 1271"),
        S("REF", "S", 1, "R 128 9F G1", "R 127"),
        S("DTP", "S", 1, "R 374 291", "R 1250 D8 RD8", "R 1251"),
    )


SET_270 = L(
    "270",
    "R",
    1,
    S("ST", "R", 1, "R 143 270", "R 329", "R 1705"),
    S("BHT", "R", 1, "R 1005 0022", "R 353 01 13 36", "S 127", "R 373", "R 337", "S 640 RT"),
    L(
        "2000A",
        "R",
        0,
        S("HL", "R", 1, "R 628", "N", "R 735 20", "R 736 1"),
        L("2100A", "R", 1, SOURCE_NM1),
        L(
            "2000B",
            "R",
            0,
            S("HL", "R", 1, "R 628", "R 734", "R 735 21", "R 736 1"),
            L(
                "2100B",
                "R",
                1,
                S(
                    "NM1",
                    "R",
                    1,
                    "R 98 1P 2B 36 80 FA GP P5 PR",
                    "R 1065 1 2",
                    "R 1035",
                    "S 1036",
                    "S 1037",
                    "N",
                    "S 1039",
                    "R 66 24 34 FI PI PP SV XV XX",
                    "R 67",
                ),
                RECEIVER_REF,
                N3_S,
                N4_S,
                PXC,
            ),
            L(
                "2000C",
                "R",
                0,
                S("HL", "R", 1, "R 628", "R 734", "R 735 22", "R 736 0 1"),
                _TRN,
                L(
                    "2100C",
                    "R",
                    1,
                    S(
                        "NM1",
                        "R",
                        1,
                        "R 98 IL",
                        "R 1065 1",
                        "S 1035",
                        "S 1036",
                        "S 1037",
                        "N",
                        "S 1039",
                        "S 66 II MI",
                        "S 67",
                        notes="P0809",
                    ),
                    S("REF", "S", 9, "R 128 18 1L 1W 3H 6P CT EA EJ F6 GH HJ IG N6 NQ SY Y4", "R 127"),
                    N3_S,
                    N4_S,
                    _PRV,
                    _DMG,
                    S("INS", "S", 1, "R 1073 Y", "R 1069 18", *_BIRTH_ORDER, "R 1470"),
                    HI,
                    _DTP,
                    _question("2110C", "S 1207 FAM", *_SPEND_DOWN),
                ),
                L(
                    "2000D",
                    "S",
                    0,
                    S("HL", "R", 1, "R 628", "R 734", "R 735 23", "R 736 0"),
                    _TRN,
                    L(
                        "2100D",
                        "R",
                        1,
                        S("NM1", "R", 1, "R 98 03", "R 1065 1", "S 1035", "S 1036", "S 1037", "N", "S 1039"),
                        S("REF", "S", 9, "R 128 18 1L 6P CT EA EJ F6 GH HJ IF IG MRC N6 SY Y4", "R 127"),
                        N3_S,
                        N4_S,
                        _PRV,
                        _DMG,
                        S("INS", "S", 1, "R 1073 N", "R 1069 01 19 34", *_BIRTH_ORDER, "S 1470"),
                        HI,
                        _DTP,
                        _question("2110D", "N"),
                    ),
                ),
            ),
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
