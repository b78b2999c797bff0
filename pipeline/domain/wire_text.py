"""How free text becomes what the 837 carries: the basic character set, upper-case, without our delimiters.

Rules, in order: upper-case; accents come off; letters that have no plain form of their own are spelled (Æ as AE, Ø as
O); curly quotes and dashes become plain ones; marks that only separate (# * : ^ ~ _ | and the like) become a blank;
runs of blanks become one. Any other character (%, <, a letter of another script …) carries meaning that would be lost,
so the text is refused. Identifiers are never changed at all.
"""

import re
import unicodedata
from functools import lru_cache

_BASIC = re.compile(r"""[A-Z0-9 !"&'()+,\-./;?=]+""")
_IDENTIFIER = re.compile(r"[A-Z0-9](?:[A-Z0-9 .,/+&()'-]*[A-Z0-9.)])?")
_SPELLED = str.maketrans(
    {
        "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "Ŧ": "T", "ı": "I",
        "‘": "'", "’": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        **dict.fromkeys("#*:^~_|\\\t\r\n\u00a0·•", " "),
    }
)  # fmt: skip


@lru_cache(maxsize=8192)  # the same towns, hospitals and payers come again and again, and edits and mapping ask twice
def wire_text(text: str) -> str:
    """The text as it goes into the 837. ValueError, without the text, if something of it would be lost."""
    upper = text.upper()
    if _BASIC.fullmatch(upper) and "  " not in upper and upper == upper.strip():
        return upper
    spelled = unicodedata.normalize("NFKD", upper.translate(_SPELLED)).translate(_SPELLED).upper()
    plain = " ".join("".join(mark for mark in spelled if not unicodedata.combining(mark)).split())
    if not _BASIC.fullmatch(plain):
        raise ValueError(f"text of {len(text)} characters cannot be written in the basic character set")
    return plain


def is_identifier(text: str) -> bool:
    """True if an identifier can be written as it is: capitals, digits and a few marks within."""
    return _IDENTIFIER.fullmatch(text) is not None
