"""``python -m sandbox --config FILE.json``: clearinghouse, payers and bank behind SFTP, on loopback unless told else.

The first line on standard output, once logins are possible, is JSON: ``{"port":…, "host_key":"ssh-ed25519 …", "realtime_port":…, "pid":…}``.
SIGTERM or SIGINT end it cleanly (exit 0); if the answering process fails, it ends with exit 1. Keys of the file:
``sandbox.config``; faults on request: ``sandbox.faults``.
"""

import argparse
import asyncio
import gc
import json
import os
import signal
import sys
from pathlib import Path

from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.processes import die_with_parent, end, start_worker, stop_on_signals

_LOOK_AT_WORKER_S = 0.2
_PATIENCE_S = 30
_NEW_OBJECTS = 100_000
"""Before the collector looks at the youngest: answers are very many small objects, and hardly a cycle among them."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Clearinghouse, payers and bank on SFTP.")
    parser.add_argument("--config", required=True, help="JSON file, see sandbox/config.py")
    parser.add_argument("--answering-for", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    config = SandboxConfig.load(Path(given.config))
    if given.answering_for is None:
        return asyncio.run(_serve(config, given.config))
    return _answer(config, given.answering_for)


def _answer(config: SandboxConfig, parent_pid: int) -> int:
    from sandbox.worker import Worker  # pyx12 and the codecs are not needed by the SFTP server

    die_with_parent(parent_pid)
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    Worker(config).run(stop_on_signals())
    return 0


async def _serve(config: SandboxConfig, config_path: str) -> int:
    from sandbox.realtime import listening
    from sandbox.sftp_server import Connections, ShownKey, hang_up, keep_port, public_line, serve

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    journal = Journal(config.journal, BusinessClock(config.clock_file))
    faults = Faults(config.control)
    present: Connections = set()
    acceptor = await serve(config, faults, journal, present)
    keep_port(config, acceptor.get_port())
    shown = ShownKey(acceptor, config, faults)
    with listening(config, BusinessClock(config.clock_file), journal) as realtime_port:
        worker = start_worker(config_path)
        ready = {
            "port": acceptor.get_port(),
            "host_key": public_line(config.root),
            "realtime_port": realtime_port,
            "pid": os.getpid(),
        }
        print(json.dumps(ready), flush=True)
        hung_up: object = None
        while not stop.is_set() and worker.poll() is None:
            await _pause(stop)
            shown.look()
            if (asked := faults.hang_up()) != hung_up:
                hung_up = asked
                hang_up(present)
    failed = worker.poll() is not None
    acceptor.close()
    code = await asyncio.to_thread(end, worker, _PATIENCE_S)
    if failed:
        print(f"the answering process ended by itself with exit code {code}", file=sys.stderr)
    return 1 if failed else 0


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), _LOOK_AT_WORKER_S)
    except TimeoutError:
        return


if __name__ == "__main__":
    sys.exit(main())
