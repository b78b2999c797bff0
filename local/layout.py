"""Where the local system keeps what under `var/`, and who owns it at the moment."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from local.spawn import Account, ServerError, server_account, wait_until

SOCKET_PATH_LIMIT = 103  # the kernel allows 107 bytes and macOS 103; the longest socket name comes on top
LONGEST_SOCKET = ".s.PGSQL.5432.lock"


@dataclass(slots=True)
class Layout:
    """The folders of one local system.

    `var` holds everything: postgres/ (data, kept), valkey/, run/ (sockets, pid files), log/. Only the socket
    folder moves out, to a private folder in the system's temporary one, where `var` is too deep for a socket's name.
    """

    var: Path
    account: Account
    sockets: Path = field(init=False)

    @classmethod
    def at(cls, var: Path, *programs: Path) -> "Layout":
        """The layout under `var`, its folders made, for servers that run `programs`. Raises ServerError as `server_account`."""
        var = var.absolute()
        layout = cls(var, server_account(var / "postgres", [var / "postgres", *programs]))
        var.mkdir(parents=True, exist_ok=True)
        private(var / "log", Account(os.geteuid(), os.getegid()))
        private(var / "run", layout.account)
        layout.sockets = _socket_folder(var, layout.account)
        return layout

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        return self.var / "run" / f"{name}.pid"

    def own(self, name: str, answers: Callable[[], bool], timeout_s: float) -> int | None:
        """Become the owner of the server `name`, or find that another process's one `answers`.

        Gives the lock as an open descriptor to keep, None to attach. The kernel frees a lock with its holder however
        that dies, so none is ever stale. Raises ServerError when neither comes true within `timeout_s`.
        """
        locks: list[int] = []

        def settled() -> bool:
            lock = self._try_lock(name)
            locks.extend([] if lock is None else [lock])
            return bool(locks) or answers()

        if wait_until(settled, timeout_s):
            return locks[0] if locks else None
        raise ServerError(f"another process holds {self.var}, but its {name} does not answer. Cure: stop that process.")

    def _try_lock(self, name: str) -> int | None:
        descriptor = os.open(self.var / "run" / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor


def private(folder: Path, account: Account) -> Path:
    """Make `folder` (0700, of `account`), or check that it already is so. Raises ServerError for anything else there."""
    try:
        folder.mkdir(mode=0o700)
        if account.changes:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise ServerError(
            f"{folder} belongs to another user. Cure: start as that user, or remove it (it is only local data)."
        )
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    if account.changes and found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    return folder


def _socket_folder(var: Path, account: Account) -> Path:
    near = var / "run"
    if len(os.fsencode(near / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT:
        return near
    key = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return private(Path(tempfile.gettempdir()) / f"claimrail-{account.uid}-{key}", account)
