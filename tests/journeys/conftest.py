"""What all journeys share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def earlier_tests_set_aside() -> Iterator[None]:
    """After each visit the whole heap is searched for what is left of it: not through what earlier tests have left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
