"""Reading what CUPS and printers answer: the binary coding of IPP (RFC 8010, section 3).

pycups writes our requests, but does not read the answers: up to 2.0.4 it never frees an attribute that it has shown,
and a kiosk asks after its printer every other second for months.
"""

from collections.abc import Mapping
from enum import IntEnum
from io import BytesIO

Value = int | str

_END_OF_ATTRIBUTES = 0x03
_FIRST_VALUE_TAG = 0x10
_LAST_VERSION = 2


class _Tag(IntEnum):
    """Value tags that are not plain text (RFC 8010, section 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37


_TEXTS = range(0x41, 0x4A)
"""text, name, keyword, uri, uriScheme, charset, naturalLanguage, mimeMediaType."""


class NotIpp(ValueError):
    """The bytes are no answer in IPP."""


def decode(data: bytes) -> tuple[int, Mapping[str, list[Value]]]:
    """The status code and the attributes of an answer; where it tells of several jobs, their values stand one behind
    the other. Numbers and words are shown, the contents of collections are not. Raises NotIpp."""
    stream = BytesIO(data)
    if not 1 <= _exactly(stream, 2)[0] <= _LAST_VERSION:
        raise NotIpp("no such version")
    status = int.from_bytes(_exactly(stream, 2))
    _exactly(stream, 4)  # the request's number
    attributes: dict[str, list[Value]] = {}
    values: list[Value] | None = None
    depth = 0  # of collections
    while (tag := _exactly(stream, 1)[0]) != _END_OF_ATTRIBUTES:
        if tag < _FIRST_VALUE_TAG:  # a group begins
            values = None
            continue
        name, content = _counted(stream), _counted(stream)
        if name:
            values = attributes.setdefault(_text(name), [])
        elif values is None:
            raise NotIpp("a further value of nothing")
        if tag in (_Tag.BEGIN_COLLECTION, _Tag.END_COLLECTION):
            depth += 1 if tag == _Tag.BEGIN_COLLECTION else -1
        elif depth == 0:
            values.extend(_values(tag, content))
    return status, attributes


def _values(tag: int, content: bytes) -> list[Value]:
    """The value, or nothing for a kind that nobody here asks for."""
    match tag:
        case _Tag.INTEGER | _Tag.ENUM if len(content) == 4:
            return [int.from_bytes(content, signed=True)]
        case _Tag.BOOLEAN if len(content) == 1:
            return [bool(content[0])]
        case _Tag.INTEGER | _Tag.ENUM | _Tag.BOOLEAN:
            raise NotIpp("a number of the wrong length")
        case _Tag.TEXT_WITH_LANGUAGE | _Tag.NAME_WITH_LANGUAGE:
            parts = BytesIO(content)
            _counted(parts)  # the language
            return [_text(_counted(parts))]
        case _ if tag in _TEXTS:
            return [_text(content)]
        case _:
            return []


def _counted(stream: BytesIO) -> bytes:
    return _exactly(stream, int.from_bytes(_exactly(stream, 2)))


def _exactly(stream: BytesIO, size: int) -> bytes:
    if len(part := stream.read(size)) < size:
        raise NotIpp("cut short")
    return part


def _text(content: bytes) -> str:
    return content.decode(errors="replace")
