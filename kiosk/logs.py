"""The program's log: one JSON line an event, on stderr, for the machine's own journal.

A field that is not on the list is dropped before anything is written, whatever a caller passes: nothing about a
citizen has a name that is allowed here. What happened to citizens' business is in the electronic journal.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "version",
        "device",
        "state",
        "fault",
        "cause",
        "error",
        "module",
        "line",
        "port",
        "character",
    }
)


def allow_listed(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: keep the fields on the list, drop every other."""
    return {key: value for key, value in event.items() if key in ALLOWED_FIELDS}


def configure() -> None:
    """Set up structlog, and keep libraries' own talk (urls, frames) out of the log."""
    talk = logging.StreamHandler(sys.stderr)
    # The handler's level as well: Kivy sets that of its own logger when it is imported.
    talk.setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.CRITICAL, handlers=[talk])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def log() -> Any:
    """The logger."""
    return structlog.get_logger()
