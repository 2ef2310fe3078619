"""What a voice says for a control under the focus, and for a digit that was typed. Data only: the voice speaks it."""

from kiosk.messages import Part, msg
from kiosk.values import Digits
from screens.widgets.node import Control


def of_control(control: Control, hint: tuple[Part, ...]) -> tuple[Part, ...]:
    """Label, role, what else is written on it, and when it cannot be used that it cannot, and why (`hint`)."""
    label, *rest = control.spoken()
    state = () if control.enabled else (msg("voice.unusable"),)
    return (label, msg(f"voice.role.{control.role}"), *rest, *state, *hint)


def of_digit(digit: str, masked: bool) -> tuple[Part, ...]:
    """The echo of a key. A password's is a star, also in a headset: whoever listens in must not learn it."""
    return (msg("voice.star"),) if masked else (Digits(digit),)
