"""What a file that came in is, and which stage it is for: the name hints, the content decides."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from edi import bai2
from edi.kinds import kind_of
from edi.nacha import INBOUND, Addenda98, Addenda99
from edi.nacha import acknowledgment as bank_ack
from edi.nacha import read as read_nacha
from edi.officeally import EDI_STATUS, ERA_STATUS, FILE_SUMMARY, is_whole, promised
from edi.x12.syntax import reader

_STAGES = {
    "x12:999": "acknowledge",
    "x12:997": "acknowledge",
    "x12:ta1": "acknowledge",
    "x12:277": "acknowledge",
    "x12:277-x212": "acknowledge",
    "x12:271": "acknowledge",
    FILE_SUMMARY: "acknowledge",
    EDI_STATUS: "acknowledge",
    "bank:ack": "acknowledge",
    "nacha:return": "acknowledge",
    "x12:835": "ingest",
    "x12:820": "ingest",
    "nacha:deposit": "ingest",
    "bai2": "ingest",
}
_KEPT = {"zip", ERA_STATUS}
"""Kinds that no stage works on: a container, and the text beside an ERA."""


@dataclass(frozen=True, slots=True)
class Arrival:
    kind: str
    stage: str | None
    """Who works on it; None for what is only kept (text beside an ERA) or is a container (zip)."""
    whole: bool
    """False while its trailer is missing: it may still be on its way."""
    known: bool
    told: bool
    """Whether it tells all it has to tell, though a byte may be missing: when nothing more comes, it can be read."""


def recognise(name: str, data: bytes, statement_name: str | None = None) -> Arrival:
    """Kind, stage and completeness of a file. Never raises.

    `statement_name` is the pattern by which the mailbox's bank names its BAI2 reports: of such a file nothing is judged
    before its content shows what it is.
    """
    promise = promised(name)
    kind = kind_of(data)
    if kind == "nacha":
        kind = _nacha_kind(data)
    if kind == "unknown" and promise is not None and promise.kind == ERA_STATUS:
        kind = ERA_STATUS  # for people's eyes: it may say what it likes
    if kind == "unknown":
        # What the name promises may not have begun to arrive; three letters do not tell what they will be.
        expected = promise is not None or _fits(statement_name, name)
        whole = not expected and len(data.strip()) > len("ISA")
        return Arrival("unknown", None, whole, known=False, told=whole)
    whole = _whole(kind, data)
    told = whole or (kind.startswith("x12") and reader.is_told_whole(data)) or (kind == "bai2" and _adds_up(data))
    return Arrival(kind, _STAGES.get(kind), whole, kind in _STAGES or kind in _KEPT, told)


def _fits(pattern: str | None, name: str) -> bool:
    return pattern is not None and re.fullmatch(pattern, name, re.IGNORECASE | re.ASCII) is not None


def _adds_up(data: bytes) -> bool:
    """Whether a report that lacks its last slash has all its trailers and their sums."""
    document = bai2.read(data)
    return document.complete and document.ok


def _nacha_kind(data: bytes) -> str:
    file = read_nacha(data, INBOUND).file
    if file is None:
        return "unknown"
    answers = any(
        isinstance(addenda, Addenda98 | Addenda99)
        for batch in file.batches
        for entry in batch.entries
        for addenda in entry.addenda
    )
    return "nacha:return" if answers else "nacha:deposit"


def _whole(kind: str, data: bytes) -> bool:
    if kind.startswith("text:"):
        return is_whole(kind, data)
    judge = _WHOLE.get(kind) or _WHOLE.get(kind.partition(":")[0])
    return judge is None or judge(data)


def _ends_with_file_control(data: bytes) -> bool:
    """Whether the last record is a whole record 9, or filler after it. Some banks write no line ends."""
    lines = [line for line in data.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    if len(lines) == 1:
        lines = [data[start : start + 94] for start in range(0, len(data), 94)]
    # Some banks cut the blanks at the end of a line; the control record's last total ends in column 55.
    return bool(lines) and lines[-1].startswith(b"9") and len(lines[-1]) >= 55


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "x12": reader.is_whole,
    "zip": lambda data: zipfile.is_zipfile(BytesIO(data)),
    "bai2": bai2.is_whole,
    "nacha": _ends_with_file_control,
    "bank:ack": bank_ack.is_whole,
}


def members(data: bytes) -> list[tuple[str, bytes]]:
    """The files in a zip, by their last path part; ValueError when it cannot be opened whole."""
    limit = 200_000_000
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in infos) > limit:
                raise ValueError("the zip unpacks to more than 200 MB")
            return [(info.filename.rsplit("/", 1)[-1], archive.read(info)) for info in infos]
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError) as error:
        raise ValueError(f"the zip cannot be opened: {type(error).__name__}") from None
