"""A device table of the settings that cannot be: said at once, with its place and what would be right."""

from typing import Any

import pytest

from hardware.registry import BadDevice, make_device


@pytest.mark.parametrize(
    ("kind", "driver", "options", "said"),
    [
        ("toaster", "none", {}, "devices.toaster: no such kind of device; allowed: "),
        ("id_card", "junk", {}, "devices.id_card.driver: 'junk' is not known; allowed: none, sam_v"),
        ("id_card", "sam_v", {}, "devices.id_card.port: Missing required argument"),
        ("id_card", "sam_v", {"port": "/dev/x", "baud": 0}, "devices.id_card.baud: "),
        ("id_card", "sam_v", {"port": "/dev/x", "baud": "fast"}, "devices.id_card.baud: "),
        ("id_card", "sam_v", {"port": "/dev/x", "poll_s": 0}, "devices.id_card.poll_s: "),
        ("receipt_printer", "escpos_tcp", {"port": 70000}, "devices.receipt_printer.port: "),
        (
            "receipt_printer",
            "escpos_serial",
            {"path": "/dev/x", "baud": -1},
            "devices.receipt_printer.baud: ",
        ),
    ],
)
def test_a_mistake_has_its_place(kind: str, driver: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDevice) as caught:
        make_device(kind, driver, options)
    assert caught.value.errors[0].startswith(said), caught.value.errors
