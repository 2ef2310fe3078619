"""The screens' catalogues, the Chinese face, rare characters and line breaking."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PIL import ImageFont

from kiosk.messages import LOCALES, braces
from screens import fonts, glyphs, typeset

SOURCES = Path(fonts.__file__).parent
EM = 33


def catalogue(language: str) -> dict[str, str]:
    with (LOCALES / language / "screens.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def test_both_languages_have_the_same_keys_and_braces() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.keys() == en.keys()
    assert all(zh[key] and en[key] for key in zh)
    assert [key for key in zh if braces(zh[key]) != braces(en[key])] == []


def test_every_key_in_the_code_has_a_text_and_every_text_is_used() -> None:
    source = "\n".join(path.read_text() for path in SOURCES.rglob("*.py"))
    patterns = set(re.findall(r'"(screen\.[a-z{}_.\-]+)"', source)) - {"screen."}
    literal = {pattern for pattern in patterns if "{" not in pattern}
    computed = [
        re.compile(re.sub(r"\\{.*?\\}", "[a-z-]+", re.escape(p).replace(r"\{", r"\{")))
        for p in patterns - literal
    ]
    known = catalogue("zh").keys()
    assert literal <= known
    assert {key for key in known if key not in literal and not any(c.fullmatch(key) for c in computed)} <= {
        "screen.begin-zh-line",
        "screen.begin-en-line",
    }


@pytest.mark.parametrize("character", "骨直角")
def test_hanzi_have_the_simplified_chinese_shape(character: str) -> None:
    face = fonts.chain(False)[0]
    assert ImageFont.truetype(face.path, 48, index=face.index).getname()[0] == "Noto Sans CJK SC"
    japanese = ImageFont.truetype(face.path, 48, index=0)
    assert japanese.getname()[0] == "Noto Sans CJK JP"
    assert bytes(fonts.opened(face, 48).getmask(character)) != bytes(japanese.getmask(character))


@pytest.mark.parametrize("character", "䶮𬭚𠮷龑")
def test_rare_characters_of_names_are_drawn(character: str) -> None:
    face = fonts.face_for(character, False)
    assert face is not None
    sign = fonts.opened(face, 48).getmask(fonts.NOT_A_CHARACTER)
    assert bytes(fonts.opened(face, 48).getmask(character)) != bytes(sign)


def test_a_character_that_no_font_has_is_shown_as_its_code_and_told() -> None:
    nowhere = "\U000e0fff"
    told: list[str] = []
    glyphs.on_missing(told.append)
    glyphs.forget()
    assert glyphs.advance(nowhere, EM, False) == glyphs.advance("U+E0FFF", EM, False)
    assert told == ["U+E0FFF"]


def test_digits_are_as_wide_as_each_other() -> None:
    assert len({glyphs.advance(digit, EM, True) for digit in "0123456789"}) == 1


def shown(text: str, width_em: float) -> list[str]:
    return [line.text for line in typeset.lines(text, EM, False, int(width_em * EM))]


def test_no_line_begins_with_closing_punctuation_or_ends_with_opening() -> None:
    text = "您的账户（尾号一三一九）已经封存，请先到三号窗口办理启封，再来提取。"
    for width in range(5, 20):
        for line in shown(text, width):
            assert line[0] not in "，。）" and line[-1] != "（"


def test_figures_are_never_broken() -> None:
    for width in range(8, 20):
        assert any(
            "12,345,678.90" in line for line in shown("可还一万元至 12,345,678.90 元，请输入。", width)
        )


def test_a_paragraph_does_not_end_in_a_lone_character() -> None:
    text = "工作人员已经收到了通知请您稍候片刻好吗"
    for width in range(6, 18):
        *_, last = typeset.lines(text, EM, False, width * EM)
        assert last.width >= 3 * EM or len(shown(text, width)) == 1


@pytest.mark.parametrize("balanced", [False, True])
def test_a_figure_keeps_its_unit(balanced: bool) -> None:
    text = "减少月供少付 21,830.44 元，缩短年限少付 58,112.90 元，最后一期 2038 年 2 月，第 147 期。"
    for width in range(8, 30):
        found = typeset.lines(text, EM, False, width * EM, balanced)
        assert "".join(line.text for line in found).replace(" ", "") == text.replace(" ", "")
        assert all(line.width <= width * EM for line in found)
        for line in found:
            assert not line.text.startswith(("元", "年 2", "月", "期。")), f"{width}: {line.text}"
            assert line.text[-1] != "第"


def test_a_word_longer_than_the_line_is_cut_rather_than_clipped() -> None:
    found = typeset.lines("KIOSK_DEVICES__RECEIPT_PRINTER__DRIVER", EM, False, 6 * EM)
    assert len(found) > 1 and all(line.width <= 6 * EM for line in found)
    assert "".join(line.text for line in found) == "KIOSK_DEVICES__RECEIPT_PRINTER__DRIVER"
