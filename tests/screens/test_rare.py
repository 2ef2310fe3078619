"""Rare characters of names, of every extension: drawn or shown as their code; on paper and in the ear too."""

import pytest

from hardware.receipt_printer.cells import clean
from hardware.receipt_printer.fonts import drawable
from kiosk.documents.a4.fonts import legible
from kiosk.messages import LANGUAGES
from kiosk.values import Name
from screens import fonts, glyphs, typeset

EM = 33

SAMPLES = {
    "A": "䶮", "B": "𠮷", "C": "\U0002a7dd", "D": "\U0002b7f7", "E": "\U0002ce23", "F": "\U0002ceb1",
    "G": "\U00030001", "H": "\U00031351", "I": "\U0002ebf0",
}  # fmt: skip
ABSENT = "\U0001fffd"
"""No font has it."""


@pytest.mark.parametrize("extension", SAMPLES)
@pytest.mark.parametrize("bold", [False, True])
def test_a_rare_character_is_drawn_or_shown_as_its_code(extension: str, bold: bool) -> None:
    character = SAMPLES[extension]
    told: list[str] = []
    glyphs.on_missing(told.append)
    glyphs.forget()
    picture = glyphs.glyph(character, EM, bold)
    face = fonts.face_for(character, bold)
    sign = glyphs._picture(fonts.chain(bold)[0], fonts.NOT_A_CHARACTER, EM)
    if face is None:
        code = f"U+{ord(character):X}"
        assert told == [code], "it is noted once, by its code"
        assert picture.mask.tobytes() == glyphs.glyph(code, EM, bold).mask.tobytes()
    else:
        assert told == []
        assert picture.advance == pytest.approx(EM, abs=EM // 5), "as wide as any other Hanzi"
    assert picture.mask.any()
    assert picture.mask.tobytes() != sign.mask.tobytes()
    glyphs.forget()


def test_a_character_that_nobody_has_is_shown_as_its_code_once_a_visit() -> None:
    told: list[str] = []
    glyphs.on_missing(told.append)
    glyphs.forget()
    for em in (20, 40):
        glyphs.glyph(ABSENT, em, False)
    assert told == ["U+1FFFD"]
    assert typeset.natural_width(ABSENT, EM, False) == typeset.natural_width("U+1FFFD", EM, False)
    glyphs.forget()


@pytest.mark.parametrize("extension", SAMPLES)
def test_on_a_sheet_it_stands_or_is_spelled(extension: str) -> None:
    character = SAMPLES[extension]
    assert legible(f"王{character}") in (f"王{character}", f"王[U+{ord(character):04X}]")


@pytest.mark.parametrize("extension", SAMPLES)
def test_whatever_is_drawn_on_the_screen_stands_on_the_sheet(extension: str) -> None:
    character = SAMPLES[extension]
    if fonts.face_for(character, False):
        assert legible(f"王{character}") == f"王{character}"


UNSEEN = ("\u200d", "\u202e", "\x07", "\u2028", "\ufe0f", "\U000e0100")
"""Joiner, override, bell, line end, variation selectors: fonts for scholars draw a box with the name."""


@pytest.mark.parametrize("character", UNSEEN)
def test_what_is_not_there_to_be_seen_is_no_box(character: str) -> None:
    glyphs.forget()
    assert (
        glyphs.glyph(f"王{character}小", EM, False).mask.tobytes()
        == glyphs.glyph("王小", EM, False).mask.tobytes()
    )
    assert not glyphs.glyph(character, EM, False).mask.any()
    assert glyphs.advance(character, EM, False) == 0
    for paper in (clean(f"王{character}小", drawable), legible(f"王{character}小")):
        assert paper.replace(" ", "") == "王小"
    glyphs.forget()


PRIVATE = "\ue000"
"""BabelStone Han has a sign of its own there, the sender had another one."""


def test_what_only_its_sender_understands_is_shown_as_its_code() -> None:
    glyphs.forget()
    assert typeset.natural_width(PRIVATE, EM, False) == typeset.natural_width("U+E000", EM, False)
    assert legible(PRIVATE) == clean(PRIVATE, drawable) == "[U+E000]"
    for language, said in (("zh", "王生僻字"), ("en", "王 rare character ")):
        assert Name(f"王{PRIVATE}").spoken(language) == said  # type: ignore[arg-type]
    glyphs.forget()


@pytest.mark.parametrize("extension", SAMPLES)
def test_on_a_slip_it_stands_or_is_spelled(extension: str) -> None:
    character = SAMPLES[extension]
    printed = clean(f"王{character}", drawable)
    assert printed == (f"王{character}" if drawable(character) else f"王[U+{ord(character):04X}]")


@pytest.mark.parametrize("extension", SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_says_that_it_is_rare(extension: str, language: str) -> None:
    said = Name(f"王{SAMPLES[extension]}").spoken(language)  # type: ignore[arg-type]
    assert SAMPLES[extension] not in said
    assert ("生僻字" if language == "zh" else "rare character") in said
    assert said.startswith("王")
