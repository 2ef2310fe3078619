"""The short sounds of the glass: a touch, a mistake, something done, a warning. They are made, not recorded."""

import io
import wave
from collections.abc import Mapping
from functools import cache

import numpy as np

from hardware.speaker.interface import Cue

SAMPLES_PER_S = 22050
FADE_S = 0.006
"""In and out: a tone that begins at full strength clicks."""

LOUDEST = 32767

NOTES: Mapping[Cue, tuple[tuple[float, float], ...]] = {
    "press": ((1200.0, 0.04),),
    "wrong": ((330.0, 0.09), (262.0, 0.12)),
    "done": ((880.0, 0.08), (1319.0, 0.12)),
    "warn": ((660.0, 0.12), (0.0, 0.08), (660.0, 0.12)),
}
"""Hz and seconds, one note after the other; 0 Hz is a rest. Told apart by their number and rise, not by pitch alone."""


@cache
def wav(cue: Cue, volume: int) -> bytes:
    """A cue as a WAV file, at `volume` per cent of the loudest."""
    samples = np.concatenate([_note(hz, seconds) for hz, seconds in NOTES[cue]]) * LOUDEST * volume / 100
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_PER_S)
        file.writeframes(samples.astype("<i2").tobytes())
    return made.getvalue()


def _note(hz: float, seconds: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    at = np.arange(round(seconds * SAMPLES_PER_S)) / SAMPLES_PER_S
    edge = np.minimum(at, seconds - at) / FADE_S
    return np.asarray(np.sin(2 * np.pi * hz * at) * np.minimum(1.0, edge))
