"""Every type of exception: how bad it is, what it is about, whose work it is, how soon, and what mends it.

docs/operations/alarms.md tells the same at length, a row a type. A stage that raises a type which is not here fails.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.domain.permissions import Role


class Severity(StrEnum):
    """The gravest first. An error stops claims or money; a warning may; an info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Again(StrEnum):
    """What a further raise means once a person has resolved a row of the type for the same subject."""

    NEWS = "news"
    """Each is raised by something that has happened: it opens a new row."""
    WHILE_IT_LASTS = "while it lasts"
    """The flow looks at the same state again and again: the same reason opens no row until the flow has seen it end."""
    NEVER = "never"
    """A subject is in this state once: what a person has resolved about it stays so, whatever the reason says."""


WORK = "work"
"""Stands for a subject kind that is a stage's name: its work fails."""


@dataclass(frozen=True, slots=True)
class ExceptionType:
    """A row of the table. `due_h`: hours of business time until it should be done, None for no date."""

    name: str
    severity: Severity
    about: tuple[str, ...]
    role: Role
    due_h: int | None
    closes: bool
    """True where the flow closes it once its cause is gone, at least in some cases."""
    cure: str
    again: Again = Again.NEWS

    def due_at(self, now: datetime) -> datetime | None:
        return None if self.due_h is None else now + timedelta(hours=self.due_h)


_E, _W, _I = Severity
_BILLER, _OPERATOR, _APPROVER = Role.BILLER, Role.OPERATOR, Role.APPROVER
_BOX, _FILE, _INBOUND, _CLAIM = ("mailbox",), ("file",), ("inbound",), ("claim",)
_REMITTANCE, _DECISION, _DEPOSIT, _PAYMENT = ("remittance",), ("remittance_claim",), ("deposit",), ("payment",)
_PAYEE = ("payee",)
_LASTS, _NEVER = Again.WHILE_IT_LASTS, Again.NEVER
_T = ExceptionType

_WAY_OUTSIDE = (
    _T("login_refused", _E, _BOX, _OPERATOR, 4, True, "compare the login with the partner's letter", _LASTS),
    _T("host_key_changed", _E, _BOX, _OPERATOR, 4, True, "ask the partner for its key by another way", _LASTS),
    # Also work of a stage that one of our own rules refused.
    _T("refused", _E, (*_BOX, WORK), _OPERATOR, 8, True, "ask the partner about rights and quota", _LASTS),
    _T("folder_missing", _E, _BOX, _OPERATOR, 4, True, "compare folders with the partner's letter", _LASTS),
    _T("unreachable", _W, _BOX, _OPERATOR, 8, True, "check host, port and route; the partner may be down", _LASTS),
    # By hand it cannot be resolved while it lasts: nothing leaves before the database is adopted.
    _T("installation_moved", _E, _BOX, _OPERATOR, 4, True, "`claimrail reconcile`, then `claimrail adopt`"),
    _T("restored_doubt", _E, (*_BOX, *_CLAIM, *_PAYMENT), _OPERATOR, 24, True, "ask the partner what it has"),
)

_FILES_OUT = (
    _T("mode_mismatch", _E, _FILE, _OPERATOR, 8, True, "correct the mailbox, or use the right one", _LASTS),
    _T("upload_unknown", _E, _FILE, _OPERATOR, 8, True, "ask the partner whether the file arrived"),
    _T("file_rejected", _E, _FILE, _OPERATOR, 8, True, "mend the cause, resume mailbox and claims"),
    _T("awaiting", _E, _FILE, _OPERATOR, 8, True, "do what the diagnosis in the reason says", _NEVER),
    _T("no_bank_mailbox", _E, ("org",), _OPERATOR, 24, True, "set the tenant's bank mailbox up", _LASTS),
    _T("ach_refused", _E, _BOX, _OPERATOR, 8, True, "correct the bank's profile as the code says", _LASTS),
)

_FILES_IN = (
    _T("quarantined", _E, _INBOUND, _OPERATOR, 24, True, "ask the partner for the whole file"),
    _T("cannot_be_judged", _E, _INBOUND, _BILLER, 24, False, "ask the payer for a set in which all money can be read"),
    _T("unknown_answer", _E, _INBOUND, _OPERATOR, 24, False, "ask the partner whose answer it is"),
    _T("unmatched_status", _W, _INBOUND, _BILLER, 48, False, "ask the partner whose claims it tells of"),
    _T("contradictory_answer", _E, (*_FILE, *_CLAIM), _BILLER, 24, False, "ask the partner which answer stands"),
    _T("unexpected_answer", _E, _FILE, _OPERATOR, 24, False, "ask the bank"),
    _T("answer_disagrees", _E, _FILE, _OPERATOR, 2, True, "call the bank before anything settles"),
    _T("answer_unclear", _E, _FILE, _OPERATOR, 2, True, "ask the bank whether it takes the file"),
    _T("bank_silent", _E, _FILE, _OPERATOR, 4, True, "ask the bank whether it has the file", _NEVER),
    _T("file_not_settled", _E, _FILE, _OPERATOR, 24, True, "ask the bank what it charged for the file", _NEVER),
    _T("bank_line_unknown", _E, ("bank_line",), _OPERATOR, 48, True, "ask the bank what the line is about", _NEVER),
    _T("remittance_unbalanced", _E, _REMITTANCE, _BILLER, 48, False, "ask the payer for a corrected set"),
    _T("remittance_conflict", _E, _REMITTANCE, _BILLER, 48, False, "ask the payer which one stands"),
    _T("duplicate_remittance", _I, _REMITTANCE, _BILLER, None, False, "nothing: it came before and is posted once"),
)

