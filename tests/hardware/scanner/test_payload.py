"""Bytes to text, and what may leave the scanner."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.device import Fault
from hardware.scanner.interface import PAYLOAD_LIMIT_BYTES, Decoded, ScanFault, admit
from hardware.scanner.payload import text_of


@pytest.mark.parametrize(
    "text",
    [
        "hello", "Jürgen Müller", "Élodie", "Łukasz", "Ελένη", "Иван", "住房公积金", "こんにちは", "안녕하세요",
        "مرحبا", "สวัสดี", "😀", "€ 25", "赵䶮", "",
    ],
)  # fmt: skip
def test_utf_8_needs_no_marker(text: str) -> None:
    assert text_of(text.encode()) == text


@pytest.mark.parametrize(
    "text", ["张三", "住房公积金中心 张三", "ABC张", "赵䶮", "李喆 12", "“凭证号”：0042", "㐂㛃"]
)
def test_gb18030_is_the_legacy_set_of_this_country(text: str) -> None:
    assert text_of(text.encode("gb18030")) == text


@pytest.mark.parametrize("text", ["今度のバージョン", "*ﾃﾞｻﾞｲﾝQR*", "カタカナ", "試験です"])
def test_japanese_is_not_read_as_chinese(text: str) -> None:
    assert text_of(text.encode("shift_jis")) == text


@pytest.mark.parametrize("text", ["Jürgen Müller", "Élodie", "señor", "café"])
def test_accents_are_not_read_as_chinese(text: str) -> None:
    assert text_of(text.encode("iso-8859-1")) == text


def test_a_byte_order_mark_is_no_text() -> None:
    assert text_of(b"\xef\xbb\xbfhello") == "hello"


@given(st.binary(max_size=3000))
def test_any_bytes_give_some_text_and_no_exception(raw: bytes) -> None:
    assert isinstance(text_of(raw), str)


@given(st.text(max_size=800))
def test_what_is_admitted_is_short_and_printable(text: str) -> None:
    match admit(text):
        case Decoded(admitted):
            assert admitted == text.strip()
            assert len(admitted.encode()) <= PAYLOAD_LIMIT_BYTES
            blanks_apart = "".join(char for char in admitted if unicodedata.category(char) != "Zs")
            assert blanks_apart.isprintable() or {"Zl", "Zp"} & {
                unicodedata.category(c) for c in blanks_apart
            }
        case ScanFault(fault):
            assert fault in (Fault.CODE_TOO_LONG, Fault.CODE_NOT_TEXT)
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(
    "text", ["", " \r\n", "a\x00b", "a\x1bb", "two\nlines", "\u202eabc", "\ud800", "\ue000"]
)
def test_blanks_controls_and_overrides_are_refused(text: str) -> None:
    assert admit(text) == ScanFault(Fault.CODE_NOT_TEXT)


def test_the_limit_counts_bytes_not_characters() -> None:
    fits = "公" * (PAYLOAD_LIMIT_BYTES // 3)
    assert admit(fits + "\r\n") == Decoded(fits)
    assert admit(fits + "公") == ScanFault(Fault.CODE_TOO_LONG)


def test_the_text_does_not_show_in_a_log() -> None:
    assert "secret" not in repr(Decoded("secret"))
