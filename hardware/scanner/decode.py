"""The decode pipeline: the whole frame first, then one enlarged and levelled cut-out a frame.

No engine reads everything, and the whole chain on one frame takes longer than a frame lasts. So in a stream
each frame gets the fast engine on all of it and ONE step of the chain; a new frame comes 15 or 30 times a
second, and within half a second every step has had its turn. A still picture gets the chain at once.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hardware.scanner.enhance import ENHANCEMENTS, sized
from hardware.scanner.found import Engine, Found, Picture, most_plausible
from hardware.scanner.locate import Box, propose, whole
from hardware.scanner.zbar import Zbar
from hardware.scanner.zxing import zxing_if_installed


@dataclass(frozen=True)
class Reading:
    """What came of a picture: the code's text and the stage that read it, or None twice; and the time taken."""

    text: str | None = field(repr=False)
    stage: str | None
    ms: float


@dataclass(frozen=True)
class Step:
    """One attempt: at which proposed place (0 = the whole), what size, how enhanced, by which engine."""

    place: int
    side_px: int
    enhancement: str
    engine: str

    @property
    def name(self) -> str:
        """How the step is named in results, for instance box1-480-levelled-zbar."""
        where = f"box{self.place}" if self.place else "frame"
        return f"{where}-{self.side_px}-{self.enhancement}-{self.engine}"


STEPS: Sequence[Step] = (
    Step(1, 480, "levelled", "zbar"),
    Step(1, 600, "levelled", "zxing"),
    Step(1, 600, "darkened", "zxing"),
    Step(1, 360, "levelled", "zbar"),
    Step(2, 480, "levelled", "zbar"),
    Step(1, 480, "sharpened", "zxing"),
    Step(1, 760, "levelled", "zbar"),
    Step(0, 1280, "levelled", "zbar"),
    Step(1, 480, "darkened", "zbar"),
    Step(3, 480, "levelled", "zbar"),
    Step(2, 600, "levelled", "zxing"),
)


class Decoder:
    """The engines of this machine, and how far the rotation over the steps has come."""

    def __init__(self, engines: Sequence[Engine] | None = None) -> None:
        installed: Sequence[Engine | None] = (zxing_if_installed(), Zbar()) if engines is None else engines
        self._engines = {engine.name: engine for engine in installed if engine}
        self._first = next(iter(self._engines.values()))
        self._steps = [step for step in STEPS if step.engine in self._engines]
        self._turn = 0

    def frame(self, picture: Picture) -> Reading:
        """Try the next frame of a stream: all of it, then one step."""
        began = time.perf_counter()
        found, stage = self._whole(picture, self._first), f"frame-{self._first.name}"
        if found is None:
            step = self._steps[self._turn % len(self._steps)]
            self._turn += 1
            found, stage = self._attempt(step, picture, propose(picture)), step.name
        return _reading(found, stage, began)

    def still(self, picture: Picture) -> Reading:
        """Try everything on one picture, until a code is read."""
        began = time.perf_counter()
        for found, stage in self._everything(picture):
            if found:
                return _reading(found, stage, began)
        return _reading(None, "", began)

    def _everything(self, picture: Picture) -> Iterator[tuple[Found | None, str]]:
        for engine in self._engines.values():
            yield self._whole(picture, engine), f"frame-{engine.name}"
        boxes = propose(picture)
        for step in self._steps:
            yield self._attempt(step, picture, boxes), step.name

    def _whole(self, picture: Picture, engine: Engine) -> Found | None:
        return most_plausible(engine.read(picture), picture)

    def _attempt(self, step: Step, picture: Picture, boxes: Sequence[Box]) -> Found | None:
        places = (whole(picture), *boxes)
        if step.place >= len(places):
            return None
        cutout = places[step.place].cut(picture)
        legible = ENHANCEMENTS[step.enhancement](sized(cutout, step.side_px))
        return most_plausible(self._engines[step.engine].read(legible), legible)


def _reading(found: Found | None, stage: str, began: float) -> Reading:
    ms = (time.perf_counter() - began) * 1000.0
    return Reading(found.text, stage, ms) if found else Reading(None, None, ms)
