"""The units that an installer copies: they and the program mean the same by an exit status."""

from configparser import ConfigParser
from pathlib import Path

from run_kiosk import EXIT_BAD_SETTINGS, EXIT_RESTART

UNITS = Path(__file__).parent.parent.parent / "config" / "deployment"


def unit(name: str) -> ConfigParser:
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(UNITS / name)
    return read


def test_a_safe_shutdown_stays_off_and_a_restart_comes_back() -> None:
    service = unit("kiosk.service")["Service"]
    assert service["Restart"] == "on-failure", (
        "any other word starts it again after status 0, or not after a crash"
    )
    prevented = {int(status) for status in service["RestartPreventExitStatus"].split()}
    assert prevented == {EXIT_BAD_SETTINGS}
    assert EXIT_RESTART not in {0, *prevented}


def test_nobody_need_come_because_it_failed_often() -> None:
    for name in ("kiosk.service", "kiosk-display.service"):
        assert unit(name)["Unit"]["StartLimitIntervalSec"] == "0"
