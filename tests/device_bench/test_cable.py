"""The cable: relays, can be cut and put back, slows down, and loses exactly one answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bench.cable import Cable

SLOW_S = 0.2


@pytest.fixture
async def far() -> AsyncIterator[list[bytes]]:
    """Somebody who answers every line with its echo, and remembers what came."""
    came: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            came.append(line)
            writer.write(b"echo " + line)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    came.append(str(server.sockets[0].getsockname()[1]).encode())
    yield came
    server.close()


@pytest.fixture
async def cable(far: list[bytes]) -> AsyncIterator[tuple[Cable, int]]:
    relay = Cable(int(far.pop()))
    port = await relay.open()
    yield relay, port
    await relay.close()


async def ask(port: int, line: bytes) -> bytes:
    """One exchange over a connection of its own; b"" when the line broke."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(line)
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_it_relays(cable: tuple[Cable, int]) -> None:
    assert await ask(cable[1], b"hello\n") == b"echo hello\n"


async def test_cut_and_put_back(cable: tuple[Cable, int], far: list[bytes]) -> None:
    relay, port = cable
    await relay.set_cut(True)
    assert await ask(port, b"lost\n") == b""
    assert far == []
    await relay.set_cut(False)
    assert await ask(port, b"again\n") == b"echo again\n"


async def test_an_open_connection_dies_with_the_cut(cable: tuple[Cable, int]) -> None:
    relay, port = cable
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"one\n")
    assert await reader.readline() == b"echo one\n"
    await relay.set_cut(True)
    try:
        assert await reader.read() == b""
    except ConnectionError:
        pass
    writer.close()


async def test_one_answer_is_lost_after_the_far_end_has_done_it(
    cable: tuple[Cable, int], far: list[bytes]
) -> None:
    relay, port = cable
    relay.lose_reply_to = b"done"
    assert await ask(port, b"done\n") == b""
    assert far == [b"done\n"], "the centre has done it"
    assert await ask(port, b"next\n") == b"echo next\n"


async def test_late_means_late(cable: tuple[Cable, int]) -> None:
    relay, port = cable
    relay.delay_s = SLOW_S
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await ask(port, b"slow\n") == b"echo slow\n"
    assert loop.time() - began >= SLOW_S
