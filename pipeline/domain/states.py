"""Which state follows which event: the only place that says so.

Each kind of row has one table of (state, event) -> state. A pair that is absent is refused by `after`; the store's
compare-and-set takes its expected states from `sources`, so no query can move a row along an arrow that is not here.
"""

from enum import StrEnum


class Kind(StrEnum):
    CLAIM = "claim"
    SUBMISSION = "submission"
    FILE = "file"
    REMITTANCE = "remittance"
    DEPOSIT = "deposit"
    PAYMENT = "payment"
    DETAILS = "bank_details"
    INQUIRY = "inquiry"
    INBOUND = "inbound"


NEW = ""
"""The state before a row exists: its first event is an arrow like any other, so that history folds from nothing."""

# A claim version. It is SUBMITTED while a submission of it is outside; what the outside answered is the submission's.
_CLAIM = {
    (NEW, "stored"): "DRAFT",
    (NEW, "readied"): "READY",
    ("DRAFT", "readied"): "READY",
    # New content before anything left: a draft again, until it is readied.
    **{(source, "redrafted"): "DRAFT" for source in ("DRAFT", "READY", "EDIT_FAILED", "SET_ASIDE")},
    ("EDIT_FAILED", "readied"): "READY",
    ("READY", "validated"): "VALIDATED",
    ("READY", "edits_failed"): "EDIT_FAILED",
    ("READY", "set_aside"): "SET_ASIDE",
    ("SET_ASIDE", "readied"): "READY",
    ("VALIDATED", "bundled"): "SUBMITTED",
    ("SUBMITTED", "withdrawn"): "EDIT_FAILED",
    ("SUBMITTED", "rejected"): "REJECTED",
    # Its set was rejected for another's fault: it goes again, as a further submission.
    ("SUBMITTED", "sent_again"): "VALIDATED",
    # Its file never left, since others in it must not go; it gets another.
    ("SUBMITTED", "unplaced"): "VALIDATED",
    # Its set or file was rejected for a fault of no claim: it goes again when a person has mended that.
    ("SUBMITTED", "held"): "HELD",
    # It was to go again, and an answer says that the partner has it after all.
    ("VALIDATED", "doubted"): "HELD",
    # Its further try is in a file that has not left, or was lost for another's fault in its turn.
    ("SUBMITTED", "doubted"): "HELD",
    # After a restore: something outside names it, so that it may be there already. Or it was made from a payer's decision
    # that he has taken back: then it does not go, wherever it is on its way.
    **{(source, "held"): "HELD" for source in ("READY", "EDIT_FAILED", "SET_ASIDE", "VALIDATED")},
    ("HELD", "resubmitted"): "VALIDATED",
    ("REJECTED", "resubmitted"): "VALIDATED",
    ("SUBMITTED", "paid"): "PAID",
    ("SUBMITTED", "partly_paid"): "PARTLY_PAID",
    ("SUBMITTED", "denied"): "DENIED",
    **{
        (source, event): target
        # A payer may adjudicate a claim that a report had called rejected, or that was about to go again: the money is
        # what counts.
        for source in ("VALIDATED", "REJECTED", "HELD", "PAID", "PARTLY_PAID", "DENIED", "REVERSED")
        for event, target in (
            ("paid", "PAID"),
            ("partly_paid", "PARTLY_PAID"),
            ("denied", "DENIED"),
            ("reversed", "REVERSED"),
        )
        if not (source in {"VALIDATED", "REJECTED", "HELD", "REVERSED"} and event == "reversed")
    },
    # A further version has taken its place: the payer has that one, or this one was rejected and is given up.
    **{
        (source, event): target
        for source in ("VALIDATED", "SUBMITTED", "HELD", "REJECTED", "PAID", "PARTLY_PAID", "DENIED", "REVERSED")
        for event, target in (("replaced", "REPLACED"), ("voided", "VOIDED"))
    },
    ("REPLACED", "voided"): "VOIDED",
    # What he had decided on it he may take back after that.
    ("REPLACED", "reversed"): "REPLACED",
    ("VOIDED", "reversed"): "VOIDED",
}

# One claim version in one set. IN_FILE until somebody answers; whether the file has left is the file's state.
_ANSWERS = {
    "set_accepted": "SET_ACCEPTED",
    "set_rejected": "SET_REJECTED",
    "clearinghouse_accepted": "CLEARINGHOUSE_ACCEPTED",
    "clearinghouse_rejected": "CLEARINGHOUSE_REJECTED",
    "payer_accepted": "PAYER_ACCEPTED",
    "payer_rejected": "PAYER_REJECTED",
    "adjudicated": "ADJUDICATED",
}
_LADDER = ("IN_FILE", "SET_ACCEPTED", "CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED")
_SUBMISSION = {
    (NEW, "bundled"): "IN_FILE",
    ("IN_FILE", "withdrawn"): "WITHDRAWN",
    # A replacement or void names the payer's number of the claim: noted in the history, nothing moves.
    ("IN_FILE", "named"): "IN_FILE",
    # Answers may skip rungs (an 835 may come first) but never climb down: a late one is recorded, not applied.
    **{
        (source, event): target
        for rung, source in enumerate(_LADDER)
        for event, target in _ANSWERS.items()
        if target not in _LADDER[: rung + 1]
        and not (event == "set_rejected" and rung > 0)
        and not (event == "clearinghouse_rejected" and rung > 2)
    },
    **{
        (source, "adjudicated"): "ADJUDICATED"
        for source in ("SET_REJECTED", "CLEARINGHOUSE_REJECTED", "PAYER_REJECTED")
    },
    **{(state, "late_answer"): state for state in (*_LADDER, *_ANSWERS.values())},
}

