"""The port behind which official papers are sealed electronically."""

from typing import Protocol


class Sealer(Protocol):
    """Signs what a paper says, so that anybody can check it without asking the centre."""

    def seal(self, content: bytes) -> str | None:
        """A seal over the paper's canonical JSON, as text that is kept with it; None when there is none to give."""
        ...


class NoSealer:
    """No seal: the paper can be checked at the centre by its code only."""

    def seal(self, content: bytes) -> str | None:
        return None
