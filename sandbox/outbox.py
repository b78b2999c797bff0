"""Laying files out for pick-up: whole, once, and told to the journal."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.journal import Journal, read_journal


class Outbox:
    """Writes into the users' ``outbound`` folders.

    Order: a hidden temporary file, the journal line, the rename. After a kill in between, ``recover`` finishes what
    the journal already tells and throws the rest away; then the job is done again.
    """

    def __init__(self, config: SandboxConfig, faults: Faults, journal: Journal) -> None:
        self._config = config
        self._faults = faults
        self._journal = journal
        self._told: set[str] = set()

    def recover(self) -> None:
        """Take up where a former process stopped."""
        told = read_journal(self._config.journal, "file_out")
        self._told = {job for line in told for job in line["jobs"]}
        names = {(line["to"], line["name"]) for line in told}
        for user in self._config.passwords:
            for left in (self._config.home(user) / "outbound").glob(".*"):
                name = left.name.removeprefix(".")
                left.rename(left.with_name(name)) if (user, name) in names else left.unlink()

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
        folder = self._config.home(user) / "outbound"
        hidden = folder / f".{name}"
        hidden.write_bytes(data)
        out = {"kind": "file_out", "to": user, "name": name, "what": what, "bytes": len(data), "jobs": list(jobs)}
        self._journal.append(out, *lines)
        self._told.update(jobs)
        pause_s = self._faults.half_answers_s()
        if pause_s is not None:
            with (folder / name).open("wb") as file:
                file.write(data[: len(data) // 2])
                file.flush()
                time.sleep(pause_s)
        hidden.rename(folder / name)
