"""The small code sets of institutional claims. All are public lists of the national uniform billing committee."""


def _set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


FACILITY_TYPES = _set(
    "11 12 13 14 18 21 22 23 28 32 33 34 41 43 65 66 71 72 73 74 75 76 77 78 79 81 82 83 84 85 86 87 89"
)
"""Second and third digit of the type of bill, CLM05-1."""
BILL_FREQUENCIES = frozenset("0123456789ABCDEFGHIJKMOPQXYZ")  # CLM05-3
ACUTE = "11"
NURSING = frozenset({"18", "21", "28"})
WHOLE_OR_LAST, GOING_ON = frozenset({"1", "4"}), frozenset({"2", "3"})
STILL_PATIENT = "30"
ADMISSION_TYPES = frozenset("123459")  # CL101
ADMISSION_SOURCES = frozenset("1245689DEFG")  # CL102
PATIENT_STATUSES = _set(
    "01 02 03 04 05 06 07 09 20 21 30 40 41 42 43 50 51 61 62 63 64 65 66 69 70 81 82 83 84 85 86 87 88 89 90 91 92 93"
    " 94 95"
)  # CL103
PRESENT_ON_ADMISSION = frozenset("YNUW")
UNITS = frozenset({"UN", "DA"})
COVERED_DAYS, NON_COVERED_DAYS = "80", "81"
DAYS = frozenset({COVERED_DAYS, NON_COVERED_DAYS, "82", "83"})
TOTAL = "0001"


def is_accommodation(revenue_code: str) -> bool:
    """Room and board, leave of absence, intensive care: 0100 to 0219, whose units are days."""
    return "0100" <= revenue_code <= "0219"


def is_transport(revenue_code: str) -> bool:
    """Ambulance, 054x."""
    return revenue_code.startswith("054")


def is_emergency(revenue_code: str) -> bool:
    """Emergency room, urgent care or observation, where a patient comes unplanned."""
    return revenue_code.startswith("045") or revenue_code in {"0516", "0526", "0762"}


_PRICED = _set(
    "030 031 032 033 034 035 040 041 042 043 044 045 046 047 048 051 052 054 061 073 074 076 077 090 091 092 094"
)


def is_priced_by_procedure(revenue_code: str) -> bool:
    """Outpatient services that payers price by HCPCS: laboratory, imaging, therapy, clinic and emergency visits and so on."""
    return revenue_code[:3] in _PRICED or revenue_code == "0636"
