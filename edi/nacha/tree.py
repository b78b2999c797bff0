"""Lines of an ACH file into the tree of rows, with what is wrong on the way.

Every byte is accounted for: what is not a record of the tree is a finding.
"""

from edi.findings import Finding, Place
from edi.nacha import addenda, records
from edi.nacha.addenda import ADDENDA_05, ADDENDA_OTHER
from edi.nacha.columns import RECORD_LENGTH, Field, Kind, Record
from edi.nacha.physical import Line, split_lines
from edi.nacha.rows import BatchRows, EntryRows, FileRows, Row, Written, error

_MISFIT_CODES = {Kind.BLANK: "ACH-RESERVED", Kind.DATE: "ACH-DATE", Kind.TIME: "ACH-DATE"}
_NUMBERING = {"sequence": "ACH-ADDENDA-SEQUENCE", "entry_sequence": "ACH-ADDENDA-ENTRY"}
"""Addenda are of use without their numbers: what they say does not hang on them."""


class Reader:
    """Builds the tree line by line and collects findings. One use a file."""

    def __init__(self) -> None:
        self.file = FileRows()
        self.findings: list[Finding] = []
        self._batch: BatchRows | None = None
        self._row_of_line: Row | None = None

    def read(self, data: bytes) -> None:
        lines = split_lines(data)
        last = max((n for n, line in enumerate(lines, start=1) if line.text.strip()), default=0)
        self.file.lines = last
        for number, line in enumerate(lines, start=1):
            self._row_of_line = None
            if number <= last:
                self._line(number, line.text)
            self._keep(line)
        self._close_batch(last)

    def _keep(self, line: Line) -> None:
        row, text = self._row_of_line, line.text
        self.file.written.append(Written(row, "" if row else text, len(text), line.end, line.encoding))

    def _line(self, number: int, text: str) -> None:
        if not text.strip():
            self._report("ACH-BLANK-LINE", "a blank line stands between the records", "remove the line", number)
            return
        if set(text.rstrip()) == {"9"}:
            self.file.filler += 1
            self._filler(number, text)
            return
        self._characters(number, text)
        handler = self._HANDLERS.get(text[0])
        if handler is None:
            self.file.misplaced += 1
            self._report(
                "ACH-RECORD-TYPE",
                "no record begins with this character",
                "records begin 1, 5, 6, 7, 8 or 9",
                number,
                (1, 1),
                text[0],
            )
            return
        if self.file.control is not None and text[0] != "9":
            self._report(
                "ACH-ORDER", "a record follows the file control", "end the file with its control and filler", number
            )
        handler(self, number, text)

    def _filler(self, number: int, text: str) -> None:
        if self.file.control is None:
            self._report("ACH-ORDER", "filler stands before the file control", "put filler at the end", number)
        if text != records.FILLER:
            code = "ACH-FILL" if text.rstrip(" ") == records.FILLER else "ACH-LENGTH"
            self._report(code, "a filler record is not 94 nines", "fill the record to 94 characters", number)

    def _characters(self, number: int, text: str) -> None:
        if text.isascii() and text.isprintable():
            return
        bad = [at for at, char in enumerate(text, start=1) if not " " <= char <= "~"]
        self._report(
            "ACH-CHARSET",
            f"{len(bad)} characters are not printable ASCII",
            "use letters, digits, blank and printable ASCII specials",
            number,
            (bad[0], bad[-1]),
        )

    def _header(self, number: int, text: str) -> None:
        row = self._row(records.FILE_HEADER, number, text)
        if self.file.header is not None or self.file.batches:
            self._report(
                "ACH-ORDER", "the file header is not the first record", "one file header begins a file", number
            )
        if self.file.header is None:
            self.file.header = row

    def _batch_header(self, number: int, text: str) -> None:
        self._close_batch(number)
        international = text[50:53] == "IAT" or text[4:20].rstrip() == "IATCOR"
        table = records.BATCH_HEADER_INTERNATIONAL if international else records.BATCH_HEADER
        self._batch = BatchRows(self._row(table, number, text))
        self.file.batches.append(self._batch)

    def _entry(self, number: int, text: str) -> None:
        batch = self._open_batch(number, "an entry")
        entry_class = batch.entry_class
        table = entry_class.entry if entry_class else records.ENTRY
        if entry_class is not None and entry_class.code == "ENR" and not text[54:58].isdecimal():
            self._report(
                "ACH-ENROLMENT",
                "an enrolment has its name where the addenda are counted",
                "count them",
                number,
                (55, 58),
            )
            table = records.ENTRY
        batch.entries.append(EntryRows(self._row(table, number, text)))

    def _addenda(self, number: int, text: str) -> None:
        if self._batch is None or not self._batch.entries:
            self.file.misplaced += 1
            self._report("ACH-ORDER", "an addenda record stands before any entry", "put it after its entry", number)
            return
        entry_class = self._batch.entry_class
        own = entry_class.addenda if entry_class else {}
        known = {"05": ADDENDA_05} | dict(own)
        table = (
            addenda.answer_table(text, international=self._batch.international) or known.get(text[1:3]) or ADDENDA_OTHER
        )
        if table is ADDENDA_05 and self._batch.international:
            table = ADDENDA_OTHER
        self._batch.entries[-1].addenda.append(self._row(table, number, text))

    def _batch_control(self, number: int, text: str) -> None:
        batch = self._open_batch(number, "a batch control")
        entry_class = batch.entry_class
        batch.control = self._row(entry_class.control if entry_class else records.BATCH_CONTROL, number, text)
        self._batch = None

    def _file_control(self, number: int, text: str) -> None:
        self._close_batch(number)
        if self.file.control is not None:
            self._report("ACH-ORDER", "a second file control", "one file control ends a file", number)
            return
        advice = any(batch.is_advice for batch in self.file.batches)
        table = records.FILE_CONTROL_ADVICE if advice else records.FILE_CONTROL
        self.file.control = self._row(table, number, text)

    _HANDLERS = {  # noqa: RUF012 - a constant table
        "1": _header,
        "5": _batch_header,
        "6": _entry,
        "7": _addenda,
        "8": _batch_control,
        "9": _file_control,
    }

    def _open_batch(self, number: int, what: str) -> BatchRows:
        if self._batch is None:
            self._report(
                "ACH-BATCH-HEADER", f"{what} stands outside a batch", "begin the batch with its header", number
            )
            self._batch = BatchRows(None)
            self.file.batches.append(self._batch)
        return self._batch

    def _close_batch(self, number: int) -> None:
        if self._batch is not None:
            self._report("ACH-BATCH-CONTROL", "a batch has no control record", "end the batch with its control", number)
            self._batch = None

    def _row(self, table: Record, number: int, text: str) -> Row:
        """The row of a line; a line of wrong length gives no values, unless only fill blanks are amiss."""
        row = Row(number, table)
        if len(text) != RECORD_LENGTH:
            fill_only = len(text.rstrip(" ")) <= RECORD_LENGTH
            self._report(
                "ACH-FILL" if fill_only else "ACH-LENGTH",
                f"the {table.name} has {len(text)} characters, not 94",
                "write 94 characters a record",
                number,
            )
            if not fill_only:
                row.damaged = True
                return row
            text = text.rstrip(" ").ljust(RECORD_LENGTH)
        self._row_of_line = row
        values = table.clean(text)
        if values is not None:
            row.values = values
            return row
        row.values, misfits = table.read(text)
        row.unlike = table.unlike(text, row.values)
        for misfit, reason in misfits:
            self._misfit(row, misfit, reason, text)
        return row

    def _misfit(self, row: Row, misfit: Field, reason: str, text: str) -> None:
        code = _NUMBERING.get(misfit.name) if text[0] == "7" else None
        row.damaged = row.damaged or (code is None and misfit.kind in {Kind.NUMBER, Kind.DIGITS})
        first, last = misfit.columns
        self._report(
            code or _MISFIT_CODES.get(misfit.kind, "ACH-FIELD"),
            f"{row.table.name}: {misfit.name.replace('_', ' ')} {reason}",
            "correct these columns",
            row.line,
            (first, last),
            text[first - 1 : last],
        )

    def _report(
        self,
        code: str,
        message: str,
        cure: str,
        line: int,
        columns: tuple[int, int] | None = None,
        value: object = None,
    ) -> None:
        self.findings.append(error(code, message, cure, Place(line=line, columns=columns), value))
