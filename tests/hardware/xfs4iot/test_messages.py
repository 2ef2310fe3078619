import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.xfs4iot import messages
from hardware.xfs4iot.messages import Acknowledge, BadMessage, Completion, Event, Unsolicited


def message(payload: Any = None, **header: Any) -> str:
    return json.dumps({"header": {"name": "CardReader.ReadRawData", **header}, "payload": payload})


def test_a_command_on_the_wire() -> None:
    assert json.loads(messages.command("Common.Status", 7, {}, 2000)) == {
        "header": {
            "name": "Common.Status",
            "requestId": 7,
            "type": "command",
            "version": "2.0",
            "timeout": 2000,
        },
        "payload": {},
    }


def test_a_command_never_waits_for_ever() -> None:
    assert json.loads(messages.command("Common.Status", 7, {}, 0))["header"]["timeout"] == 1


@pytest.mark.parametrize("request_id", [{}, {"requestId": None}, {"requestId": 0}])
@pytest.mark.parametrize("kind", ["event", "unsolicited"])
def test_unsolicited_events_in_both_styles(kind: str, request_id: dict[str, Any]) -> None:
    assert messages.parse(message({"a": 1}, type=kind, **request_id)) == Unsolicited(
        "CardReader.ReadRawData", {"a": 1}
    )


def test_an_event_of_a_command() -> None:
    assert messages.parse(message(type="event", requestId=3)) == Event(3, "CardReader.ReadRawData", {})


def test_acknowledge() -> None:
    assert messages.parse(message(type="acknowledge", requestId=3)) == Acknowledge(3, None)
    assert messages.parse(message(type="acknowledge", requestId=3, status="invalidMessage")) == Acknowledge(
        3, "invalidMessage"
    )


def test_completion_codes_in_header_and_payload() -> None:
    today = messages.parse(
        message({"errorCode": "paperOut"}, type="completion", requestId=3, completionCode="commandErrorCode")
    )
    early = messages.parse(
        message(
            {"completionCode": "commandErrorCode", "errorCode": "paperOut"}, type="completion", requestId=3
        )
    )
    for completion in (today, early):
        assert isinstance(completion, Completion)
        assert (completion.code, completion.error_code) == ("commandErrorCode", "paperOut")


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "1", '"x"', "{}", '{"header": 1}', '{"header": {}}', "[" * 100_000,
        message(type="completion", requestId=1), message(type="nonsense", requestId=1), message(type="completion"),
        message(type="event", requestId=True), message([], type="event", requestId=1), message(type=None, requestId=1),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(BadMessage):
        messages.parse(text)


def test_a_payload_does_not_show() -> None:
    assert "6217" not in repr(Completion(1, "success", None, {"data": "6217"}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["header", "payload", "type"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(JSON)
def test_no_json_breaks_the_parser(value: Any) -> None:
    with suppress(BadMessage):
        messages.parse(json.dumps(value))
    messages.value_at({"a": value}, "a", "header", "type")
