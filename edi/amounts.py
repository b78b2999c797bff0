"""Money between its wire text and integer cents. No floats, no rounding, no guess.

X12 writes a decimal number without padding ("12.5", "0", "-45"); what cannot be whole cents is refused.
"""

import re

_LONGEST = 20
"""Sign, point and the eighteen digits that X12 has for an amount; more is damage, and no database holds it."""
_AMOUNT = re.compile(r"(-?)(\d*)(?:\.(\d{0,2}))?")


def cents_from_text(text: str) -> int:
    """Cents of an X12 decimal such as "12.5" (1250), ".07" (7) or "-45" (-4500).

    Raises ValueError on blanks, exponents, thousands separators, plus signs, a third decimal, no digit at all or
    more of them than an amount has.
    The message never shows the text.
    """
    sound = text.isascii() and len(text) <= _LONGEST
    if sound:
        whole, _, rest = text.partition(".")
        digits = whole + rest  # the usual cases are told without the expression, which costs four times as much
        if digits.isdigit() and (len(rest) in {1, 2} or text == whole):
            return int(digits) * (100, 10, 1)[len(rest)]
    match = _AMOUNT.fullmatch(text) if sound else None
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"not an amount in whole cents ({len(text)} characters)")
    cents = int(match[2] or "0") * 100 + int((match[3] or "").ljust(2, "0"))
    return -cents if match[1] else cents


def text_from_cents(cents: int) -> str:
    """The shortest X12 decimal of an amount: 1250 gives "12.5", 0 gives "0", -4500 gives "-45"."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest // 10}" if not rest % 10 else f"{sign}{whole}.{rest:02d}"


def dollars_text(cents: int) -> str:
    """Dollars and always two digits of cents, for people: 1250 gives "12.50", -45 gives "-0.45"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"
