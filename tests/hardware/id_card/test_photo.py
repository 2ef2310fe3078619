import sys

from hardware.id_card.photo import decode_photo

ECHO = [sys.executable, "-c", "import sys; sys.stdout.buffer.write(b'BM' + sys.stdin.buffer.read())"]


def test_a_decoder_gets_the_portrait_and_gives_a_picture() -> None:
    assert decode_photo(ECHO, b"wlt") == b"BMwlt"


def test_a_decoder_that_crashes_hangs_or_is_missing_costs_the_portrait_only() -> None:
    assert decode_photo([sys.executable, "-c", "import os; os.abort()"], b"wlt") is None
    assert decode_photo([sys.executable, "-c", "import time; time.sleep(60)"], b"wlt", timeout_s=0.2) is None
    assert decode_photo(["no-such-decoder"], b"wlt") is None
    assert decode_photo([sys.executable, "-c", "print('x' * (2 << 20))"], b"wlt") is None
    assert decode_photo([sys.executable, "-c", ""], b"wlt") is None
