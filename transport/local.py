"""A mailbox on a folder of this machine: for a mounted share, a hand-over by another program, and tests."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transport.base import ClosingMailbox, Listing, RemoteFile, checked_name
from transport.errors import AlreadyExists, Busy, Incomplete, NoSpace, NotFound, PermissionRefused


class DirectoryMailbox(ClosingMailbox):
    """Folders are sub-folders of ``root``; they must exist beforehand, as at a partner. ``close`` does nothing."""

    def __init__(self, root: Path) -> None:
        self._root = Path(root)

    def list(self, folder: str) -> Listing:
        with _mapped("list", folder), os.scandir(self._folder(folder)) as entries:
            found = [self._described(entry) for entry in entries if entry.is_file(follow_symlinks=False)]
        return sorted((file for file in found if file is not None), key=lambda file: file.name)

    def read(self, folder: str, name: str) -> bytes:
        with _mapped("read", folder):
            return self._path(folder, name).read_bytes()

    def write(self, folder: str, name: str, data: bytes) -> None:
        path = self._path(folder, name)
        with _mapped("write", folder):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path.stat().st_size != len(data):
                raise Incomplete(f"write in {folder}: the stored size differs from what was sent")

    def size(self, folder: str, name: str) -> int | None:
        with _mapped("size", folder):
            try:
                return self._path(folder, name).stat().st_size
            except FileNotFoundError:
                return None

    def rename(self, folder: str, name: str, to_folder: str, to_name: str) -> None:
        source, target = self._path(folder, name), self._path(to_folder, to_name)
        with _mapped("rename", to_folder):
            # A plain rename would overwrite silently; a hard link refuses a name that is taken.
            os.link(source, target)
            source.unlink()

    def delete(self, folder: str, name: str) -> None:
        with _mapped("delete", folder):
            self._path(folder, name).unlink()

    def close(self) -> None:
        """Nothing to let go of."""

    def _folder(self, folder: str) -> Path:
        path = (self._root / folder.lstrip("/")).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise ValueError("a mailbox folder must lie within the mailbox")
        return path

    def _path(self, folder: str, name: str) -> Path:
        return self._folder(folder) / checked_name(name)

    @staticmethod
    def _described(entry: os.DirEntry[str]) -> RemoteFile | None:
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # went away since the scan
            return None
        return RemoteFile(entry.name, facts.st_size, int(facts.st_mtime))


@contextmanager
def _mapped(operation: str, folder: str) -> Iterator[None]:
    """Give every OSError of the block its place in our tree."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"{operation}: no such file or folder ({folder})") from None
    except FileExistsError:
        raise AlreadyExists(f"{operation} in {folder}: the name is taken") from None
    except PermissionError:
        raise PermissionRefused(f"{operation} in {folder}: not permitted") from None
    except OSError as error:
        code = error.errno or 0
        if code in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(f"{operation} in {folder}: no space left") from None
        raise Busy(f"{operation} in {folder}: {errno.errorcode.get(code, 'OSError')}") from None
