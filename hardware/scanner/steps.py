"""The attempts of the decode pipeline, in the order in which they pay.

The order was found by measuring which attempt reads most of what those before it leave, on frames drawn by
the test suite's camera and on public photographs. Sizes are in pixels of the cut-out's longer side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hardware.scanner.enhance import darkened, levelled, refocused, sharpened, smoothed, steadied
from hardware.scanner.flatten import MODULE_PX, flattened, upright
from hardware.scanner.found import Glimpse, Picture
from hardware.scanner.locate import FRAME

Treatment = Callable[[Picture], Picture]


def _then(*treatments: Treatment) -> Treatment:
    def apply(picture: Picture) -> Picture:
        for treat in treatments:
            picture = treat(picture)
        return picture

    return apply


def _upright_then(*treatments: Treatment) -> Callable[[Picture, Glimpse], Picture]:
    treat = _then(*treatments)
    return lambda picture, glimpse: treat(upright(picture, glimpse))


@dataclass(frozen=True)
class Step:
    """One attempt: at which place, at what size, how treated, by which engine."""

    place: int
    side_px: int
    treatment: str
    engine: str

    @property
    def name(self) -> str:
        """How the step is named in results, for instance box1-480-levelled-zbar."""
        where = f"box{self.place}" if self.place else "frame"
        return f"{where}-{self.side_px}-{self.treatment}-{self.engine}"


@dataclass(frozen=True)
class FollowUp:
    """One attempt at a code that was seen but not read: how laid flat and treated, by which engine."""

    treatment: str
    engine: str

    @property
    def name(self) -> str:
        """How the follow-up is named in results, after the attempt that it follows: flattened-zxing."""
        return f"{self.treatment}-{self.engine}"


TREATMENTS: Mapping[str, Treatment] = {
    "sharpened": sharpened,
    "levelled": _then(sharpened, levelled),
    "darkened": darkened,
    "smoothed": partial(smoothed, sigma_px=1.5),
    "calmed": partial(smoothed, sigma_px=3.0),
    "refocused4-levelled": _then(partial(refocused, radius_px=4), levelled),
    "refocused6": partial(refocused, radius_px=6),
    "refocused6-levelled": _then(partial(refocused, radius_px=6), levelled),
    "refocused8": partial(refocused, radius_px=8),
    "steadied14": partial(steadied, length_px=14),
    "steadied14-levelled": _then(partial(steadied, length_px=14), levelled),
}

FLATTENINGS: Mapping[str, Callable[[Picture, Glimpse], Picture]] = {
    "flattened": flattened,
    "upright-levelled": _upright_then(sharpened, levelled),
    "upright-refocused": _upright_then(partial(refocused, radius_px=0.8 * MODULE_PX)),
    "upright-refocused-more": _upright_then(partial(refocused, radius_px=1.0 * MODULE_PX)),
    "upright-steadied": _upright_then(partial(steadied, length_px=1.8 * MODULE_PX)),
}

FOLLOW_UPS: Sequence[FollowUp] = (
    FollowUp("flattened", "zxing"),
    FollowUp("upright-refocused", "zxing"),
    FollowUp("upright-levelled", "zxing"),
    FollowUp("upright-refocused-more", "zxing"),
    FollowUp("upright-levelled", "zbar"),
    FollowUp("upright-steadied", "zxing"),
)
"""What is tried on a code that was seen but not read. Only zxing-cpp tells of those."""

GLANCE = Step(1, 600, "sharpened", "zxing")
"""Taken on every frame: it costs little, reads much, and sees what the next attempts can lay flat."""

STEPS: Sequence[Step] = (
    Step(1, 600, "levelled", "zbar"),
    Step(1, 760, "smoothed", "zxing"),
    Step(1, 480, "smoothed", "zbar"),
    Step(2, 480, "sharpened", "zxing"),
    Step(1, 360, "sharpened", "zxing"),
    Step(1, 480, "refocused6", "zxing"),
    Step(1, 360, "levelled", "zbar"),
    Step(1, 300, "smoothed", "zxing"),
    Step(3, 480, "sharpened", "zxing"),
    Step(2, 480, "levelled", "zbar"),
    Step(1, 300, "refocused6-levelled", "zbar"),
    Step(1, 600, "darkened", "zxing"),
    Step(1, 300, "smoothed", "zbar"),
    Step(4, 480, "sharpened", "zxing"),
    Step(1, 300, "steadied14", "zxing"),
    Step(1, 480, "calmed", "zbar"),
    Step(FRAME, 1280, "sharpened", "zxing"),
    Step(1, 360, "refocused4-levelled", "zbar"),
    Step(3, 480, "levelled", "zbar"),
    Step(5, 480, "sharpened", "zxing"),
    Step(6, 480, "sharpened", "zxing"),
    Step(1, 300, "steadied14-levelled", "zbar"),
    Step(2, 600, "levelled", "zxing"),
    Step(1, 360, "refocused8", "zxing"),
    Step(FRAME, 960, "levelled", "zbar"),
    Step(1, 760, "levelled", "zbar"),
    Step(1, 480, "darkened", "zbar"),
    Step(1, 760, "smoothed", "zbar"),
    Step(FRAME, 1280, "levelled", "zbar"),
)
"""The rotation, the most rewarding first."""
