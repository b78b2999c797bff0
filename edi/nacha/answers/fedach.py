"""Adapter `fedach`: the Reserve Banks' acknowledgment of file deposits, a report for people with fixed words.

It comes as lines, as lines with a letter or digit before each, or as one long line, in ASCII or EBCDIC; so its parts are
found by their words. Dates of the file stand as month, day, year; effective dates as year, month, day.
"""

import re
from collections.abc import Iterator
from datetime import date

from edi.findings import Finding
from edi.nacha.answers.values import ACCEPTED, HELD, REJECTED, BankAcknowledgment, ack_error

_TITLE = "ACKNOWLEDGEMENT OF ACH FILE DEPOSITS"
_END = "END OF ACKNOWLEDGEMENT"
_BEGINNING = 2_000
_MONEY = r"\$?\s*([\d,]{1,20})\.(\d\d)"
_COUNT = r"\s*([\d,]{1,12})\s+"
_ORIGIN = re.compile(r"IMMEDIATE ORIGIN:\s*([A-Z0-9-]{9,13})")
_DATE = re.compile(r"FILE CREATION DATE:\s*(\d\d)/(\d\d)/(\d\d)")
_TIME = re.compile(r"FILE CREATION TIME:\s*(\d\d):(\d\d)")
_MODIFIER = re.compile(r"FILE ID MODIFIER:\s*([A-Z0-9])")
_BATCHES = re.compile(rf"BATCHES:{_COUNT}DEBITS?:\s*{_MONEY}")
_ENTRIES = re.compile(rf"ENTRY/ADDENDA:{_COUNT}CREDITS?:\s*{_MONEY}")
_STATUS = re.compile(r"FILE STATUS:\s*FILE\s+([A-Z]+)")
_BATCH = re.compile(r"BATCH NUMBER:\s*(\d{1,7})")
_BATCH_STATUS = re.compile(r"BATCH STATUS:\s*BATCH\s+([A-Z]+)")
_EFFECTIVE = re.compile(r"EFFECTIVE ENTRY DATE:\s*(\d\d)/(\d\d)/(\d\d)")
_ERROR = re.compile(r"([A-Z]{2}\d{3})-([^\r\n]{1,120}?)(?=\s{3,}|[\r\n]|$)")
_WORDS = {"ACCEPTED": ACCEPTED, "REJECTED": REJECTED, "PENDED": HELD, "PENDING": HELD}


def _text(data: bytes) -> str:
    """The report's characters: ASCII, or the code page of the Reserve Banks' machines."""
    if _TITLE.encode("cp037") in data[:_BEGINNING]:
        return data.decode("cp037")
    return data.decode("latin-1")


def recognise(data: bytes) -> bool:
    """Whether the report's title stands near the beginning."""
    return _TITLE in _text(data[:_BEGINNING])


def is_whole(data: bytes) -> bool:
    """Whether the report says that it ends."""
    return _END in _text(data)


def read(data: bytes) -> tuple[BankAcknowledgment | None, list[Finding]]:
    """The answer, or None where its key or totals are not found, with findings. Never raises on bad bytes."""
    text = _text(data)
    whole, batches = text.partition("BATCH NUMBER:")[0], _sections(text)
    found = [one.search(whole) for one in (_ORIGIN, _DATE, _TIME, _MODIFIER, _BATCHES, _ENTRIES)]
    origin, day, clock, modifier, counted, entries = found
    if None in (day, clock) or not (origin and day and clock and modifier and counted and entries):
        return None, [ack_error("ACH-ACK-TAG", "origin, date, time, modifier or totals are missing", 1)]
    findings = [] if _END in text else [ack_error("ACH-ACK-END", "the report's end is missing: it is not whole", 1)]
    status, said = _status(whole)
    findings += said
    rejected: list[tuple[int, str]] = []
    for number, section in batches:
        findings += _judge_batch(number, section, rejected)
    month, day_of_month, year = day.groups()
    errors = _errors(whole)
    answer = BankAcknowledgment(
        origin=origin[1].replace("-", ""),
        created=f"{year}{month}{day_of_month}{clock[1]}{clock[2]}",
        modifier=modifier[1],
        batch_count=_number(counted[1]),
        entry_addenda_count=_number(entries[1]),
        debit_cents=_number(counted[2] + counted[3]),
        credit_cents=_number(entries[2] + entries[3]),
        status=status,
        reason="; ".join(errors[:3]),
        rejected_batches=rejected,
        codes=list(dict.fromkeys(one[:5] for one in _errors(text))),
        effective_dates=[(number, told) for number, section in batches if (told := _effective(section)) is not None],
        adapter="fedach",
    )
    return answer, findings


def _number(text: str) -> int:
    return int(text.replace(",", "") or "0")


def _sections(text: str) -> list[tuple[int, str]]:
    """(batch number, what is said of it)."""
    starts = list(_BATCH.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [(int(match[1]), text[match.start() : end]) for match, end in zip(starts, ends, strict=False)]


def _status(whole: str) -> tuple[str, list[Finding]]:
    """The file's status, which the report tells twice: both have to be known and alike."""
    told = set(_STATUS.findall(whole))
    known = {_WORDS.get(word) for word in told}
    if len(known) != 1 or None in known:
        return HELD, [ack_error("ACH-ACK-STATUS", "the file's status is unknown, or told in two ways", 1)]
    status = known.pop() or HELD
    if status == HELD:
        return HELD, [ack_error("ACH-ACK-HELD", "the Reserve Bank has set the file aside and has not decided", 1)]
    return status, []


def _judge_batch(number: int, section: str, rejected: list[tuple[int, str]]) -> Iterator[Finding]:
    found = _BATCH_STATUS.search(section)
    word = _WORDS.get(found[1]) if found else None
    if word == REJECTED:
        rejected.append((number, "; ".join(_errors(section)[:3])))
    elif word != ACCEPTED:
        yield ack_error("ACH-ACK-STATUS", f"the status of batch {number} is unknown, or not decided", 1)


def _errors(text: str) -> list[str]:
    return [f"{code} {words.strip()}" for code, words in _ERROR.findall(text)]


def _effective(section: str) -> date | None:
    found = _EFFECTIVE.search(section)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(2000 + year, month, day)
    except ValueError:
        return None
