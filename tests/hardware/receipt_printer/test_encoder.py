import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zxingcpp import read_barcode

from hardware.receipt_printer.emulator import Feed, Picture, QrSymbol, TextLine, read_all
from hardware.receipt_printer.encoder import Model, _picture, encode
from hardware.receipt_printer.fonts import drawable
from hardware.receipt_printer.raster import Bitmap
from hardware.receipt_printer.receipt import Align, Columns, Emphasis, QrCode, Receipt, Row, Rule, Text, Title
from hardware.receipt_printer.slip import Slip
from tests.hardware.receipt_printer.support import characters, output, slip

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=16)
COMMON_TEXT = st.text(
    alphabet=st.characters(
        codec="gb2312", exclude_categories=["Cc", "Zs", "Zl", "Zp"], exclude_characters="‘’“”"
    ),
    max_size=40,
)
"""Without quotation marks: those at a Latin word are typed ones on paper, which test_cells.py has."""

RARE = "𬭚𠮷㛃㐂㑇㘎㙍㛹㟃㤘㧐㬊㰀㳘㸆㺄㽏䃅䌹䎃䏝䓖䓛䓨䗖䜣䝙䢺䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙"
RARE_TEXT = st.text(alphabet=st.sampled_from(RARE), min_size=1, max_size=10)


def expected(text: str) -> str:
    """What must be on paper for `text`, said without the product's own words for it."""
    out = ""
    for character in text.translate(str.maketrans("¥•−", "￥·-")):
        category = unicodedata.category(character)
        if category in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            continue
        wide = character.isascii() or (category not in ("Cs", "Co") and len(character.encode("gb18030")) == 2)
        shown = category not in ("Cs", "Co", "Cn") and (wide or drawable(character))
        out += character if shown else f"[U+{ord(character):04X}]"
    return out


@settings(deadline=None)
@given(COMMON_TEXT, COMMON_TEXT, st.sampled_from(Emphasis), st.sampled_from([80, 58]), st.booleans())
def test_any_text_is_read_back_from_the_bytes(
    label: str, value: str, emphasis: Emphasis, width_mm: int, large: bool
) -> None:
    blocks = (Title(label), Text(value, emphasis=emphasis), Row(label, value, emphasis))
    events = output(Receipt(blocks, large), Model(width_mm))
    assert Counter(characters(events)) == Counter(expected(label + value + label + value))
    assert not any(isinstance(event, TextLine) and event.overflowed for event in events)


@settings(max_examples=40, deadline=None)  # each new character costs a look at the fonts
@given(ANY_TEXT, st.sampled_from([80, 58]), st.sampled_from(["gb18030", "gb2312", "none"]))
def test_whatever_the_text_the_bytes_hold_only_commands_of_ours(
    text: str, width_mm: int, chinese: str
) -> None:
    model = Model(width_mm, chinese)  # type: ignore[arg-type]
    table = Columns((text,), ((text,),), (Align.RIGHT,))
    receipt = Receipt((Title(text), Text(text), Row(text, text), table, Rule()))
    events = output(receipt, model)  # strict: an unknown byte or a torn command raises
    assert not any(isinstance(event, TextLine) and event.overflowed for event in events)


@settings(max_examples=25, deadline=None)
@given(RARE_TEXT, COMMON_TEXT)
def test_rare_names_are_read_back_from_their_dots(name: str, rest: str) -> None:
    text = slip(Text(name + rest)).text
    read = "".join(text.split("=" * 8)[0].split())
    assert read[: len(name)] == name
    assert "〓" not in read


@pytest.mark.parametrize(
    "name", ["䶮", "𬭚", "𠮷", "㛃", "阿卜杜拉·买买提", "Bartholomew Featherstonehaugh-Cholmondeley"]
)
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width_mm", [80, 58])
def test_names_come_out_whole(name: str, large: bool, width_mm: int) -> None:
    text = slip(Row("姓名", name), model=Model(width_mm), large=large).text
    assert "".join(name.split()) in "".join(text.split())


