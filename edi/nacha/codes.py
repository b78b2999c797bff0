"""Code sets of the ACH rules as tables: transaction codes, service classes, return and change codes.

Meanings are in our own words. Tables only: what a code obliges anybody to do is decided by rules and by the product.
"""

CREDIT_LIVE = frozenset({22, 32, 42, 52})
CREDIT_PRENOTE = frozenset({23, 33, 43, 53})
CREDIT_ZERO = frozenset({24, 34, 44, 54})
CREDIT_RETURN = frozenset({21, 31, 41, 51})
DEBIT_LIVE = frozenset({27, 37, 47, 55})
DEBIT_PRENOTE = frozenset({28, 38, 48})
DEBIT_ZERO = frozenset({29, 39, 49})
DEBIT_RETURN = frozenset({26, 36, 46, 56})
CREDIT_ADVICE = frozenset({81, 83, 85, 87})
DEBIT_ADVICE = frozenset({82, 84, 86, 88})

LIVE = CREDIT_LIVE | DEBIT_LIVE
PRENOTE = CREDIT_PRENOTE | DEBIT_PRENOTE
ZERO_DOLLAR = CREDIT_ZERO | DEBIT_ZERO
RETURN_OR_CHANGE = CREDIT_RETURN | DEBIT_RETURN
ADVICE = CREDIT_ADVICE | DEBIT_ADVICE
CREDITS = CREDIT_LIVE | CREDIT_PRENOTE | CREDIT_ZERO | CREDIT_RETURN | CREDIT_ADVICE
DEBITS = DEBIT_LIVE | DEBIT_PRENOTE | DEBIT_ZERO | DEBIT_RETURN | DEBIT_ADVICE
TRANSACTION_CODES = CREDITS | DEBITS

MIXED, CREDITS_ONLY, DEBITS_ONLY, ADVICES = 200, 220, 225, 280
SERVICE_CLASSES = frozenset({MIXED, CREDITS_ONLY, DEBITS_ONLY, ADVICES})


RETURN_REASONS: dict[str, str] = {
    "R01": "not enough funds",
    "R02": "account closed",
    "R03": "no such account, or name and account do not belong together",
    "R04": "account number malformed",
    "R05": "consumer account, business entry not authorised",
    "R06": "returned because the originating bank asked for it",
    "R07": "authorisation revoked by the customer",
    "R08": "payment stopped",
    "R09": "funds not yet collected",
    "R10": "originator unknown to, or not authorised by, the customer",
    "R11": "not according to the terms of the authorisation",
    "R12": "account sold to another bank",
    "R13": "routing number not valid",
    "R14": "representative payee dead or unable to continue",
    "R15": "beneficiary or account holder dead",
    "R16": "account frozen, or returned on a sanctions instruction",
    "R17": "edit failure, or suspected fraud where marked QUESTIONABLE",
    "R18": "effective date not acceptable",
    "R19": "amount field in error",
    "R20": "account does not take this kind of entry",
    "R21": "company identification not valid",
    "R22": "individual identification not valid",
    "R23": "credit refused by the receiver",
    "R24": "duplicate entry",
    "R25": "addenda in error",
    "R26": "mandatory field in error",
    "R27": "trace number in error",
    "R28": "check digit of the routing number in error",
    "R29": "business customer says it is not authorised",
    "R30": "receiving bank takes no part in check truncation",
    "R31": "returned with the originating bank's consent",
    "R32": "receiving bank cannot settle",
    "R33": "return of a destroyed check entry",
    "R34": "receiving bank's participation is limited",
    "R35": "debit not allowed here",
    "R36": "credit not allowed here",
    "R37": "source document was presented too",
    "R38": "stop payment on the source document",
    "R39": "improper source document",
    "R40": "enrolment returned by the agency",
    "R41": "transaction code not valid for enrolment",
    "R42": "routing number or check digit in error in enrolment",
    "R43": "account number in error in enrolment",
    "R44": "individual identification in error in enrolment",
    "R45": "name in error in enrolment",
    "R46": "representative payee indicator in error",
    "R47": "duplicate enrolment",
    "R50": "state law forbids re-presented checks",
    "R51": "re-presented check not eligible or not authorised",
    "R52": "stop payment on a re-presented check",
    "R53": "check and its re-presented entry both presented",
    "R61": "dishonored: return went to the wrong bank",
    "R62": "dishonored: return of an erroneous or reversing debit",
    "R67": "dishonored: duplicate return",
    "R68": "dishonored: return came too late",
    "R69": "dishonored: fields of the return in error",
    "R70": "dishonored: return not accepted or not asked for",
    "R71": "contested: dishonored return went to the wrong bank",
    "R72": "contested: dishonored return came too late",
    "R73": "contested: the return was in time",
    "R74": "corrected return",
    "R75": "contested: the return was no duplicate",
    "R76": "contested: no errors found",
    "R77": "contested: dishonored return not accepted",
    "R80": "international entry: coding error",
    "R81": "international entry: no participant",
    "R82": "international entry: foreign bank identification not valid",
    "R83": "international entry: foreign bank cannot settle",
    "R84": "international entry: not processed by the gateway",
    "R85": "international entry coded as domestic",
}

