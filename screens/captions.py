"""Captions: what the voice is saying, in writing, where the header's words stand. Long sentences go by in turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.contract.wire import Language
from kiosk.messages import Part, text
from kiosk.values import Yuan

SPOKEN_PER_S: dict[Language, float] = {"zh": 4.5, "en": 14.0}
"""Characters that the voice says in a second at its usual pace; only decides when a long caption goes on."""

TURN_S = 0.5
SHORT_S = 4.0
"""A sentence that is said faster than this is never turned."""


@dataclass(frozen=True)
class Caption:
    """A sentence, and how much of it (0 to 1) has been said by now."""

    sentence: str
    share: float = 0.0


class Captions:
    """The sentence that is being said; `refresh` draws it, `after(seconds, call)` comes back for the next turn."""

    def __init__(
        self,
        refresh: Callable[[], None],
        after: Callable[[float, Callable[[], None]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._refresh, self._after, self._clock = refresh, after, clock
        self._sentence, self._begun, self._lasts_s = "", 0.0, 1.0

    def say(self, part: Part | None, language: Language, rate: float) -> None:
        """The voice begins to say this, at `rate` times its usual pace; None: it is silent."""
        sentence = text(part, language) if part is not None else ""
        sentence = f"¥{sentence}" if isinstance(part, Yuan) else sentence
        if sentence == self._sentence:
            return
        self._sentence, self._begun = sentence, self._clock()
        self._lasts_s = max(1.0, len(sentence) / (SPOKEN_PER_S[language] * rate))
        self._refresh()
        if self._lasts_s > SHORT_S:
            self._after(TURN_S, self._turn)

    def now(self) -> Caption | None:
        """What is to be read now."""
        if not self._sentence.strip():
            return None
        return Caption(self._sentence, min(1.0, (self._clock() - self._begun) / self._lasts_s))

    def _turn(self) -> None:
        if self._sentence and self._clock() - self._begun < self._lasts_s:
            self._refresh()
            self._after(TURN_S, self._turn)
