"""Laying files out for pick-up: whole, once, and told to the journal."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.journal import Journal, read_journal


class Outbox:
    """Writes into the users' ``outbound`` folders.

    Order: a file where no user sees it, the journal line, the rename. After a kill in between, ``recover`` finishes what
    the journal already tells and throws the rest away; then the job is done again.
    """

    def __init__(self, config: SandboxConfig, faults: Faults, journal: Journal) -> None:
        self._config = config
        self._faults = faults
        self._journal = journal
        self._told: set[str] = set()
        for user in config.passwords:
            self._made(user).mkdir(parents=True, exist_ok=True)

    def recover(self) -> None:
        """Take up where a former process stopped."""
        told = read_journal(self._config.journal, "file_out")
        self._told = {job for line in told for job in line["jobs"]}
        names = {(line["to"], line["name"]) for line in told}
        for user in self._config.passwords:
            for left in self._made(user).iterdir():
                left.rename(self._laid_out(user, left.name)) if (user, left.name) in names else left.unlink()

    def has_sent(self, job_id: str) -> bool:
        return job_id in self._told

    def send(
        self,
        user: str,
        name: str,
        data: bytes,
        *,
        what: str,
        jobs: Sequence[str],
        lines: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Lay out ``data`` under ``name``. ``lines`` are further journal lines that become true with it."""
        made = self._made(user) / name
        made.write_bytes(data)
        out = {"kind": "file_out", "to": user, "name": name, "what": what, "bytes": len(data), "jobs": list(jobs)}
        self._journal.append(out, *lines)
        self._told.update(jobs)
        self._show_half(user, name, data)
        made.rename(self._laid_out(user, name))

    def _show_half(self, user: str, name: str, data: bytes) -> None:
        pause_s = self._faults.half_answers_s()
        if pause_s is not None:
            self._laid_out(user, name).write_bytes(data[: len(data) // 2])
            time.sleep(pause_s)

    def _made(self, user: str) -> Path:
        return self._config.root / "outgoing" / user

    def _laid_out(self, user: str, name: str) -> Path:
        return self._config.home(user) / "outbound" / name
