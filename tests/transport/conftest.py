"""A partner on real SSH, with its fault file, for the tests of the SFTP client."""

import json
from dataclasses import dataclass, replace

import pytest

from sandbox.config import SandboxConfig
from sandbox.threaded import listening
from transport.sftp import SftpConfig


@dataclass(frozen=True)
class Partner:
    config: SandboxConfig
    login: SftpConfig

    @property
    def home(self):
        return self.config.home("oa")

    def misbehave(self, **faults) -> None:
        self.config.control.write_text(json.dumps(faults))

    def login_with(self, **changes) -> SftpConfig:
        return replace(self.login, **changes)


@pytest.fixture
def partner(tmp_path):
    config = SandboxConfig.from_dict({"root": tmp_path / "partner", "users": {"oa": "secret-word"}})
    with listening(config) as server:
        yield Partner(
            config,
            SftpConfig(
                host="127.0.0.1",
                port=server.port,
                username="oa",
                password="secret-word",
                host_key=server.host_key,
                connect_timeout_s=5,
                io_timeout_s=5,
            ),
        )
