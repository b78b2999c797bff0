"""276 claim status request, 005010X212."""

from edi.x12.tables.common_27x import (
    INSURED_NM1,
    LINE_REF,
    LINE_SERVED,
    PATIENT_NM1,
    PAYER_NM1,
    PROVIDER_NM1,
    SERVED,
    SERVICE,
    SUBMITTER_NM1,
    only,
)
from edi.x12.tables.schema import L, Loop, S, Segment


def _dmg(usage: str) -> Segment:
    return S("DMG", usage, 1, "R 1250 D8", "R 1251", "S 1068 F M")


def _claim(letter: str) -> Loop:
    """2200 of subscriber (D) and dependent (E)."""
    return L(
        f"2200{letter}",
        "S" if letter == "D" else "R",
        0,
        S("TRN", "R", 1, "R 481 1", "R 127"),
        *(only(qualifier) for qualifier in ("1K", "BLT", "LU", "6P", "EJ", "XZ", "D9")),
        S("AMT", "S", 1, "R 522 T3", "R 782"),
        SERVED,
        L(
            f"2210{letter}",
            "S",
            0,
            S("SVC", "R", 1, SERVICE, "R 782", "N", "S 234", "N", "N", "S 380"),
            LINE_REF,
            LINE_SERVED,
        ),
    )


SET_276 = L(
    "276",
    "R",
    1,
    S("ST", "R", 1, "R 143 276", "R 329", "R 1705"),
    S("BHT", "R", 1, "R 1005 0010", "R 353 13", "R 127", "R 373", "R 337"),
    L(
        "2000A",
        "R",
        0,
        S("HL", "R", 1, "R 628", "N", "R 735 20", "R 736 1"),
        L("2100A", "R", 1, PAYER_NM1),
        L(
            "2000B",
            "R",
            0,
            S("HL", "R", 1, "R 628", "R 734", "R 735 21", "R 736 1"),
            L("2100B", "R", 1, SUBMITTER_NM1),
            L(
                "2000C",
                "R",
                0,
                S("HL", "R", 1, "R 628", "R 734", "R 735 19", "R 736 1"),
                L("2100C", "R", 2, PROVIDER_NM1),
                L(
                    "2000D",
                    "R",
                    0,
                    S("HL", "R", 1, "R 628", "R 734", "R 735 22", "R 736 0 1"),
                    _dmg("S"),
                    L("2100D", "R", 1, INSURED_NM1),
                    _claim("D"),
                    L(
                        "2000E",
                        "S",
                        0,
                        S("HL", "R", 1, "R 628", "R 734", "R 735 23"),
                        _dmg("R"),
                        L("2100E", "R", 1, PATIENT_NM1),
                        _claim("E"),
                    ),
                ),
            ),
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
