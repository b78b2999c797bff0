"""Business time: real time plus an offset that the product and the sandbox read from one file."""

import time
from datetime import UTC, datetime
from pathlib import Path


class BusinessClock:
    """Reads the offset anew at each question, so that a demo can let days pass."""

    def __init__(self, offset_file: Path | None) -> None:
        self._file = offset_file

    def offset_s(self) -> int:
        """Whole seconds ahead of real time; 0 where there is no file or it is empty (being rewritten)."""
        if self._file is None:
            return 0
        try:
            text = self._file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return 0
        return int(text) if text else 0

    def now_s(self) -> float:
        """Business seconds since 1970."""
        return time.time() + self.offset_s()

    def now(self) -> datetime:
        """Business time, UTC."""
        return datetime.fromtimestamp(self.now_s(), tz=UTC)
