"""Papers look as they did when they were last looked at: a line that is lost, moved or run into another shows."""

import pytest
from PIL import Image, ImageChops

from tests.kiosk.documents.gallery import GOLDEN, NAMES, golden, picture, small

TILE_PX = 8
TOLERANCE = 24.0
"""Of 255, the mean over a tile: another release of the font's drawing stays below, a missing word does not."""


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much the two differ where they differ most; all there is when they are not even of one size."""
    if one.size != other.size:
        return 255.0
    apart = ImageChops.difference(one.convert("L"), other.convert("L"))
    tiles = apart.reduce(TILE_PX)
    return float(tiles.getextrema()[1])


@pytest.mark.parametrize("name", NAMES)
def test_the_paper_looks_as_it_did(name: str) -> None:
    assert golden(name).exists(), (
        "new: python -m tests.kiosk.documents.gallery draws it; look at it, then commit it"
    )
    assert difference(small(picture(name)), Image.open(golden(name))) <= TOLERANCE


def test_no_picture_is_of_a_paper_that_is_gone() -> None:
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(NAMES)


@pytest.mark.parametrize("name", ["slip-being-processed", "a4-closure-receipt"])
def test_a_lost_word_and_a_moved_line_would_show(name: str) -> None:
    kept = Image.open(golden(name)).convert("L")
    tiles = kept.reduce(TILE_PX)
    across, down = min(((x, y) for x in range(tiles.width) for y in range(tiles.height)), key=tiles.getpixel)
    without = kept.copy()
    without.paste(255, (across * TILE_PX, down * TILE_PX, (across + 2) * TILE_PX, (down + 1) * TILE_PX))
    assert difference(without, kept) > TOLERANCE
    assert difference(ImageChops.offset(kept, 0, 4), kept) > TOLERANCE
    assert difference(kept.resize((kept.width, kept.height + 8)), kept) > TOLERANCE
