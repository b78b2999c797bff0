"""One suite over every mailbox: what a stage may rely on, whoever the partner is."""

import os
import time

import pytest

from sandbox.config import SandboxConfig
from sandbox.threaded import listening
from transport.base import RemoteMailbox
from transport.errors import AlreadyExists, NotFound
from transport.local import DirectoryMailbox
from transport.memory import MemoryMailbox
from transport.sftp import SftpConfig, SftpMailbox


@pytest.fixture(scope="module")
def partner(tmp_path_factory):
    root = tmp_path_factory.mktemp("partner")
    config = SandboxConfig.from_dict({"root": root, "users": {"oa": "secret"}})
    with listening(config) as server:
        yield config, server


@pytest.fixture(params=["memory", "directory", "sftp"])
def mailbox(request, tmp_path):
    if request.param == "memory":
        yield MemoryMailbox()
    elif request.param == "directory":
        for folder in ("inbound", "outbound", "staging", "inbound/nested"):
            (tmp_path / folder).mkdir()
        yield DirectoryMailbox(tmp_path)
    else:
        config, server = request.getfixturevalue("partner")
        home = config.home("oa")
        for folder in ("inbound", "outbound", "staging"):
            for file in (home / folder).iterdir():
                file.rmdir() if file.is_dir() else file.unlink()
        (home / "inbound" / "nested").mkdir()
        where = SftpConfig(
            host="127.0.0.1", port=server.port, username="oa", password="secret", host_key=server.host_key
        )
        with SftpMailbox(where) as box:
            yield box


def test_a_written_file_is_listed_with_its_size_and_read_back(mailbox: RemoteMailbox):
    mailbox.write("inbound", "b.txt", b"two")
    mailbox.write("inbound", "a.txt", b"")
    listed = mailbox.list("inbound")
    assert [(file.name, file.size) for file in listed] == [("a.txt", 0), ("b.txt", 3)]
    assert all(abs(file.mtime_s - time.time()) < 60 for file in listed)
    assert mailbox.read("inbound", "b.txt") == b"two"
    assert mailbox.read("inbound", "a.txt") == b""


def test_every_byte_survives_at_sizes_around_a_packet(mailbox: RemoteMailbox):
    whole = os.urandom(3 * 1024 * 1024 + 17)
    for size in (1, 32767, 32768, 32769, len(whole)):
        mailbox.write("staging", f"{size}.bin", whole[:size])
        assert mailbox.size("staging", f"{size}.bin") == size
        assert mailbox.read("staging", f"{size}.bin") == whole[:size]


def test_a_taken_name_is_refused_and_left_alone(mailbox: RemoteMailbox):
    mailbox.write("inbound", "a.txt", b"first")
    with pytest.raises(AlreadyExists):
        mailbox.write("inbound", "a.txt", b"second")
    assert mailbox.read("inbound", "a.txt") == b"first"


def test_rename_moves_between_folders(mailbox: RemoteMailbox):
    mailbox.write("staging", "tmp-1", b"x")
    mailbox.rename("staging", "tmp-1", "inbound", "a.txt")
    assert mailbox.list("staging") == []
    assert mailbox.read("inbound", "a.txt") == b"x"


def test_rename_never_overwrites(mailbox: RemoteMailbox):
    mailbox.write("staging", "tmp-1", b"new")
    mailbox.write("inbound", "a.txt", b"old")
    with pytest.raises(AlreadyExists):
        mailbox.rename("staging", "tmp-1", "inbound", "a.txt")
    assert (mailbox.read("staging", "tmp-1"), mailbox.read("inbound", "a.txt")) == (b"new", b"old")


def test_what_is_not_there_is_said_to_be_missing(mailbox: RemoteMailbox):
    assert mailbox.size("inbound", "none") is None
    for attempt in (
        lambda: mailbox.list("nowhere"),
        lambda: mailbox.read("inbound", "none"),
        lambda: mailbox.delete("inbound", "none"),
        lambda: mailbox.rename("inbound", "none", "inbound", "other"),
        lambda: mailbox.write("nowhere", "a.txt", b"x"),
    ):
        with pytest.raises(NotFound):
            attempt()
    mailbox.write("inbound", "a.txt", b"x")
    with pytest.raises(NotFound):
        mailbox.rename("inbound", "a.txt", "nowhere", "a.txt")
    assert mailbox.read("inbound", "a.txt") == b"x"


def test_delete_removes_one_file(mailbox: RemoteMailbox):
    mailbox.write("inbound", "a.txt", b"x")
    mailbox.write("inbound", "b.txt", b"x")
    mailbox.delete("inbound", "a.txt")
    assert [file.name for file in mailbox.list("inbound")] == ["b.txt"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\0b"])
def test_a_name_that_is_a_path_is_the_callers_mistake(mailbox: RemoteMailbox, name):
    for attempt in (
        lambda: mailbox.read("inbound", name),
        lambda: mailbox.write("inbound", name, b"x"),
        lambda: mailbox.size("inbound", name),
        lambda: mailbox.delete("inbound", name),
    ):
        with pytest.raises(ValueError):
            attempt()


def test_an_error_leaves_the_mailbox_usable(mailbox: RemoteMailbox):
    with pytest.raises(NotFound):
        mailbox.read("inbound", "none")
    mailbox.write("inbound", "a.txt", b"x")
    assert mailbox.read("inbound", "a.txt") == b"x"
