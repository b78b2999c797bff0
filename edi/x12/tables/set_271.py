"""271 eligibility response, 005010X279A1. Codes of service types (EB03) are kept in a list of their own."""

from edi.x12.tables.common import N3_S, N4_S
from edi.x12.tables.common_27x import DMG, HI, POINTERS, PXC, RECEIVER_REF, SOURCE_NM1, contacts
from edi.x12.tables.schema import C, L, Loop, S, Segment

_OF_A_PERSON = "C N R S W X Y"
_TRN = S("TRN", "S", 3, "R 481 1 2", "R 127", "R 509", "S 127")
_DTP = S(
    "DTP",
    "S",
    9,
    "R 374 096 102 152 291 307 318 340 341 342 343 346 347 356 357 382 435 442 458 472 539 540 636 771",
    "R 1250 D8 RD8",
    "R 1251",
)
_MPI = S(
    "MPI",
    "S",
    1,
    "R 1201 A C L O P S T",
    "R 584 AE AO AS AT AU CC DD HD IR LX PE RE RM RR RU",
    "R 1595 A B C D E F G H I J K L M N O Q R S U W",
    "S 352",
    "S 1596 A1 A2 A3 B1 B2 C1 C2 C3 C4 C5 C6 C7 C8 C9 E1 F1 F2 F3 F4 G1 G4 L1 L2 L3 L4 L5 L6 M1 M2 M3 M4 M5 M6"
    " P1 P2 P3 P4 P5 R1 R2 S1 S2 S3 S4 S5 S6 S7 S8 S9 SA SB SC T1 V1 W1",
    "S 1250 D8 RD8",
    "S 1251",
    notes="P0607",
)
_EB = S(
    "EB",
    "R",
    1,
    "R 1390 1 2 3 4 5 6 7 8 A B C CB D E F G H I J K L M MC N O P Q R S T U V W X Y",
    "S 1207 CHD DEP ECH EMP ESP FAM IND SPC SPO",
    "S 1365 x99",
    "S 1336 12 13 14 15 16 41 42 43 47 AP C1 CO CP D DB EP FF GP HM HN HS IN IP LC LD LI LT MA MB MC MH MI MP OT PE PL"
    " PP PR PS QM RP SP TF WC WU",
    "S 1204",
    "S 615 6 7 13 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36",
    "S 782",
    "S 954",
    "S 673 8H 99 CA CE D3 DB DY HS LA LE M2 MN P6 QA S7 S8",
    "S 380",
    "S 1073 N U Y",
    "S 1073 N U W Y",
    C("S", "R 235 AD CJ HC ID IV N4 ZZ", "R 234", *["S 1339"] * 4, "N", "S 234"),
    POINTERS,
    notes="P0910",
)
_HSD = S(
    "HSD",
    "S",
    9,
    "S 673 DY FL HS MN VS",
    "S 380",
    "S 355 DA MO VS WK YR",
    "S 1167",
    "S 615 6 7 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35",
    "S 616",
    "S 678 1 2 3 4 5 6 7 8 9 A B C D E F G H J K L M N O P Q R S SG SL SP SX SY SZ T U V W X Y",
    "S 679 A B C D E F G Y",
    notes="P0102 C0605",
)


def _aaa(reasons: str, follow_up: str) -> Segment:
    return S("AAA", "S", 9, "R 1073 N Y", "N", f"R 901 {reasons}", f"R 889 {follow_up}")


def _benefit(letter: str) -> Loop:
    """2110 of subscriber (C) and dependent (D). LS and LE stand around the loop of what is named in a benefit."""
    return L(
        f"2110{letter}",
        "S",
        0,
        _EB,
        _HSD,
        S("REF", "S", 9, "R 128 18 1L 1W 49 6P 9F ALS CLI F6 FO G1 IG M7 N6 NQ", "R 127", "S 352"),
        S(
            "DTP",
            "S",
            20,
            "R 374 096 193 194 198 290 291 292 295 304 307 318 346 348 349 356 357 435 472 636 771",
            "R 1250 D8 RD8",
            "R 1251",
        ),
        _aaa("15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA", "C N R W X Y"),
        S("MSG", "S", 10, "R 933"),
        L(
            f"2115{letter}",
            "S",
            10,
            S("III", "R", 1, "S 1270 GR NI ZZ", "S 1271", "S 1136 44", "S 933", notes="P0102 C0304"),
        ),
        L(f"LS 2120{letter}", "S", 1, S("LS", "R", 1, "R 447 2120"), _related(letter), S("LE", "R", 1, "R 447 2120")),
    )