def test_a_line_is_a_picture_only_when_it_must_be() -> None:
    events = output(Receipt((Text("䶮龑￥·"), Text("𬭚"), Text("abc"))))
    kinds = [type(event) for event in events if isinstance(event, TextLine | Picture)]
    assert kinds == [TextLine, Picture, TextLine]


def test_a_printer_without_a_chinese_font_gets_pictures() -> None:
    events = output(Receipt((Text("余额"), Text("1.00"), Rule())), Model(chinese="none"))
    assert [type(event) for event in events if not isinstance(event, Feed)][:3] == [
        Picture,
        TextLine,
        TextLine,
    ]
    assert Slip(tuple(events), 576).text.startswith("余额\n")


def test_a_small_chinese_font_is_not_asked_for_what_it_lacks() -> None:
    events = output(Receipt((Text("余额"), Text("䶮"), Text("镕"))), Model(chinese="gb2312"))
    kinds = [type(event) for event in events if isinstance(event, TextLine | Picture)]
    assert kinds == [TextLine, Picture, Picture]


def test_a_character_that_no_font_has_is_spelled() -> None:
    missing = next(chr(point) for point in range(0x31350, 0x323B0) if not drawable(chr(point)))
    assert f"[U+{ord(missing):04X}]" in slip(Text(missing)).text


@given(st.binary(min_size=1, max_size=4000))
def test_no_picture_spells_a_real_time_command(dots: bytes) -> None:
    width = 8
    rows = len(dots) // width
    if rows:
        sent = _picture(Bitmap(width, rows, dots[: rows * width]))
        assert not re.search(rb"\x10[\x04\x05\x14]", sent)


def test_dots_that_spell_a_status_request_cost_one_dot() -> None:
    (event,) = read_all(_picture(Bitmap(3, 1, b"\x10\x04\x01")))
    assert isinstance(event, Picture)
    assert event.rows == b"\x18\x04\x01"


def test_text_cannot_smuggle_commands() -> None:
    plain = encode(Receipt((Text("ab"),)), Model()).pieces
    assert encode(Receipt((Text("a\x1b\x10\x1d\x1cb"),)), Model()).pieces == plain


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("width_mm", [80, 58])
def test_a_qr_code_fits_the_paper(native: bool, width_mm: int) -> None:
    model = Model(width_mm, native_qr=native)
    data = "HTTPS://GJJ.EXAMPLE/V/" + "0123456789ABCDEF" * 16
    events = output(Receipt((QrCode(data, module_mm=2.0),)), model)
    codes = [event for event in events if isinstance(event, QrSymbol | Picture)]
    assert {isinstance(code, QrSymbol) for code in codes} == {native}
    assert read_barcode(Slip(tuple(events), model.dots).image()).text == data


def test_a_qr_code_that_is_not_plain_text_is_drawn() -> None:
    events = output(Receipt((QrCode("余额\x1b@"),)))
    assert any(isinstance(event, Picture) for event in events)


def test_too_much_for_a_qr_code_is_an_error_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="too much"):
        encode(Receipt((QrCode("x" * 4000),)), Model())


def test_a_style_never_leaks_into_the_next_line() -> None:
    events = output(Receipt((Title("题"), Text("a"), Row("b", "c", Emphasis.LARGE), Text("d"))))
    glyphs = {g.character: g for e in events if isinstance(e, TextLine) for g in e.glyphs}
    assert (glyphs["题"].width, glyphs["题"].height, glyphs["题"].bold) == (48, 48, True)
    assert (glyphs["c"].width, glyphs["c"].height, glyphs["c"].bold) == (24, 48, True)
    for plain in "abd":
        assert (glyphs[plain].width, glyphs[plain].height, glyphs[plain].bold) == (12, 24, False)


def test_a_head_of_another_width() -> None:
    events = output(Receipt((Row("a" * 30, "1" * 30),)), Model(head_dots=512))
    assert max(g.x + g.width for e in events if isinstance(e, TextLine) for g in e.glyphs) <= 512


def test_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="not known"):
        Model(width_mm=60)


def test_the_job_tells_its_length() -> None:
    short, long = (encode(Receipt((Text("a"),) * n), Model()).length_mm for n in (1, 11))
    assert long - short == pytest.approx(10 * 30 / 8)
