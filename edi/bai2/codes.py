"""What BAI2's type codes mean: money that a payer sends or takes back, and what the bank books for our own ACH files."""

CREDITS = {
    "115": "lockbox deposit",
    "142": "ACH credit received",
    "145": "ACH concentration credit",
    "164": "corporate trade payment",
    "165": "preauthorised ACH credit",
    "166": "ACH settlement",
    "169": "other ACH credit",
    "195": "incoming wire",
}
"""Credits that may be a payer's payment. Totals (140, 150) and items of what is told whole (116, 143) are not here."""

DEBITS = {
    "451": "ACH debit received",
    "455": "preauthorised ACH debit",
    "464": "corporate trade payment",
    "469": "other ACH debit",
}
"""Debits by which others take money from the account. Settlements of what we send ourselves (466) are not here."""

SETTLEMENTS = {
    "166": "ACH settlement, in our favour",
    "466": "ACH settlement",
}
"""What the bank books for an ACH file that we sent, as one sum. 166 may be a payer's money as well: its line tells."""

RETURN_ITEMS = {
    "257": "ACH return item",
    "557": "ACH return item, against us",
}
"""What the bank books for entries of ours that came back, or whose return did not stand."""

FUNDS_FIELDS = {"S": 3, "V": 2}
"""How many fields a funds type brings; D tells it itself, the others bring none."""
FUNDS_TYPES = frozenset({"", "0", "1", "2", "S", "V", "D", "Z"})

UPDATE, DELETION, CORRECTION, TEST = "1", "2", "3", "4"
GROUP_STATUSES = frozenset({UPDATE, DELETION, CORRECTION, TEST})


def is_debit(type_code: str) -> bool:
    """Whether amounts of this code leave the account: 400-699, and the bank's own codes from 960 on."""
    return "400" <= type_code <= "699" or "960" <= type_code <= "999"
