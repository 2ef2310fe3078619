"""The attempts of the decode pipeline, in the order in which they pay.

The order was found by measuring which attempt reads most of what those before it leave, on frames drawn by
the test suite's camera and on public photographs. Sizes are in pixels of the cut-out's longer side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from hardware.scanner.enhance import darkened, levelled, refocused, sharpened, smoothed, steadied
from hardware.scanner.flatten import MODULE_PX, flattened, upright
from hardware.scanner.found import Glimpse, Picture

FRAME = 0
"""The place of an attempt on the whole picture; 1 to 3 are the proposed boxes."""


def _then(*treatments: Callable[[Picture], Picture]) -> Callable[[Picture], Picture]:
    def apply(picture: Picture) -> Picture:
        for treat in treatments:
            picture = treat(picture)
        return picture

    return apply


def _plain(picture: Picture) -> Picture:
    return picture


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


TREATMENTS: dict[str, Callable[[Picture], Picture]] = {
    "plain": _plain,
    "sharpened": sharpened,
    "levelled": _then(sharpened, levelled),
    "darkened": darkened,
    "smoothed": partial(smoothed, sigma_px=1.5),
    "calmed": partial(smoothed, sigma_px=3.0),
    "refocused4": partial(refocused, radius_px=4),
    "refocused6": partial(refocused, radius_px=6),
    "refocused8": partial(refocused, radius_px=8),
    "refocused8-levelled": _then(partial(refocused, radius_px=8), levelled),
    "refocused7-levelled": _then(partial(refocused, radius_px=7), levelled),
    "refocused4-levelled": _then(partial(refocused, radius_px=4), levelled),
    "steadied14-levelled": _then(partial(steadied, length_px=14), levelled),
    "steadied11": partial(steadied, length_px=11),
}

_REFOCUS_PX, _STEADY_PX = 0.8 * MODULE_PX, 1.4 * MODULE_PX


def _upright_then(*treatments: Callable[[Picture], Picture]) -> Callable[[Picture, Glimpse], Picture]:
    treat = _then(*treatments)
    return lambda picture, glimpse: treat(upright(picture, glimpse))


FLATTENINGS: dict[str, Callable[[Picture, Glimpse], Picture]] = {
    "flattened": flattened,
    "upright-levelled": _upright_then(sharpened, levelled),
    "upright-refocused": _upright_then(partial(refocused, radius_px=_REFOCUS_PX)),
    "upright-refocused-levelled": _upright_then(partial(refocused, radius_px=_REFOCUS_PX), levelled),
    "upright-steadied": _upright_then(partial(steadied, length_px=_STEADY_PX)),
}

FOLLOW_UPS: Sequence[FollowUp] = (
    FollowUp("flattened", "zxing"),
    FollowUp("upright-refocused", "zxing"),
    FollowUp("upright-levelled", "zxing"),
    FollowUp("upright-refocused-levelled", "zbar"),
    FollowUp("upright-steadied", "zxing"),
)

STEPS: Sequence[Step] = (
    Step(1, 600, "levelled", "zbar"),
    Step(1, 760, "smoothed", "zxing"),
    Step(1, 600, "sharpened", "zxing"),
    Step(1, 480, "refocused6", "zxing"),
    Step(1, 480, "levelled", "zbar"),
    Step(1, 360, "sharpened", "zxing"),
    Step(2, 480, "levelled", "zbar"),
    Step(1, 360, "refocused8-levelled", "zbar"),
    Step(1, 600, "darkened", "zxing"),
    Step(1, 480, "smoothed", "zbar"),
    Step(1, 360, "refocused8", "zxing"),
    Step(FRAME, 1280, "levelled", "zbar"),
    Step(1, 480, "calmed", "zbar"),
    Step(1, 360, "steadied14-levelled", "zbar"),
    Step(2, 360, "levelled", "zxing"),
    Step(1, 640, "refocused4", "zxing"),
    Step(3, 480, "levelled", "zbar"),
    Step(1, 760, "levelled", "zbar"),
    Step(1, 640, "refocused7-levelled", "zbar"),
    Step(1, 760, "smoothed", "zbar"),
    Step(1, 360, "levelled", "zbar"),
    Step(1, 480, "darkened", "zbar"),
    Step(1, 360, "steadied11", "zxing"),
    Step(2, 600, "levelled", "zxing"),
    Step(1, 640, "refocused4-levelled", "zbar"),
)
