"""Rows that several sets share."""

from edi.x12.tables.schema import S

N3 = S("N3", "R", 1, "R 166", "S 166")
N3_S = S("N3", "S", 1, "R 166", "S 166")
N4 = S("N4", "R", 1, "R 19", "S 156", "S 116", "S 26", "N", "N", "S 1715", notes="E0207 C0704")
N4_S = S("N4", "S", 1, "R 19", "S 156", "S 116", "S 26", "N", "N", "S 1715", notes="E0207 C0704")

AK2 = S("AK2", "R", 1, "R 143", "R 329", "S 1705")
AK9 = S(
    "AK9",
    "R",
    1,
    "R 715 A E M P R W X",
    "R 97",
    "R 123",
    "R 2",
    *["S 716 1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26"] * 5,
)
CAS = S(
    "CAS",
    "S",
    5,
    "R 1033 CO CR OA PI PR",
    "R 1034",
    "R 782",
    *["S 380", "S 1034", "S 782"] * 5,
    "S 380",
    notes="L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917",
)
PWK = S(
    "PWK",
    "S",
    10,
    "R 755 03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG DJ DS EB HC HR I5 IR LA M1 MT NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP",
    "R 756 AA BM EL EM FT FX",
    "N",
    "N",
    "S 66 AC",
    "S 67",
    notes="P0506",
)
CR1 = S(
    "CR1",
    "S",
    1,
    "S 355 LB",
    "S 81",
    "N",
    "R 1317 A B C D E",
    "R 355 DH",
    "R 380",
    "N",
    "N",
    "S 352",
    "S 352",
    notes="P0102",
)
AMBULANCE_CRC = S(
    "CRC",
    "S",
    3,
    "R 1136 07",
    "R 1073 N Y",
    "R 1321 01 04 05 06 07 08 09 12",
    *["S 1321 01 04 05 06 07 08 09 12"] * 4,
)
CN1 = S("CN1", "S", 1, "R 1166 01 02 03 04 05 06 09", "S 782", "S 332", "S 127", "S 338", "S 799")
