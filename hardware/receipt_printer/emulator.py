"""A strict reader of ESC/POS: what a printer would put on paper for these bytes, one command at a time.

Independent of the encoder on purpose: it knows the commands from the printer's side only, and takes every
byte that no command explains as an error, with its offset. Text is kept as characters with their place in
dots.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass

NARROW_DOTS, WIDE_DOTS, TALL_DOTS = 12, 24, 24
DEFAULT_SPACING_DOTS = 30
KNIFE_DOTS = 96
"""Paper between the head and the knife: GS V 65 and 66 feed it first."""


class StrictError(Exception):
    """A byte that no command explains. `offset` counts from the first byte that the reader was given."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"byte {offset}: {why}")
        self.offset = offset


@dataclass(frozen=True)
class Glyph:
    """One character on paper: `x` and the size in dots."""

    character: str
    x: int
    width: int
    height: int
    bold: bool


@dataclass(frozen=True)
class TextLine:
    """A printed line and the paper it takes. `overflowed` when it had to go on from a line that was full."""

    glyphs: tuple[Glyph, ...]
    feed: int
    overflowed: bool = False


@dataclass(frozen=True)
class Picture:
    """Dots at `x`; rows of whole bytes, 1 is black."""

    x: int
    width_bytes: int
    height: int
    rows: bytes


@dataclass(frozen=True)
class QrSymbol:
    """A QR code that the printer draws itself."""

    data: bytes
    module: int
    level: str
    align: int


@dataclass(frozen=True)
class Feed:
    """Blank paper, in dots."""

    dots: int


@dataclass(frozen=True)
class Cut:
    """The knife fell."""

    full: bool


@dataclass(frozen=True)
class SensorRequest:
    """GS r 1: an answer is due now that everything before is done."""


@dataclass(frozen=True)
class NameRequest:
    """GS I 67: the name of the model is due."""


@dataclass(frozen=True)
class Eject:
    """GS e: 2 pulls the paper back, 5 pushes it out."""

    how: int


Event = TextLine | Picture | QrSymbol | Feed | Cut | SensorRequest | NameRequest | Eject


