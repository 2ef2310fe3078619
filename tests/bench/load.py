"""A small load generator: many connections, one request at a time on each, prepared before the clock starts."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What came of it: answers by status, the seconds it took, and each answer's own milliseconds, sorted."""

    statuses: dict[int, int]
    seconds: float
    latencies_ms: list[float]

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        return self.latencies_ms[min(int(len(self.latencies_ms) * share), len(self.latencies_ms) - 1)]


def raw_request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of an HTTP/1.1 request on a kept-open connection."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(host: str, port: int, per_client: Sequence[Sequence[bytes]]) -> Load:
    """Send each client's requests in turn over its own connection, all clients at once."""
    return asyncio.run(_run(host, port, per_client))


async def _run(host: str, port: int, per_client: Sequence[Sequence[bytes]]) -> Load:
    connections = [await asyncio.open_connection(host, port) for _ in per_client]
    statuses: dict[int, int] = {}
    latencies: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(
        *(
            _client(*connection, requests, statuses, latencies)
            for connection, requests in zip(connections, per_client, strict=True)
        )
    )
    seconds = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
    return Load(statuses, seconds, sorted(latencies))


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Sequence[bytes],
    statuses: dict[int, int],
    latencies: list[float],
) -> None:
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        latencies.append((time.perf_counter() - began) * 1000)
        status = int(head[9:12])
        statuses[status] = statuses.get(status, 0) + 1
