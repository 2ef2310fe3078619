"""An upsd with one UPS, on loopback."""

import socketserver
import threading
from enum import StrEnum

NAME = "kiosk"


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"
    STALE = "stale"  # upsd has lost the UPS
    NONSENSE = "nonsense"


_FLAGS = {None: "OL CHRG", Scenario.ON_BATTERY: "OB DISCHRG", Scenario.BATTERY_LOW: "OB DISCHRG LB"}


class SimulatedUps:
    """The UPS NAME at `port`."""

    def __init__(self) -> None:
        simulated = self
        self._scenario: Scenario | None = None

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(simulated._answer(line.decode()).encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        self._scenario = Scenario(scenario)

    def recover(self) -> None:
        """Let everything work again."""
        self._scenario = None

    def close(self) -> None:
        """Stop answering for good."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, line: str) -> str:
        if self._scenario is Scenario.NONSENSE:
            return "\x00" * 40 + "\n"
        match line.split():
            case ["GET", "VAR", name, variable] if name == NAME:
                if self._scenario is Scenario.STALE:
                    return "ERR DATA-STALE\n"
                if variable == "ups.status":
                    return f'VAR {name} {variable} "{_FLAGS[self._scenario]}"\n'
                return "ERR VAR-NOT-SUPPORTED\n"
            case ["GET", "VAR", _, _]:
                return "ERR UNKNOWN-UPS\n"
        return "ERR UNKNOWN-COMMAND\n"
