"""The out-of-service switch: staff take the kiosk out of service for a reason, and it stays so over a restart."""

from collections.abc import Callable
from pathlib import Path

from kiosk.health import HealthBoard
from kiosk.messages import Message, msg
from kiosk.private_file import write_private

FILE = "out-of-service"
REASONS = ("maintenance", "paper", "cleaning", "moving", "instructed")
"""What the citizen reads is `out-of-service.<reason>`."""


class ServiceSwitch:
    """In or out of service. `trusted` says whether the journal can be: without it there is no way back in."""

    def __init__(
        self, folder: Path, board: HealthBoard, event: Callable[..., object], trusted: Callable[[], bool]
    ) -> None:
        self._file, self._board, self._event, self._trusted = folder / FILE, board, event, trusted
        self.reason: str | None = None

    def restore(self) -> None:
        """At the start: be as staff left it. A reason that cannot be read is still one."""
        try:
            kept = self._file.read_text("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return
        except OSError:
            kept = ""
        self._apply(kept if kept in REASONS else REASONS[0])

    def stop(self, reason: str) -> None:
        """Out of service from now on. Raises OSError when it could not be made to last."""
        assert reason in REASONS
        write_private(self._file, reason.encode())
        if self.reason:
            self._event("out-of-service-end", disposition="mended")
        self._apply(reason)

    def start(self) -> bool:
        """Back into service; False when the journal keeps the kiosk out. Raises OSError."""
        self._file.unlink(missing_ok=True)
        if self.reason:
            self._event("out-of-service-end", disposition="mended")
        self.reason = None
        if not self._trusted():
            return False
        self._board.stop(None)
        return True

    def _apply(self, reason: str) -> None:
        self.reason = reason
        self._event("out-of-service-begin", reason=reason)
        if self._trusted():
            self._board.stop(stopped(reason))


def stopped(reason: str) -> Message:
    """What the citizen reads for a reason."""
    return msg(f"out-of-service.{reason}")
