"""An upsd with one UPS, on loopback."""

import socketserver
import threading
from contextlib import suppress
from enum import StrEnum
from io import BufferedIOBase

NAME = "kiosk"


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"
    STALE = "stale"  # upsd has lost the UPS
    NONSENSE = "nonsense"
    DRIPPING = "dripping"  # an answer that comes, and comes, and never ends


_FLAGS = {Scenario.ON_BATTERY: "OB DISCHRG", Scenario.BATTERY_LOW: "OB DISCHRG LB"}
_ON_MAINS = "OL CHRG"


class SimulatedUps:
    """The UPS NAME at `port`."""

    def __init__(self) -> None:
        simulated = self
        self._scenario: Scenario | None = None
        self._changed = threading.Event()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):  # whoever asked has gone
                    for line in self.rfile:
                        if simulated._scenario is Scenario.DRIPPING:
                            simulated._drip(self.wfile)
                        self.wfile.write(simulated._answer(line.decode()).encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        self._scenario = Scenario(scenario)
        self._changed.clear()

    def recover(self) -> None:
        """Let everything work again."""
        self._scenario = None
        self._changed.set()

    def close(self) -> None:
        """Stop answering for good."""
        self._changed.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _drip(self, out: BufferedIOBase) -> None:
        while not self._changed.wait(0.1):
            out.write(b"V")

    def _answer(self, line: str) -> str:
        if self._scenario is Scenario.NONSENSE:
            return "\x00" * 40 + "\n"
        match line.split():
            case ["GET", "VAR", name, variable] if name == NAME:
                if self._scenario is Scenario.STALE:
                    return "ERR DATA-STALE\n"
                if variable == "ups.status":
                    flags = _ON_MAINS if self._scenario is None else _FLAGS.get(self._scenario, _ON_MAINS)
                    return f'VAR {name} {variable} "{flags}"\n'
                return "ERR VAR-NOT-SUPPORTED\n"
            case ["GET", "VAR", _, _]:
                return "ERR UNKNOWN-UPS\n"
        return "ERR UNKNOWN-COMMAND\n"
