"""The small code sets that the edits look things up in. All are public lists."""


def _set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


PLACES_OF_SERVICE = _set(
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53"
    " 54 55 56 57 58 60 61 62 65 66 71 72 81 99"
)
STATES = _set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP"
)
ORDER_OF_PAYERS = tuple("PSTABCDEFGH")  # SBR01, the first payer first
INSURANCE_TYPES = _set("12 13 14 15 16 41 42 43 47")  # SBR05: why Medicare is not the first payer
ADJUSTMENT_GROUPS = _set("CO CR OA PI PR")  # CAS01
FILING_CODES = _set("11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ")  # SBR09
MEDICARE = frozenset({"MA", "MB"})
RELATIONSHIPS = _set("01 19 20 21 39 40 53 G8")  # PAT01
SELF = "18"  # SBR02
SEXES = frozenset("FMU")
FREQUENCIES = frozenset("178")
UNITS = frozenset({"UN", "MJ"})
DRUG_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
RELATED_CAUSES = frozenset({"AA", "EM", "OA"})
DELAY_REASONS = _set("1 2 3 4 5 6 7 8 9 10 11 15")
TRANSPORT_REASONS = frozenset("ABCDE")
TRANSPORT_CONDITIONS = _set("01 04 05 06 07 08 09 12")
REPORT_TYPES = _set(
    "03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG DJ DS EB HC HR I5 IR LA M1"
    " MT NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP"
)  # PWK01
HELD = "AA"
TRANSMISSIONS = frozenset({HELD, "BM", "EL", "EM", "FT", "FX"})  # PWK02
ACCOUNT_TYPES = frozenset({"checking", "savings"})

UNLISTED = _set(
    "A0999 A4649 A9999 B9998 B9999 E1399 J3490 J3590 J7599 J7699 J7799 J7999 J8499 J8999 J9999 K0108 L0999 L8699 Q4100"
    " V2799 V5299 15999 17999 20999 21299 22899 27599 29999 36299 37799 38999 43999 44799 49999 58999 64999 66999 69399"
    " 76499 78999 81599 84999 85999 86849 87999 88399 90399 90749 90999 93799 95199 96999 97039 97139 97799 99199 99429"
    " 99499 99600"
)
"""Codes for what has no code of its own: only their description says what was done."""

# Ambulance: HCPCS A0021 to A0999.
ORIGINS = frozenset("DEGHIJNPRS")
DESTINATIONS = frozenset("DEGHIJNPRX")  # X, a stop on the way, is never an origin; S, the scene, never a destination
GROUND_MILES = "A0425"
AIR_MILES = frozenset({"A0435", "A0436"})
MILES = AIR_MILES | {GROUND_MILES}
GROUND_BASE = _set("A0225 A0426 A0427 A0428 A0429 A0432 A0433 A0434")
AIR_BASE = frozenset({"A0430", "A0431"})
BASE = GROUND_BASE | AIR_BASE
BASE_AND_MILES = BASE | MILES
EMERGENCY_BASE = frozenset({"A0427", "A0429"})
NON_EMERGENCY_BASE = frozenset({"A0426", "A0428"})
NO_TRANSPORT = "A0998"
LAND, AIR = "41", "42"
EMERGENCY_CONDITION = "06"
PHYSICIAN = "physician"
CERTIFIERS = _set(
    "physician physician_assistant nurse_practitioner clinical_nurse_specialist registered_nurse"
    " licensed_practical_nurse social_worker case_manager discharge_planner"
)
"""Who may sign the certification of a transport (42 CFR 410.40): a physician, or those who may stand in for him."""
