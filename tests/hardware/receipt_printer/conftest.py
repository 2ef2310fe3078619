from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.receipt_printer.transport import TcpTransport

Pair = tuple[TcpPrinter, EscPosPrinter]


@pytest.fixture
def connect() -> Iterator[Callable[..., Pair]]:
    """Makes a printer on a free port and a driver for it; both end with the test, and the printer must not have
    received a byte that it did not know."""
    with ExitStack() as stack:
        made: list[TcpPrinter] = []

        def make(driver: dict[str, Any] | None = None, **printer: Any) -> Pair:
            simulated = TcpPrinter(**printer)
            stack.callback(simulated.close)
            made.append(simulated)
            presenter = printer.get("presenter", "none")
            settings = {"answer_s": 0.15, "watch_s": 0.1, "presenter": presenter, **(driver or {})}
            real = EscPosPrinter(TcpTransport(simulated.host, simulated.port, write_stall_s=0.5), **settings)
            stack.callback(real.close)
            return simulated, real

        yield make
        assert [error for simulated in made for error in simulated.errors] == []


@pytest.fixture
def pair(connect: Callable[..., Pair]) -> Pair:
    return connect()
