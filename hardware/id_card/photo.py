"""The portrait in an ID card's chip is WLT, a closed coding: a program of the reader's maker decodes it.

Such decoders are closed libraries that may crash, so the program runs as a process of its own. It is given
the 1024 bytes on its standard input and writes a picture to its standard output. Without one the kiosk shows
no portrait.
"""

import subprocess
from collections.abc import Sequence

DECODE_TIMEOUT_S = 2.0
MAX_PICTURE_BYTES = 1 << 20
"""The usual picture is a bitmap of 102 x 126 pixels, 38,862 bytes."""


def decode_photo(
    program: Sequence[str], photo_wlt: bytes, timeout_s: float = DECODE_TIMEOUT_S
) -> bytes | None:
    """The picture that `program` makes of a portrait, or None when it fails, hangs, or answers too much."""
    try:
        done = subprocess.run(
            program,
            input=photo_wlt,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if 0 < len(done.stdout) <= MAX_PICTURE_BYTES else None
