"""What waits too long by business time, and why: decisions alone, without clock or database.

Three things are watched: files that nobody has answered, claims that nobody has decided, and money whose other half has
not come. Who looks is `pipeline/stages/watch.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# -- files without an answer ------------------------------------------------------------------------------------------
_GOES = "it goes by itself once the connection is good"
NOT_LET_IN = {
    "login_refused": (
        "the partner refuses our login",
        "were they changed, or is the account paused or unpaid? `claimrail mailbox set {mailbox} --user … --password`",
    ),
    "host_key_changed": (
        "the server shows another host key than the one that was pinned",
        "ask the partner for its key by another way, only then `claimrail mailbox set {mailbox} --host-key …`",
    ),
    "unreachable": (
        "the partner's host cannot be reached",
        "check host, port and route with `claimrail mailbox check {mailbox}`; the partner may be down",
    ),
    "refused": ("the partner refuses what we ask for", "ask it about the account's rights and quota"),
    "folder_missing": (
        "a folder of the mailbox is not there",
        "compare the folders of mailbox {mailbox} with the partner's letter",
    ),
}
"""By the reason of a mailbox's pause what is the matter and what to do; the words of `stages/outside.py` for a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A file that was to leave long ago, and that no TA1, 999, report, 277CA or 835 has answered."""

    ref: str
    """As `claimrail files` names it: O12."""
    name: str
    mailbox: str
    upload_folder: str
    state: str
    due: datetime
    """Business time: when it was to leave."""
    sent: datetime | None
    """Business time: when it left."""
    enabled: bool
    """Whether the mailbox is; a person may hold it."""
    moved: bool
    """Whether the database is a restore or a copy, so that nothing leaves."""
    pause_reason: str | None
    broken_off: bool
    """Whether the latest talk with the partner broke off."""
    failure: str | None
    """How the upload last failed on our side; the types of `store/work.py`."""
    stopped: str | None
    """The type of the file's own open exception that keeps it here."""
    fetched: bool
    """Whether the pick-up folder was read without fault since the file left."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a file has no answer. `code` is short and stable, `told` and `cure` are read by people."""

    code: str
    told: str
    cure: str


def diagnose(file: Unanswered, now: datetime, silence: timedelta) -> Diagnosis:
    """Why nobody has answered the file, as far as our own side can tell. The first cause in the way is the one told."""
    if file.state == "UNKNOWN":
        return Diagnosis(
            "upload_unknown",
            "a direct upload broke off, and whether it was sent is not known",
            "ask the partner whether it arrived; see its exception upload_unknown",
        )
    stands = _in_the_way(file)
    if file.state != "SENT":
        found = stands or _on_our_side(file)
        return Diagnosis(found.code, f"it is not sent: {found.told}", f"{found.cure}; {_GOES}")
    if file.sent is not None and now - file.sent < silence:
        told = f"it left late, on {file.sent:%Y-%m-%d %H:%M} UTC, and its answer is not overdue yet"
        return Diagnosis("sent_late", told, "wait; this closes when the answer comes")
    if stands is not None:
        return Diagnosis(stands.code, f"it is sent, and answers cannot be fetched: {stands.told}", stands.cure)
    if not file.fetched:
        told = "it is sent, and nobody has looked for its answers since"
        return Diagnosis("not_fetched", told, "see that workers and beat run: `claimrail doctor`")
    return Diagnosis(
        "silent",
        "it is sent, the server took it, and the partner is silent, though its answers were looked for without fault",
        f"ask the clearinghouse about {file.name}: is the account paused or unpaid, and is {file.upload_folder!r} the"
        " folder that it reads?",
    )


def _in_the_way(file: Unanswered) -> Diagnosis | None:
    """What keeps us from the partner, in both directions."""
    if file.moved:
        return Diagnosis(
            "installation_moved",
            "the database is a restore or a copy",
            "`claimrail reconcile`, then `claimrail adopt`, then start the processes anew",
        )
    if not file.enabled:
        cure = f"`claimrail mailbox set {file.mailbox} --enable` lets it go"
        return Diagnosis("held", f"mailbox {file.mailbox} is not enabled", cure)
    if file.pause_reason is None:
        return None
    told, cure = NOT_LET_IN.get(file.pause_reason, (f"mailbox {file.mailbox} is paused", "see its exception"))
    return Diagnosis(file.pause_reason, told, cure.format(mailbox=file.mailbox))


def _on_our_side(file: Unanswered) -> Diagnosis:
    """Why a file stays here though the partner would let us in."""
    if file.stopped is not None:
        return Diagnosis(file.stopped, f"its exception {file.stopped} keeps it here", "do what that exception says")
    if file.broken_off:
        return Diagnosis(
            "broken_off", "talks with the partner break off", "it is tried again; ask the partner if this goes on"
        )
    if file.failure is not None:
        return Diagnosis(
            file.failure, f"its upload fails ({file.failure})", "`claimrail exceptions` and `claimrail doctor` say more"
        )
    return Diagnosis(
        "waits",
        "it waits for its turn, or no worker runs",
        "see that workers and beat run (`claimrail doctor`), and how many files an hour"
        f" mailbox {file.mailbox} lets go",
    )


