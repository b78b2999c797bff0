"""A sandbox whose worker is ticked by hand: every answer at once unless a test says otherwise."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sandbox.config import Delays, SandboxConfig
from sandbox.journal import read_journal
from sandbox.worker import Worker


@dataclass
class Sandbox:
    config: SandboxConfig
    worker: Worker

    def put(self, user: str, name: str, data: bytes) -> None:
        (self.config.home(user) / "inbound" / name).write_bytes(data)

    def outbound(self, user: str) -> dict[str, bytes]:
        folder: Path = self.config.home(user) / "outbound"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    def journal(self, *kinds: str) -> list[dict]:
        return read_journal(self.config.journal, *kinds)

    def pass_time(self, seconds: int) -> None:
        self.config.clock_file.write_text(str(seconds))

    def misbehave(self, **faults) -> None:
        self.config.control.write_text(json.dumps(faults))

    def restart(self) -> None:
        self.worker = Worker(self.config)

    def tick(self) -> None:
        self.worker.tick()


@pytest.fixture
def make_sandbox(tmp_path):
    def make(**changes) -> Sandbox:
        config = SandboxConfig.from_dict({"root": tmp_path / "sandbox", "clock_file": tmp_path / "clock"})
        config = replace(config, **({"delays": Delays.none()} | changes))
        return Sandbox(config, Worker(config))

    return make
