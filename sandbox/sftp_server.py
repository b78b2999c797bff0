"""The partners' SFTP server: each user sees its own folder as root, and what ``sandbox.faults`` asks for happens to it."""

import os
import posixpath
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh
from asyncssh.constants import MSG_IGNORE

from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.journal import Journal

FOLDERS = ("inbound", "outbound", "staging")
SWEPT = "swept"  # beside the three: where a file goes that is swept before its rename is answered
_REMEMBERED = 10_000
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com")
"""Those that cipher and prove in one pass, which costs both sides a fifth less. The client's order of preference decides,
so that a server which offers others too would be asked for them.
"""

Connections = set["asyncssh.SSHServerConnection"]


class PartnerLogin(asyncssh.SSHServer):
    """Password login for the configured users; `present` is told who is there."""

    def __init__(self, config: SandboxConfig, faults: Faults, journal: Journal, present: Connections) -> None:
        self._config = config
        self._faults = faults
        self._journal = journal
        self._present = present

    def connection_made(self, conn: "asyncssh.SSHServerConnection") -> None:
        self._conn = conn
        self._present.add(conn)
        _speak_plainly(conn)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._present.discard(self._conn)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - nobody comes in without a password
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        if self._faults.refuses_login(username):
            self._journal.append({"kind": "fault", "what": "refuse_login"})
            return False
        known = self._config.passwords.get(username)
        return known is not None and password == known


class PartnerFiles(asyncssh.SFTPServer):
    """One user's folder. Handed the faults and the journal, so that what is broken on purpose is also told."""

    def __init__(
        self, chan: "asyncssh.SSHServerChannel[bytes]", config: SandboxConfig, faults: Faults, journal: Journal
    ) -> None:
        user = chan.get_extra_info("username")
        self._home = config.home(user)
        self._faults = faults
        self._journal = journal
        self._written: dict[int, int] = {}
        self._gone = False
        self._listed: dict[bytes, tuple[os.stat_result, asyncssh.SFTPName]] = {}
        super().__init__(chan, chroot=os.fsencode(self._home))

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        with self._step("open"):
            return super().open(path, pflags, attrs)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if self._faults.no_space():
            self._tell("no_space")
            raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
        with self._step("write"):
            count = super().write(file_obj, offset, data)
            assert isinstance(count, int)
            self._cut_if_due(file_obj, len(data))
        return count

    def close(self, file_obj: object) -> None:
        self._written.pop(id(file_obj), None)
        with self._step("close"):
            super().close(file_obj)

    def stat(self, path: bytes) -> os.stat_result | asyncssh.SFTPAttrs:
        with self._step("stat"):
            found = super().stat(path)
        assert isinstance(found, os.stat_result | asyncssh.SFTPAttrs)
        return found

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        with self._step("rename"):
            super().rename(oldpath, newpath)
            self._sweep_if_due(newpath)

    def remove(self, path: bytes) -> None:
        with self._step("remove"):
            super().remove(path)

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        """A listing. Who polls asks for it twice a second, and nearly every line of it is as it was: each is made once."""
        for name in (b".", b".."):
            yield self._line(path, name, os.lstat(self.map_path(posixpath.join(path, name))))
        with os.scandir(self.map_path(path)) as entries:
            for entry in entries:
                yield self._line(path, entry.name, entry.stat(follow_symlinks=False))

    def _line(self, path: bytes, name: bytes, facts: os.stat_result) -> asyncssh.SFTPName:
        place = posixpath.join(path, name)
        known = self._listed.get(place)
        if known is not None and known[0] == facts:
            return known[1]
        if len(self._listed) >= _REMEMBERED:
            self._listed.clear()
        made = asyncssh.SFTPName(name, attrs=asyncssh.SFTPAttrs.from_local(facts))
        self.format_longname(made)
        self._listed[place] = (facts, made)
        return made

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """What is asked for happens before or after the step. A connection that was cut only tidies up."""
        if not self._gone:
            if self._faults.refuses(name):
                self._tell(f"refuse {name}")
                raise asyncssh.SFTPPermissionDenied("Permission denied")
            self._cut_if_told("cut_requests", name)
        yield
        if not self._gone:
            self._cut_if_told("cut_replies", name)

    def _cut_if_told(self, key: str, name: str) -> None:
        if self._faults.cuts(key, name):
            self._tell(f"{key} {name}")
            self._hang_up(name)

    def _tell(self, what: str) -> None:
        self._journal.append({"kind": "fault", "what": what})

    def _cut_if_due(self, file_obj: object, count: int) -> None:
        written = self._written.get(id(file_obj), 0) + count
        self._written[id(file_obj)] = written
        limit = self._faults.cut_after_bytes()
        if limit is not None and written > limit:
            self._faults.count_cut()
            self._journal.append({"kind": "cut", "after_bytes": written})
            self._hang_up("upload")

    def _sweep_if_due(self, newpath: bytes) -> None:
        folder, name = posixpath.split(os.fsdecode(newpath))
        if folder.strip("/") == "inbound" and self._faults.sweeps_at_once():
            (self._home / "inbound" / name).rename(self._home / SWEPT / name)

    def _hang_up(self, what: str) -> None:
        self._gone = True
        self.connection.abort()
        raise asyncssh.SFTPConnectionLost(f"cut on request: {what}")