def awaiting_reason(file: Unanswered, found: Diagnosis) -> str:
    """The exception's text. It changes only with the diagnosis, so that hours that pass do not rewrite it."""
    return f"file {file.ref} was to leave on {file.due:%Y-%m-%d %H:%M} UTC, no answer: {found.told}; {found.cure}"


# -- claims without a decision ----------------------------------------------------------------------------------------
UNDECIDED = ("IN_FILE", "SET_ACCEPTED", "CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED")
"""States of a submission that somebody outside still owes an answer to."""
INQUIRY = "status_inquiry"
"""A claim's next step: ask the payer for its status (276)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A claim's latest submission as it waits; business times."""

    state: str
    sent: datetime
    accepted: datetime | None
    """When the payer took it in."""
    answered: datetime | None
    """When the latest answer of anybody came."""


@dataclass(frozen=True, slots=True)
class Window:
    """How long a claim may wait, counted from `begins`; until when, and for what: a payer's `status` or a `decision`."""

    awaits: str
    begins: datetime
    days: int
    ends: datetime


def window(waiting: Waiting, status_days: int, decision_days: int) -> Window | None:
    """Until when somebody should have answered; None where nobody owes an answer.

    Before a payer has taken the claim in, clearinghouses report for some days after it was sent, and then no more; after
    that only the 835 is awaited. An answer within the window does not prolong it; one that comes when it is over, though
    it settles nothing, begins it anew.
    """
    if waiting.state not in UNDECIDED:
        return None
    taken_in = waiting.state == "PAYER_ACCEPTED"
    begins = (waiting.accepted or waiting.sent) if taken_in else waiting.sent
    days = decision_days if taken_in else status_days
    if waiting.answered is not None and waiting.answered > begins + timedelta(days=days):
        begins = waiting.answered
    return Window("decision" if taken_in else "status", begins, days, begins + timedelta(days=days))


def window_reason(found: Window, clearinghouse_id: str | None) -> str:
    """The exception's text about a claim whose window is over."""
    known = f" (OA claim id {clearinghouse_id})" if clearinghouse_id else ""
    if found.awaits == "decision":
        waits = f"a payer took it in by {found.begins:%Y-%m-%d}, and no remittance came within {found.days} days"
    else:
        waits = f"it waits since {found.begins:%Y-%m-%d}, and no payer has answered within {found.days} days"
    return f"{waits}{known}; a status inquiry (276) is due: ask the payer, or the clearinghouse, what became of it"


# -- money whose other half is late -----------------------------------------------------------------------------------
def eft_late_reason(trace_number: str, due: date) -> str:
    """About a remittance that no deposit pays."""
    return (
        f"its deposit was due by {due} and has not come; look for trace {trace_number} at the bank, then ask the"
        " payer's EFT desk"
    )


def era_late_reason(trace_number: str | None, due: date) -> str:
    """About a deposit that no remittance explains."""
    named = f"for trace {trace_number}" if trace_number else "for it"
    return f"its remittance was due by {due} and has not come; ask payer or clearinghouse to send it {named} again"


# -- what a batch is called -------------------------------------------------------------------------------------------
class Word(StrEnum):
    """A file's status for people, the least advanced first; the last two stand apart from the ladder."""

    AWAITING = "AWAITING"  # nobody has answered, whether it left or not
    SENT = "SENT"  # the clearinghouse has it; not each claim has a verdict
    ACCEPTED = "ACCEPTED"  # the clearinghouse took every claim in
    PAYER_ACCEPTED = "PAYER_ACCEPTED"
    DECIDED = "DECIDED"
    REJECTED = "REJECTED"  # nothing of it was taken in
    VOIDED = "VOIDED"  # it never left


_LADDER = (Word.AWAITING, Word.SENT, Word.ACCEPTED, Word.PAYER_ACCEPTED, Word.DECIDED)
_RUNGS = {
    "IN_FILE": Word.AWAITING,
    "SET_ACCEPTED": Word.SENT,
    "CLEARINGHOUSE_ACCEPTED": Word.ACCEPTED,
    "PAYER_ACCEPTED": Word.PAYER_ACCEPTED,
    "ADJUDICATED": Word.DECIDED,
}
_REJECTIONS = ("SET_REJECTED", "CLEARINGHOUSE_REJECTED", "PAYER_REJECTED")


@dataclass(frozen=True, slots=True)
class BatchStatus:
    word: Word
    rejected: int
    """Claims of it that were rejected at some rung; they hold the others back no more."""


def batch_status(file_state: str, submissions: Mapping[str, int], *, answered: bool) -> BatchStatus:
    """What people call a file: the least advanced of its claims that were not rejected.

    `submissions` counts them by state; `answered`: anything at all came back for the file.
    """
    rejected = sum(submissions.get(state, 0) for state in _REJECTIONS)
    if file_state == "VOIDED":
        return BatchStatus(Word.VOIDED, rejected)
    heard = answered or any(count for state, count in submissions.items() if state not in {"IN_FILE", "WITHDRAWN"})
    words = {_RUNGS[state] for state, count in submissions.items() if count and state in _RUNGS}
    if not words and (rejected or file_state == "REJECTED"):
        return BatchStatus(Word.REJECTED, rejected)
    least = min(words, key=_LADDER.index, default=Word.AWAITING)
    return BatchStatus(Word.SENT if least is Word.AWAITING and heard else least, rejected)