_CLAIMS = (
    _T("edit_failed", _E, _CLAIM, _BILLER, 48, True, "correct the claim upstream, send it under the same external_id"),
    _T("set_rejected", _E, _CLAIM, _BILLER, 48, True, "correct the claim, send it again under its external_id"),
    _T("tries_exhausted", _E, _CLAIM, _BILLER, 48, True, "look what the sets had in common, then resubmit"),
    _T("claim_rejected", _E, _CLAIM, _BILLER, 48, True, "correct the claim, send it again under its external_id"),
    _T("claim_not_found", _W, _CLAIM, _BILLER, 48, True, "ask the sender what became of the file with this claim"),
    _T("internal_error", _E, _CLAIM, _OPERATOR, 24, True, "report it with the class that the reason names"),
    _T("status_window_over", _W, _CLAIM, _BILLER, 72, True, "ask the payer what became of the claim", _LASTS),
    _T("information_requested", _W, _CLAIM, _BILLER, 72, True, "send the payer what the codes name"),
    _T(
        "inquiry_failed",
        _W,
        (*_CLAIM, *_FILE, "inquiry"),
        _BILLER,
        48,
        True,
        "mend what the reason names, then ask again",
    ),
    _T("finalised_without_835", _W, _CLAIM, _BILLER, 72, True, "ask the payer for its remittance", _LASTS),
    _T(
        "secondary",
        _W,
        (*_CLAIM, *_DECISION),
        _BILLER,
        72,
        True,
        "bill the next payer by hand, or send him a replacement",
    ),
    _T("denied", _W, (*_CLAIM, *_DECISION), _BILLER, 120, True, "replace the claim, appeal, or write it off"),
)

_MONEY = (
    _T("unmatched_claim", _E, _DECISION, _BILLER, 48, True, "find whose decision it is, and match it"),
    _T("premium_payment", _W, _DECISION, _BILLER, 72, False, "book the premiums where they are kept; no claim is paid"),
    _T("unmatched_line", _W, _DECISION, _BILLER, 72, True, "compare the decision's lines with those that were billed"),
    _T("claim_forwarded", _I, _DECISION, _BILLER, None, False, "wait for the other payer's decision"),
    _T("charge_differs", _W, _DECISION, _BILLER, 72, False, "compare the decision with the 837"),
    _T("repeated_decision", _W, _DECISION, _BILLER, 72, True, "ask the payer whether a reversal is missing"),
    _T("payer_credit", _W, _DECISION, _BILLER, 720, True, "expect a takeback, or refund the payer"),
    _T("reversal_without_original", _E, _DECISION, _BILLER, 72, False, "find the earlier payment"),
    _T("unexpected_decision", _E, _CLAIM, _BILLER, 72, False, "read the claim's story; a reversal may be missing"),
    _T("reversed_after_refund", _E, _CLAIM, _BILLER, 72, False, "decide whether to ask the patient for it"),
    _T("eft_late", _W, _REMITTANCE, _BILLER, 48, True, "ask payer and bank where the money is", _NEVER),
    _T("era_late", _W, _DEPOSIT, _BILLER, 48, True, "ask the payer for its 835 or 820", _NEVER),
    _T(
        "unmatched_deposit",
        _W,
        _DEPOSIT,
        _BILLER,
        72,
        True,
        "ask the bank for the addenda, match it by hand, or settle it",
    ),
    _T(
        "deposit_amount_differs", _E, _DEPOSIT, _BILLER, 48, True, "compare the remittance with the bank's file", _NEVER
    ),
    _T("duplicate_deposit", _E, _DEPOSIT, _BILLER, 72, True, "ask the payer; it will want it back", _NEVER),
    _T("deposit_taken_back", _E, _DEPOSIT, _BILLER, 24, True, "ask bank and payer why"),
)

