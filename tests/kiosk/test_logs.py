"""The program's log: only what is on the list gets out."""

import json

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kiosk.logs import ALLOWED_FIELDS, allow_listed, configure, log


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_no_field_off_the_list_survives(fields: dict[str, str]) -> None:
    assert set(allow_listed(None, "info", dict(fields))) <= ALLOWED_FIELDS


def test_a_line_is_json_and_tells_nothing_of_a_citizen(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    try:
        log().info(
            "device-changed", device="id_card", state="ready", name="测试甲", id_number="210202196409201319"
        )
    finally:
        structlog.reset_defaults()
    line = json.loads(capsys.readouterr().err)
    assert line["device"] == "id_card"
    assert "测试甲" not in str(line)
    assert "2102" not in str({key: value for key, value in line.items() if key != "timestamp"})
