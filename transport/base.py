"""The mailbox that every transport offers: named blobs in folders. It knows no format and no product."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a listing: its name within the folder, its size in bytes, its mtime in whole seconds since 1970."""

    name: str
    size: int
    mtime_s: int


Listing = list[RemoteFile]


class RemoteMailbox(Protocol):
    """One account at one partner. Every method may raise any error of ``transport.errors``.

    A folder is a path as the partner names it ("inbound", "claims/inbox", "/x"); a name is a single path part, else
    ValueError. A mailbox is used by one thread at a time.
    """

    def list(self, folder: str) -> Listing:
        """The plain files of a folder, sorted by name; folders and other things in it are left out. NotFound: no such folder."""

    def read(self, folder: str, name: str) -> bytes:
        """All bytes of the file as they are now (a file that is still being written gives what is there). NotFound."""

    def write(self, folder: str, name: str, data: bytes) -> None:
        """Store a new file whole: when this returns, its remote size is ``len(data)``.

        AlreadyExists: the name is taken and was left alone. On any other error a part may lie under the name; the
        caller owns the name and deletes it before starting over.
        """

    def size(self, folder: str, name: str) -> int | None:
        """Bytes of the file, None where there is none."""

    def rename(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        """Move a file without ever overwriting. NotFound: no source or no target folder. AlreadyExists: target taken."""

    def delete(self, folder: str, name: str) -> None:
        """Remove a file. NotFound."""

    def close(self) -> None:
        """Let go of the connection; never raises."""


def checked_name(name: str) -> str:
    """The name if it is a single path part; ValueError otherwise (a caller's mistake, not the partner's)."""
    if name in {"", ".", ".."} or "/" in name or "\0" in name:
        raise ValueError("a mailbox file name must be a single path part")
    return name


def joined(folder: str, name: str) -> str:
    """``folder/name`` as a path of the partner; an empty folder or "." is the login folder."""
    plain = folder.rstrip("/") if folder != "/" else ""
    return checked_name(name) if folder in {"", "."} else f"{plain}/{checked_name(name)}"


class ClosingMailbox:
    """Lets a mailbox be used with ``with``; closes at the end."""

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
