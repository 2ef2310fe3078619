from collections.abc import Iterator

import pytest

from hardware.xfs4iot.simulator import SimulatedProvider


@pytest.fixture(params=[False, True], ids=["today's style", "the early style"])
def provider(request: pytest.FixtureRequest) -> Iterator[SimulatedProvider]:
    """All services, once in each of the two styles of the protocol."""
    provider = SimulatedProvider(legacy=request.param)
    yield provider
    provider.close()
