"""BER-TLV as EMV uses it (EMV Book 3, annex B): reading and building, with bounds on everything."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DEPTH = 8


class BadTlv(ValueError):
    """Bytes that are no TLV. The message never holds any of them."""


@dataclass(frozen=True)
class Tlv:
    """One object; `tag` as in the tables of EMV (0x9F38). What it holds may be a person's."""

    tag: int
    value: bytes = field(repr=False)

    @property
    def constructed(self) -> bool:
        """Whether the value is made of objects again."""
        first = self.tag >> (8 * ((self.tag.bit_length() - 1) // 8))
        return bool(first & 0x20)


def parse(data: bytes) -> list[Tlv]:
    """The objects that stand side by side in `data`. Raises BadTlv."""
    found = []
    at = 0
    while at < len(data):
        if data[at] in (0x00, 0xFF):  # padding between objects
            at += 1
            continue
        tag, at = _tag(data, at)
        length, at = _length(data, at)
        if at + length > len(data):
            raise BadTlv("cut short")
        found.append(Tlv(tag, data[at : at + length]))
        at += length
    return found


def walk(data: bytes, depth: int = 0) -> Iterator[Tlv]:
    """All objects of `data`, outer before inner. Raises BadTlv."""
    if depth > MAX_DEPTH:
        raise BadTlv("too deep")
    for item in parse(data):
        yield item
        if item.constructed:
            yield from walk(item.value, depth + 1)


def find(data: bytes, tag: int) -> bytes | None:
    """The value of the first object with `tag` at any depth. Raises BadTlv."""
    return next((item.value for item in walk(data) if item.tag == tag), None)


def tags_and_lengths(data: bytes) -> list[tuple[int, int]]:
    """A data object list (DOL): what a card wants to be told, tag by tag with its length. Raises BadTlv."""
    wanted = []
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        if at >= len(data):
            raise BadTlv("no length")
        wanted.append((tag, data[at]))
        at += 1
    return wanted


def build(tag: int, *values: bytes) -> bytes:
    """The object with `tag` and the joined `values`."""
    value = b"".join(values)
    if len(value) < 0x80:
        length = bytes([len(value)])
    else:
        size = (len(value).bit_length() + 7) // 8
        length = bytes([0x80 | size]) + len(value).to_bytes(size, "big")
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + length + value


def _tag(data: bytes, at: int) -> tuple[int, int]:
    tag = data[at]
    at += 1
    if tag & 0x1F != 0x1F:
        return tag, at
    if at >= len(data):
        raise BadTlv("half a tag")
    if data[at] & 0x80:
        raise BadTlv("tag of three bytes")  # EMV has none
    return tag << 8 | data[at], at + 1


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise BadTlv("no length")
    length = data[at]
    at += 1
    if length < 0x80:
        return length, at
    size = length & 0x7F
    if size not in (1, 2) or at + size > len(data):
        raise BadTlv("length")
    return int.from_bytes(data[at : at + size], "big"), at + size
