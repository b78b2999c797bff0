"""The processes of one machine's whole system: started, watched, measured and stopped together.

Each process is a plain command, the same as in the Procfile, in its own session with its log in `var/log/`. None
outlives this one. Start from the main thread (see `local.spawn`).
"""

import ipaddress
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

from local.spawn import LocalError, ProcessError, cpu_seconds, end, kill_session, spawn, tail, wait_until

QUEUES = ("claims", "transport", "money", "control")
WORKER_FLAGS = ("--without-gossip", "--without-mingle", "-O", "fair", "-l", "INFO")
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
CONFIG_MODE = 0o600  # it may hold a password


@dataclass(slots=True)
class Process:
    """One supervised process. `group` is what its CPU time is counted under; `offset` is where its part of the log starts."""

    name: str
    group: str
    popen: subprocess.Popen[bytes]
    log: Path
    offset: int
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def output(self) -> str:
        """What it has written since it started."""
        with self.log.open("rb") as file:
            file.seek(self.offset)
            return file.read().decode(errors="replace")


@dataclass(slots=True)
class System:
    """A supervisor for the processes of one system; a context manager that stops them all.

    `var` holds logs and the beat's schedule; `env` is laid over this process's environment for every child; `app` is
    the module of the Celery application.
    """

    var: Path
    env: Mapping[str, str]
    app: str = "tasks.app"
    processes: dict[str, Process] = field(default_factory=dict)
    _spent: dict[str, float] = field(default_factory=dict)
    _servers: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self, name: str, command: Sequence[str | Path], *, group: str = "", env: Mapping[str, str] | None = None
    ) -> Process:
        """Start `command` as `name` with its output appended to `var/log/<name>.log`; does not wait.

        A name is free again once its process has ended. Raises LocalError when it still runs.
        """
        earlier = self.processes.get(name)
        if earlier is not None:
            if earlier.running:
                raise LocalError(f"{name} already runs")
            self._retire(earlier)
        log = self.var.absolute() / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            offset = output.tell()
            child_env = {**os.environ, "PYTHONUNBUFFERED": "1", **self.env, **(env or {})}
            popen = spawn(command, env=child_env, output=output)
        self.processes[name] = process = Process(name, group or name, popen, log, offset)
        return process

    def start_worker(
        self,
        queues: Sequence[str] = QUEUES,
        concurrency: int = 2,
        name: str = "worker",
        *,
        heartbeat: bool = False,
        wait: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> Process:
        """A prefork Celery worker for `queues`; by default waits until it consumes.

        `heartbeat` keeps Flower from calling the worker offline; without Flower it is only load. `env` is this worker's
        own.
        """
        options = ["-Q", ",".join(queues), "-c", str(concurrency), "-n", f"{name}@%h", *WORKER_FLAGS]
        options += [] if heartbeat else ["--without-heartbeat"]
        process = self.start(name, [*self._celery, "worker", *options], group="worker", env=env)
        if wait:
            self.wait_for_output(name, r"\S+@\S+ ready")
        return process

    def start_beat(self, name: str = "beat") -> Process:
        """The schedule's ticker; its state file is under `var`, and two must not write to the same."""
        schedule = self.var.absolute() / f"{name}-schedule"
        return self.start(name, [*self._celery, "beat", "-s", schedule, "-l", "INFO", "--pidfile="])

    def start_flower(self, port: int, address: str = "127.0.0.1") -> Process:
        """Flower, read-only. Off loopback it needs `user:password` in CLAIMRAIL_FLOWER_AUTH, else LocalError."""
        login = self._variable("CLAIMRAIL_FLOWER_AUTH")
        if not login and not _loopback(address):
            raise LocalError(
                "Flower beyond loopback needs its own login. Cure: set CLAIMRAIL_FLOWER_AUTH=user:password."
            )
        command = [*self._celery, "flower", f"--address={address}", f"--port={port}", "--read-only"]
        # By environment, so that the password stands in no process list.
        self.start("flower", command, env={"FLOWER_BASIC_AUTH": login} if login else None)
        self.wait_for_http("flower", f"http://{_dialled(address)}:{port}/healthcheck")
        return self.processes["flower"]

    def start_api(self, port: int, address: str = "127.0.0.1") -> Process:
        """The HTTP API under uvicorn."""
        server = [
            "uvicorn",
            "--factory",
            "api.app:create_app",
            "--host",
            address,
            "--port",
            str(port),
            "--no-access-log",
        ]
        self.start("api", [sys.executable, "-m", *server])
        self.wait_for_http("api", f"http://{_dialled(address)}:{port}/healthz")
        return self.processes["api"]

    def start_sandbox(self, config: Mapping[str, object], name: str = "sandbox") -> dict[str, Any]:
        """The clearinghouse, payer and bank; gives the JSON object it says when ready (port, host_key, pid)."""
        path = self.var.absolute() / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, CONFIG_MODE)
        with os.fdopen(descriptor, "w") as file:
            json.dump(config, file, indent=2, default=str)
        self.start(name, [sys.executable, "-m", "sandbox", "--config", path], group="sandbox")
        found = self.wait_for_output(name, r'(?m)^\{.*"port".*\}$')
        said: dict[str, Any] = json.loads(found.group(0))
        return said

    def wait_for_output(self, name: str, pattern: str, timeout_s: float = START_TIMEOUT_S) -> re.Match[str]:
        """Wait until the process has written something that matches. Raises ProcessError when it ends or stays silent."""
        process = self.processes[name]
        found: list[re.Match[str]] = []

        def seen() -> bool:
            match = re.search(pattern, process.output())
            found.extend([match] if match else [])
            return match is not None

        self._wait(process, seen, timeout_s)
        return found[0]

    def wait_for_http(self, name: str, url: str, timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait until `url` answers with success. Raises ProcessError as `wait_for_output`."""
        self._wait(self.processes[name], lambda: _answers(url), timeout_s)

    def _wait(self, process: Process, condition: Callable[[], bool], timeout_s: float) -> None:
        met = wait_until(lambda: condition() or not process.running, timeout_s, every_s=0.05) and condition()
        if not met:
            what = "is not ready" if process.running else f"ended with exit code {process.popen.returncode}"
            raise ProcessError(f"{process.name} {what}; its log is {process.log}:{tail(process.log)}")

    def check(self) -> None:
        """Raises ProcessError naming the first process that ended by itself."""
        for process in self.processes.values():
            if not process.running:
                self._wait(process, lambda: False, 0.0)

    def kill_worker(self, name: str = "worker") -> None:
        """SIGKILL the worker with its pool, as a power cut would; its name is free to start again."""
        process = self.processes[name]
        self._count(process)
        kill_session(process.pid)
        process.popen.wait()

    def stop_process(self, name: str, timeout_s: float = STOP_TIMEOUT_S, *, asked: bool = False) -> int:
        """Let one process finish what it does (warm shutdown), then end it; its exit code. `asked`: it was told already."""
        process = self.processes[name]
        self._count(process)
        # Signal 0 only waits: a second SIGTERM would turn Celery's warm shutdown into a cold one.
        return end(process.popen, [(0 if asked else process.stop_signal, timeout_s)])

    def stop(self) -> None:
        """Stop all: our own at once, then the sandbox that they may still be talking to. Safe to repeat."""
        running = [process for process in self.processes.values() if process.running]
        for outside in (False, True):
            wave = [process.name for process in running if (process.group == "sandbox") is outside]
            for name in wave:
                self.processes[name].popen.send_signal(self.processes[name].stop_signal)
            for name in wave:
                self.stop_process(name, asked=True)

    def watch(self, group: str, pid: int | None) -> None:
        """Count a process that is not ours (the postmaster, the broker) under `group` too; None is not counted."""
        if pid is not None:
            self._servers[group] = pid

    def cpu_seconds(self, group: str) -> float:
        """CPU seconds so far of a group's process trees, ended ones as last seen before their end. Linux only."""
        living = sum(cpu_seconds(p.pid) for p in self.processes.values() if p.group == group and p.running)
        server = cpu_seconds(self._servers[group]) if group in self._servers else 0.0
        return self._spent.get(group, 0.0) + living + server

    def groups(self) -> list[str]:
        """Every group that `cpu_seconds` knows, sorted."""
        return sorted({*self._servers, *self._spent, *(process.group for process in self.processes.values())})

    @property
    def _celery(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "celery", "-A", self.app)

    def _variable(self, name: str) -> str | None:
        return self.env.get(name) or os.environ.get(name)

    def _count(self, process: Process) -> None:
        self._spent[process.group] = self._spent.get(process.group, 0.0) + cpu_seconds(process.pid)

    def _retire(self, process: Process) -> None:
        process.popen.wait()
        del self.processes[process.name]


def free_port() -> int:
    """A loopback TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _dialled(address: str) -> str:
    return "127.0.0.1" if address in {"0.0.0.0", "", "::"} else address  # noqa: S104  compared, not bound


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310  our own loopback address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
