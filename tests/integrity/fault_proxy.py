"""A proxy on loopback that damages connections: cut at a byte, reset, half-close, delay, trickle, swallow.

It runs on a thread and an event loop of its own. `plans` are used up, one for each connection; a connection
without a plan passes untouched.
"""

import asyncio
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class Ending(Enum):
    """How a connection ends where it is cut."""

    CLOSE = "both sides are closed in good order"
    RESET = "the kiosk's side is reset"
    HALF = "the way to the centre is closed; its answer may still come"


@dataclass(frozen=True)
class Plan:
    """What happens to one connection. Bytes are counted from its beginning, each way by itself."""

    cut_request_at: int | None = None
    cut_answer_at: int | None = None
    ending: Ending = Ending.CLOSE
    refuse: bool = False
    """Accept and reset at once: the centre is down behind a load balancer."""
    swallow_request: bool = False
    swallow_answer: bool = False
    latency_s: float = 0.0
    slice_bytes: int | None = None
    slice_s: float = 0.0
    """A pause after each slice: bandwidth, or a trickle."""


CLEAN = Plan()


@dataclass
class Seen:
    """What went through one connection."""

    request: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)


class _Cut(Exception):
    """The place of the cut has come."""


class FaultProxy:
    """Made by `fault_proxy`."""

    def __init__(self, centre_port: int) -> None:
        self.plans: deque[Plan] = deque()
        self.seen: list[Seen] = []
        self.port = 0
        self._centre_port = centre_port
        self._stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def run(self, ready: threading.Event) -> None:
        """Serve until `stop` is set."""
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=256)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()

    def stop(self) -> None:
        """End; from any thread."""
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        plan = self.plans.popleft() if self.plans else CLEAN
        if plan.refuse:
            _reset(writer)
            return
        seen = Seen()
        self.seen.append(seen)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._centre_port)
        there = asyncio.ensure_future(
            _pump(reader, far_writer, plan, plan.cut_request_at, plan.swallow_request, seen.request)
        )
        back = asyncio.ensure_future(
            _pump(far_reader, writer, plan, plan.cut_answer_at, plan.swallow_answer, seen.answer)
        )
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            if plan.ending is Ending.HALF and _was_cut(there):
                far_writer.write_eof()
                await asyncio.wait({back})
        except OSError:
            pass
        finally:
            there.cancel()
            back.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            if plan.ending is Ending.RESET:
                _reset(writer)
            writer.close()
            far_writer.close()


def _was_cut(pump: "asyncio.Future[None]") -> bool:
    return pump.done() and not pump.cancelled() and isinstance(pump.exception(), _Cut)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: what is in the buffers is thrown away."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    plan: Plan,
    cut_at: int | None,
    swallow: bool,
    seen: bytearray,
) -> None:
    """Pass bytes on until the other side ends, or the cut: exactly `cut_at` bytes get through."""
    if cut_at == 0:
        raise _Cut
    while data := await reader.read(65536):
        await asyncio.sleep(plan.latency_s)
        size = plan.slice_bytes or len(data)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            if cut_at is not None:
                piece = piece[: cut_at - len(seen)]
            seen += piece
            if not swallow:
                writer.write(piece)
                await writer.drain()
            if cut_at is not None and len(seen) >= cut_at:
                raise _Cut
            if plan.slice_s:
                await asyncio.sleep(plan.slice_s)
    if not swallow:
        writer.write_eof()


@contextmanager
def fault_proxy(centre_url: str) -> Iterator[FaultProxy]:
    """A proxy in front of the centre, on a free port."""
    proxy = FaultProxy(int(centre_url.rpartition(":")[2]))
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(proxy.run(ready)), name="fault-proxy")
    thread.start()
    assert ready.wait(10), "the proxy did not start"
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join()