async def serve(
    config: SandboxConfig, faults: Faults, journal: Journal, present: Connections | None = None
) -> asyncssh.SSHAcceptor:
    """Listen where the configuration says. The host key and, once chosen, the port stay the same for the life of ``root``."""
    for user in config.passwords:
        for folder in (*FOLDERS, SWEPT):
            (config.home(user) / folder).mkdir(parents=True, exist_ok=True)
    there = set() if present is None else present
    return await asyncssh.listen(
        config.host,
        _port(config),
        server_factory=lambda: PartnerLogin(config, faults, journal, there),
        server_host_keys=[host_key(config.root)],
        sftp_factory=lambda chan: PartnerFiles(chan, config, faults, journal),
        encryption_algs=_CIPHERS,
        allow_scp=False,
        line_editor=False,
        reuse_address=True,
    )


def _speak_plainly(conn: "asyncssh.SSHServerConnection") -> None:
    """Leaves out the empty packet that the library sends before every other one: a guard of ciphers that chain their blocks.

    Without it a partner's answer is one packet, as other servers send it, and wakes its reader once.
    """
    send = conn.send_packet

    def plainly(kind: int, *parts: bytes, handler: Any = None) -> None:
        if kind != MSG_IGNORE:
            send(kind, *parts, handler=handler)

    conn.send_packet = plainly  # type: ignore[assignment, method-assign]


class ShownKey:
    """The key that new connections see: another one while the faults ask for it."""

    def __init__(self, acceptor: asyncssh.SSHAcceptor, config: SandboxConfig, faults: Faults) -> None:
        self._acceptor = acceptor
        self._root = config.root
        self._faults = faults
        self._other = False

    def look(self) -> None:
        """Change it, if that was asked for since the last look."""
        other = self._faults.other_host_key()
        if other != self._other:
            name = "other_host_key" if other else "host_key"
            self._acceptor.update(server_host_keys=[host_key(self._root, name)])
            self._other = other


def hang_up(present: Connections) -> None:
    """Ends every connection, as a partner does at night or with an account that it closes."""
    for connection in list(present):
        connection.abort()


def host_key(root: Path, name: str = "host_key") -> asyncssh.SSHKey:
    """An ed25519 key of this sandbox, made at its first use and kept."""
    path = root / name
    root.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        key = asyncssh.generate_private_key("ssh-ed25519")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.export_private_key())
    return asyncssh.read_private_key(path)


def public_line(root: Path) -> str:
    """What a client pins: "ssh-ed25519 AAAA..."."""
    return " ".join(host_key(root).export_public_key().decode().split()[:2])


def _port(config: SandboxConfig) -> int:
    """The configured port, else the one of the last start, else a free one."""
    kept = config.root / "port"
    return config.port or (int(kept.read_text()) if kept.exists() else 0)


def keep_port(config: SandboxConfig, port: int) -> None:
    """Remember a free port that was picked, so that a restart is found at the same place."""
    if not config.port:
        (config.root / "port").write_text(str(port))
