"""The bank's answers to whole files: taken, refused, refused in part; and answers that pass nothing.

An answer belongs to the file whose origin, creation minute and modifier it names. It counts only in the form that this
bank is known to use, with a status that the form knows, and if the bank's four totals are ours. Everything else holds the
file: its payments stay SENT, and a person asks the bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from edi.findings import Finding
from edi.nacha.acknowledgment import BankAcknowledgment, read_acknowledgment
from edi.nacha.file import AchFile
from edi.nacha.reading import read as read_ach
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.states import Kind
from pipeline.stages import quarantine
from pipeline.stages.context import Context
from pipeline.store import exceptions, files, ledger, payment_answers, payment_entries, tenants, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import InboundFile
from pipeline.store.payment_answers import Said

log = structlog.get_logger()
_CUT = "ACH-ACK-END"
_SETTLES = ("upload_unknown", "answer_unclear", "answer_disagrees", "bank_silent")
"""What a clear answer closes about its file."""


def apply(ctx: Context, tx: Tenant, file: InboundFile) -> None:
    """Applies one answer, or sets aside what cannot be read as one: then the payments stay as they are."""
    answer, findings = read_acknowledgment(file.content)
    errors = quarantine.errors(findings)
    if answer is None or any(one.code == _CUT for one in errors):
        quarantine.set_aside(tx, file.id, errors)
        return
    ledger.lock(tx)
    if transitions.move(tx, Kind.INBOUND, [file.id], "applied"):
        _apply(ctx, tx, file, answer, errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """An answer beside the file that it names."""

    file_id: int
    state: str
    sent: AchFile
    answer: BankAcknowledgment
    profile: BankProfile
    said: Said

    @property
    def refused(self) -> dict[str, str]:
        """Trace number → the bank's reason, of every entry in what it refused."""
        if self.answer.rejected:
            return {entry.trace: self.answer.reason for batch in self.sent.batches for entry in batch.entries}
        reasons = dict(self.answer.rejected_batches)
        return {
            entry.trace: reasons[batch.number]
            for batch in self.sent.batches
            if batch.number in reasons
            for entry in batch.entries
        }

    @property
    def moved(self) -> dict[str, date]:
        """Trace number → the day on which the bank settles it, where that is another than we asked for."""
        days = dict(self.answer.moved_dates(self.sent))
        return {
            entry.trace: days[batch.number]
            for batch in self.sent.batches
            if batch.number in days
            for entry in batch.entries
        }


def _apply(ctx: Context, tx: Tenant, file: InboundFile, answer: BankAcknowledgment, errors: Sequence[Finding]) -> None:
    found = _answered(ctx, tx, file, answer)
    if found is None:
        reason = f"the bank answers {answer.status} to a file that is not ours"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
        return
    differing = answer.disagreements(found.sent)
    if unclear := _unclear(found, errors):
        files.note_answered(tx, found.file_id)
        exceptions.open_all(tx, [_held(found, "answer_unclear", unclear, errors)])
    elif found.state in {"ACCEPTED", "REJECTED"}:
        _answered_again(tx, found, differing)
    elif differing and answer.accepted:
        # Accepted with other totals is not accepted: hold everything.
        files.note_answered(tx, found.file_id)
        exceptions.open_all(tx, [_held(found, "answer_disagrees", quarantine.told(differing), differing)])
    else:
        _take_up(tx, found)


def _answered(ctx: Context, tx: Tenant, file: InboundFile, answer: BankAcknowledgment) -> _Answered | None:
    """The file that the answer names, as it was sent."""
    profile = tenants.mailbox(tx, file.mailbox_id).profile
    for file_id in payment_entries.files_answering_to(tx, file.mailbox_id, answer.created):
        ach = read_ach(files.content(tx, file_id)).file
        ours = files.get(tx, file_id, lock=True)
        if ach is None or ach.key != answer.key or ours is None or not isinstance(profile, BankProfile):
            continue
        said = Said(now=ctx.clock.now(), today=ctx.today(), inbound_file_id=file.id)
        return _Answered(
            file_id=file_id, state=ours.state, sent=ach, answer=answer, profile=profile, said=said
        )  # fmt: skip
    return None


