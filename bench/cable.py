"""The cable between kiosk and centre: a relay on loopback that can be cut, slowed, or lose one answer."""

import asyncio
from contextlib import suppress

CHUNK_BYTES = 65536
HEARTBEAT = b"/heartbeat"


class Cable:
    """Relays TCP to the centre's port. Made and used on one event loop."""

    def __init__(self, centre_port: int) -> None:
        self._centre_port = centre_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.cut = False
        self.delay_s = 0.0
        self.lose_reply_to: bytes | None = None
        """The answer to the next request that has these bytes in it is lost; heartbeats do not count."""
        self.cut_after: bytes | None = None
        """The cable is cut as soon as a request that has these bytes in it has gone through."""

    async def open(self) -> int:
        """Begin to relay; returns the port that the kiosk is to use."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def set_cut(self, cut: bool) -> None:
        """Pull the plug (open connections die with it) or put it back."""
        self.cut = cut
        if cut:
            for writer in tuple(self._writers):
                writer.transport.abort()

    async def close(self) -> None:
        """Stop relaying."""
        if self._server:
            self._server.close()
        await self.set_cut(True)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._centre_port)
            self._writers.add(far_writer)
            try:
                lose = asyncio.Event()
                await asyncio.gather(
                    self._pump(reader, far_writer, lose, back=False),
                    self._pump(far_reader, writer, lose, back=True),
                )
            finally:
                self._writers.discard(far_writer)
                far_writer.close()
        except OSError:
            writer.transport.abort()  # nobody at the far end
        except asyncio.CancelledError:
            pass  # the cable is being put away; asyncio's streams log a cancelled callback as an error
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, lose: asyncio.Event, *, back: bool
    ) -> None:
        with suppress(ConnectionError):
            while data := await source.read(CHUNK_BYTES):
                if self.delay_s and not back:
                    await asyncio.sleep(self.delay_s)
                if back and lose.is_set():
                    sink.transport.abort()  # the centre has done it and has answered; the answer never arrives
                    return
                if not back and self._is_to_be_lost(data):
                    self.lose_reply_to = None
                    lose.set()
                sink.write(data)
                await sink.drain()
                if not back and self.cut_after is not None and self.cut_after in data:
                    self.cut_after = None
                    await self.set_cut(True)
        with suppress(OSError, RuntimeError):
            sink.write_eof()

    def _is_to_be_lost(self, request: bytes) -> bool:
        return self.lose_reply_to is not None and self.lose_reply_to in request and HEARTBEAT not in request