_PAYMENTS = (
    _T(
        "rules_review_due",
        _W,
        ("org",),
        _APPROVER,
        720,
        True,
        "read the rules, then `claimrail rules reviewed`",
        _LASTS,
    ),
    _T("rule_hold", _W, _PAYMENT, _APPROVER, 24, True, "approve or deny the payment"),
    _T("payment_voided", _W, _PAYMENT, _APPROVER, 48, False, "nothing if the reason is right: it is proposed anew"),
    _T("refund_details_missing", _W, _CLAIM, _BILLER, 120, False, "ask the patient; pay by another way"),
    _T("refund_details_unusable", _W, _CLAIM, _BILLER, 120, True, "ask the patient; change the payee's bank details"),
    _T("refund_details_changed", _W, _CLAIM, _BILLER, 120, True, "confirm or refuse the new bank details", _LASTS),
    _T("payee_details_proposed", _W, _PAYEE, _APPROVER, 48, True, "compare with the payee, then confirm or refuse"),
    _T(
        "payee_details_failed",
        _E,
        _PAYEE,
        _BILLER,
        48,
        True,
        "ask the payee for others, then `claimrail payees change`",
    ),
    _T(
        "payee_details_missing", _W, (*_PAYEE, *_DEPOSIT), _BILLER, 48, True, "confirm the payee's bank details", _LASTS
    ),
    _T("payee_details_unusable", _W, (*_PAYEE, *_DEPOSIT), _BILLER, 48, True, "correct what the reason names", _LASTS),
    _T("payer_credit_overdue", _E, _CLAIM, _BILLER, 24, True, "refund the payer", _LASTS),
    _T("taken_back_after_payer_refund", _E, _CLAIM, _BILLER, 24, False, "ask the payer to give one of the two back"),
    _T("taken_back_after_disbursement", _E, _DEPOSIT, _BILLER, 24, False, "ask the provider to give it back"),
    _T("came_back_twice", _E, _PAYMENT, _OPERATOR, 24, False, "ask the payee's bank whom the money belongs to"),
    _T("advice_unfit", _W, _PAYMENT, _OPERATOR, 24, True, "tell the provider by another way what was paid", _LASTS),
    _T("bank_rejected", _E, _PAYMENT, _OPERATOR, 24, False, "ask the bank why; pay by another way"),
    _T("return", _E, _PAYMENT, _BILLER, 48, False, "ask the payee for right details; pay by another way"),
    _T("noc", _W, _PAYMENT, _BILLER, 120, True, "confirm or refuse what the bank says, after asking the payee"),
    _T("unknown_return", _E, _INBOUND, _OPERATOR, 24, False, "ask the bank"),
    _T("unexpected_return", _E, _PAYMENT, _OPERATOR, 24, True, "ask the bank; the reason code tells"),
    _T("return_compliance", _E, _PAYMENT, _APPROVER, 24, False, "open a case; the payee is on hold until lifted"),
    _T("return_fraud", _E, _PAYMENT, _APPROVER, 4, False, "treat it as fraud; the payee is on hold until lifted"),
    _T("return_our_defect", _E, _PAYMENT, _OPERATOR, 8, False, "mend the cause; never send it again as it is"),
    _T("return_duplicate", _E, _PAYMENT, _OPERATOR, 8, False, "compare all payments to the account"),
    _T("return_refused", _E, _PAYMENT, _BILLER, 72, False, "ask the payee why he refuses it"),
    _T("return_recalled", _W, _PAYMENT, _BILLER, 72, False, "pay it again only if it is still owed"),
    _T("return_odd", _E, _PAYMENT, _OPERATOR, 24, False, "ask the bank what it means by such a code"),
    _T("return_unknown_code", _E, _PAYMENT, _OPERATOR, 24, False, "ask the bank; lift the payee's hold afterwards"),
    _T("prenote_failed", _E, _PAYMENT, _BILLER, 72, False, "ask the payee for right details"),
    _T("reversal_returned", _E, _PAYMENT, _BILLER, 48, False, "ask the payee for the money"),
    _T("return_undone", _W, _PAYMENT, _BILLER, 48, True, "nothing to pay: the payee has kept the money"),
    _T("paid_twice", _E, _PAYMENT, _BILLER, 24, True, "ask for one of the two, or reverse one"),
    _T("noc_refused", _I, _PAYMENT, _BILLER, None, False, "nothing: what the notification said does not hold"),
)

_FAILED_WORK = (
    _T("outage", _E, (WORK,), _OPERATOR, 4, True, "`claimrail doctor` says what does not answer", _LASTS),
    _T("unconfigured", _E, (WORK,), _OPERATOR, 8, True, "set what the reason names", _LASTS),
    _T("stage_failed", _E, (WORK,), _OPERATOR, 8, True, "report it with its place", _LASTS),
)

EXCEPTION_TYPES = {
    one.name: one for one in (*_WAY_OUTSIDE, *_FILES_OUT, *_FILES_IN, *_CLAIMS, *_MONEY, *_PAYMENTS, *_FAILED_WORK)
}


def of(name: str) -> ExceptionType:
    """The type's row; ValueError where there is none, which is a bug of whoever raises it."""
    try:
        return EXCEPTION_TYPES[name]
    except KeyError:
        raise ValueError(f"no exception type {name!r}: give it a row in pipeline/domain/exception_types.py") from None


def of_roles(roles: Iterable[str]) -> list[str]:
    """The types whose work is that of one of these roles."""
    wanted = set(roles)
    return [one.name for one in EXCEPTION_TYPES.values() if one.role in wanted]
