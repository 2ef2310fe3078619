"""What the whole session shares: one X display for tests that open a window in this process."""

import os
from collections.abc import Iterator

import pytest

from scripts.display import VirtualDisplay


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """A display on which a window of either orientation fits; DISPLAY says it while the session lasts."""
    before = os.environ.get("DISPLAY")
    with VirtualDisplay(1920, 1920) as display:
        os.environ["DISPLAY"] = display.name
        yield display.name
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before
