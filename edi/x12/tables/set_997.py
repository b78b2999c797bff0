"""997 functional acknowledgment, as 4010 and 5010 have it: elements that only 5010 added are situational."""

from edi.x12.tables.common import AK2, AK9
from edi.x12.tables.schema import C, L, S

SET_997 = L(
    "997",
    "R",
    1,
    S("ST", "R", 1, "R 143 997", "R 329", "S 1705"),
    S("AK1", "R", 1, "R 479", "R 28", "S 480"),
    L(
        "AK2",
        "S",
        0,
        AK2,
        L(
            "AK3",
            "S",
            0,
            S("AK3", "R", 1, "R 721", "R 719", "S 447", "S 720 1 2 3 4 5 6 7 8"),
            S(
                "AK4",
                "S",
                99,
                C("R", "R 722", "S 1528", "S 1686"),
                "S 725",
                "R 723 1 2 3 4 5 6 7 8 9 10 12 13",
                "S 724",
            ),
        ),
        S(
            "AK5",
            "R",
            1,
            "R 717 A E M R W X",
            *["S 718 1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27"] * 5,
        ),
    ),
    AK9,
    S("SE", "R", 1, "R 96", "R 329"),
)
