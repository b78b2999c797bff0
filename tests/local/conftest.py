"""Embedded servers for the tests of the local system, and a way to run code in another process."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.servers import Servers, embedded

Runner = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("v") / "var"


@pytest.fixture(scope="module")
def servers(var: Path) -> Iterator[Servers]:
    with embedded(var, {}) as running:
        yield running


@pytest.fixture
def python() -> Iterator[Runner]:
    """Run a snippet in a Python of its own: `python(code, *args, **options of Popen)`."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, *args: object, **options) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, **options)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
