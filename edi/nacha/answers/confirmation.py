"""Adapter `confirmation`: the file's own records 1, 5, 8 and 9 sent back, with two-digit codes in record 9.

Columns 57-62 of the file control hold up to three codes; a record that the bank refuses has REJ0 and four digits in
columns 80-87 (record 1 or 9 the whole file, record 5 or 8 a batch). Effective dates are those that the bank will use. There
are no entries, so such a file is never mistaken for one that brings money.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from edi.findings import Finding
from edi.nacha.answers.values import ACCEPTED, HELD, REJECTED, BankAcknowledgment, ack_error
from edi.nacha.columns import RECORD_LENGTH, Record
from edi.nacha.physical import split_lines
from edi.nacha.records import BATCH_CONTROL, BATCH_HEADER, FILE_CONTROL, FILE_HEADER, FILLER


@dataclass(frozen=True, slots=True)
class _Code:
    status: str
    meaning: str


CODES: dict[str, _Code] = {
    "01": _Code(ACCEPTED, "received, to be processed"),
    "02": _Code(ACCEPTED, "effective dates not valid: they are moved"),
    "03": _Code(HELD, "control totals are not those of the entries"),
    "04": _Code(REJECTED, "failed a second check"),
    "05": _Code(REJECTED, "failed the first check, or could not be stored"),
    "06": _Code(HELD, "the file's identification was used before"),
    "07": _Code(HELD, "the file's identification was used before, and the bank gave it another"),
    "TT": _Code(HELD, "a test file: nothing of it is paid"),
}
"""What each code of record 9 makes of the file. HELD and codes that are not here wait for a person."""

_CODES_AT = slice(56, 62)
_REFUSED = re.compile(r"REJ0(\d{4})")
_REFUSED_AT = slice(79, 87)


def recognise(data: bytes) -> bool:
    """Whether these are ACH records without any entry, and with codes where a file that is sent has blanks."""
    if data[:1] != b"1" or re.search(rb"(?:^|[\r\n])6", data) or len(data) > _LONGEST:
        return False
    lines = [line.text.ljust(RECORD_LENGTH) for line in split_lines(data)]
    kinds = {line[0] for line in lines if line.strip()}
    return kinds <= set("1589") and "9" in kinds and any(_codes(line) or _refusal(line) for line in lines)


_LONGEST = 5_000_000


def is_whole(data: bytes) -> bool:
    """Whether a file control is there."""
    return any(line.text[:1] == "9" and line.text != FILLER for line in split_lines(data))


def _codes(line: str) -> list[str]:
    if line[0] != "9" or line == FILLER:
        return []
    text = line[_CODES_AT]
    return [code for at in (0, 2, 4) if (code := text[at : at + 2].strip())]


def _refusal(line: str) -> str:
    found = _REFUSED.fullmatch(line[_REFUSED_AT])
    return f"REJ0{found[1]}" if found else ""


def read(data: bytes) -> tuple[BankAcknowledgment | None, list[Finding]]:
    """The answer, or None where its key or totals cannot be read, with findings. Never raises on bad bytes."""
    lines = [line.text.ljust(RECORD_LENGTH)[:RECORD_LENGTH] for line in split_lines(data)]
    header, _ = _first(lines, "1", FILE_HEADER)
    control, control_line = _first(lines, "9", FILE_CONTROL)
    wanted = [header.get("origin"), header.get("created_date"), header.get("created_time"), header.get("modifier")]
    totals = [control.get(name) for name in ("batch_count", "entry_addenda_count", "debit_cents", "credit_cents")]
    if None in wanted or None in totals:
        return None, [ack_error("ACH-ACK-RECORD", "the file header or control of the answer cannot be read", 1)]
    codes = _codes(lines[control_line - 1])
    refused = next((told for line in lines if line[0] in "19" and (told := _refusal(line))), "")
    findings = list(_unknown(codes, control_line, refused=bool(refused)))
    return (
        BankAcknowledgment(
            origin=header["origin"],
            created=f"{header['created_date']:%y%m%d}{header['created_time']:%H%M}",
            modifier=header["modifier"],
            batch_count=control["batch_count"],
            entry_addenda_count=control["entry_addenda_count"],
            debit_cents=control["debit_cents"],
            credit_cents=control["credit_cents"],
            status=REJECTED if refused else _status(codes),
            reason=refused or "; ".join(f"{code} {CODES[code].meaning}" for code in codes if code in CODES),
            rejected_batches=list(_rejected(lines)),
            codes=codes,
            effective_dates=list(_dates(lines)),
            adapter="confirmation",
        ),
        findings,
    )


def _status(codes: Sequence[str]) -> str:
    """Rejected if one code says so; accepted only if all do."""
    told = {CODES[code].status if code in CODES else HELD for code in codes}
    return REJECTED if told == {REJECTED} else ACCEPTED if told == {ACCEPTED} else HELD


def _unknown(codes: Sequence[str], line: int, *, refused: bool) -> Iterator[Finding]:
    if not codes and not refused:
        yield ack_error("ACH-ACK-CODE", "the answer has no code", line)
    for code in codes:
        if code not in CODES:
            yield ack_error("ACH-ACK-CODE", "the answer's code is not in the table", line)
        elif CODES[code].status == HELD:
            yield ack_error("ACH-ACK-HELD", f"code {code}: {CODES[code].meaning}", line)
    if {CODES[code].status for code in codes if code in CODES} == {ACCEPTED, REJECTED}:
        yield ack_error("ACH-ACK-STATUS", "one code accepts the file, another rejects it", line)


def _first(lines: Sequence[str], kind: str, table: Record) -> tuple[dict[str, Any], int]:
    """Values and number of the first line of a kind; nothing and 1 where there is none."""
    for number, line in enumerate(lines, start=1):
        if line[0] == kind and line != FILLER:
            return table.read(line)[0], number
    return {}, 1


def _rejected(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    seen: set[int] = set()
    tables = {"5": BATCH_HEADER, "8": BATCH_CONTROL}
    for line in lines:
        refused = _refusal(line)
        if line[0] in tables and refused:
            number = tables[line[0]].read(line)[0].get("number")
            if number is not None and number not in seen:
                seen.add(number)
                yield number, refused


def _dates(lines: Sequence[str]) -> Iterator[tuple[int, date]]:
    for line in lines:
        if line[0] == "5":
            values = BATCH_HEADER.read(line)[0]
            if values.get("number") is not None and values.get("effective_date") is not None:
                yield values["number"], values["effective_date"]
