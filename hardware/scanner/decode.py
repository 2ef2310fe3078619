"""The decode pipeline: the whole frame, a glance at the likeliest place in it, then one attempt more.

No engine reads everything, and every attempt that pays on one frame takes longer than a frame lasts. So in a
stream the attempts take turns: a new frame comes 15 or 30 times a second, and within a second each of them has
had its turn. A still picture gets them all.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from hardware.scanner.enhance import sized
from hardware.scanner.found import Engine, Glimpse, Look, Picture, best_glimpse, most_plausible
from hardware.scanner.locate import Places
from hardware.scanner.steps import FLATTENINGS, FOLLOW_UPS, GLANCE, STEPS, TREATMENTS, FollowUp, Step
from hardware.scanner.zbar import Zbar
from hardware.scanner.zxing import zxing_if_installed

STILL_LIMIT_S = 0.75
"""After this much work (processor time) on a still no new attempt begins: some pictures are made to stall."""


@dataclass(frozen=True)
class Reading:
    """What came of a picture: the code's text and the stage that read it, or None twice; and the time taken."""

    text: str | None = field(repr=False)
    stage: str | None
    ms: float


@dataclass(frozen=True)
class _Attempt:
    """A cut-out as it was before treatment, and what an engine saw in it afterwards."""

    stage: str
    cutout: Picture
    look: Look


class Decoder:
    """The engines of this machine, and how far the rotation has come. Not for use by two threads."""

    def __init__(self, engines: Sequence[Engine] | None = None) -> None:
        installed: Sequence[Engine | None] = (zxing_if_installed(), Zbar()) if engines is None else engines
        self._engines = {engine.name: engine for engine in installed if engine}
        self._steps = [step for step in STEPS if step.engine in self._engines]
        self._follow_ups = [step for step in FOLLOW_UPS if step.engine in self._engines]
        self._step_turns = cycle(self._steps)
        self._follow_up_turns = cycle(self._follow_ups)
        self._turn = 0

    def frame(self, picture: Picture) -> Reading:
        """Try the next frame of a stream."""
        return _reading(self._attempts_on_a_frame(picture))

    def still(self, picture: Picture) -> Reading:
        """Try everything on one picture, until a code is read or STILL_LIMIT_S are spent."""
        return _reading(_while_time_lasts(self._attempts_on_a_still(picture)))

    def _attempts_on_a_frame(self, picture: Picture) -> Iterator[_Attempt]:
        places = Places(picture)
        seen = []
        for attempt in self._glances(places):
            yield attempt
            seen.append(attempt)
        glimpsed = next(_glimpsed(seen), None)
        self._turn += 1
        if glimpsed and self._turn % 2:  # every other time: not all that is glimpsed is a code
            yield self._follow(next(self._follow_up_turns), *glimpsed)
        else:
            yield from self._take(next(self._step_turns), places)

    def _attempts_on_a_still(self, picture: Picture) -> Iterator[_Attempt]:
        places = Places(picture)
        seen = []
        for attempt in self._glances(places):
            yield attempt
            seen.append(attempt)
        for step in self._steps:
            for attempt in self._take(step, places):
                yield attempt
                seen.append(attempt)
        for attempt, glimpse in _glimpsed(seen):
            for follow_up in self._follow_ups:
                yield self._follow(follow_up, attempt, glimpse)
        for name in self._engines:
            if name != GLANCE.engine:
                yield self._whole(name, picture)

    def _glances(self, places: Places) -> Iterator[_Attempt]:
        """The cheap engine on the whole picture and on the likeliest place, if this machine has it."""
        if GLANCE.engine in self._engines:
            yield self._whole(GLANCE.engine, places.picture)
            yield from self._take(GLANCE, places)

    def _whole(self, engine: str, picture: Picture) -> _Attempt:
        return _Attempt(f"frame-{engine}", picture, self._engines[engine].look(picture))

    def _take(self, step: Step, places: Places) -> Iterator[_Attempt]:
        cutout = places.cut(step.place)
        if cutout is not None:
            cutout = sized(cutout, step.side_px)
            look = self._engines[step.engine].look(TREATMENTS[step.treatment](cutout))
            yield _Attempt(step.name, cutout, look)

    def _follow(self, step: FollowUp, attempt: _Attempt, glimpse: Glimpse) -> _Attempt:
        flat = FLATTENINGS[step.treatment](attempt.cutout, glimpse)
        return _Attempt(f"{attempt.stage}+{step.name}", flat, self._engines[step.engine].look(flat))


def _glimpsed(attempts: Iterable[_Attempt]) -> Iterator[tuple[_Attempt, Glimpse]]:
    """The attempts that saw a code without reading it, each with the best one that it saw."""
    for attempt in attempts:
        glimpse = best_glimpse(attempt.look.glimpses)
        if glimpse:
            yield attempt, glimpse


def _while_time_lasts(attempts: Iterator[_Attempt]) -> Iterator[_Attempt]:
    began = time.thread_time()
    for attempt in attempts:
        yield attempt
        if time.thread_time() - began > STILL_LIMIT_S:
            return


def _reading(attempts: Iterator[_Attempt]) -> Reading:
    """Make the attempts one after another, until one of them reads a code."""
    began = time.perf_counter()
    for attempt in attempts:
        code = most_plausible(attempt.look.codes, attempt.cutout)
        if code:
            return Reading(code.text, attempt.stage, (time.perf_counter() - began) * 1000.0)
    return Reading(None, None, (time.perf_counter() - began) * 1000.0)
