"""The 256 bytes of text in an ID card's chip: four layouts of UTF-16LE fields, padded with spaces.

Where each field stands is from GA 490 / GA/T 1011 as public readers implement them, and from the 2023 rules
for foreigners' cards. Building is the exact inverse of reading, for simulated cards.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from hardware.id_card.interface import CardKind, IdCard

TEXT_BYTES = 256
PHOTO_BYTES = 1024
LONG_TERM = "长期"

_Layout = Mapping[str, tuple[int, int]]

_COMMON: _Layout = {
    "name": (0, 30), "sex": (30, 32), "birth": (36, 52), "address": (52, 122), "id_number": (122, 158),
    "issuer": (158, 188), "valid_from": (188, 204), "valid_until": (204, 220),
}  # fmt: skip

LAYOUTS: Mapping[CardKind, _Layout] = {
    CardKind.RESIDENT: {**_COMMON, "nation": (32, 36)},
    CardKind.HMT_PERMIT: {**_COMMON, "pass_number": (220, 238), "issue_count": (238, 242)},
    CardKind.FOREIGNER_2017: {
        "name": (0, 120), "sex": (120, 122), "id_number": (122, 152), "country": (152, 158),
        "chinese_name": (158, 188), "valid_from": (188, 204), "valid_until": (204, 220), "birth": (220, 236),
        "version": (236, 240), "authority": (240, 248),
    },
    CardKind.FOREIGNER_2023: {
        "chinese_name": (0, 30), "sex": (30, 32), "renewals": (32, 36), "birth": (36, 52), "name": (52, 122),
        "id_number": (122, 158), "valid_from": (188, 204), "valid_until": (204, 220), "name_rest": (220, 242),
        "country": (242, 248), "old_number": (250, 256),
    },
}  # fmt: skip
"""Field name -> first byte and the byte after the last, for each kind of card."""

_KIND_MARK = (248, 250)
KIND_MARKS: Mapping[CardKind, str] = {
    CardKind.RESIDENT: " ",
    CardKind.FOREIGNER_2017: "I",
    CardKind.HMT_PERMIT: "J",
    CardKind.FOREIGNER_2023: "Y",
}
_KINDS = {mark: kind for kind, mark in KIND_MARKS.items()}

_NUMBER_SHAPES: Mapping[CardKind, re.Pattern[str]] = {
    CardKind.RESIDENT: re.compile(r"[0-9]{17}[0-9X]"),
    CardKind.HMT_PERMIT: re.compile(r"8[0-9]{16}[0-9X]"),
    CardKind.FOREIGNER_2017: re.compile(r"[A-Z]{3}[0-9]{12}"),
    CardKind.FOREIGNER_2023: re.compile(r"9[0-9]{16}[0-9X]"),
}


_NOT_IN_NAMES = ("Cc", "Zl", "Zp")
"""Control characters and line ends. Code points that Unicode gained since are names too: Cn stays allowed."""


class BadText(ValueError):
    """The block is no ID card's text. The message names the field, never what stands in it."""


def kind_of(block: bytes) -> CardKind:
    """Which of the four layouts a block has. Raises BadText."""
    if len(block) != TEXT_BYTES:
        raise BadText("length")
    try:
        return _KINDS[block[slice(*_KIND_MARK)].decode("utf-16-le", "replace")]
    except KeyError:
        raise BadText("kind") from None


def fields_of(block: bytes) -> dict[str, str]:
    """Every field of a block by name, unpadded. Half a surrogate pair becomes U+FFFD. Raises BadText."""
    layout = LAYOUTS[kind_of(block)]
    # Some chips pad with U+0000.
    return {
        name: block[start:end].decode("utf-16-le", "replace").strip(" \0")
        for name, (start, end) in layout.items()
    }


def parse(block: bytes, photo: bytes) -> IdCard:
    """The card that a text block describes; of the portrait only its length is looked at. Raises BadText."""
    kind, fields = kind_of(block), fields_of(block)
    name = fields["name"] + fields.get("name_rest", "")
    if not name or any(unicodedata.category(character) in _NOT_IN_NAMES for character in name):
        raise BadText("name")
    if not _NUMBER_SHAPES[kind].fullmatch(fields["id_number"]):
        raise BadText("id_number")
    if len(photo) != PHOTO_BYTES:
        raise BadText("photo")
    return IdCard(kind, name, fields["id_number"], _last_day(fields["valid_until"]), _intact(name))


def build(kind: CardKind, fields: Mapping[str, str]) -> bytes:
    """The block that `fields_of` reads back as `fields`. Raises BadText for a field that does not fit."""
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    block[slice(*_KIND_MARK)] = KIND_MARKS[kind].encode("utf-16-le")
    for name, text in fields.items():
        start, end = LAYOUTS[kind][name]
        data = text.encode("utf-16-le")
        if len(data) > end - start:
            raise BadText(name)
        block[start : start + len(data)] = data
    return bytes(block)


def _intact(name: str) -> bool:
    return not any(char == "\ufffd" or unicodedata.category(char) == "Co" for char in name)


def _last_day(text: str) -> date | None:
    if text == LONG_TERM:
        return None
    if not re.fullmatch(r"[0-9]{8}", text):
        raise BadText("valid_until")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise BadText("valid_until") from None
