"""What the Mandarin voice says: by its phonemes, against those of the same written in pinyin."""

import re
import subprocess

import pytest

from hardware.speaker.espeak import VOICES, render
from hardware.speaker.interface import Speech
from hardware.speaker.readings import as_read, foreign, runs


def phonemes(text: str) -> str:
    """Without tones and stress: a tone changes with its neighbours, which pinyin shows otherwise."""
    said = subprocess.run(
        ["espeak-ng", "-v", VOICES["zh"], "-q", "-x", "--stdin"],
        input=text, capture_output=True, text=True, check=True, timeout=10,
    ).stdout  # fmt: skip
    return re.sub(r"[\d',_|!;:\s-]", "", said)


@pytest.mark.parametrize(
    ("hanzi", "pinyin"),
    [
        ("银行卡", "yin2 hang2 ka3"),
        ("公积金贷款", "gong1 ji1 jin1 dai4 kuan3"),
        ("提前还款", "ti2 qian2 huan2 kuan3"),
        ("全部还清", "quan2 bu4 huan2 qing1"),
        ("您还在吗", "nin2 hai2 zai4 ma5"),
        ("没有还没还清的", "mei2 you3 hai2 mei2 huan2 qing1 de5"),
        ("还可以再试", "hai2 ke3 yi3 zai4 shi4"),
        ("请重新输入", "qing3 chong2 xin1 shu1 ru4"),
        ("重大疾病", "zhong4 da4 ji2 bing4"),
        ("异地转入", "yi4 di4 zhuan3 ru4"),
        ("调整", "tiao2 zheng3"),
        ("办不了", "ban4 bu4 liao3"),
    ],
)
def test_a_character_of_two_readings_is_read_as_people_read_it(hanzi: str, pinyin: str) -> None:
    assert phonemes(as_read(hanzi)) == phonemes(pinyin)


def test_chinese_in_another_language_is_cut_out_for_the_voice_that_can_say_it() -> None:
    assert runs("Hello, 测 hidden") == [("Hello, ", False), ("测", True), (" hidden", False)]
    assert runs("样例机械制造有限公司（一厂）") == [("样例机械制造有限公司（一厂）", True)]
    assert runs("Balance: ...") == [("Balance: ...", False)]
    assert runs("…") == []


def test_what_is_english_on_a_chinese_screen_is_said_in_english() -> None:
    assert foreign("Start in English")
    assert not any(foreign(text) for text in ("开始办理", "A 四 纸", "X", "App 里的码", "一二三"))
    assert render(Speech("Start in English", "zh")) == render(Speech("Start in English", "en"))
