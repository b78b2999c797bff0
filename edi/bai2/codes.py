"""What BAI2's type codes mean, as far as money that a payer sends or takes back goes."""

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

FUNDS_FIELDS = {"S": 3, "V": 2}
"""How many fields a funds type brings; D tells it itself, the others bring none."""
FUNDS_TYPES = frozenset({"", "0", "1", "2", "S", "V", "D", "Z"})

UPDATE, DELETION, CORRECTION, TEST = "1", "2", "3", "4"
GROUP_STATUSES = frozenset({UPDATE, DELETION, CORRECTION, TEST})


def is_debit(type_code: str) -> bool:
    """Whether amounts of this code leave the account: 400-699, and the bank's own codes from 960 on."""
    return "400" <= type_code <= "699" or "960" <= type_code <= "999"