class Reader:
    """Works off a growing buffer command by command; `step` runs one and tells what became of it."""

    def __init__(self, width_dots: int, *, chinese_font: bool = True) -> None:
        self.width_dots = width_dots
        self.chinese_font = chinese_font
        self.offset = 0
        self._store = b""
        self._module, self._level = 3, "L"
        self._reset()

    def _reset(self) -> None:
        """ESC @: every mode as after power-on, and an empty line."""
        self._kanji = True
        self._bold = False
        self._scale = self._kanji_scale = (1, 1)
        self._spacing = DEFAULT_SPACING_DOTS
        self._align = 0
        self.forget_line()

    def forget_line(self) -> None:
        """Drop what has been set but not printed yet."""
        self._glyphs: list[Glyph] = []
        self._x = 0
        self._overflowed = False

    @property
    def line_pending(self) -> bool:
        """Whether characters wait for their line feed."""
        return bool(self._glyphs)

    def step(self, buffer: bytearray) -> list[Event] | None:
        """Take one command or character off `buffer`; None when its end has not arrived yet.

        Raises StrictError for a byte that no command explains; the byte is taken off first.
        """
        taken, events = self._next(bytes(buffer[:16]), buffer)
        if not taken:
            return None
        del buffer[:taken]
        self.offset += taken
        return events

    def _next(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        """How many bytes the next command takes (0: not all there) and what it does."""
        first = head[:1]
        if not first:
            return 0, []
        if first == b"\n":
            return 1, [self._print_line()]
        if first in (b"\x1b", b"\x1c", b"\x1d"):
            return self._command(head, buffer)
        if first[0] < 0x20 or first[0] == 0x7F:
            raise self._strict(buffer, 1, f"control character {first[0]:02X} is no command")
        return self._character(head, buffer)

    def _command(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        match tuple(head[:2]):
            case (0x1B, 0x40):  # ESC @
                self._reset()
                return 2, []
            case (0x1B, 0x4D):  # ESC M n: only the 12 x 24 font
                return self._parameter(head, buffer, {0, 48}, lambda n: None)
            case (0x1B, 0x45):  # ESC E n
                return self._parameter(head, buffer, {0, 1}, lambda n: setattr(self, "_bold", n == 1))
            case (0x1B, 0x61):  # ESC a n
                return self._parameter(head, buffer, {0, 1, 2}, lambda n: setattr(self, "_align", n))
            case (0x1B, 0x33):  # ESC 3 n
                return self._parameter(head, buffer, range(256), lambda n: setattr(self, "_spacing", n))
            case (0x1C, 0x21):  # FS ! n
                scale = {0: (1, 1), 4: (2, 1), 8: (1, 2), 12: (2, 2)}
                return self._parameter(head, buffer, scale, lambda n: setattr(self, "_kanji_scale", scale[n]))
            case (0x1D, 0x21):  # GS ! n
                sizes = {wide << 4 | high for wide in range(8) for high in range(8)}
                return self._parameter(head, buffer, sizes, self._resize)
            case (0x1D, 0x72):  # GS r n
                taken, _ = self._parameter(head, buffer, {1, 49}, lambda n: None)
                return taken, [SensorRequest()] if taken else []
            case (0x1D, 0x49):  # GS I n
                taken, _ = self._parameter(head, buffer, {67}, lambda n: None)
                return taken, [NameRequest()] if taken else []
            case (0x1D, 0x65):  # GS e n
                taken, _ = self._parameter(head, buffer, {2, 5}, lambda n: None)
                return taken, [Eject(head[2])] if taken else []
            case (0x1B, 0x4A):  # ESC J n
                if len(head) < 3:
                    return 0, []
                return 3, [self._print_line(), Feed(head[2])] if self._glyphs else [Feed(head[2])]
            case (0x1C, 0x26) | (0x1C, 0x2E):  # FS &, FS .
                self._kanji = head[1] == 0x26
                return 2, []
            case (0x1B, 0x24):  # ESC $ nL nH
                return self._move(head, buffer)
            case (0x1D, 0x56):  # GS V m n
                return self._cut(head, buffer)
            case (0x1D, 0x76):  # GS v 0
                return self._picture(head, buffer)
            case (0x1D, 0x28):  # GS ( k
                return self._qr(head, buffer)
            case (_,):
                return 0, []
        raise self._strict(buffer, 2, f"{head[:2].hex(' ')} is no command that is known here")

    def _parameter(
        self, head: bytes, buffer: bytearray, legal: Container[int], act: Callable[[int], None]
    ) -> tuple[int, list[Event]]:
        if len(head) < 3:
            return 0, []
        if head[2] not in legal:
            raise self._strict(buffer, 3, f"{head[:3].hex(' ')}: parameter out of range")
        act(head[2])
        return 3, []

    def _resize(self, n: int) -> None:
        self._scale = self._kanji_scale = ((n >> 4) + 1, (n & 7) + 1)

    def _move(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        if len(head) < 4:
            return 0, []
        x = int.from_bytes(head[2:4], "little")
        if x >= self.width_dots:
            raise self._strict(buffer, 4, f"position {x} is off the paper")
        self._x = x
        return 4, []

    def _cut(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        if len(head) < 4:
            return 0, []
        if head[2] not in (65, 66):
            raise self._strict(buffer, 4, "a cut other than GS V 65 or 66")
        if self._glyphs:
            raise self._strict(buffer, 4, "a cut in the middle of a line")
        return 4, [Feed(KNIFE_DOTS + head[3]), Cut(full=head[2] == 65)]

    def _picture(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        if len(head) < 8:
            return 0, []
        width, height = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        if head[2:4] != b"0\x00" or not 0 < width * 8 <= self.width_dots + 7 or not height:
            raise self._strict(buffer, 8, "a picture of an impossible kind or size")
        if self._glyphs:
            raise self._strict(buffer, 8, "a picture in the middle of a line")
        end = 8 + width * height
        if len(buffer) < end:
            return 0, []
        free = self.width_dots - width * 8
        return end, [Picture(free * self._align // 2, width, height, bytes(buffer[8:end]))]

    def _qr(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        if len(head) < 5:
            return 0, []
        if head[2] != 0x6B:
            raise self._strict(buffer, 3, "GS ( of an unknown kind")
        end = 5 + int.from_bytes(head[3:5], "little")
        if len(buffer) < end:
            return 0, []
        body = bytes(buffer[5:end])
        match body[1:2], body[2:]:
            case b"A", b"2\x00":
                pass
            case b"C", bytes(module) if len(module) == 1 and 1 <= module[0] <= 16:
                self._module = module[0]
            case b"E", bytes(level) if len(level) == 1 and level in b"0123":
                self._level = "LMQH"[level[0] - 48]
            case b"P", bytes(data) if data[:1] == b"0" and len(data) > 1:
                self._store = data[1:]
            case b"Q", b"0" if self._store:
                return end, [QrSymbol(self._store, self._module, self._level, self._align)]
            case _:
                raise self._strict(buffer, end, f"GS ( k with {body[:4].hex(' ')}")
        return end, []

    def _character(self, head: bytes, buffer: bytearray) -> tuple[int, list[Event]]:
        if head[0] < 0x80:
            return 1, self._set(head[:1].decode("ascii"), NARROW_DOTS, self._scale)
        if not self._kanji:
            raise self._strict(buffer, 1, f"byte {head[0]:02X} outside Chinese mode")
        if len(head) < 2:
            return 0, []
        try:
            character = head[:2].decode("gb18030")
        except UnicodeDecodeError as error:
            raise self._strict(buffer, 2, f"{head[:2].hex(' ')} is no two-byte character") from error
        return 2, self._set(character if self.chinese_font else "□", WIDE_DOTS, self._kanji_scale)

    def _set(self, character: str, dots: int, scale: tuple[int, int]) -> list[Event]:
        """Put one character on the line; a full line is printed first, as a printer does."""
        events: list[Event] = []
        width = dots * scale[0]
        if self._x + width > self.width_dots:
            events.append(self._print_line())
            self._overflowed = True
        self._glyphs.append(Glyph(character, self._x, width, TALL_DOTS * scale[1], self._bold))
        self._x += width
        return events

    def _print_line(self) -> TextLine:
        shift = (self.width_dots - self._x) * self._align // 2
        glyphs = tuple(Glyph(g.character, g.x + shift, g.width, g.height, g.bold) for g in self._glyphs)
        feed = max([self._spacing, *(glyph.height for glyph in glyphs)])
        line = TextLine(glyphs, feed, self._overflowed)
        self.forget_line()
        return line

    def _strict(self, buffer: bytearray, length: int, why: str) -> StrictError:
        error = StrictError(self.offset, why)
        del buffer[:length]
        self.offset += length
        return error


def read_all(data: bytes, width_dots: int = 576) -> list[Event]:
    """Every event of a complete job. Raises StrictError, also when the job ends within a command or a
    line."""
    reader, buffer, events = Reader(width_dots), bytearray(data), list[Event]()
    while buffer:
        done = reader.step(buffer)
        if done is None:
            raise StrictError(reader.offset, "the job ends in the middle of a command")
        events += done
    if reader.line_pending:
        raise StrictError(reader.offset, "the job ends in the middle of a line")
    return events
