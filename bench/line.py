"""Bad lines between phones and the server, each with a port of its own: so many bits a second, so far away, some packets lost.

Network namespaces with tc/netem would do the same; few machines that build and test have netem. A packet that is lost is
sent again after a while and takes its time on the line again; what comes after it waits, as it does with TCP.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

PACKET = 1400  # bytes
AGAIN = 0.3  # seconds until a lost packet is sent again
READ = 16 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    bits: int = 50_000  # a second, each way
    loss: float = 0.02
    away: float = 0.1  # seconds, one way


@dataclass(slots=True)
class Way:
    """One direction of one phone's line; all its connections share it."""

    kind: Kind
    chance: random.Random
    free_at: float = 0.0

    async def carry(self, data: bytes, to: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        for start in range(0, len(data), PACKET):
            packet = data[start : start + PACKET]
            takes = len(packet) * 8 / self.kind.bits
            begin = max(loop.time(), self.free_at)
            while self.chance.random() < self.kind.loss:
                begin += takes + AGAIN
            self.free_at = begin + takes
            await asyncio.sleep(self.free_at - loop.time())
            loop.call_later(self.kind.away, write, to, packet)


def write(to: asyncio.StreamWriter, packet: bytes) -> None:
    with suppress(OSError, RuntimeError):
        to.write(packet)


@dataclass
class Lines:
    target: int  # the server's port
    kind: Kind
    ports: list[int] = field(default_factory=list)

    async def open(self, number: int, seed: int) -> None:
        for n in range(number):
            chance = random.Random(seed * 1000 + n)
            up, down = Way(self.kind, chance), Way(self.kind, chance)
            server = await asyncio.start_server(partial(self._joined, up, down), "127.0.0.1", 0)
            self.ports.append(server.sockets[0].getsockname()[1])

    async def _joined(self, up: Way, down: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(self._pump(reader, back, up), self._pump(there, writer, down))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        with suppress(OSError):
            while data := await reader.read(READ):
                await way.carry(data, writer)
        asyncio.get_running_loop().call_later(self.kind.away + 0.01, writer.close)


@contextmanager
def lines(number: int, target: int, *, kind: Kind | None = None, seed: int = 1) -> Iterator[list[int]]:
    """The ports of so many lines to the server at `target`."""
    made = Lines(target, kind or Kind())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(made.open(number, seed), loop).result(30)
        yield made.ports
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def _hang_up() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
