"""A mailbox in memory: the fake that tests and training use. It passes the same contract suite as the real ones."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from transport.base import ClosingMailbox, Listing, RemoteFile, checked_name
from transport.errors import AlreadyExists, NotFound, TransportError


@dataclass(slots=True)
class _Fault:
    operation: str
    error: TransportError
    after: bool


@dataclass(slots=True)
class MemoryMailbox(ClosingMailbox):
    """Folders given at the start; files kept until deleted. Safe to share between threads.

    ``fail_next`` queues a fault: the next call of that operation raises it, before its effect or (``after=True``)
    after it, which is what a lost reply looks like. ``calls`` counts operations by name.
    """

    folders: Iterable[str] = ("inbound", "outbound", "staging")
    clock: Callable[[], float] = time.time
    calls: dict[str, int] = field(default_factory=dict)
    _files: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    _faults: list[_Fault] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.folders = frozenset(self.folders)

    def fail_next(self, operation: str, error: TransportError, *, after: bool = False) -> None:
        """Let the next call of ``operation`` ("write", "rename", ...) raise ``error``."""
        self._faults.append(_Fault(operation, error, after))

    def list(self, folder: str) -> Listing:
        with self._lock:
            self._enter("list", folder)
            found = [RemoteFile(n, len(data), when) for (f, n), (data, when) in self._files.items() if f == folder]
            self._leave("list")
            return sorted(found, key=lambda file: file.name)

    def read(self, folder: str, name: str) -> bytes:
        with self._lock:
            self._enter("read", folder)
            data = self._found(folder, name)
            self._leave("read")
            return data

    def write(self, folder: str, name: str, data: bytes) -> None:
        with self._lock:
            self._enter("write", folder)
            if (folder, checked_name(name)) in self._files:
                raise AlreadyExists(f"write in {folder}: the name is taken")
            self._files[folder, name] = (bytes(data), int(self.clock()))
            self._leave("write")

    def size(self, folder: str, name: str) -> int | None:
        with self._lock:
            self._enter("size", None)
            held = self._files.get((folder, checked_name(name)))
            self._leave("size")
            return None if held is None else len(held[0])

    def rename(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        with self._lock:
            self._enter("rename", to_folder)
            self._found(folder, name)
            if (to_folder, checked_name(to_name)) in self._files:
                raise AlreadyExists(f"rename to {to_folder}: the name is taken")
            self._files[to_folder, to_name] = self._files.pop((folder, name))
            self._leave("rename")

    def delete(self, folder: str, name: str) -> None:
        with self._lock:
            self._enter("delete", None)
            self._found(folder, name)
            del self._files[folder, name]
            self._leave("delete")

    def close(self) -> None:
        """Nothing to let go of."""

    def _found(self, folder: str, name: str) -> bytes:
        held = self._files.get((folder, checked_name(name)))
        if held is None:
            raise NotFound(f"no such file in {folder}")
        return held[0]

    def _enter(self, operation: str, folder: str | None) -> None:
        self.calls[operation] = self.calls.get(operation, 0) + 1
        self._raise_due(operation, after=False)
        if folder is not None and folder not in self.folders:
            raise NotFound(f"{operation}: no folder {folder}")

    def _leave(self, operation: str) -> None:
        self._raise_due(operation, after=True)

    def _raise_due(self, operation: str, *, after: bool) -> None:
        for fault in self._faults:
            if fault.operation == operation and fault.after is after:
                self._faults.remove(fault)
                raise fault.error
