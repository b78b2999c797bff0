"""The SFTP server in a thread of this process: for tests that need a partner but no answers."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.sftp_server import keep_port, public_line, serve


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server answers."""

    port: int
    host_key: str


@contextmanager
def listening(config: SandboxConfig) -> Iterator[Listening]:
    """Serve ``config.root`` until the block ends. Open connections are cut then."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True, name="sandbox-sftp")
    thread.start()
    try:
        journal = Journal(config.journal, BusinessClock(config.clock_file))
        acceptor = asyncio.run_coroutine_threadsafe(serve(config, Faults(config.control), journal), loop).result(30)
        keep_port(config, acceptor.get_port())
        yield Listening(acceptor.get_port(), public_line(config.root))
        asyncio.run_coroutine_threadsafe(_stop(acceptor), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _stop(acceptor: object) -> None:
    import asyncssh

    assert isinstance(acceptor, asyncssh.SSHAcceptor)
    acceptor.close()
    await acceptor.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
