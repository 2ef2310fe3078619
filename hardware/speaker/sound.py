"""Sounds as WAV files in memory: how long one is, how loud, and several as one."""

import io
import wave
from collections.abc import Sequence

import numpy as np

SAMPLE_BYTES = 2


class NotASound(ValueError):
    """It is not a WAV file of 16-bit samples."""


def seconds(sound: bytes) -> float:
    """How long it plays. Raises NotASound."""
    form, frames = _read(sound)
    return float(len(frames) / (SAMPLE_BYTES * form.nchannels * form.framerate))


def at_volume(sound: bytes, volume: int) -> bytes:
    """The same at `volume` per cent of how it was recorded. Raises NotASound."""
    form, frames = _read(sound)
    samples = np.frombuffer(frames, "<i2").astype(np.int32) * volume // 100
    return _written(form, samples.astype("<i2").tobytes())


def joined(sounds: Sequence[bytes]) -> bytes:
    """One after the other, all of the first one's form. Raises NotASound."""
    read = [_read(sound) for sound in sounds]
    form = read[0][0]
    if any(other[:3] != form[:3] for other, _ in read):
        raise NotASound
    return _written(form, b"".join(frames for _, frames in read))


def _read(sound: bytes) -> "tuple[wave._wave_params, bytes]":
    try:
        with wave.open(io.BytesIO(sound)) as file:
            form, frames = file.getparams(), file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotASound from error
    if form.sampwidth != SAMPLE_BYTES or not form.framerate or len(frames) % SAMPLE_BYTES:
        raise NotASound
    return form, frames


def _written(form: "wave._wave_params", frames: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(form.nchannels)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(form.framerate)
        file.writeframes(frames)
    return made.getvalue()
