import pytest

from hardware.a4_printer.reasons import IDLE, PROCESSING, STOPPED, judge, stem, stopping
from hardware.device import Fault, State


@pytest.mark.parametrize("severity", ["", "-error", "-warning", "-report"])
def test_the_severity_says_nothing(severity: str) -> None:
    assert stem("media-empty" + severity) == "media-empty"
    assert stopping(["media-empty" + severity]) is Fault.PAPER_OUT


@pytest.mark.parametrize(
    ("state", "said", "expected"),
    [
        (IDLE, ["none"], (State.READY, None)),
        (PROCESSING, ["some-vendor-word-report"], (State.READY, None)),
        (IDLE, ["toner-low-report", "media-low"], (State.DEGRADED, Fault.PAPER_LOW)),
        (IDLE, ["toner-low-report"], (State.DEGRADED, Fault.TONER_LOW)),
        (STOPPED, ["media-needed", "media-empty-error", "cover-open-error"], (State.OUT_OF_SERVICE, Fault.COVER_OPEN)),
        (STOPPED, ["media-jam-error", "media-empty"], (State.OUT_OF_SERVICE, Fault.JAM)),
        (STOPPED, ["toner-empty"], (State.OUT_OF_SERVICE, Fault.TONER_OUT)),
        (STOPPED, ["offline-report"], (State.DISCONNECTED, Fault.DISCONNECTED)),
        (STOPPED, ["paused"], (State.OUT_OF_SERVICE, Fault.SPOOLER_DOWN)),
        (STOPPED, ["none"], (State.OUT_OF_SERVICE, Fault.HARDWARE)),
    ],
)  # fmt: skip
def test_the_most_specific_reason_counts(
    state: int, said: list[str], expected: tuple[State, Fault | None]
) -> None:
    assert judge(state, said) == expected
