"""Driver for any UPS that Network UPS Tools knows, over the text protocol of its upsd."""

import re
import socket

from hardware.device import Command, Fault, State, Status, reason
from hardware.options import TcpPort
from hardware.ups.judge import judge

PORT = 3493
ANSWER_TIMEOUT_S = 1.0
MAX_LINE_BYTES = 512

_ANSWER = re.compile(r'VAR \S+ (\S+) "((?:[^"\\]|\\.)*)"')


class NutUps:
    """The UPS called `ups` at the upsd on `host` and `port`."""

    def __init__(self, ups: str, host: str = "127.0.0.1", port: TcpPort = PORT) -> None:
        if not re.fullmatch(r"[A-Za-z0-9._-]+", ups):
            raise ValueError(f"ups: {ups!r} is no name of a UPS")
        self._ups, self._address = ups, (host, port)

    def status(self, command: Command) -> Status:
        """What upsd says by its flags: OB on battery, LB battery low, RB battery to be replaced."""
        detail = {"ups": self._ups}
        try:
            with socket.create_connection(self._address, ANSWER_TIMEOUT_S) as connection:
                flags = self._ask(connection, "ups.status", Command(ANSWER_TIMEOUT_S))
        except TimeoutError:
            return Status(State.DISCONNECTED, Fault.NO_ANSWER, detail)
        except OSError as error:
            return Status(State.DISCONNECTED, Fault.DISCONNECTED, {**detail, "why": reason(error)})
        if flags is None:
            return Status(State.DISCONNECTED, Fault.NO_ANSWER, detail)
        words = flags.split()
        return judge("OB" in words, "LB" in words or "RB" in words, detail)

    def close(self) -> None:
        """Nothing is held between questions."""

    def _ask(self, connection: socket.socket, name: str, limit: Command) -> str | None:
        """The value of a variable; None when upsd does not have it, or does not tell in time. Raises OSError."""
        connection.sendall(f"GET VAR {self._ups} {name}\n".encode())
        line = b""
        while not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
            if limit.expired:
                return None
            connection.settimeout(limit.remaining_s() or 0.001)
            data = connection.recv(MAX_LINE_BYTES)
            if not data:
                break
            line += data
        found = _ANSWER.match(line.decode("utf-8", "replace"))
        return found[2] if found and found[1] == name else None
