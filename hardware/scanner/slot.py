"""The one picture that the capturing and the decoding process share, in memory that has no name."""

import mmap
import os

import numpy as np

from hardware.scanner.found import Picture

MOST_PIXELS = 1920 * 1080


class Slot:
    """Room for one grey picture of up to MOST_PIXELS. Its size travels beside it, in the JSON lines."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, MOST_PIXELS)

    @staticmethod
    def new() -> "Slot":
        """Make the memory; `descriptor` is what a child inherits."""
        descriptor = os.memfd_create("picture")
        os.ftruncate(descriptor, MOST_PIXELS)
        return Slot(descriptor)

    def put(self, picture: Picture) -> None:
        """Replace the picture."""
        np.frombuffer(self._memory, np.uint8, picture.size)[:] = picture.ravel()

    def get(self, width: int, height: int) -> Picture:
        """A copy of the picture, which is `height` rows of `width`. Raises ValueError when it cannot be."""
        if width < 1 or height < 1 or width * height > MOST_PIXELS:
            raise ValueError("no such picture")
        return np.frombuffer(self._memory, np.uint8, width * height).reshape(height, width).copy()

    def wipe(self) -> None:
        """Forget the picture: a face may be on it."""
        self._memory[:] = bytes(MOST_PIXELS)

    def close(self) -> None:
        """Give the memory back. May be called twice."""
        if not self._memory.closed:
            self._memory.close()
            os.close(self.descriptor)