CHANGE_CODES: dict[str, str] = {
    "C01": "account number",
    "C02": "routing number",
    "C03": "routing number and account number",
    "C04": "name",
    "C05": "transaction code",
    "C06": "account number and transaction code",
    "C07": "routing number, account number and transaction code",
    "C08": "receiving bank of an international entry",
    "C09": "individual identification",
    "C13": "addenda format",
    "C14": "entry has to be international",
    "C61": "refused: notification went to the wrong bank",
    "C62": "refused: trace number",
    "C63": "refused: company identification",
    "C64": "refused: individual identification",
    "C65": "refused: corrected data badly formed",
    "C66": "refused: discretionary data",
    "C67": "refused: routing number",
    "C68": "refused: account number",
    "C69": "refused: transaction code",
}

_DISHONORED = frozenset(f"R{number}" for number in range(61, 71))
_CONTESTED = frozenset(f"R{number}" for number in range(71, 78))
_REFUSALS = frozenset(f"C{number}" for number in range(61, 70))
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


def check_digit(routing: str) -> str:
    """Ninth digit of a routing number, from its first eight digits (weights 3-7-1, up to the next ten).

    Raises ValueError where `routing` does not begin with eight ASCII digits.
    """
    first8 = routing[:8]
    if len(first8) != 8 or not first8.isascii() or not first8.isdigit():
        raise ValueError("a routing number begins with eight digits")
    return str(-sum(int(digit) * weight for digit, weight in zip(first8, _WEIGHTS, strict=True)) % 10)


def is_routing_number(text: str) -> bool:
    """Nine ASCII digits whose last is the check digit of the others."""
    return len(text) == 9 and text.isascii() and text.isdigit() and check_digit(text) == text[8]


def is_credit(transaction_code: int) -> bool:
    """Whether the entry gives money to the receiver (or is the return, prenote or zero-dollar form of one that does).

    Raises ValueError for a code that no table knows: no side is assumed.
    """
    if transaction_code in CREDITS:
        return True
    if transaction_code in DEBITS:
        return False
    raise ValueError("unknown transaction code")


def returned_code(transaction_code: int) -> int:
    """The transaction code under which a return or a notification of change carries an entry (22 -> 21, 27 -> 26).

    Raises ValueError for a code that is unknown or is itself one of a return.
    """
    if transaction_code not in TRANSACTION_CODES - ADVICE - RETURN_OR_CHANGE:
        raise ValueError("no return form of this transaction code")
    tens = transaction_code // 10 * 10
    return tens + (1 if transaction_code in CREDITS else 6)


def prenote_code(transaction_code: int) -> int:
    """The transaction code of a prenote that tries out the account of a live entry (22 -> 23, 27 -> 28).

    Raises ValueError for a code that is not live, and for a loan's debit, of which there is none.
    """
    if transaction_code not in LIVE or transaction_code + 1 not in PRENOTE:
        raise ValueError("no prenote of this transaction code")
    return transaction_code + 1


def reversed_code(transaction_code: int) -> int:
    """The transaction code that takes a live entry back on the same account (22 -> 27, 27 -> 22, 52 -> 55).

    Raises ValueError for a code that is not live.
    """
    if transaction_code not in LIVE:
        raise ValueError("only a live entry can be reversed")
    if transaction_code in {52, 55}:
        return {52: 55, 55: 52}[transaction_code]
    return transaction_code + (5 if transaction_code in CREDITS else -5)


def is_dishonored(reason: str) -> bool:
    """Whether a return reason is one with which an originating bank sends a return back (R61 to R70)."""
    return reason in _DISHONORED


def is_contested(reason: str) -> bool:
    """Whether a return reason is one with which a receiving bank contests or corrects a dishonored return (R71 to R77)."""
    return reason in _CONTESTED


def is_refusal(change_code: str) -> bool:
    """Whether a change code is one with which an originating bank refuses a notification of change (C61 to C69)."""
    return change_code in _REFUSALS
