"""A kiosk before a damaged line: the real centre in a process, the fault proxy before it, and what goes through."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.line import Identity, Line
from tests.integrity import real_centre
from tests.integrity.conftest import memory_disk
from tests.integrity.fault_proxy import Ending, FaultProxy, Plan, fault_proxy
from tests.integrity.processes import CentreProcess
from tests.integrity.real_centre import Books

BORROWERS = 20
STRIDE = 16
"""Of the byte offsets at which `make test` ends a connection in other ways; `make soak` takes every one."""


@dataclass
class Bench:
    """A centre, a proxy before it, and one kiosk behind the proxy."""

    books: Books
    proxy: FaultProxy
    identity: Identity

    def line(self, token: str | None = None) -> Line:
        """A line without a connection kept from before."""
        return Line(self.proxy.url, self.identity, token=token)

    def next_connections(self, *plans: Plan) -> None:
        """What happens to them, one plan each; to those after them nothing."""
        self.proxy.plans.clear()
        self.proxy.plans.extend(plans)

    def sizes(self, exchange: Callable[[], object]) -> tuple[int, int]:
        """How long a request and its answer are, in bytes, over a fresh line."""
        self.proxy.seen.clear()
        exchange()
        (seen,) = self.proxy.seen
        return len(seen.request), len(seen.answer)


@contextmanager
def bench_of(folder: Path, retirees: int) -> Iterator[Bench]:
    """A centre with its people, a proxy and a kiosk; in the end the books must be sound."""
    url = f"sqlite:///{folder}/centre.db"
    with real_centre.filled(url, BORROWERS, retirees) as books:
        identity = books.enrol()
        with closing(CentreProcess(url)) as centre, fault_proxy(centre.url) as proxy:
            yield Bench(books, proxy, identity)


@contextmanager
def bench_in_memory(retirees: int = 0) -> Iterator[Bench]:
    """The same, in a folder of its own on a disk in memory."""
    with tempfile.TemporaryDirectory(dir=memory_disk()) as folder, bench_of(Path(folder), retirees) as made:
        yield made


def cuts(size: tuple[int, int], *, stride: int = 1, ending: Ending = Ending.CLOSE) -> list[Plan]:
    """A connection cut at every so many bytes of a request and of its answer, both ends included."""
    request, answer = size
    return [
        *(Plan(cut_request_at=at, ending=ending) for at in range(0, request + 1, stride)),
        *(Plan(cut_answer_at=at, ending=ending) for at in range(0, answer + 1, stride)),
    ]
