"""277 claim status response, 005010X212. Status and entity codes of a claim are kept in lists of their own."""

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
    contacts,
    only,
)
from edi.x12.tables.schema import C, Composite, L, Loop, S, Segment


def _status(usage: str, entities: str = "") -> Composite:
    """A category, a code and whom it is about; above the claims without the list that a pharmacy names."""
    return C(usage, "R 1271", "R 1271", f"S 98 {entities}".strip(), *([] if entities else ["S 1270 RX"]))


def _stc(entities: str) -> Segment:
    """The status of a whole level: no money, no decision."""
    return S("STC", "R", 0, _status("R", entities), "R 373", *["N"] * 7, *[C("S", "R 1271", "R 1271", "S 98")] * 2)


def _claim(letter: str) -> Loop:
    """2200 of subscriber (D) and dependent (E)."""
    return L(
        f"2200{letter}",
        "S" if letter == "D" else "R",
        0,
        S("TRN", "R", 1, "R 481 2", "R 127"),
        S(
            "STC",
            "R",
            0,
            _status("R"),
            "R 373",
            "N",
            "S 782",
            "S 782",
            "S 373",
            "N",
            "S 373",
            "S 429",
            _status("S"),
            _status("S"),
        ),
        *(only(qualifier) for qualifier in ("1K", "BLT", "EJ", "XZ", "VV", "D9")),
        SERVED,
        L(
            f"2220{letter}",
            "S",
            0,
            S("SVC", "R", 1, SERVICE, "R 782", "R 782", "S 234", "N", "N", "R 380"),
            S("STC", "R", 0, _status("R"), "R 373", *["N"] * 7, _status("S"), _status("S")),
            LINE_REF,
            LINE_SERVED,
        ),
    )


SET_277 = L(
    "277",
    "R",
    1,
    S("ST", "R", 1, "R 143 277", "R 329", "R 1705"),
    S("BHT", "R", 1, "R 1005 0010", "R 353 08", "R 127", "R 373", "R 337", "R 640 DG"),
    L(
        "2000A",
        "R",
        0,
        S("HL", "R", 1, "R 628", "N", "R 735 20", "R 736 1"),
        L("2100A", "R", 1, PAYER_NM1, contacts("R", 1, "ED EM FX TE")),
        L(
            "2000B",
            "R",
            0,
            S("HL", "R", 1, "R 628", "R 734", "R 735 21", "R 736 0 1"),
            L("2100B", "R", 1, SUBMITTER_NM1),
            L("2200B", "S", 1, S("TRN", "R", 1, "R 481 2", "R 127"), _stc("41 AY PR")),
            L(
                "2000C",
                "S",
                0,
                S("HL", "R", 1, "R 628", "R 734", "R 735 19", "R 736 0 1"),
                L("2100C", "R", 2, PROVIDER_NM1),
                L("2200C", "S", 1, S("TRN", "R", 1, "R 481 1", "R 127"), _stc("1P")),
                L(
                    "2000D",
                    "S",
                    0,
                    S("HL", "R", 1, "R 628", "R 734", "R 735 22", "R 736 0 1"),
                    L("2100D", "R", 1, INSURED_NM1),
                    _claim("D"),
                    L(
                        "2000E",
                        "S",
                        0,
                        S("HL", "R", 1, "R 628", "R 734", "R 735 23"),
                        L("2100E", "R", 1, PATIENT_NM1),
                        _claim("E"),
                    ),
                ),
            ),
        ),
    ),
    S("SE", "R", 1, "R 96", "R 329"),
)
