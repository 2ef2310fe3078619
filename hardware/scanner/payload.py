"""From the bytes of a code to text.

A QR code without an ECI marker does not say which character set it holds. Generators on the web write UTF-8;
older Chinese ones write GB18030 (GB2312 and GBK are parts of it); Japanese ones write Shift_JIS, which
ISO/IEC 18004 gave as the first default; European ones ISO 8859-1. UTF-8 cannot be mistaken for the others.
"""

import re

_GB2312 = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
"""Two-byte characters of GB 2312 only: the everyday part of GB18030."""

_VOICED_KANA = re.compile(rb"[\xb3\xb6-\xc4\xca-\xce]\xde|[\xca-\xce]\xdf")
"""A half-width kana that takes a voicing mark, and the mark."""

_LONE_ACCENTS = re.compile(rb"(?:[\x00-\x7f]|(?<![\xc0-\xff])[\xc0-\xff](?=[A-Za-z]|$))*")
"""Accented Latin letters of ISO 8859-1, no two in a row, each before a letter or at the end."""

_KANA = re.compile("[぀-ヿ]")


def text_of(raw: bytes) -> str:
    """The text of a code's bytes; never raises. Bytes of no known character set come back as ISO 8859-1."""
    for encoding in ("utf-8-sig", *_legacy_encodings(raw)):
        text = _decoded(raw, encoding)
        if text is not None:
            return text
    return raw.decode("iso-8859-1")


def _legacy_encodings(raw: bytes) -> tuple[str, ...]:
    """The legacy character sets to try, likeliest first, judged by the shape of the bytes."""
    if _GB2312.fullmatch(raw):
        # Two voiced half-width kana in a row of hanzi would be a rare accident.
        return ("shift_jis", "gb18030") if len(_VOICED_KANA.findall(raw)) >= 2 else ("gb18030",)
    if _LONE_ACCENTS.fullmatch(raw):
        return ("iso-8859-1",)
    return ("shift_jis", "gb18030") if _is_japanese(raw) else ("gb18030", "shift_jis")


def _is_japanese(raw: bytes) -> bool:
    """Shift_JIS with kana, or kanji which, read as GB18030, would hold not one everyday Chinese character."""
    japanese, chinese = _decoded(raw, "shift_jis"), _decoded(raw, "gb18030")
    if japanese is None:
        return False
    if chinese is None or _KANA.search(japanese):
        return True
    return not any(ord(char) > 0x7F and _encodable(char, "gb2312") for char in chinese)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
