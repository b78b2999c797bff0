"""Files that go back: returns, dishonored and contested returns, notifications of change and their refusals.

Each is made from the file that it answers (record 7, types 98 and 99; the rules' appendix on returns). Whoever answers
gets a batch of its own per batch answered: the batch keeps company, class and description, the entry its amount, account,
name and identification; transaction code, bank and trace are the answering bank's. Original addenda do not travel.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from edi.nacha import codes
from edi.nacha.corrections import Correction, corrected_data
from edi.nacha.file import (
    AchBatch,
    AchEntry,
    AchFile,
    Addenda,
    Addenda98,
    Addenda99,
    ContestedReturn,
    DishonoredReturn,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an answering file has of its own: creation time, modifier, and where its trace numbers begin."""

    created: datetime
    modifier: str = "A"
    first_sequence: int = 1


def return_file(
    original: AchFile,
    returned: Iterable[tuple[str, str]],
    *,
    created: datetime,
    modifier: str = "A",
    first_sequence: int = 1,
    information: str = "",
) -> AchFile:
    """A file returning the entries of `original` that `returned` names as (trace number, reason code).

    Each returning bank gets a batch of its own per original batch; the file goes back to its origin.
    Raises ValueError where a trace number or reason is unknown, or nothing is returned.
    """
    reasons = _named(returned, codes.RETURN_REASONS.keys())

    def addenda(_batch: AchBatch, entry: AchEntry, reason: str, trace: str) -> Addenda:
        return Addenda99(
            reason=reason,
            original_trace=entry.trace,
            original_rdfi=entry.rdfi[:8],
            trace=trace,
            information=information,
        )

    sheet = Sheet(created=created, modifier=modifier, first_sequence=first_sequence)
    return _answered(original, reasons, sheet, addenda)


def dishonored_file(returns: AchFile, dishonored: Iterable[tuple[str, str]], sheet: Sheet) -> AchFile:
    """The originating bank sends returns back: (the return's own trace number, reason R61 to R70).

    Raises ValueError where a trace number is unknown or no return, a reason is none of these, or nothing is named.
    """
    reasons = _named(dishonored, {code for code in codes.RETURN_REASONS if codes.is_dishonored(code)})

    def addenda(batch: AchBatch, entry: AchEntry, reason: str, trace: str) -> Addenda:
        back = _return_of(entry)
        return DishonoredReturn(
            reason=reason,
            original_trace=back.original_trace,
            original_rdfi=back.original_rdfi,
            trace=trace,
            return_trace=entry.trace,
            return_settlement_day=batch.settlement_day,
            return_reason=back.reason[1:],
        )

    return _answered(returns, reasons, sheet, addenda)


def contested_file(
    dishonored: AchFile,
    contested: Iterable[tuple[str, str]],
    sheet: Sheet,
    original_settlement_days: Mapping[str, str] | None = None,
) -> AchFile:
    """The receiving bank contests: (the dishonored return's own trace number, reason R71 to R77).

    `original_settlement_days` are Julian days by the original entry's trace number. Raises ValueError where a trace
    number is unknown or no dishonored return, a reason is none of these, or nothing is named.
    """
    reasons = _named(contested, {code for code in codes.RETURN_REASONS if codes.is_contested(code)})

    def addenda(batch: AchBatch, entry: AchEntry, reason: str, trace: str) -> Addenda:
        back = _dishonored_of(entry)
        return ContestedReturn(
            reason=reason,
            original_trace=back.original_trace,
            original_rdfi=back.original_rdfi,
            trace=trace,
            original_settlement_day=(original_settlement_days or {}).get(back.original_trace, ""),
            return_trace=back.return_trace,
            return_settlement_day=back.return_settlement_day,
            return_reason=back.return_reason,
            dishonored_trace=entry.trace,
            dishonored_settlement_day=batch.settlement_day,
            dishonored_reason=back.reason[1:],
        )

    return _answered(dishonored, reasons, sheet, addenda)


