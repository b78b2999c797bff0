"""A mailbox on a partner's SFTP server (protocol version 3), by paramiko.

``SftpPool().borrow(config)`` lends the one connection that a process keeps for a configuration.
"""

import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import paramiko
from paramiko.message import Message
from paramiko.sftp import CMD_STATUS, CMD_WRITE, SFTP_OK, int64
from paramiko.sftp_client import SFTPClient

from transport.base import ClosingMailbox, Listing, RemoteFile, RemoteMailbox, joined
from transport.errors import (
    AlreadyExists,
    Busy,
    ConnectionLost,
    Incompatible,
    Incomplete,
    NoSpace,
    NotFound,
    PermissionRefused,
    TransportError,
)
from transport.ssh import SftpConfig, connect

__all__ = ["SftpConfig", "SftpMailbox", "SftpPool"]

_PIECE = 32 * 1024  # the longest write that every version 3 server must take
_IN_FLIGHT = 64
_PREFETCH_OVER = 2 * _PIECE


class SftpMailbox(ClosingMailbox):
    """One logged-in connection. Opening it raises what ``transport.ssh.connect`` raises."""

    def __init__(self, config: SftpConfig) -> None:
        self._config = config
        self._transport = connect(config)
        try:
            with self._mapped("open", "SFTP"):
                channel = self._transport.open_session(timeout=config.connect_timeout_s)
                channel.settimeout(config.io_timeout_s)
                channel.invoke_subsystem("sftp")
                self._client = SFTPClient(channel)
        except BaseException:
            self._transport.close()
            raise

    def list(self, folder: str) -> Listing:
        with self._mapped("list", folder):
            rows = self._client.listdir_attr(folder or ".")
        found = [
            RemoteFile(row.filename, row.st_size or 0, int(row.st_mtime or 0))
            for row in rows
            if row.st_mode is not None and stat.S_ISREG(row.st_mode)
        ]
        return sorted(found, key=lambda file: file.name)

    def read(self, folder: str, name: str) -> bytes:
        path = joined(folder, name)
        with self._mapped("read", folder), self._client.open(path, "rb") as file:
            size = file.stat().st_size or 0
            if size > _PREFETCH_OVER:
                # Bounded, because some servers stall when a whole large file is asked for at once.
                file.prefetch(size, max_concurrent_requests=_IN_FLIGHT)
            # By size: read to its end, a file comes in pieces of 8 KB and with one more request that finds nothing.
            data: bytes = file.read(size or None)
            return data

    def write(self, folder: str, name: str, data: bytes) -> None:
        path = joined(folder, name)
        with self._mapped("write", folder):
            self._create(folder, path, data)
            # The reply to CLOSE is swallowed by paramiko; only the size that the server now tells is proof.
            stored = self._client.stat(path).st_size
        if stored != len(data):
            raise Incomplete(f"write in {folder} at {self._config.place}: the stored size differs from what was sent")

    def size(self, folder: str, name: str) -> int | None:
        with self._mapped("size", folder):
            return self._size(joined(folder, name))

    def rename(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        source, target = joined(folder, name), joined(to_folder, to_name)
        with self._mapped("rename", to_folder):
            # Plain RENAME must refuse a taken name, yet there are servers that overwrite: look first.
            self._refuse_taken("rename", to_folder, target)
            try:
                self._client.rename(source, target)
            except OSError as error:
                self._explain_rename(error, to_folder, source, target)
                raise

    def delete(self, folder: str, name: str) -> None:
        with self._mapped("delete", folder):
            self._client.remove(joined(folder, name))

    def close(self) -> None:
        with suppress(OSError, EOFError, paramiko.SSHException):  # closing what is dead already
            self._transport.close()

    def healthy(self, idle_s: float) -> bool:
        """Whether the connection may be used again; asks the server only when it was idle for long."""
        if not self._transport.is_active():
            return False
        if idle_s < self._config.probe_after_s:
            return True
        try:
            with self._mapped("probe", "."):
                self._client.normalize(".")
        except TransportError:
            return False
        return True

    def abandon(self) -> None:
        """Let go of this process's copy of the socket without a word to the server (after a fork it is the parent's)."""
        self._transport.sock.close()

    def _create(self, folder: str, path: str, data: bytes) -> None:
        try:
            file = self._client.open(path, "wx")  # "x" alone creates without the right to write
        except FileNotFoundError:
            raise
        except OSError:
            # Version 3 has no code for "exists", only failure.
            self._refuse_taken("write", folder, path)
            raise
        with file:
            self._send(file, data)

    def _send(self, file: paramiko.SFTPFile, data: bytes) -> None:
        """Write with many requests under way, and read every answer: paramiko's own pipelining drops refusals."""
        answers = _Answers()
        for offset in range(0, len(data), _PIECE):
            piece = data[offset : offset + _PIECE]
            answers.awaited += 1
            self._client._async_request(answers, CMD_WRITE, file.handle, int64(offset), piece)  # type: ignore[attr-defined] # noqa: SLF001
            self._await(answers, _IN_FLIGHT)
        self._await(answers, 0)

    def _await(self, answers: "_Answers", leave: int) -> None:
        while answers.awaited > leave:
            self._client._read_response()  # type: ignore[attr-defined] # noqa: SLF001
            answers.raise_refusal()

    def _size(self, path: str) -> int | None:
        try:
            size = self._client.stat(path).st_size
        except FileNotFoundError:
            return None
        if size is None:
            raise Incompatible(f"{self._config.place} does not tell sizes")
        return size

    def _refuse_taken(self, operation: str, folder: str, path: str) -> None:
        if self._size(path) is not None:
            raise AlreadyExists(f"{operation} in {folder} at {self._config.place}: the name is taken")

    def _explain_rename(self, error: OSError, to_folder: str, source: str, target: str) -> None:
        if error.errno is None and self._alive():
            self._refuse_taken("rename", to_folder, target)
            if self._size(source) is None:
                raise NotFound(f"rename to {to_folder} at {self._config.place}: no such file") from None

    def _alive(self) -> bool:
        return self._transport.is_active() and not self._client.get_channel().closed  # type: ignore[union-attr]

    @contextmanager
    def _mapped(self, operation: str, folder: str) -> Iterator[None]:
        """Give every error of paramiko, of the socket and of the server its place in our tree."""
        where = f"{operation} in {folder} at {self._config.place}"
        try:
            yield
        except FileNotFoundError:
            raise NotFound(f"{where}: no such file or folder") from None
        except PermissionError:
            raise PermissionRefused(f"{where}: not permitted") from None
        except (EOFError, ConnectionError, TimeoutError, paramiko.SSHException, paramiko.SFTPError) as error:
            raise ConnectionLost(f"{where}: {type(error).__name__}") from None
        except OSError as error:
            raise self._told(where, error) from None

    def _told(self, where: str, error: OSError) -> TransportError:
        """The server's plain failure, told apart as far as its words allow."""
        text = str(error).casefold()
        if error.errno is not None or not self._alive():
            return ConnectionLost(f"{where}: {type(error).__name__}")
        if "no space" in text or "quota" in text:
            return NoSpace(f"{where}: no space left")
        return Busy(f"{where}: the server answered failure")


class _Answers:
    """Collects the answers to pipelined writes; paramiko calls ``_async_response`` for each."""

    def __init__(self) -> None:
        self.awaited = 0
        self._refusal: OSError | None = None

    def _async_response(self, kind: int, message: Message, number: int) -> None:  # noqa: ARG002
        self.awaited -= 1
        code = message.get_int() if kind == CMD_STATUS else None
        if code != SFTP_OK and self._refusal is None:
            text = message.get_text() if code is not None else "unexpected answer"
            self._refusal = PermissionError(text) if code == 3 else OSError(text)  # 3: permission denied

    def raise_refusal(self) -> None:
        if self._refusal is not None:
            raise self._refusal


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    mailbox: SftpMailbox | None = None
    used_at_s: float = 0.0


class SftpPool:
    """Keeps one connection for each configuration in this process. Threads queue for it; forked children start anew."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._slots: dict[SftpConfig, _Slot] = {}
        self._foreign: list[SftpMailbox] = []

    @contextmanager
    def borrow(self, config: SftpConfig) -> Iterator[RemoteMailbox]:
        """The mailbox, connected; given back at the end.

        Kept after success and after errors that the server itself answered (NotFound, AlreadyExists, ...); dropped
        after any other exception, since the conversation may have stopped in mid-request. Busy: another thread held
        it for longer than ``io_timeout_s``.
        """
        slot = self._slot(config)
        if not slot.lock.acquire(timeout=config.io_timeout_s):
            raise Busy(f"the connection to {config.place} is in use")
        try:
            yield self._ready(slot, config)
        except TransportError as error:
            if error.connection_fault:
                self._drop(slot)
            raise
        except BaseException:
            self._drop(slot)
            raise
        finally:
            slot.used_at_s = time.monotonic()
            slot.lock.release()

    def close(self) -> None:
        """Close every connection of this process."""
        self._leave_parent()
        with self._guard:
            slots = list(self._slots.values())
            self._slots.clear()
        for slot in slots:
            with slot.lock:
                self._drop(slot)

    def _slot(self, config: SftpConfig) -> _Slot:
        self._leave_parent()
        with self._guard:
            return self._slots.setdefault(config, _Slot())

    def _leave_parent(self) -> None:
        """After a fork: give up the parent's connections and locks. The objects are kept, so that no finalizer speaks."""
        if self._pid == os.getpid():
            return
        inherited = [slot.mailbox for slot in self._slots.values() if slot.mailbox is not None]
        self._foreign += inherited
        self._pid, self._guard, self._slots = os.getpid(), threading.Lock(), {}
        for mailbox in inherited:
            mailbox.abandon()

    @staticmethod
    def _ready(slot: _Slot, config: SftpConfig) -> SftpMailbox:
        if slot.mailbox is not None and not slot.mailbox.healthy(time.monotonic() - slot.used_at_s):
            SftpPool._drop(slot)
        if slot.mailbox is None:
            slot.mailbox = SftpMailbox(config)
        return slot.mailbox

    @staticmethod
    def _drop(slot: _Slot) -> None:
        mailbox, slot.mailbox = slot.mailbox, None
        if mailbox is not None:
            mailbox.close()
