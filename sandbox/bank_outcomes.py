"""What becomes of an ACH entry at the receiving bank: a pure function of the entry's content, as of a claim's.

The last two digits of the receiving account choose it, by what the entry does:

| ending | a live credit | a prenote | a live debit |
|---|---|---|---|
| 13 | returned: R03 | returned: R03 | |
| 14 | notification C01: the account with its last two digits turned to 00 | the same | |
| 15 | notification C02: the routing number 111111118, unless the entry goes there | | |
| 16 | returned: R17, marked QUESTIONABLE | | |
| 17 | returned: R02 | | |
| 18 | returned: R16 | | |
| 19 | returned: R23 | | |
| 20 | returned: R03; later that return is dishonoured (R68): the money stays with the receiver | | |
| 21 | as 20; later the dishonour is contested (R73): the return stands after all | | |
| 23 | | | returned as an improper reversal: R11 in a consumer's class (PPD, WEB, TEL), else R17 |

Everything else is taken: other endings, and where the table is blank. A corrected entry is not corrected again.
"""

from dataclasses import dataclass

from edi.nacha import codes
from edi.nacha.corrections import Correction
from edi.nacha.file import AchBatch, AchEntry

CORRECTED_ROUTING = "111111118"
_CONSUMERS = frozenset({"PPD", "WEB", "TEL"})
_CREDITS = codes.LIVE & codes.CREDITS
_IMPROPER = "23"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One entry's fate: a return with its reason, or a notification with its change code; the entry is taken else.

    `information` is the return's (columns 36-79). `dishonoured`: the return is sent back; `contested`: that is, too.
    """

    reason: str | None = None
    information: str = ""
    dishonoured: bool = False
    contested: bool = False
    change: str | None = None


TAKEN = Verdict()
NO_ACCOUNT = Verdict(reason="R03")
OTHER_ACCOUNT = Verdict(change="C01")
_OF_CREDITS = {
    "13": NO_ACCOUNT,
    "14": OTHER_ACCOUNT,
    "15": Verdict(change="C02"),
    "16": Verdict(reason="R17", information="QUESTIONABLE"),
    "17": Verdict(reason="R02"),
    "18": Verdict(reason="R16"),
    "19": Verdict(reason="R23"),
    "20": Verdict(reason="R03", dishonoured=True),
    "21": Verdict(reason="R03", dishonoured=True, contested=True),
}
_OF_PRENOTES = {"13": NO_ACCOUNT, "14": OTHER_ACCOUNT}
ENDINGS = frozenset({*_OF_CREDITS, _IMPROPER})
"""All that choose anything: accounts that are to be paid and no more have others."""


def verdict(batch: AchBatch, entry: AchEntry) -> Verdict:
    """What becomes of the entry."""
    ending = entry.account.strip()[-2:]
    if entry.transaction_code in _CREDITS:
        found = _OF_CREDITS.get(ending, TAKEN)
        return TAKEN if found.change == "C02" and entry.rdfi == CORRECTED_ROUTING else found
    if entry.transaction_code in codes.PRENOTE:
        return _OF_PRENOTES.get(ending, TAKEN)
    if entry.transaction_code in codes.LIVE and ending == _IMPROPER:
        return Verdict(reason="R11" if batch.sec in _CONSUMERS else "R17")
    return TAKEN


def correction(change: str, entry: AchEntry) -> Correction:
    """What is right, by a change code of the table."""
    if change == "C02":
        return Correction(routing_number=CORRECTED_ROUTING)
    return Correction(account=f"{entry.account.strip()[:-2]}00")
