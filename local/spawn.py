"""Child processes that never outlive this one, under another account where root must not run them.

Every child gets a parent-death signal (Linux), its own session, so that Ctrl-C reaches only us and we stop
things in order, and a private umask. The kernel ties the signal to the *thread* that started the child: start
children from the main thread, or from one that lives as long as they should.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522
SERVER_ACCOUNTS = ("postgres", "nobody")
LINUX = sys.platform == "linux"


class LocalError(Exception):
    """Something on this machine stops the local system; the text names the cure.

    LocalError
    ├── ServerError     an embedded server can't be initialised, started or reached
    └── ProcessError     a supervised process ended by itself
    """


class ServerError(LocalError):
    """An embedded server can't be initialised, started or reached."""


class ProcessError(LocalError):
    """A supervised process ended, or never became ready; the text ends with the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user a server runs as. `capability` is the one kernel capability it keeps, None in the usual case."""

    uid: int
    gid: int
    capability: int | None = None

    @property
    def changes(self) -> bool:
        """Whether running as this account means leaving our own."""
        return self.uid != os.geteuid()


def server_account(data: Path, needed: Sequence[Path]) -> Account:
    """Who shall run a server whose files live at `data` and who must reach every path in `needed`.

    We ourselves, unless we are root: then the owner of existing data, else the first of SERVER_ACCOUNTS. No account is
    made, and no mode of a parent folder changes. Where a parent shuts that account out (a checkout under
    /root), it keeps the right to search folders, which is less than root and leaves every mode as it was.
    Raises ServerError when root finds neither account or may not keep that right.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    entry = _owner_of(data) or _first_account()
    account = Account(entry.pw_uid, entry.pw_gid)
    if all(_reachable(path, account) for path in needed):
        return account
    return Account(account.uid, account.gid, _search_capability())


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start `command` with both outputs into `output`; it receives `death_signal` when we die.

    Raises ServerError when the program or the change of account is refused.
    """
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_preparation(os.getpid(), account, death_signal),  # noqa: PLW1509  nothing else can set these
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(
            f"{Path(command[0]).name} could not be started ({type(error).__name__}). Cure: run as a normal user, or give"
            " DATABASE_URL and REDIS_URL of servers that already run."
        ) from error


def alive(pid: int, *words: str) -> bool:
    """Whether process `pid` runs (a zombie does not) and its command line holds every one of `words`."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not LINUX:
        return True
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return False
    return bool(command) and all(word in command for word in words)


def wait_until(condition: Callable[[], bool], timeout_s: float, every_s: float = 0.02) -> bool:
    """Poll `condition` until it holds (True) or `timeout_s` has passed (its last answer)."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every_s)
    return condition()


def end(process: subprocess.Popen[bytes], asks: Sequence[tuple[int, float]]) -> int:
    """Ask `process` to stop with each (signal, patience in seconds) in turn, at last kill its session; its exit code."""
    for ask, patience_s in asks:
        if process.poll() is not None:
            break
        process.send_signal(ask)
        wait_until(lambda: process.poll() is not None, patience_s)
    if process.poll() is None or _session_lives(process.pid):
        kill_session(process.pid)
    return process.wait()


def kill_session(pid: int) -> None:
    """SIGKILL the whole process group that `spawn` gave the child `pid`; gone already is fine."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def tail(path: Path, lines: int = 12) -> str:
    """The last `lines` lines of a log, indented for an error text; empty when there is no log."""
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return ""
    return "".join(f"\n    {line}" for line in text.splitlines()[-lines:])


def cpu_seconds(pid: int) -> float:
    """User and system CPU seconds of a process, its living descendants and every child they have reaped. 0 when gone."""
    times = {child: used for child, (_, used) in _process_table(pid).items()}
    return sum(times.values())


def _process_table(root: int) -> dict[int, tuple[int, float]]:
    """The tree below and with `root`: pid → (parent pid, CPU seconds with reaped children)."""
    ticks = os.sysconf("SC_CLK_TCK")
    rows: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold blanks; fields are counted after its last parenthesis.
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        rows[int(entry.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / ticks)
    tree = {root} & rows.keys()
    fresh = set(tree)
    while fresh:
        fresh = {pid for pid, (parent, _) in rows.items() if parent in fresh} - tree
        tree |= fresh
    return {pid: rows[pid] for pid in tree}


def _session_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _owner_of(data: Path) -> pwd.struct_passwd | None:
    try:
        uid = data.stat().st_uid
        return pwd.getpwuid(uid) if uid != 0 else None
    except (FileNotFoundError, KeyError):
        return None


def _first_account() -> pwd.struct_passwd:
    for name in SERVER_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError(
        f"root must not run Postgres, and none of the accounts {', '.join(SERVER_ACCOUNTS)} exists. Cure: run as a"
        " normal user, or give DATABASE_URL."
    )


def _reachable(path: Path, account: Account) -> bool:
    """Whether `account` may search every parent folder of `path` (which need not exist yet)."""
    for parent in path.resolve().parents:
        try:
            found = parent.stat()
        except FileNotFoundError:
            continue
        mine, ours = found.st_uid == account.uid, found.st_gid == account.gid
        if not found.st_mode & (0o100 if mine else 0o010 if ours else 0o001):
            return False
    return True


def _search_capability() -> int:
    """The smaller of the two capabilities that open folders, as far as this root holds it (containers drop some)."""
    held = 0
    if LINUX:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("CapPrm:"):
                held = int(line.split()[1], 16)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held >> capability & 1:
            return capability
    raise ServerError(
        "the server's account can't enter a parent folder of this checkout, and this root may not lend it the right."
        " Cure: move the checkout to a folder that others may enter, run as a normal user, or give DATABASE_URL."
    )


def _preparation(parent: int, account: Account | None, death_signal: signal.Signals) -> Callable[[], None]:
    """What the child does between fork and exec. Everything it needs is looked up before the fork."""
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        if account is not None and account.changes:
            _become(libc, account)
        # A change of account clears the death signal, so it comes last; our parent may have died before it was set.
        if LINUX:
            libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _become(libc: ctypes.CDLL, account: Account) -> None:
    """Leave root for `account`, keeping its one capability across the exec (ambient set)."""
    # Without the fix-up a change of user keeps capabilities, and access(2), by which Postgres looks at its own program,
    # honours them as open(2) does.
    if account.capability is not None and libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the search capability could not be kept")
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)
    if account.capability is None:
        return
    mask = 1 << account.capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; then their high words
    if libc.capset(header, sets) or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, account.capability, 0, 0):
        raise OSError(ctypes.get_errno(), "the search capability could not be kept")
