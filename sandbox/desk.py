"""What the sandbox must not forget: counters, and jobs that wait for their time. Each is a small file under ``root``.

A job is a JSON file ``root/pending/<id>.json``, written under another name and renamed, so that a kill at any moment
leaves whole jobs or none. A job that laid out its file before the kill is recognised by the journal (``file_out`` lines
carry the ids) and is not laid out again.
"""

import heapq
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_FILE_ID = 1088623388


@dataclass(slots=True, kw_only=True)
class Job:
    """Something to do once business time has reached ``due_s``. ``what`` names it, ``data`` is what it needs."""

    id: str
    what: str
    due_s: float
    data: dict[str, Any] = field(default_factory=dict)


def write_whole(folder: Path, name: str, text: str) -> None:
    """Replace a file by rename, so that readers and a restart see the old or the new one."""
    fresh = folder / f".{name}.new"
    fresh.write_bytes(text.encode())
    fresh.replace(folder / name)


class Counters:
    """Numbers that are never given twice, across restarts.

    They stand in one short file that is written over in place, by one write within one page, which no kill tears apart.
    The numbers only grow, so that what is written covers all that was there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        start = {"file_id": FIRST_FILE_ID, "control": 1, "deposit": 1, "return": 1, "entry": 1}
        self._next: dict[str, int] = start | (json.loads(path.read_text()) if path.exists() else {})
        if not path.exists():
            write_whole(path.parent, path.name, json.dumps(self._next))

    def take(self, name: str, count: int = 1) -> int:
        """The first of ``count`` fresh numbers of this series."""
        first = self._next[name]
        self._next[name] = first + count
        handle = os.open(self._path, os.O_WRONLY)
        try:
            os.write(handle, json.dumps(self._next).encode())
        finally:
            os.close(handle)
        return first


class Desk:
    """The jobs of one worker process, in order of their due time and then of their making."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / "pending"
        self._folder.mkdir(parents=True, exist_ok=True)
        self.counters = Counters(root / "counters.json")
        self._waiting: list[tuple[float, int, Job]] = []
        self._made = 0
        for job in sorted(self._stored(), key=lambda job: (job.due_s, job.id)):
            self._queue(job)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, job: Job) -> None:
        """Keep a job; one with the same id is replaced on disk (a follow-up made again after a kill)."""
        self.keep(job)
        self._queue(job)

    def keep(self, job: Job) -> None:
        """Write down what a job in hand has come to know, so that after a kill it is done in the same way."""
        told = {"id": job.id, "what": job.what, "due_s": job.due_s, "data": job.data}
        write_whole(self._folder, _name(job.id), json.dumps(told))

    def due(self, now_s: float) -> Iterator[Job]:
        """Jobs whose time has come, also those that are added meanwhile. Each is taken off the queue, not off the disk."""
        while self._waiting and self._waiting[0][0] <= now_s:
            yield heapq.heappop(self._waiting)[2]

    def postpone(self, job: Job, until_s: float) -> None:
        """Put a job back for this run of the process; on disk it keeps its due time."""
        heapq.heappush(self._waiting, (until_s, self._number(), job))

    def done(self, *ids: str) -> None:
        for one in ids:
            (self._folder / _name(one)).unlink(missing_ok=True)

    def _queue(self, job: Job) -> None:
        heapq.heappush(self._waiting, (job.due_s, self._number(), job))

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _stored(self) -> Iterator[Job]:
        for path in self._folder.iterdir():
            if not path.name.startswith("."):
                yield Job(**json.loads(path.read_text(encoding="utf-8")))


def _name(job_id: str) -> str:
    return f"{job_id}.json"