def _related(letter: str) -> Loop:
    return L(
        f"2120{letter}",
        "R",
        23,
        S(
            "NM1",
            "R",
            1,
            "R 98 13 1I 1P 2B 36 73 FA GP GW I3 IL LR OC P3 P4 P5 PR PRP SEP TTP VER VN VY X3 Y2",
            "R 1065 1 2",
            "S 1035",
            "S 1036",
            "S 1037",
            "N",
            "S 1039",
            "S 66 24 34 46 FA FI II MI NI PI PP SV XV XX",
            "S 67",
            "S 706 01 02 27 41 48 65 72",
            notes="P0809",
        ),
        N3_S,
        S("N4", "S", 1, "R 19", "S 156", "S 116", "S 26", "S 309 RJ", "S 310", "S 1715", notes="E0207 C0605 C0704"),
        contacts("S", 3, "ED EM FX TE UR WP"),
        PXC,
    )


SET_271 = L(
    "271",
    "R",
    1,
    S("ST", "R", 1, "R 143 271", "R 329", "R 1705"),
    S("BHT", "R", 1, "R 1005 0022", "R 353 06 11", "S 127", "R 373", "R 337"),
    L(
        "2000A",
        "R",
        0,
        S("HL", "R", 1, "R 628", "N", "R 735 20", "R 736 0 1"),
        _aaa("04 41 42 79", "C N P R S Y"),
        L(
            "2100A",
            "R",
            1,
            SOURCE_NM1,
            contacts("S", 3, "ED EM FX TE UR"),
            _aaa("04 41 42 79 80 T4", "C N P R S W X Y"),
        ),
        L(
            "2000B",
            "S",
            0,
            S("HL", "R", 1, "R 628", "R 734", "R 735 21", "R 736 0 1"),
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
                    "S 1035",
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
                _aaa("15 41 43 44 45 46 47 48 50 51 79 97 T4", _OF_A_PERSON),
                PXC,
            ),
            L(
                "2000C",
                "S",
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
                    S(
                        "REF",
                        "S",
                        9,
                        "R 128 18 1L 1W 3H 49 6P CT EA EJ F6 GH HJ IF IG N6 NQ Q4 SY Y4",
                        "R 127",
                        "S 352",
                    ),
                    N3_S,
                    N4_S,
                    _aaa(
                        "15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 71 72 73 74 75 76 78",
                        _OF_A_PERSON,
                    ),
                    PXC,
                    DMG,
                    S("INS", "S", 1, "R 1073 Y", "R 1069 18", "S 875 001", "S 1203 25", *["N"] * 12, "S 1470"),
                    HI,
                    _DTP,
                    _MPI,
                    _benefit("C"),
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
                        S(
                            "REF",
                            "S",
                            9,
                            "R 128 18 1L 49 6P CT EA EJ F6 GH HJ IF IG MRC N6 NQ Q4 SY Y4",
                            "R 127",
                            "S 352",
                        ),
                        N3_S,
                        N4_S,
                        _aaa(
                            "15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 77",
                            _OF_A_PERSON,
                        ),
                        PXC,
                        DMG,
                        S(
                            "INS",
                            "S",
                            1,
                            "R 1073 N",
                            "R 1069 01 19 20 21 34 39 40 53 G8",
                            "S 875 001",
                            "S 1203 25",
                            *["N"] * 12,
                            "S 1470",
                        ),
                        HI,
                        _DTP,
                        _MPI,
                        _benefit("D"),
                    ),
                ),
            ),
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