def change_file(original: AchFile, changes: Iterable[tuple[str, str, Correction]], sheet: Sheet) -> AchFile:
    """Notifications of change about entries of `original`: (trace number, change code, what is right).

    Class COR, amount zero; the entries themselves stand. Raises ValueError where a trace number or change code is
    unknown, the correction is not of this code, or nothing is named.
    """
    told = {trace: (code, corrected_data(code, correction)) for trace, code, correction in changes}

    def addenda(_batch: AchBatch, entry: AchEntry, told: tuple[str, str], trace: str) -> Addenda:
        return Addenda98(
            change_code=told[0],
            original_trace=entry.trace,
            original_rdfi=entry.rdfi[:8],
            corrected=told[1],
            trace=trace,
        )

    file = _answered(original, told, sheet, addenda)
    return replace(file, batches=[_moneyless(batch) for batch in file.batches])


def refusal_file(notified: AchFile, refused: Iterable[tuple[str, str]], sheet: Sheet) -> AchFile:
    """The originating bank refuses notifications: (the notification's own trace number, refusal C61 to C69).

    Raises ValueError where a trace number is unknown or no notification, a code is none of these, or nothing is named.
    """
    refusals = _named(refused, {code for code in codes.CHANGE_CODES if codes.is_refusal(code)})

    def addenda(_batch: AchBatch, entry: AchEntry, code: str, trace: str) -> Addenda:
        change = entry.change
        if change is None:
            raise ValueError("only a notification of change can be refused")
        return replace(
            change,
            change_code=code,
            trace=trace,
            refused_change_code=change.change_code,
            refused_sequence=entry.trace[8:],
        )

    return _answered(notified, refusals, sheet, addenda)


def _moneyless(batch: AchBatch) -> AchBatch:
    return replace(batch, sec="COR", entries=[replace(entry, amount_cents=0) for entry in batch.entries])


def _return_of(entry: AchEntry) -> Addenda99:
    if entry.returned is None:
        raise ValueError("only a return can be sent back")
    return entry.returned


def _dishonored_of(entry: AchEntry) -> DishonoredReturn:
    for addenda in entry.addenda:
        if isinstance(addenda, DishonoredReturn):
            return addenda
    raise ValueError("only a dishonored return can be contested")


def _named(pairs: Iterable[tuple[str, str]], known: Iterable[str]) -> dict[str, str]:
    named = dict(pairs)
    if set(named.values()) - set(known):
        raise ValueError("every return and refusal needs a code of the rules that is meant for it")
    return named


def _answered(
    answered: AchFile,
    told: Mapping[str, T],
    sheet: Sheet,
    addenda: Callable[[AchBatch, AchEntry, T, str], Addenda],
) -> AchFile:
    """The file that says of each named entry what `addenda` makes of (batch, entry, what is told, new trace)."""
    if not told:
        raise ValueError("nothing is named that could be answered")
    batches: list[AchBatch] = []
    sequence = sheet.first_sequence
    for batch in answered.batches:
        for bank, entries in _by_bank(batch, told).items():
            made = []
            for entry in entries:
                trace = f"{bank}{sequence:07d}"
                made.append(_turned(batch, entry, trace, addenda(batch, entry, told[entry.trace], trace)))
                sequence += 1
            batches.append(_own_batch(batch, bank, len(batches) + 1, made))
    if sum(len(batch.entries) for batch in batches) != len(told):
        raise ValueError("a trace number is not in the file that is answered, or is there twice")
    return AchFile(
        origin=answered.destination,
        origin_name=answered.destination_name,
        destination=answered.origin,
        destination_name=answered.origin_name,
        created=sheet.created,
        modifier=sheet.modifier,
        batches=batches,
    )


def _by_bank(batch: AchBatch, told: Mapping[str, T]) -> dict[str, list[AchEntry]]:
    """The batch's named entries by the 8 digits of the bank that answers."""
    banks: dict[str, list[AchEntry]] = {}
    for entry in batch.entries:
        if entry.trace in told:
            banks.setdefault(entry.rdfi[:8], []).append(entry)
    return banks


def _own_batch(batch: AchBatch, bank: str, number: int, entries: Sequence[AchEntry]) -> AchBatch:
    """The answering bank's batch; the operator fills the settlement day anew."""
    return replace(batch, odfi=bank, number=number, settlement_day="", entries=list(entries))


def _turned(batch: AchBatch, entry: AchEntry, trace: str, addenda: Addenda) -> AchEntry:
    code = entry.transaction_code
    return replace(
        entry,
        transaction_code=code if code in codes.RETURN_OR_CHANGE else codes.returned_code(code),
        rdfi=batch.odfi + codes.check_digit(batch.odfi),
        trace=trace,
        addenda=[addenda],
    )
