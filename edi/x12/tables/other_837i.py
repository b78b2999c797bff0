"""837I 005010X223A2: loop 2320, another payer of the same claim."""

from edi.x12.tables.common import CAS, N3_S, N4_S
from edi.x12.tables.schema import L, Loop, S


def _known_by_numbers(loop: str, code: str, entity: str, most: int, kinds: str) -> Loop:
    """A provider without name, as the other payer knows him."""
    return L(
        loop,
        "S",
        1,
        S("NM1", "R", 1, f"R 98 {code}", f"R 1065 {entity}"),
        S("REF", "R", most, f"R 128 {kinds}", "R 127"),
    )


OTHER_SUBSCRIBER = L(
    "2320",
    "S",
    10,
    S(
        "SBR",
        "R",
        1,
        "R 1138 A B C D E F G H P S T U",
        "R 1069 01 18 19 20 21 39 40 53 G8",
        "S 127",
        "S 93",
        *["N"] * 4,
        "S 1032 11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ",
    ),
    CAS,
    S("AMT", "S", 1, "R 522 D", "R 782"),
    S("AMT", "S", 1, "R 522 EAF", "R 782"),
    S("AMT", "S", 1, "R 522 A8", "R 782"),
    S("OI", "R", 1, "N", "N", "R 1073 N W Y", "N", "N", "R 1363 I Y"),
    S(
        "MIA",
        "S",
        1,
        "R 380",
        "N",
        "S 380",
        "S 782",
        "S 127",
        *["S 782"] * 9,
        "S 380",
        *["S 782"] * 4,
        *["S 127"] * 4,
        "S 782",
    ),
    S("MOA", "S", 1, "S 954", "S 782", *["S 127"] * 5, "S 782", "S 782"),
    L(
        "2330A",
        "R",
        1,
        S("NM1", "R", 1, "R 98 IL", "R 1065 1 2", "R 1035", "S 1036", "S 1037", "N", "S 1039", "R 66 II MI", "R 67"),
        N3_S,
        N4_S,
        S("REF", "S", 2, "R 128 SY", "R 127"),
    ),
    L(
        "2330B",
        "R",
        1,
        S("NM1", "R", 1, "R 98 PR", "R 1065 2", "R 1035", *["N"] * 4, "R 66 PI XV", "R 67"),
        N3_S,
        N4_S,
        S("DTP", "S", 1, "R 374 573", "R 1250 D8", "R 1251"),
        S("REF", "S", 2, "R 128 2U EI FY NF", "R 127"),
        S("REF", "S", 1, "R 128 G1", "R 127"),
        S("REF", "S", 1, "R 128 9F", "R 127"),
        S("REF", "S", 1, "R 128 T4", "R 127"),
        S("REF", "S", 1, "R 128 F8", "R 127"),
    ),
    _known_by_numbers("2330C", "71", "1", 4, "0B 1G G2 LU"),
    _known_by_numbers("2330D", "72", "1", 4, "0B 1G G2 LU"),
    _known_by_numbers("2330E", "ZZ", "1", 4, "0B 1G G2 LU"),
    _known_by_numbers("2330F", "77", "2", 3, "0B G2 LU"),
    _known_by_numbers("2330G", "82", "1", 4, "0B 1G G2 LU"),
    _known_by_numbers("2330H", "DN", "1", 3, "0B 1G G2"),
    _known_by_numbers("2330I", "85", "2", 2, "G2 LU"),
)
