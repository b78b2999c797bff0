"""Business time: the real clock plus one offset that every process and the outside simulator share.

Leases and `due_at` never use it (they use the database's clock); banking days, the 72 hours and settlement do, so
that a demonstration can let days pass.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BusinessClock:
    """`offset_file` holds whole seconds as text; absent means no offset. Read at each call: it may move at any time."""

    offset_file: Path | None = None

    def now(self) -> datetime:
        """Business time, timezone-aware, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_s())

    def offset_s(self) -> int:
        """Whole seconds ahead of the real clock; ValueError when the file holds anything else."""
        if self.offset_file is None:
            return 0
        try:
            found = self.offset_file.stat()
        except FileNotFoundError:
            return 0
        return _offset(self.offset_file, (found.st_mtime_ns, found.st_ino, found.st_size))

    def advance(self, seconds: int) -> None:
        """Lets business time pass; ValueError when there is no offset file or it would run backwards."""
        if self.offset_file is None or seconds < 0:
            raise ValueError("business time moves only forward, and only where an offset file is set")
        temporary = self.offset_file.with_suffix(".new")
        temporary.write_text(str(self.offset_s() + seconds))
        temporary.replace(self.offset_file)


@lru_cache(maxsize=4)
def _offset(offset_file: Path, _version: tuple[int, int, int]) -> int:
    """What the file holds, read again only when it is another one: it is asked for at each statement."""
    return int(offset_file.read_text().strip() or 0)
