"""What was last wrong with each device, kept in a file: the kiosk writes it, `python -m hardware probe` shows it.

For whoever comes to mend: the fault may be over by then. It holds no more than the journal does.
"""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardware.device import Fault, Kind, Status

FILE = "last-faults.json"
"""Its name in the kiosk's data folder."""
MAX_BYTES = 65536


@dataclass(frozen=True)
class LastFault:
    """A fault, and when it began, in UTC."""

    fault: Fault
    since: datetime


class LastFaults:
    """The file at `path`. Faults may be noted from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known = dict(read(path))

    def note(self, kind: Kind, status: Status, now: datetime) -> None:
        """A device's status has changed. A file that cannot be written costs the note and nothing else."""
        if status.fault is None:
            return
        with self._lock:
            self._known[kind] = LastFault(status.fault, now)
            written = {
                kind.value: {"fault": last.fault.value, "since": last.since.isoformat(timespec="seconds")}
                for kind, last in self._known.items()
            }
            new = self._path.with_suffix(".new")
            with suppress(OSError):
                new.write_text(json.dumps(written))
                new.replace(self._path)


def read(path: Path) -> Mapping[Kind, LastFault]:
    """What the file says; nothing where there is none, or where it was damaged."""
    try:
        with path.open("rb") as file:
            entries = json.loads(file.read(MAX_BYTES))
        return {
            Kind(kind): LastFault(Fault(entry["fault"]), datetime.fromisoformat(entry["since"]))
            for kind, entry in entries.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
