"""What a return of one of our payments obliges us to: by its code, for somebody who pays credits.

A table, since codes come and go: each row has the codes that oblige to the same, how long the receiving bank had, and the
days on which it holds. Meanings are the rules' appendix on returns, in our own words; what to do follows from who is at fault.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pipeline.domain.calendar import add_banking_days
from pipeline.domain.payment import PaymentKind


class Limit(StrEnum):
    """How long a receiving bank may take to send an entry back; `late_after` has the days."""

    A = "A"  # the opening of the second banking day after settlement
    B = "B"  # 60 days, with the receiver's written statement
    C = "C"  # 60 days, without one
    AGREED = ""  # whenever both banks agree, or at once by the operator


_LONG_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows from a return. `type` is the exception that is raised; `meaning` and `cure` are its words.

    `fails_details`: nothing more is paid to this version of the payee's bank details. `holds`: nothing more is paid to the
    payee at all, until a person lifts the hold of this name.
    """

    type: str
    meaning: str
    cure: str
    fails_details: bool = False
    holds: str = ""
    limit: Limit = Limit.A
    valid_from: date = date.min
    valid_to: date = date.max


_NEW_DETAILS = "ask the payee for right details, then pay it again"
_COMPLIANCE = "open a case for compliance; the payee is on hold until somebody lifts it"
_FRAUD = "treat it as fraud: call the payee by a number that was known before; he is on hold until somebody lifts it"
_OURS = "mend the payment's data or the bank's profile before anything like it goes again; never send it as it is"
_ASK = "ask the bank: such a code has no place on a payment like this one"


def _details(meaning: str) -> Consequence:
    return Consequence(type="return", meaning=meaning, cure=_NEW_DETAILS, fails_details=True)


def _stopped(meaning: str, since: date = date.min) -> Consequence:
    return Consequence(
        type="return_compliance", meaning=meaning, cure=_COMPLIANCE, holds="compliance", valid_from=since
    )


def _ours(meaning: str, limit: Limit = Limit.A) -> Consequence:
    return Consequence(type="return_our_defect", meaning=meaning, cure=_OURS, limit=limit)


def _debits_only(meaning: str, limit: Limit = Limit.A) -> Consequence:
    return Consequence(type="return_odd", meaning=f"{meaning}, which only a debit can be", cure=_ASK, limit=limit)


def _recalled(meaning: str) -> Consequence:
    cure = "note that the recall succeeded; pay it again only if it is still owed"
    return Consequence(type="return_recalled", meaning=meaning, cure=cure, limit=Limit.AGREED)


_NO_SUCH_USE = "codes of checks, enrolments and international entries, none of which we send"
_ROWS: tuple[tuple[str, Consequence], ...] = (
    ("R02", _details("the account is closed")),
    ("R03", _details("there is no such account, or it is another's")),
    ("R04", _details("the account number is malformed")),
    ("R12", _details("the account was sold to another bank")),
    ("R13", _details("the routing number is not valid")),
    ("R20", _details("the account does not take such entries")),
    ("R14", _stopped("the payee's representative is dead or cannot act")),
    ("R15", _stopped("the payee or the holder of the account is dead")),
    ("R16", _stopped("the account is frozen, or a sanctions order stands against it")),
    ("R90", _stopped("returned for sanctions", date(2028, 3, 17))),
    ("R17", _details("the receiving bank could not edit the entry")),
    ("R06 R31", _recalled("returned since our bank asked for it")),
    (
        "R23",
        Consequence(
            type="return_refused",
            meaning="the payee refuses the money",
            cure="ask the payee why; it stays owed until it is paid or given up",
            limit=Limit.AGREED,
        ),
    ),
    (
        "R24",
        Consequence(
            type="return_duplicate",
            meaning="the receiving bank holds it for a duplicate",
            cure="compare it with every payment to this account before anything goes to it again",
        ),
    ),
    ("R18 R19 R25 R26 R27 R28", _ours("a field of the entry is in error", Limit.AGREED)),
    ("R21 R22", _ours("company or individual identification is not valid")),
    ("R30 R32 R34 R35 R36", _ours("our set-up does not allow this entry there", Limit.AGREED)),
    ("R01 R08 R09", _debits_only("short of funds, or stopped by the payer")),
    ("R05 R07 R10 R11", _debits_only("not authorised, a consumer says", Limit.B)),
    ("R29", _debits_only("not authorised, a business says")),
    ("R33 R38 R52", _debits_only(_NO_SUCH_USE, Limit.C)),
    ("R37 R51 R53", _debits_only(_NO_SUCH_USE, Limit.B)),
    ("R39 R40 R41 R42 R43 R44 R45 R46 R47 R50", _debits_only(_NO_SUCH_USE)),
    ("R80 R81 R82 R83 R84 R85", _debits_only(_NO_SUCH_USE)),
)
_TABLE = [(code, row) for codes, row in _ROWS for code in codes.split()]
_QUESTIONABLE = "QUESTIONABLE"
"""How a receiving bank marks an R17 by which it tells suspected fraud."""
_FRAUD_SINCE = date(2024, 10, 1)
_SUSPECTED = Consequence(
    type="return_fraud", meaning="the receiving bank suspects fraud", cure=_FRAUD, holds="fraud", fails_details=True
)
_UNKNOWN = Consequence(
    type="return_unknown_code",
    meaning="a code that no table here has",
    cure="ask the bank what it means; the payee is on hold until somebody lifts it",
    holds="return_unknown_code",
    limit=Limit.AGREED,
)
_PRENOTE_CURE = "ask the payee for right details; no money went there"


def consequence_of(code: str, information: str, kind: str, day: date) -> Consequence:
    """What a return with this code, and these words beside it, obliges to on a business day.

    A reversal is a debit: whatever the code, the payee's bank did not give the money back, and nothing else changes.
    """
    if kind == PaymentKind.REVERSAL:
        return _of_reversal(code, day)
    if code == "R17" and day >= _FRAUD_SINCE and _QUESTIONABLE in information.upper():
        found = _SUSPECTED
    else:
        found = _row(code, day) or _UNKNOWN
    if kind != PaymentKind.PRENOTE:
        return found
    return Consequence(
        type="prenote_failed",
        meaning=found.meaning,
        cure=found.cure if found.holds else _PRENOTE_CURE,
        fails_details=True,
        holds=found.holds,
        limit=found.limit,
    )


def _row(code: str, day: date) -> Consequence | None:
    return next((row for named, row in _TABLE if named == code and row.valid_from <= day <= row.valid_to), None)


def _of_reversal(code: str, day: date) -> Consequence:
    row = _row(code, day)
    return Consequence(
        type="reversal_returned",
        meaning="what we asked back is not given back",
        cure="the money stays with the payee: ask him for it",
        limit=row.limit if row else Limit.AGREED,
    )


def types() -> set[str]:
    """Every type of exception that a return may raise."""
    return {row.type for _, row in _TABLE} | {_SUSPECTED.type, _UNKNOWN.type, "prenote_failed", "reversal_returned"}


def late_after(limit: Limit, settled_on: date, return_days: int) -> date | None:
    """The last business day on which such a return is in time; None: any. `return_days` is the bank's own word for A."""
    if limit is Limit.AGREED:
        return None
    return add_banking_days(settled_on, return_days) if limit is Limit.A else settled_on + timedelta(days=_LONG_DAYS)
