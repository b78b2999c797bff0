"""A socket between our processes and a server, which reads along and breaks off where it is told.

It knows as much of a protocol as is needed to say which request a client makes: the name of a Redis command, or the
first word of a statement to Postgres. Both are spoken in clear over Unix sockets here.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Split = Callable[[bytes, bool], tuple[list[tuple[str, bytes]], bytes]]
"""(what came, whether it is the beginning) -> the whole requests in it, each with its name, and the rest."""

_CHUNK = 1 << 16


@dataclass(slots=True)
class Trap:
    """What happens at the `nth` request `name` from now on: cut before it, cut its reply, or only delay that."""

    name: str
    nth: int
    before: bool = False
    cut: bool = True
    hold_s: float = 0.0
    sprung: bool = False


@dataclass(slots=True)
class Wire:
    """One proxied server. `sent` is all that clients have said since it was last emptied, if `record` is set."""

    listen: Path
    target: Path
    split: Split
    record: bool = False
    traps: list[Trap] = field(default_factory=list)
    sent: dict[int, bytearray] = field(default_factory=dict)
    frozen: bool = False
    _number: int = 0

    def arm(self, trap: Trap) -> None:
        self.traps.append(trap)

    def spring(self, name: str) -> Trap | None:
        """The trap that this request springs; counts it at all others of its name."""
        for trap in self.traps:
            if trap.name == name and not trap.sprung:
                trap.nth -= 1
                if trap.nth <= 0:
                    trap.sprung = True
                    return trap
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server = await asyncio.open_unix_connection(str(self.target))
        except OSError:
            writer.transport.abort()
            return
        self._number += 1
        link = _Link(self, self._number, reader, writer, *server)
        with suppress(asyncio.CancelledError):  # the end of all wires
            await link.run()


class _Link:
    """One connection through a wire."""

    def __init__(self, wire, number, client, to_client, server, to_server) -> None:
        self.wire = wire
        self.number = number
        self.client, self.to_client = client, to_client
        self.server, self.to_server = server, to_server
        self.trap: Trap | None = None

    async def run(self) -> None:
        ways = [asyncio.create_task(self._up()), asyncio.create_task(self._down())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for writer in (self.to_client, self.to_server):
            writer.transport.abort()

    async def _up(self) -> None:
        rest, first = b"", True
        while data := await self.client.read(_CHUNK):
            await self._thaw()
            if self.wire.record:
                self.wire.sent.setdefault(self.number, bytearray()).extend(data)
            requests, rest = self.wire.split(rest + data, first)
            for name, raw in requests:
                first = False
                trap = self.wire.spring(name)
                if trap is not None and trap.before:
                    return
                self.trap = trap or self.trap
                self.to_server.write(raw)
            await self.to_server.drain()

    async def _down(self) -> None:
        while data := await self.server.read(_CHUNK):
            await self._thaw()
            if self.trap is not None:
                trap, self.trap = self.trap, None
                await asyncio.sleep(trap.hold_s)
                if trap.cut:
                    return
            self.to_client.write(data)
            await self.to_client.drain()

    async def _thaw(self) -> None:
        while self.wire.frozen:  # noqa: ASYNC110 - set from another thread
            await asyncio.sleep(0.02)


def redis_requests(data: bytes, first: bool) -> tuple[list[tuple[str, bytes]], bytes]:
    """Commands as arrays of bulk strings; the name is the command in capitals."""
    found = []
    at = 0
    while (end := _command_end(data, at)) is not None:
        found.append((_word(data, at), data[at:end]))
        at = end
    return found, data[at:]


def _command_end(data: bytes, at: int) -> int | None:
    line = data.find(b"\r\n", at)
    if line < 0:
        return None
    end = line + 2
    for _ in range(int(data[at + 1 : line])):
        line = data.find(b"\r\n", end)
        if line < 0:
            return None
        end = line + 2 + int(data[end + 1 : line]) + 2
    return end if end <= len(data) else None


def _word(data: bytes, at: int) -> str:
    return data[at:].split(b"\r\n", 3)[2].decode("ascii", "replace").upper()


def postgres_requests(data: bytes, first: bool) -> tuple[list[tuple[str, bytes]], bytes]:
    """Messages of the frontend. The name is the first word of a statement, else the message's letter."""
    found = []
    at = 0
    if first:
        if len(data) < 4 or len(data) < (size := int.from_bytes(data[:4], "big")):
            return [], data
        found.append(("startup", data[:size]))
        at = size
    while len(data) >= at + 5 and len(data) >= (end := at + 1 + int.from_bytes(data[at + 1 : at + 5], "big")):
        found.append((_statement(data[at:end]), data[at:end]))
        at = end
    return found, data[at:]


def _statement(message: bytes) -> str:
    letter = message[:1].decode("ascii", "replace")
    if letter == "Q":
        text = message[5:]
    elif letter == "P":
        text = message[5:].split(b"\0", 2)[1]
    else:
        return letter
    return text[:20].lstrip().split(b" ")[0].rstrip(b"\0").decode("ascii", "replace").upper()


@contextmanager
def carried(*wires: Wire) -> Iterator[None]:
    """Serves the wires in a thread of its own until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True, name="wires")
    thread.start()
    try:
        for wire in wires:
            wire.listen.unlink(missing_ok=True)
            asyncio.run_coroutine_threadsafe(asyncio.start_unix_server(wire.serve, str(wire.listen)), loop).result(10)
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
