"""Keeping the two processes together: the child dies with its parent, and both stop cleanly on SIGTERM."""

import ctypes
import os
import signal
import sys
import threading
from subprocess import DEVNULL, Popen, TimeoutExpired
from types import FrameType

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int) -> None:
    """Ask Linux to end this process when its parent ends; ends at once if that has happened already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent_pid:
        sys.exit(0)


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    return stop


def start_worker(config_path: str) -> "Popen[bytes]":
    """The answering process of the same configuration. It looks for its parent itself."""
    # The parent-death signal is not set by a hook between fork and exec, which is unsafe beside threads.
    command = [sys.executable, "-m", "sandbox", "--config", config_path, "--answering-for", str(os.getpid())]
    return Popen(command, stdin=DEVNULL)


def end(process: "Popen[bytes]", patience_s: float) -> int:
    """Stop a child: asked first, then killed. Its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            return process.wait(patience_s)
        except TimeoutExpired:
            process.kill()
    return process.wait()
