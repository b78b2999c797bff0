"""Entries that came back, returns that our bank did not accept, and dishonours that the receiving bank contests.

A return belongs to the entry whose trace it names, and counts only if amount, company and, where they are told, account and
bank are that entry's: traces may repeat over the years. What each code obliges to is a table (`domain/return_consequences.py`).

    SENT, ACKNOWLEDGED, SETTLED → RETURNED                       a return, late or in time
    RETURNED → ACKNOWLEDGED, or OVERPAID                          dishonoured: the payee keeps it; paid anew meanwhile, he has it twice
    ACKNOWLEDGED, SETTLED, OVERPAID → RETURNED                    that is contested: the return stands after all

What comes before that which it is about is noted, told to a person, and applied when that has come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from edi.nacha.codes import RETURN_REASONS
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda99, ContestedReturn, DishonoredReturn
from edi.nacha.reading import read as read_ach
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import Payee
from pipeline.domain.return_consequences import Consequence, consequence_of, late_after
from pipeline.domain.states import Kind
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.stages import kept_returns
from pipeline.stages.context import Context
from pipeline.store import (
    exceptions,
    inbound,
    payee_changes,
    payees,
    payment_answers,
    payment_entries,
    tenants,
    transitions,
)
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payment_answers import Said
from pipeline.store.payment_entries import Entry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Told:
    """One addenda of type 99 with the batch and entry that it stands in."""

    batch: AchBatch
    carrier: AchEntry
    addenda: Addenda99

    @property
    def words(self) -> str:
        """What tells this one from every other about the same payment: its code and its own trace."""
        return f"{self.addenda.reason}, trace {self.addenda.trace or self.carrier.trace}"

    @property
    def about(self) -> str:
        """Trace of the return or dishonour that this one answers; empty for a return."""
        if isinstance(self.addenda, ContestedReturn):
            return self.addenda.dishonored_trace.strip()
        return self.addenda.return_trace.strip() if isinstance(self.addenda, DishonoredReturn) else ""

    def misfit(self, entry: Entry | None, went_to: Payee | None, company_ids: set[str]) -> str:
        """Why it is not about that entry of ours; empty: it is."""
        if entry is None or went_to is None:
            return "there is no entry of ours with this trace"
        account, bank, company = self.carrier.account.strip(), self.addenda.original_rdfi, self.batch.company_id.strip()
        tests = (
            (entry.amount_cents == self.carrier.amount_cents, "its amount is another"),
            (not company or company in company_ids, "its company is another"),
            (not account or account == went_to.account_number.strip(), "its account is another"),
            (not bank.strip() or bank == went_to.routing_number[:8], "its bank is another"),
        )
        return "; ".join(reason for holds, reason in tests if not holds)


@dataclass(frozen=True, slots=True)
class _Ours:
    told: _Told
    entry: Entry


Banks = Mapping[int, BankProfile]
"""The tenant's banks by mailbox: read once a file."""


def apply(ctx: Context, tx: Tenant, inbound_file_id: int, ach: AchFile) -> None:
    """Applies all that comes back with a file, in its order of meaning. Hold `ledger.lock`."""
    told = list(_all(ach))
    if not told:
        return
    said = Said(now=ctx.clock.now(), today=ctx.today(), inbound_file_id=inbound_file_id)
    plain = [one for one in told if not isinstance(one.addenda, DishonoredReturn | ContestedReturn)]
    banks = tenants.banks(tx)
    moved = _come_back(tx, _matched(tx, inbound_file_id, plain, banks), banks, said)
    for of_kind, take_up in _LATER:
        ours = _matched(tx, inbound_file_id, [one for one in told if isinstance(one.addenda, of_kind)], banks)
        moved += take_up(tx, [(one.told.words, one.entry) for one in ours], _days(banks), said)
    _catch_up(tx, moved, banks, said)


_LATER = ((DishonoredReturn, kept_returns.dishonoured), (ContestedReturn, kept_returns.contested))


def _catch_up(tx: Tenant, moved: Sequence[int], banks: Banks, said: Said) -> None:
    """Applies what was told of these payments before its time, from the files that told it, until nothing moves any more.

    Files that lay ready together are read in any order: a dishonour may come here before the return that it is about.
    """
    while moved:
        again: list[int] = []
        for file_id in payment_answers.told_early(tx, moved):
            told = [one for one in _kept(tx, file_id) if one.about]
            for of_kind, take_up in _LATER:
                of_this = [one for one in told if isinstance(one.addenda, of_kind)]
                ours = _due(tx, _matched(tx, file_id, of_this, banks, moved))
                named = [(one.told.words, one.entry) for one in ours]
                again += take_up(tx, named, _days(banks), replace(said, inbound_file_id=file_id))
                kept_returns.caught_up(tx, named)
        moved = again


def _kept(tx: Tenant, inbound_file_id: int) -> list[_Told]:
    file = inbound.get(tx, inbound_file_id)
    if file is None:
        return []
    ach = read_ach(file.content, reading_profile(tenants.mailbox(tx, file.mailbox_id).profile)).file
    return [] if ach is None else list(_all(ach))


def _due(tx: Tenant, ours: Sequence[_Ours]) -> list[_Ours]:
    """Those that are about what stands now: a dishonour of another return is none of this one."""
    stands = payment_answers.last_words(tx, [one.entry.payment_id for one in ours])
    return [one for one in ours if stands.get(one.entry.payment_id, "").endswith(f"trace {one.told.about}")]


