"""The decode pipeline: the whole frame first, then one enhanced cut-out a frame.

No engine reads everything, and the whole chain on one frame takes longer than a frame lasts. So in a stream
each frame gets the fast engine on all of it and ONE step of the chain; a new frame comes 15 or 30 times a
second, and within a second every step has had its turn. A still picture gets the chain at once.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hardware.scanner.enhance import sized
from hardware.scanner.found import Engine, Glimpse, Look, Picture, best_glimpse, most_plausible
from hardware.scanner.locate import Box, propose, whole
from hardware.scanner.steps import FLATTENINGS, FOLLOW_UPS, STEPS, TREATMENTS, FollowUp, Step
from hardware.scanner.zbar import Zbar
from hardware.scanner.zxing import zxing_if_installed


@dataclass(frozen=True)
class Reading:
    """What came of a picture: the code's text and the stage that read it, or None twice; and the time taken."""

    text: str | None = field(repr=False)
    stage: str | None
    ms: float


@dataclass(frozen=True)
class _Attempt:
    """One picture that was given to an engine, and what it saw there."""

    stage: str
    picture: Picture
    look: Look


class Decoder:
    """The engines of this machine, and how far the rotation over the steps has come."""

    def __init__(self, engines: Sequence[Engine] | None = None) -> None:
        installed: Sequence[Engine | None] = (zxing_if_installed(), Zbar()) if engines is None else engines
        self._engines = {engine.name: engine for engine in installed if engine}
        self._steps = [step for step in STEPS if step.engine in self._engines]
        self._follow_ups = [step for step in FOLLOW_UPS if step.engine in self._engines]
        self._turn = 0
        self._follow_up_turn = 0

    def frame(self, picture: Picture) -> Reading:
        """Try the next frame of a stream: all of it, then one step or follow-up."""
        return self._reading(self._one_step(picture))

    def still(self, picture: Picture) -> Reading:
        """Try everything on one picture, until a code is read."""
        return self._reading(self._everything(picture))

    def _one_step(self, picture: Picture) -> Iterator[_Attempt]:
        first = self._whole(picture, next(iter(self._engines)))
        yield first
        glimpse = best_glimpse(first.look.glimpses)
        self._turn += 1
        if glimpse and self._turn % 2:
            self._follow_up_turn += 1
            yield self._follow(self._follow_ups[self._follow_up_turn % len(self._follow_ups)], first, glimpse)
            return
        step = self._steps[self._turn % len(self._steps)]
        yield from self._take(step, picture, propose(picture) if step.place else [])

    def _everything(self, picture: Picture) -> Iterator[_Attempt]:
        seen = []
        for engine in self._engines:
            attempt = self._whole(picture, engine)
            yield attempt
            seen.append(attempt)
        boxes = propose(picture)
        for step in self._steps:
            for attempt in self._take(step, picture, boxes):
                yield attempt
                seen.append(attempt)
        for attempt in seen:
            glimpse = best_glimpse(attempt.look.glimpses)
            if glimpse:
                for follow_up in self._follow_ups:
                    yield self._follow(follow_up, attempt, glimpse)

    def _whole(self, picture: Picture, engine: str) -> _Attempt:
        return _Attempt(f"frame-{engine}", picture, self._engines[engine].look(picture))

    def _take(self, step: Step, picture: Picture, boxes: Sequence[Box]) -> Iterator[_Attempt]:
        places = (whole(picture), *boxes)
        if step.place < len(places):
            legible = TREATMENTS[step.treatment](sized(places[step.place].cut(picture), step.side_px))
            yield _Attempt(step.name, legible, self._engines[step.engine].look(legible))

    def _follow(self, step: FollowUp, attempt: _Attempt, glimpse: Glimpse) -> _Attempt:
        flat = FLATTENINGS[step.treatment](attempt.picture, glimpse)
        return _Attempt(f"{attempt.stage}+{step.name}", flat, self._engines[step.engine].look(flat))

    def _reading(self, attempts: Iterator[_Attempt]) -> Reading:
        began = time.perf_counter()
        for attempt in attempts:
            code = most_plausible(attempt.look.codes, attempt.picture)
            if code:
                return Reading(code.text, attempt.stage, (time.perf_counter() - began) * 1000.0)
        return Reading(None, None, (time.perf_counter() - began) * 1000.0)
