"""Taking uploads in: whole files only, each once, each kept.

A file is moved out of ``inbound`` into ``archive`` (or ``refused``) under ``<file id>_<name>`` and journalled after it
was worked on. A kill in between leaves an archived file that the journal does not know: it is worked on again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox.desk import Desk
from sandbox.journal import Journal, Line
from sandbox.sftp_server import SWEPT

_PATIENCE = 2


@dataclass(frozen=True, slots=True)
class Arrival:
    """One upload: its number here, the name it came under, where it is kept, its bytes."""

    file_id: str
    name: str
    path: Path
    data: bytes

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0] or self.name


@dataclass(frozen=True, slots=True)
class Received:
    """What working on an arrival came to: lines for the journal, and whether the file was refused as a whole."""

    lines: list[Line]
    refused: bool = False


class Desktop(Protocol):
    """Works on an arrival: adds jobs to the desk, says what happened. May be called again for the same arrival."""

    def __call__(self, arrival: Arrival) -> Received: ...


class Reception:
    """Watches the ``inbound`` folder of one user."""

    def __init__(
        self, home: Path, desk: Desk, journal: Journal, is_whole: Callable[[bytes], bool | None], work: Desktop
    ) -> None:
        self._home = home
        self._desk = desk
        self._journal = journal
        self._is_whole = is_whole
        self._work = work
        self._seen_sizes: dict[Path, tuple[int, int]] = {}
        for folder in ("archive", "refused"):
            (home / folder).mkdir(parents=True, exist_ok=True)

    def recover(self) -> None:
        """Work on files that were archived but not journalled before a kill."""
        known = self._journal.files_seen()
        kept = [path for folder in ("archive", "refused") for path in (self._home / folder).iterdir()]
        for path in sorted(kept, key=lambda path: path.name):
            if path.name.partition("_")[0] not in known:
                self._take(path)

    def look(self) -> None:
        """Take in every whole file that waits, in order of name."""
        for folder in (SWEPT, "inbound"):
            for path in sorted((self._home / folder).iterdir()):
                if not path.name.startswith(".") and path.is_file() and (kept := self._keep(path)) is not None:
                    self._take(kept)

    def _keep(self, path: Path) -> Path | None:
        """Where a whole file is kept from now on; None for one that waits."""
        try:
            if not self._ready(path):
                return None
            number = self._desk.counters.take("file_id")
            return path.rename(self._home / "archive" / f"{number}_{path.name}")
        except FileNotFoundError:
            return None  # the server has swept it between the listing and this look: the next one finds it there

    def _ready(self, path: Path) -> bool:
        """Whole by content; or of no kind we know and no longer growing."""
        data = path.read_bytes()
        whole = self._is_whole(data)
        if whole is None:
            size, looks = self._seen_sizes.get(path, (-1, 0))
            looks = looks + 1 if size == len(data) else 0
            self._seen_sizes[path] = (len(data), looks)
            whole = looks >= _PATIENCE
        if whole:
            self._seen_sizes.pop(path, None)
        return whole

    def _take(self, path: Path) -> None:
        number, _, name = path.name.partition("_")
        received = self._work(Arrival(number, name, path, path.read_bytes()))
        if received.refused and path.parent.name == "archive":
            path.rename(self._home / "refused" / path.name)
        self._journal.append(*received.lines)
