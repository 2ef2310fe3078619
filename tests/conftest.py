"""What the whole session shares: one X display for tests that open a window in this process."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from scripts.display import VirtualDisplay

# `make test` draws the same examples every time, so that it says the same of the same code; `make soak` draws new
# ones. No deadline: the machine may be busy with something else.
settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long versions out unless `-m` speaks of them: as a default of `-m`, that was lost as soon as somebody
    chose by another mark (`-m window`)."""
    if "soak" in config.getoption("markexpr"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if not item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)


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