_RUNGS = ("SET", "CLEARINGHOUSE", "PAYER")


def contradicts(state: str, event: str) -> bool:
    """Whether an answer denies what another said of the same submission, rather than coming late.

    "Rejected" denies every acceptance at its own rung or beyond; "accepted" denies every rejection at its own rung or
    before. A clearinghouse's acceptance after the payer's rejection is only late.
    """
    by, _, verdict = event.upper().rpartition("_")
    if by not in _RUNGS:
        return False
    known, _, stands = state.rpartition("_")
    if verdict == "REJECTED":
        return state == "ADJUDICATED" or (stands == "ACCEPTED" and _RUNGS.index(known) >= _RUNGS.index(by))
    return stands == "REJECTED" and _RUNGS.index(known) <= _RUNGS.index(by)


# An outgoing file. Nothing leaves before RESERVED (bytes stored); see pipeline/stages/upload.py for the fences.
_FILE = {
    (NEW, "numbered"): "BUNDLED",
    ("BUNDLED", "rendered"): "RESERVED",
    ("BUNDLED", "voided"): "VOIDED",
    (NEW, "built"): "RESERVED",
    ("RESERVED", "voided"): "VOIDED",
    ("RESERVED", "staging"): "STAGING",
    ("STAGING", "staging"): "STAGING",
    ("STAGING", "not_begun"): "RESERVED",  # direct upload: no byte had left
    ("STAGING", "voided"): "VOIDED",  # the partner cannot see it yet, and an older lease can no longer commit
    ("STAGING", "staged"): "STAGED",
    ("STAGING", "uncertain"): "UNKNOWN",
    ("STAGED", "renaming"): "RENAMING",
    ("RENAMING", "sent"): "SENT",
    ("STAGING", "sent"): "SENT",  # direct upload: the write is the delivery
    ("STAGED", "sent"): "SENT",  # its TA1 came
    ("UNKNOWN", "sent"): "SENT",
    ("SENT", "accepted"): "ACCEPTED",
    ("SENT", "rejected"): "REJECTED",
    # An answer to a file that we do not hold as SENT proves that it was.
    **{
        (source, event): target
        for source in ("STAGING", "STAGED", "RENAMING", "UNKNOWN")
        for event, target in (("accepted", "ACCEPTED"), ("rejected", "REJECTED"))
    },
    # A report gave the partner's own number for it: noted in the history, nothing moves.
    **{(state, "reported"): state for state in ("SENT", "ACCEPTED", "REJECTED")},
}

_REMITTANCE = {
    (NEW, "received"): "RECEIVED",
    (NEW, "unbalanced"): "UNBALANCED",
    (NEW, "duplicate"): "DUPLICATE",
    (NEW, "conflict"): "CONFLICT",
    ("RECEIVED", "posted"): "POSTED",
    ("POSTED", "deposit_matched"): "MATCHED",
    ("POSTED", "no_money_due"): "MATCHED",
    # Its deposit was taken back by the bank, or away from it by a person.
    ("MATCHED", "deposit_taken_back"): "POSTED",
    ("MATCHED", "unmatched"): "POSTED",
}

# What a bank saw. A debit that takes back an earlier deposit is a row of its own and ends both.
_DEPOSIT = {
    (NEW, "received"): "WAITING",
    ("WAITING", "matched"): "MATCHED",
    ("MATCHED", "unmatched"): "WAITING",
    ("MATCHED", "taken_back"): "TAKEN_BACK",
    ("WAITING", "taken_back"): "TAKEN_BACK",
    ("WAITING", "takes_back"): "TAKING_BACK",
    ("WAITING", "settled"): "SETTLED",  # a person says what it was: no remittance will come
    ("SETTLED", "reopened"): "WAITING",
    # Another file of the bank tells of it too: noted in the history, nothing moves.
    **{(state, "told_again"): state for state in ("WAITING", "MATCHED", "TAKEN_BACK", "TAKING_BACK", "SETTLED")},
}

