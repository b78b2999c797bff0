"""Rows that the inquiries and their responses share: 270 and 271 (005010X279A1), 276 and 277 (005010X212)."""

from edi.x12.tables.schema import C, S, Segment

SOURCE_NM1 = S(
    "NM1",
    "R",
    1,
    "R 98 2B 36 GP P5 PR",
    "R 1065 1 2",
    "R 1035",
    "S 1036",
    "S 1037",
    "N",
    "S 1039",
    "R 66 24 46 FI NI PI XV XX",
    "R 67",
)
RECEIVER_REF = S("REF", "S", 9, "R 128 0B 1C 1D 1J 4A CT EL EO HPI JD N5 N7 Q4 SY TJ", "R 127", "S 352")
ROLES = "AD AT BI CO CV H HH LA OT P1 P2 PC PE R RF SB SK SU"
"""What a provider does (PRV01)."""
PXC = S("PRV", "S", 1, f"R 1221 {ROLES}", "S 128 PXC", "S 127", notes="P0203")
DMG = S("DMG", "S", 1, "S 1250 D8", "S 1251", "S 1068 F M U", notes="P0102")
HI = S("HI", "S", 1, C("R", "R 1270 ABK BK", "R 1271"), *[C("S", "R 1270 ABF BF", "R 1271")] * 7)
POINTERS = C("S", "R 1328", *["S 1328"] * 3)
PAYER_NM1 = S("NM1", "R", 1, "R 98 PR", "R 1065 2", "R 1035", *["N"] * 4, "R 66 PI XV", "R 67")
SUBMITTER_NM1 = S("NM1", "R", 1, "R 98 41", "R 1065 1 2", "S 1035", "S 1036", "S 1037", "N", "N", "R 66 46", "R 67")
PROVIDER_NM1 = S(
    "NM1", "R", 1, "R 98 1P", "R 1065 1 2", "S 1035", "S 1036", "S 1037", "N", "S 1039", "R 66 FI SV XX", "R 67"
)
INSURED_NM1 = S(
    "NM1", "R", 1, "R 98 IL", "R 1065 1 2", "R 1035", "S 1036", "S 1037", "N", "S 1039", "R 66 24 II MI", "R 67"
)
PATIENT_NM1 = S("NM1", "R", 1, "R 98 QC", "R 1065 1", "R 1035", "S 1036", "S 1037", "N", "S 1039")
SERVICE = C("R", "R 235 AD ER HC HP IV N4 NU WK", "R 234", *["S 1339"] * 4)
SERVED = S("DTP", "S", 1, "R 374 472", "R 1250 D8 RD8", "R 1251")
LINE_SERVED = S("DTP", "R", 1, "R 374 472", "R 1250 D8 RD8", "R 1251")
LINE_REF = S("REF", "S", 1, "R 128 FJ", "R 127")


def only(qualifier: str) -> Segment:
    """A number of one kind, which comes once."""
    return S("REF", "S", 1, f"R 128 {qualifier}", "R 127")


def contacts(usage: str, maximum: int, kinds: str) -> Segment:
    """PER: a name and up to three numbers of these kinds, an extension behind another."""
    more = f"EX {kinds}"
    numbers = (f"{usage} 365 {kinds}", f"{usage} 364", f"S 365 {more}", "S 364", f"S 365 {more}", "S 364")
    return S("PER", "S", maximum, "R 366 IC", "S 93", *numbers, notes="P0304 P0506 P0708")