def _unclear(found: _Answered, errors: Sequence[Finding]) -> str:
    """Why the answer passes nothing, in our words; empty: it is clear."""
    wanted, came = found.profile.answers, found.answer.adapter
    if came != wanted:
        return f"the bank answers in the form {came}, and its profile says {wanted}"
    return quarantine.told(errors) if errors else ""


def _held(found: _Answered, type_: str, why: str, findings: Sequence[Finding]) -> Raise:
    reason = f"{why}; its payments stay as they are until the bank says clearly what it has"
    cents = found.sent.credit_cents + found.sent.debit_cents
    return Raise(
        type_, "file", found.file_id, reason, money_cents=cents, findings=[one.as_dict() for one in findings]
    )  # fmt: skip


def _answered_again(tx: Tenant, found: _Answered, differing: Sequence[Finding]) -> None:
    """A further answer changes nothing: it says the same, or a person asks which one stands."""
    same_word = found.state == ("ACCEPTED" if found.answer.accepted else "REJECTED")
    ours = payment_answers.traces_of(tx, found.file_id)
    same_batches = found.refused.keys() & ours == payment_answers.refused_before(tx, found.file_id)
    if same_word and same_batches and not differing:
        transitions.move(
            tx, Kind.FILE, [found.file_id], "reported",
            inbound_file_id=found.said.inbound_file_id, detail="the same answer again", business_at=found.said.now,
        )  # fmt: skip
        log.info("the same answer again", file_id=found.file_id, inbound_file_id=found.said.inbound_file_id)
        return
    reason = (
        f"the bank answers {found.answer.status} to a file that it answered before as {found.state}, in other words or"
        " with other batches or totals; the first answer stands here until the bank says which one does"
    )
    exceptions.open_all(tx, [Raise("unexpected_answer", "file", found.file_id, reason)])


def _take_up(tx: Tenant, found: _Answered) -> None:
    answer, said = found.answer, found.said
    moved = transitions.move(
        tx, Kind.FILE, [found.file_id], "accepted" if answer.accepted else "rejected", assign="answered_at = now()",
        inbound_file_id=said.inbound_file_id, detail=answer.reason or None, business_at=said.now,
    )  # fmt: skip
    if not moved:
        reason = f"the bank answers {answer.status} to a file that is not out: it is {found.state}"
        exceptions.open_all(tx, [Raise("unexpected_answer", "file", found.file_id, reason)])
        return
    exceptions.close(tx, _SETTLES, "file", [found.file_id], f"the bank answered {answer.status}")
    _tell_moved(tx, found)
    _settle_payments(tx, found)


def _tell_moved(tx: Tenant, found: _Answered) -> None:
    """Days on which the bank settles otherwise than we asked are kept with the entries, and told of the file."""
    days = found.answer.moved_dates(found.sent)
    payment_answers.move_dates(tx, found.file_id, found.moved)
    if days:
        told = ", ".join(f"batch {number} on {day}" for number, day in days)
        transitions.move(
            tx, Kind.FILE, [found.file_id], "reported", inbound_file_id=found.said.inbound_file_id,
            detail=f"the bank settles {told}"[:500], business_at=found.said.now,
        )  # fmt: skip


def _settle_payments(tx: Tenant, found: _Answered) -> None:
    """What the file's payments become: an answer proves that it left; refused batches go back to what is owed."""
    refused, said = found.refused, found.said
    payment_entries.file_sent(tx, found.file_id, said.today)
    entries = payment_entries.live_entries(tx, found.file_id)
    taken = [entry for entry in entries if entry.trace not in refused]
    payment_answers.acknowledged(tx, taken, found.moved, found.profile.return_days, said)
    left = [entry for entry in entries if entry.trace in refused]
    reasons = [refused[entry.trace] or None for entry in left]
    back = payment_answers.refused(tx, left, reasons, said)
    exceptions.open_all(tx, [_refused(entry.payment_id, entry.amount_cents, refused[entry.trace]) for entry in back])


def _refused(payment_id: int, cents: int, why: str) -> Raise:
    reason = f"refused by the bank: {why or 'no reason given'}; it is owed again"
    return Raise("bank_rejected", "payment", payment_id, reason, money_cents=cents)
