"""What a flow has done so far: every answer and everything that was fetched. Back is replay over it."""

from dataclasses import dataclass, field
from typing import Any


class NotRepeatable(Exception):
    """A flow did something else when it was run again over the same answers: an error in the flow."""


@dataclass(frozen=True)
class Remembered:
    """One step: what was done, and what came of it (a value, or a refusal that was raised)."""

    what: Any = field(repr=False)
    came: Any = field(repr=False)
    raised: Exception | None = None
    by_touch: bool = False


@dataclass
class Memory:
    """The steps of the flow that is running, and how far a replay has come."""

    steps: list[Remembered] = field(default_factory=list)
    at: int = 0
    sealed: bool = False
    """A submit has happened: nothing before it can be undone."""

    def rewind(self) -> None:
        """Begin the replay."""
        self.at = 0

    def recall(self, what: Any) -> Remembered | None:
        """The remembered step at this place, or None at the live end. Raises NotRepeatable."""
        if self.at == len(self.steps):
            return None
        step = self.steps[self.at]
        if step.what != what:
            raise NotRepeatable(
                f"step {self.at} was {type(step.what).__name__} and is now {type(what).__name__}"
            )
        self.at += 1
        return step

    def keep(self, step: Remembered) -> None:
        """Add a step at the live end."""
        self.steps.append(step)
        self.at = len(self.steps)

    def drop_last_answer(self) -> bool:
        """Forget the last touched answer and all after it; False when there is none to forget."""
        while self.steps:
            if self.steps.pop().by_touch:
                return True
        return False