# A payment's content never changes: what would change it voids it, and another one is proposed.
_PAYMENT = {
    (NEW, "proposed"): "PROPOSED",
    ("PROPOSED", "released_by_rule"): "APPROVED",
    ("PROPOSED", "held_for_approval"): "WAITING",
    ("PROPOSED", "refused"): "DENIED",  # by rule
    ("WAITING", "endorsed"): "WAITING",  # one of several who must say yes has
    ("WAITING", "approved"): "APPROVED",
    ("WAITING", "denied"): "DENIED",
    **{(state, "voided"): "VOIDED" for state in ("PROPOSED", "WAITING", "APPROVED", "IN_FILE")},
    ("APPROVED", "placed"): "IN_FILE",
    ("IN_FILE", "unplaced"): "APPROVED",
    ("IN_FILE", "sent"): "SENT",
    ("SENT", "acknowledged"): "ACKNOWLEDGED",
    ("SENT", "bank_rejected"): "BANK_REJECTED",
    ("BANK_REJECTED", "reopened"): "APPROVED",
    # Nothing confirms an ACH credit: it is paid when the time for returning it has passed, and may come back even then.
    ("ACKNOWLEDGED", "settled"): "SETTLED",
    **{(state, "returned"): "RETURNED" for state in ("SENT", "ACKNOWLEDGED", "SETTLED")},
    # Our bank did not accept the return, so the payee keeps the money; his bank may contest that, and it comes back after all.
    ("RETURNED", "return_dishonoured"): "ACKNOWLEDGED",
    # The same, and what was owed has been paid anew meanwhile: the payee has it twice.
    ("RETURNED", "paid_twice"): "OVERPAID",
    ("OVERPAID", "returned"): "RETURNED",
    # A dishonour or contest came before what it is about: noted, and applied once that has come.
    **{
        (state, "told_early"): state
        for state in ("IN_FILE", "SENT", "ACKNOWLEDGED", "SETTLED", "RETURNED", "OVERPAID", "REVERSED")
    },
    # A reversal of it has gone through: the money is ours again.
    **{(state, "reversed"): "REVERSED" for state in ("ACKNOWLEDGED", "SETTLED", "OVERPAID")},
}

# A version of a payee's bank details.
_DETAILS = {
    (NEW, "proposed"): "PROPOSED",
    (NEW, "first"): "ACTIVE",  # the first that a claim tells of its patient: nothing is changed by it
    ("PROPOSED", "endorsed"): "PROPOSED",  # one of those who must stand up for it has
    ("PROPOSED", "confirmed"): "ACTIVE",
    ("PROPOSED", "refused"): "REFUSED",
    **{(state, "replaced"): "REPLACED" for state in ("PROPOSED", "ACTIVE")},
    # A payment or prenote came back because of them: nothing more is paid there.
    ("ACTIVE", "failed"): "FAILED",
    **{("ACTIVE", event): "ACTIVE" for event in ("prenote_sent", "prenote_passed")},
}

# A question to a payer: in real time it is answered at once, in a file when the answer comes.
_INQUIRY = {
    (NEW, "asked"): "ASKED",
    ("ASKED", "placed"): "IN_FILE",
    ("IN_FILE", "unplaced"): "ASKED",  # its file never left
    **{(state, "answered"): "ANSWERED" for state in ("ASKED", "IN_FILE")},
    # Not answered by the payer: refused by its set or envelope, or by nobody within the time.
    **{(state, "failed"): "FAILED" for state in ("ASKED", "IN_FILE")},
    ("FAILED", "answered"): "ANSWERED",
    ("ANSWERED", "late_answer"): "ANSWERED",
}

_INBOUND = {
    (NEW, "received"): "RECEIVED",
    (NEW, "quarantined"): "QUARANTINED",
    ("RECEIVED", "applied"): "APPLIED",
    ("RECEIVED", "quarantined"): "QUARANTINED",
}

TABLES: dict[Kind, dict[tuple[str, str], str]] = {
    Kind.CLAIM: _CLAIM,
    Kind.SUBMISSION: _SUBMISSION,
    Kind.FILE: _FILE,
    Kind.REMITTANCE: _REMITTANCE,
    Kind.DEPOSIT: _DEPOSIT,
    Kind.PAYMENT: _PAYMENT,
    Kind.DETAILS: _DETAILS,
    Kind.INQUIRY: _INQUIRY,
    Kind.INBOUND: _INBOUND,
}

CLAIM_FINAL = (
    "EDIT_FAILED",
    "SET_ASIDE",
    "HELD",
    "REJECTED",
    "PAID",
    "PARTLY_PAID",
    "DENIED",
    "REPLACED",
    "VOIDED",
)
"""States in which a claim waits for nobody but a person."""


def after(kind: Kind, state: str, event: str) -> str:
    """The state that `event` leads to from `state`; ValueError if the table has no such arrow."""
    try:
        return TABLES[kind][state, event]
    except KeyError:
        raise ValueError(f"no arrow: a {kind} in state {state or 'new'!r} does not take {event!r}") from None


def arrows(kind: Kind, event: str) -> dict[str, str]:
    """All arrows of an event, state -> state: what a set-based compare-and-set may move; ValueError if it has none."""
    found = {source: target for (source, named), target in TABLES[kind].items() if named == event and source != NEW}
    if not found:
        raise ValueError(f"no arrow: {event!r} moves no {kind}")
    return found


def fold(kind: Kind, events: list[str], state: str = NEW) -> str:
    """The state that a history leads to, from nothing or from `state`; ValueError at the first arrow that is none."""
    for event in events:
        state = after(kind, state, event)
    return state
