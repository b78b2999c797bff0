"""What the partners' server tells: listings as the files are now, and the host key that the faults ask for."""

import json
import os
import time

from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.sftp_server import ShownKey, host_key, public_line
from sandbox.threaded import listening
from transport.sftp import SftpConfig, SftpMailbox


def test_a_listing_is_of_the_files_as_they_are_now(tmp_path):
    config = SandboxConfig.from_dict({"root": tmp_path})
    folder = config.home("oa") / "outbound"
    with listening(config) as server:
        mailbox = SftpMailbox(
            SftpConfig(
                host="127.0.0.1",
                port=server.port,
                username="oa",
                password=config.passwords["oa"],
                host_key=server.host_key,
            )
        )

        def listed():
            return {file.name: (file.size, file.mtime_s) for file in mailbox.list("outbound")}

        then = int(time.time()) - 90
        for name, data in (("stays", b"1"), ("grows", b"12"), ("goes", b"123")):
            (folder / name).write_bytes(data)
            os.utime(folder / name, (then, then))
        assert listed() == {"stays": (1, then), "grows": (2, then), "goes": (3, then)}
        (folder / "goes").unlink()
        (folder / "grows").write_bytes(b"12345")
        os.utime(folder / "grows", (then + 60, then + 60))
        (folder / "comes").write_bytes(b"")
        os.utime(folder / "comes", (then, then))
        assert listed() == {"stays": (1, then), "grows": (5, then + 60), "comes": (0, then)}
        mailbox.close()


class Acceptor:
    """Notes which keys it is told to show."""

    def __init__(self):
        self.shown = []

    def update(self, server_host_keys):
        self.shown += [" ".join(key.export_public_key().decode().split()[:2]) for key in server_host_keys]


def test_the_key_that_is_shown_changes_with_the_faults_and_back(tmp_path):
    config, acceptor = SandboxConfig.from_dict({"root": tmp_path}), Acceptor()
    shown = ShownKey(acceptor, config, Faults(config.control))
    shown.look()
    assert acceptor.shown == []
    for told in ({"other_host_key": True}, {"other_host_key": True, "hang_up": 1}, {}):
        config.control.write_text(json.dumps(told))
        shown.look()
    other = " ".join(host_key(config.root, "other_host_key").export_public_key().decode().split()[:2])
    assert acceptor.shown == [other, public_line(config.root)]
