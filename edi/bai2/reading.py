"""Reading BAI2: bytes to values and findings. Every damage has its place, and nothing is left out in silence.

Each level is proven by its trailer: control total, number of parts, number of records. What stands outside its level
(a transaction without account, say) is kept in one that is made for it, with a finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from edi.bai2 import codes
from edi.bai2.file import Account, BaiFile, Group, Summary, Transaction
from edi.bai2.lines import Cursor, Record, finding, read_field, records
from edi.bai2.records import (
    ACCOUNT,
    ACCOUNT_TRAILER,
    FILE_HEADER,
    FILE_TRAILER,
    GROUP_HEADER,
    GROUP_TRAILER,
    REFERENCES,
    SUMMARY,
    TABLES,
    TRANSACTION,
    Table,
)
from edi.findings import Finding, Place, Severity

_AGAIN = "ask the bank for the file anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaiDocument:
    """What a file says. `file` is None where nothing of it could be read; `lines` counts its records, 88 included.

    `complete` tells a file with its trailer and all others from one that is cut off or still arriving.
    """

    file: BaiFile | None
    findings: list[Finding]
    lines: int
    complete: bool

    @property
    def ok(self) -> bool:
        """No finding is an error."""
        return all(one.severity is not Severity.ERROR for one in self.findings)


def read(data: bytes) -> BaiDocument:
    """The file as values with every finding, in the order of its lines. Never raises on bad bytes."""
    reader = _Reader()
    for record in records(data):
        reader.take(record)
    return reader.end()


@dataclass(slots=True)
class _Level:
    """A group or an account that is open: where it began, and what its trailer will have to tell."""

    place: Place
    first_record: int
    total_cents: int = 0
    parts: int = 0


@dataclass(slots=True)
class _Reader:
    findings: list[Finding] = field(default_factory=list)
    lines: int = 0
    last_line: int = 0
    header: dict[str, Any] | None = None
    groups: list[Group] = field(default_factory=list)
    file_level: _Level | None = None
    group_level: _Level | None = None
    account_level: _Level | None = None
    trailed: bool = False
    whole: bool = True

    def take(self, record: Record) -> None:
        before = self.lines
        self.lines += record.lines
        self.last_line = record.pieces[-1].line
        if self.trailed:
            self._say("BAI2-AFTER-END", "a record after the file trailer", _AGAIN, record.place)
        handlers = {
            "01": self._file_header, "02": self._group_header, "03": self._account, "16": self._transaction,
            "49": self._account_trailer, "98": self._group_trailer, "99": self._file_trailer,
        }  # fmt: skip
        handler = handlers.get(record.code)
        if handler is None:
            self._say("BAI2-RECORD", "a line that is no record of BAI2", _AGAIN, record.place)
            return
        if record.code != "01" and self.file_level is None:
            self._say("BAI2-ORDER", "the file header is missing", _AGAIN, record.place)
            self.file_level = _Level(record.place, before)
        handler(record, before)

    def end(self) -> BaiDocument:
        at = Place(line=self.last_line or 1)
        self._close_group(at)
        if self.file_level is None or (self.header is None and not self.groups):
            self.findings.insert(0, finding("BAI2-NOT-BAI2", "no file header and no group", "send a BAI2 file", at))
            return BaiDocument(file=None, findings=self.findings, lines=self.lines, complete=False)
        if not self.trailed:
            self._missing("file", at)
        self.findings.sort(key=lambda one: one.place.line or 0)
        file = BaiFile(**(self.header or {}), groups=self.groups)
        return BaiDocument(file=file, findings=self.findings, lines=self.lines, complete=self.whole)

    # -- headers ------------------------------------------------------------------------------------------------------
    def _file_header(self, record: Record, before: int) -> None:
        if self.file_level is not None:
            self._say("BAI2-ORDER", "a second file header", "split the file in two", record.place)
        values = self._fields(record, FILE_HEADER)
        if values["version"] not in {"", "2"}:
            self._say("BAI2-VERSION", "the version is not 2", "ask the bank for BAI version 2", record.place)
        if self.file_level is None:
            self.header, self.file_level = values, _Level(record.place, before)

    def _group_header(self, record: Record, before: int) -> None:
        self._close_group(record.place)
        values = self._fields(record, GROUP_HEADER)
        if values["status"] and values["status"] not in codes.GROUP_STATUSES:
            self._say("BAI2-VALUE", "the group status is none of 1 to 4", _AGAIN, record.place)
        self._open_group(Group(**values), record, before)

    def _open_group(self, group: Group, record: Record, before: int) -> None:
        self.groups.append(group)
        self.group_level = _Level(record.place, before)
        if self.file_level is not None:
            self.file_level.parts += 1

    def _account(self, record: Record, before: int) -> None:
        self._close_account(record.place)
        cursor = Cursor(record)
        values: dict[str, Any] = {of.name: read_field(cursor, of, self.findings) for of in ACCOUNT.fields}
        self._open_account(Account(**values, summaries=list(self._summaries(cursor))), record, before)

    def _open_account(self, account: Account, record: Record, before: int) -> None:
        if self.group_level is None:
            self._say("BAI2-ORDER", "an account outside any group", _AGAIN, record.place)
            self._open_group(Group(status=""), record, before)
        self.groups[-1].accounts.append(account)
        self.account_level = _Level(record.place, before)
        assert self.group_level is not None
        self.group_level.parts += 1

    def _summaries(self, cursor: Cursor) -> Iterable[Summary]:
        while not cursor.done:
            values: dict[str, Any] = {of.name: read_field(cursor, of, self.findings) for of in SUMMARY}
            availability = self._availability(cursor, values["funds_type"])
            if any(values.values()) or availability or values["amount_cents"] is not None:
                yield Summary(**values, availability=availability)

    # -- transactions -------------------------------------------------------------------------------------------------
    def _transaction(self, record: Record, before: int) -> None:
        if self.account_level is None:
            self._say("BAI2-ORDER", "a transaction outside any account", _AGAIN, record.place)
            self._open_account(Account(number=""), record, before)
        cursor = Cursor(record)
        values: dict[str, Any] = {of.name: read_field(cursor, of, self.findings) for of in TRANSACTION.fields}
        code, cents = values["type_code"], values["amount_cents"]
        if code and not (len(code) == 3 and code.isascii() and code.isdigit()):
            self._say("BAI2-VALUE", "the type code has not three digits", _AGAIN, record.place, code)
        availability = self._availability(cursor, values["funds_type"])
        values |= {of.name: read_field(cursor, of, self.findings) for of in REFERENCES}
        if cents is not None and codes.is_debit(code):
            values["amount_cents"] = -cents
        made = Transaction(**values, availability=availability, text=cursor.rest(), line=record.line)
        self.groups[-1].accounts[-1].transactions.append(made)

    def _availability(self, cursor: Cursor, funds_type: str) -> tuple[str, ...]:
        if funds_type not in codes.FUNDS_TYPES:
            self._say("BAI2-VALUE", "the funds type before it is unknown", _AGAIN, cursor.place(None), funds_type)
            return ()
        if funds_type == "D":
            count = cursor.next()
            text = count.text if count else ""
            if not (text.isascii() and text.isdigit() and len(text) <= 3):
                self._say("BAI2-VALUE", "the number of distributions is no number", _AGAIN, cursor.place(count), text)
                return (text,)
            return (text, *self._taken(cursor, 2 * int(text)))
        return self._taken(cursor, codes.FUNDS_FIELDS.get(funds_type, 0))

    @staticmethod
    def _taken(cursor: Cursor, count: int) -> tuple[str, ...]:
        found = [cursor.next() for _ in range(count)]
        return tuple(one.text if one else "" for one in found)

    # -- trailers -----------------------------------------------------------------------------------------------------
    def _account_trailer(self, record: Record, _before: int) -> None:
        values = self._fields(record, ACCOUNT_TRAILER)
        level, self.account_level = self.account_level, None
        if level is None:
            self._say("BAI2-ORDER", "an account trailer without its account", _AGAIN, record.place)
            return
        account = self.groups[-1].accounts[-1]
        self._prove(record, values, level, "account", account.total_cents)
        if self.group_level is not None:
            self.group_level.total_cents += values["total_cents"] or 0

    def _group_trailer(self, record: Record, _before: int) -> None:
        self._close_account(record.place)
        values = self._fields(record, GROUP_TRAILER)
        level, self.group_level = self.group_level, None
        if level is None:
            self._say("BAI2-ORDER", "a group trailer without its group", _AGAIN, record.place)
            return
        self._prove(record, values, level, "group", level.total_cents)
        if self.file_level is not None:
            self.file_level.total_cents += values["total_cents"] or 0

    def _file_trailer(self, record: Record, _before: int) -> None:
        self._close_group(record.place)
        values = self._fields(record, FILE_TRAILER)
        if self.file_level is not None and not self.trailed:
            self._prove(record, values, self.file_level, "file", self.file_level.total_cents)
        if not record.ended:
            # Its last digits may be missing with it; the sums above tell if they are.
            self._say("BAI2-SLASH", "the last record lacks its slash", _AGAIN, record.place, error=False)
        self.trailed = True

    def _prove(self, record: Record, values: dict[str, Any], level: _Level, what: str, cents: int) -> None:
        """Compares a trailer with what came: total, parts, records (its own and the header's included)."""
        of = {"group": "accounts", "file": "groups"}
        told = (
            ("total_cents", cents, "TOTAL", "control total"),
            ("parts", level.parts, "PARTS", f"number of {of.get(what, '')}"),
            ("records", self.lines - level.first_record, "COUNT", "number of records"),
        )
        for name, ours, code, called in told:
            theirs = values.get(name)
            if theirs is not None and theirs != ours:
                told_text = f"the {what}'s {called} is {theirs}, what came makes {ours}"
                self._say(f"BAI2-{what.upper()}-{code}", told_text, _AGAIN, record.place)

    def _close_account(self, at: Place) -> None:
        if self.account_level is not None:
            self.account_level = None
            self._missing("account", at)

    def _close_group(self, at: Place) -> None:
        self._close_account(at)
        if self.group_level is not None:
            self.group_level = None
            self._missing("group", at)

    def _missing(self, what: str, at: Place) -> None:
        self.whole = False
        self._say("BAI2-TRAILER", f"the {what} has no trailer: it may be cut off", _AGAIN, at)

    # -- parts of all -------------------------------------------------------------------------------------------------
    def _fields(self, record: Record, table: Table) -> dict[str, Any]:
        cursor = Cursor(record)
        values = {of.name: read_field(cursor, of, self.findings) for of in table.fields}
        if not cursor.done and (extra := cursor.rest().strip(", \n")):
            message = f"fields after the last one of a {TABLES[record.code].title}"
            self._say("BAI2-EXTRA", message, "look whether two records share a line", record.place, extra)
        return values

    def _say(
        self, code: str, message: str, cure: str, place: Place, value: str | None = None, *, error: bool = True
    ) -> None:
        self.findings.append(finding(code, message, cure, place, value, error=error))