def _all(ach: AchFile) -> Iterator[_Told]:
    for batch in ach.batches:
        for entry in batch.entries:
            if (addenda := entry.returned) is not None:
                yield _Told(batch, entry, addenda)


# -- whose it is --------------------------------------------------------------------------------------------------------
def _matched(
    tx: Tenant, inbound_file_id: int, told: Sequence[_Told], banks: Banks, only: Sequence[int] | None = None
) -> list[_Ours]:
    """Those that are about entries of ours, each once; the others are told to a person, and so moved nothing.

    `only`: of a file that was read before, what is about these payments.
    """
    entries = payment_entries.by_trace(tx, [one.addenda.original_trace for one in told]) if told else {}
    if only is not None:
        entries = {trace: entry for trace, entry in entries.items() if entry.payment_id in only}
        told = [one for one in told if one.addenda.original_trace in entries]
    if not told:
        return []
    went_to = payment_entries.receivers(tx, [entry.payment_id for entry in entries.values()])
    known = payment_answers.told_before(tx, [entry.payment_id for entry in entries.values()])
    companies = {profile.company_id.strip() for profile in banks.values()}
    ours: list[_Ours] = []
    strange: list[Raise] = []
    for one in told:
        entry = entries.get(one.addenda.original_trace)
        where = went_to.get(entry.payment_id) if entry else None
        if why := one.misfit(entry, where, companies):
            reason = f"return {one.addenda.reason} of an entry that is not ours, or not of this amount: {why}"
            cents = one.carrier.amount_cents
            strange.append(Raise("unknown_return", "inbound", inbound_file_id, reason, money_cents=cents))
        elif entry is not None and (entry.payment_id, one.words) in known:
            log.info("told before", payment_id=entry.payment_id, inbound_file_id=inbound_file_id)
        elif entry is not None:
            ours.append(_Ours(one, entry))
    exceptions.open_all(tx, strange)
    return list({(one.entry.id, one.told.words): one for one in ours}.values())


def _days(banks: Banks) -> dict[int, int]:
    """Banking days in which an entry may ordinarily come back, by mailbox."""
    return {box_id: profile.return_days for box_id, profile in banks.items()}


_HAS_LEFT = "sent_at = coalesce(sent_at, now()), lease_until = NULL"


# -- returns ------------------------------------------------------------------------------------------------------------
def _come_back(tx: Tenant, ours: Sequence[_Ours], banks: Banks, said: Said) -> list[int]:
    """→ RETURNED, the contra in the books, and what the code obliges to; gives the payments that moved.

    A return proves that the file was sent.
    """
    sent = sorted({one.entry.file_id for one in ours})
    transitions.move(tx, Kind.FILE, sent, "sent", assign=_HAS_LEFT, business_at=said.now)
    for file_id in sent:
        payment_entries.file_sent(tx, file_id, said.today)
    once = list({one.entry.id: one for one in ours}.values())
    moved = payment_answers.returned(tx, [one.entry for one in once], [one.told.words for one in once], said)
    ids = {entry.id for entry in moved}
    back = [(one, _consequence(one, said)) for one in once if one.entry.id in ids]
    _stop(tx, back)
    days = _days(banks)
    again = [one for one in ours if one not in once or one.entry.id not in ids]
    exceptions.open_all(
        tx,
        [_returned(one, found, days, said) for one, found in back] + [_unexpected(one) for one in again],
    )
    return [one.entry.payment_id for one, _ in back]


def _consequence(one: _Ours, said: Said) -> Consequence:
    addenda = one.told.addenda
    return consequence_of(addenda.reason, addenda.information, one.entry.kind, said.today)


def _stop(tx: Tenant, back: Sequence[tuple[_Ours, Consequence]]) -> None:
    """No further payment to bank details that failed, nor to payees that are to be looked into."""
    for code in sorted({one.told.addenda.reason for one, found in back if found.fails_details}):
        details = [
            one.entry.details_id
            for one, found in back
            if found.fails_details and one.told.addenda.reason == code and one.entry.details_id
        ]
        payees.fail(tx, details, f"a payment to them came back: {code}")
    for why in sorted({found.holds for _, found in back if found.holds}):
        payee_changes.hold_all(
            tx, [one.entry.payee_id for one, found in back if found.holds == why and one.entry.payee_id], why
        )  # fmt: skip


def _returned(one: _Ours, found: Consequence, days: dict[int, int], said: Said) -> Raise:
    code, entry = one.told.addenda.reason, one.entry
    owed = (
        "nothing else changes"
        if found.type in {"prenote_failed", "reversal_returned"}
        else "what it paid is owed again"
    )
    reason = (
        f"returned by the receiving bank: {code}, {found.meaning}; {owed}; {found.cure}{_late(one, found, days, said)}"
    )
    return Raise(found.type, "payment", entry.payment_id, reason, money_cents=entry.amount_cents)


def _late(one: _Ours, found: Consequence, days: dict[int, int], said: Said) -> str:
    settled_on = one.entry.effective_date
    if settled_on is None:
        return ""
    last = late_after(found.limit, settled_on, days.get(one.entry.mailbox_id, 2))
    if last is None or said.today <= last:
        return ""
    return f". It came late: {last} was the last day for it; ask our bank whether it sends the return back"


def _unexpected(one: _Ours) -> Raise:
    code, entry = one.told.addenda.reason, one.entry
    meaning = RETURN_REASONS.get(code, "an unknown code")
    reason = f"return {code} ({meaning}) of a payment that is not out: it is returned already, or was never sent"
    return Raise("unexpected_return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)
