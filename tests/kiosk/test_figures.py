"""Figures in texts, as they are read."""

import tomllib
from pathlib import Path

import pytest

from kiosk.figures import in_words
from kiosk.messages import LANGUAGES, known, msg, speech, texts
from kiosk.values import Bilingual, Count, Name

SERVICES = Path(__file__).parent.parent.parent / "config" / "services"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("先打 12329 或到窗口", "先打 幺二三二九 或到窗口"),
        ("电话 021-12345678", "电话 零二幺-幺二三四五六七八"),
        ("比例都不低于 5%", "比例都不低于 百分之五"),
        ("年利率 3.1%", "年利率 百分之三点一"),
        ("上浮 1.1 倍", "上浮 一点一 倍"),
        ("2025 年起", "二〇二五 年起"),
        ("3～5个工作日", "三至五个工作日"),
        ("8:30—17:00", "八点三十分至十七点整"),
        ("共 1,234 笔", "共 一千二百三十四 笔"),
        ("A4 纸", "A 四 纸"),
        ("金额 ¥", "金额 元"),
        ("没有数字", "没有数字"),
    ],
)
def test_chinese(text: str, said: str) -> None:
    assert in_words(text, "zh") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call 12329 first", "Call one two three two nine first"),
        ("at least 5% of", "at least five percent of"),
        ("since 2025; we", "since twenty twenty-five; we"),
        ("2000 yuan", "two thousand yuan"),
        ("3-5 days", "three to five days"),
        ("8:30-17:05", "eight thirty to seventeen oh five"),
        ("Amount ¥", "Amount yuan"),
        ("the A4 printer", "the A four printer"),
        ("credited on 30 June", "credited on the thirtieth of June"),
    ],
)
def test_english(text: str, said: str) -> None:
    assert in_words(text, "en") == said


def test_what_data_bring_is_read_as_well() -> None:
    window = Bilingual("3 号窗口", "Window 3")
    assert (speech(window, "zh"), speech(window, "en")) == ("三 号窗口", "Window three")
    for language in LANGUAGES:
        assert speech(Name("示范路 12 号"), language) == "示范路 十二 号"


def strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for one in value.values() for text in strings(one)]
        case list():
            return [text for one in value for text in strings(one)]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_of_the_catalogues_and_guides_is_left_to_the_engine(language: str) -> None:
    guides = [
        text for path in SERVICES.glob("*.toml") for text in strings(tomllib.loads(path.read_text("utf-8")))
    ]
    for text in (*texts(language).values(), *guides):  # type: ignore[arg-type]
        said = in_words(text, language)  # type: ignore[arg-type]
        assert not any(char in "0123456789%¥" for char in said), said


def test_a_sign_is_said_in_words() -> None:
    step = msg("screen.step", number=Count(2), of=Count(4))
    assert (speech(step, "zh"), speech(step, "en")) == ("第二步，共四步", "Step two of four")
    spoken = [key for key in texts("zh") if key.startswith("spoken.")]
    assert spoken and all(known(key.removeprefix("spoken.")) for key in spoken)
