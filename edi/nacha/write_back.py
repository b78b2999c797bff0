"""The bytes of a file that was read, from its values: the same records, line ends, cut blanks and filler.

Every record is set down by its table anew; only columns that no value can stand for, and lines that are no record, are
repeated as they were. So a file reads as it was written, or the tables are wrong.
"""

from edi.nacha.columns import RECORD_LENGTH
from edi.nacha.reading import AchDocument
from edi.nacha.rows import Written
from edi.nacha.writing import write


def write_back(document: AchDocument) -> bytes:
    """The bytes that were read. Raises ValueError where `document` holds no file and no rows."""
    if document.rows is not None:
        return b"".join(_line(written) for written in document.rows.written)
    if document.file is None:
        raise ValueError("nothing was read that could be written")
    return write(document.file, document.line_end, any_class=True)


def _line(written: Written) -> bytes:
    row = written.row
    text = written.text
    if row is not None:
        text = row.table.write(row.values, row.unlike)
        text = text.ljust(written.length) if written.length > RECORD_LENGTH else text[: written.length]
    return text.encode(written.encoding) + written.end
