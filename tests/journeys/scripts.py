"""The straight way through each service, as a citizen would take it."""

from collections.abc import Callable
from typing import Any

from hardware.device import Kind
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import BUSINESS_NUMBER_DIGITS
from kiosk.prompts import (
    Checklist,
    Choose,
    ChoosePeriod,
    Compare,
    Consent,
    EnterAmount,
    EnterDigits,
    Facts,
    Gesture,
    Guide,
    Menu,
    Outcome,
    Present,
    Preview,
    Prompt,
    Table,
    Working,
)
from tests.journeys.canary import CANARY_PASSWORD
from tests.journeys.lobby import SILENCE


class Straight:
    """Chooses a service once, goes through it, prints at the end, and finishes at the next menu."""

    def __init__(self, service: str, *, way: Kind = Kind.ID_CARD, part: bool = True) -> None:
        self.service = service
        self.way = way
        self.part = part
        self.chosen = False

    def __call__(self, prompt: Prompt[Any]) -> Any:
        match prompt:
            case Menu():
                if self.chosen:
                    return Gesture.FINISH
                self.chosen = True
                return self.service
            case Choose(options=options):
                return self._choose([option.value for option in options if option.enabled])
            case EnterDigits(length=length):
                return CANARY_PASSWORD if length != BUSINESS_NUMBER_DIGITS else "123456789012"
            case EnterAmount():
                return Fen(10_000_000)
            case Compare(options=options):
                return options[0].value
            case ChoosePeriod(presets=presets):
                return presets[0][1]
            case Consent():
                return True
            case Facts(actions=actions) | Checklist(actions=actions) | Table(actions=actions):
                return next(action.key for action in actions if action.style != "secondary")
            case Guide() | Preview():
                return "print"
            case Outcome(actions=actions):
                keys = [action.key for action in actions]
                return "print" if "print" in keys else keys[-1]
            case Present() | Working():
                return SILENCE
            case _:
                raise AssertionError(f"nobody told me what to do with {type(prompt).__name__}")

    def _choose(self, values: list[Any]) -> Any:
        if self.way in values:
            return self.way
        if "part" in values:
            return "part" if self.part else "full"
        return values[0]


Script = Callable[[Prompt[Any]], Any]


def at_step(number: int, instead: Any, script: Script, *, once: bool = True) -> Script:
    """`script`, but `instead` at the given touchable prompt (counted from 0)."""
    count = -1
    done = False

    def answer(prompt: Prompt[Any]) -> Any:
        nonlocal count, done
        if isinstance(prompt, Working):
            return SILENCE
        count += 1
        if count >= number and not (done and once) and (count == number or not once):
            done = True
            return instead
        return script(prompt)

    return answer
