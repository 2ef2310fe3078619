from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.receipt_printer.cells import clean
from hardware.receipt_printer.layout import CutHere, Item, Line, RuleLine, Size, lay_out
from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Columns,
    Cut,
    Emphasis,
    QrCode,
    Receipt,
    Row,
    Rule,
    Space,
    Text,
    Title,
)

TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
EMPHASIS = st.sampled_from(Emphasis)
ALIGN = st.sampled_from(Align)


@st.composite
def tables(draw: st.DrawFn) -> Columns:
    count = draw(st.integers(1, 5))
    row = st.tuples(*[TEXT] * count)
    align = draw(st.tuples(*[ALIGN] * count))
    return Columns(draw(row), tuple(draw(st.lists(row, max_size=4))), align)


BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Title, TEXT),
    st.builds(Text, TEXT, ALIGN, EMPHASIS),
    st.builds(Row, TEXT, TEXT, EMPHASIS),
    tables(),
    st.builds(Rule),
    st.builds(Space, st.integers(0, 3)),
    st.builds(Cut),
)
WIDTHS = st.sampled_from([32, 42, 48])


def lines(items: list[Item]) -> list[Line]:
    return [item for item in items if isinstance(item, Line)]


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def texts(block: Block) -> list[str]:
    match block:
        case Title(text) | Text(text):
            return [text]
        case Row(label, value):
            return [label, value]
        case Columns(header, rows):
            return [*header, *(text for row in rows for text in row)]
        case _:
            return []


@given(st.lists(BLOCKS, max_size=5).map(tuple), WIDTHS, st.booleans())
def test_every_line_stays_on_the_paper_and_no_two_texts_touch(
    blocks: tuple[Block, ...], width: int, large: bool
) -> None:
    for line in lines(lay_out(Receipt(blocks, large), width)):
        ends = [span.at + span.width for span in line.spans]
        assert all(end <= width for end in ends)
        assert all(left.at + left.width < right.at for left, right in pairwise(line.spans))


@given(BLOCKS, WIDTHS, st.booleans())
def test_nothing_is_cut_off(block: Block, width: int, large: bool) -> None:
    printed = visible(
        "".join(span.text for line in lines(lay_out(Receipt((block,), large), width)) for span in line.spans)
    )
    wanted = visible("".join(clean(text) for text in texts(block)))
    if isinstance(block, Columns):  # a table set as label and value repeats its header, or has none to repeat
        header = visible("".join(clean(text) for text in block.header))
        assert wanted - header <= printed
    else:
        assert printed == wanted


def test_a_receipt_always_ends_in_one_cut() -> None:
    assert lay_out(Receipt(()), 48) == [CutHere()]
    assert lay_out(Receipt((Text("a"), Cut())), 48).count(CutHere()) == 1
    assert lay_out(Receipt((Text("a"), Cut(), Text("b"))), 48).count(CutHere()) == 2


@pytest.mark.parametrize("width", [32, 48])
def test_a_row_reaches_from_edge_to_edge(width: int) -> None:
    (line,) = lines(lay_out(Receipt((Row("账户余额", "1,234.56"),)), width))
    label, value = line.spans
    assert (label.at, value.at + value.width) == (0, width)


def test_a_long_label_wraps_beside_its_value() -> None:
    row = Row("Interest accrued in the current interest year", "1,234.56")
    first, second = lines(lay_out(Receipt((row,)), 48))
    assert [span.text for span in first.spans] == ["Interest accrued in the"]
    assert [span.text for span in second.spans] == ["current interest year", "1,234.56"]


def test_a_long_value_hangs_beside_its_label() -> None:
    row = Row("单位", "示例市第一建筑工程设计研究有限责任公司第三分公司")
    first, second = lines(lay_out(Receipt((row,)), 48))
    assert first.spans[0].text == "单位"
    assert first.spans[1].at == second.spans[0].at


@pytest.mark.parametrize(("width", "size"), [(48, Size.LARGE), (32, Size.TALL)])
def test_the_largest_amount_is_never_broken(width: int, size: Size) -> None:
    row = Row("余额", "99,999,999,999.99", Emphasis.LARGE)
    value = [span for line in lines(lay_out(Receipt((row,)), width)) for span in line.spans][-1]
    assert (value.text, value.size) == ("99,999,999,999.99", size)


def test_columns_align_by_cell_whatever_is_in_them() -> None:
    table = Columns(
        ("日期", "摘要", "余额"),
        (("2025-07-15", "汇缴", "1.00"), ("2025-08-15", "Contribution", "12,345.00")),
        (Align.LEFT, Align.LEFT, Align.RIGHT),
    )
    rows = lines(lay_out(Receipt((table,)), 48))
    assert len({row.spans[1].at for row in rows}) == 1
    assert {row.spans[2].at + row.spans[2].width for row in rows} == {48}


def test_a_table_too_wide_for_the_paper_becomes_labels_and_values() -> None:
    row = ("2025-07-15", "99,999,999,999.99", "99,999,999,999.99")
    table = Columns(("日期", "发生额", "余额"), (row, row), (Align.LEFT, Align.RIGHT, Align.RIGHT))
    items = lay_out(Receipt((table,)), 32)
    assert [span.text for span in lines(items)[1].spans] == ["发生额", "99,999,999,999.99"]
    assert items.count(RuleLine()) == 3  # around each of the two


def test_a_table_a_little_too_wide_takes_two_lines_a_row() -> None:
    row = ("2025-07-15", "Monthly deposit", "+2,400.00", "99,999,999,999.99")
    align = (Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT)
    table = Columns(("Date", "Kind", "Amount", "Balance"), (row, row), align)
    items = lay_out(Receipt((table,)), 32)
    texts = [[span.text for span in line.spans] for line in lines(items)]
    assert texts == [["Date", "Kind"], ["Amount", "Balance"], *[list(row[:2]), list(row[2:])] * 2]
    figures = [line.spans[-1] for line in lines(items)[1::2]]
    assert {span.at + span.width for span in figures} == {32}
    assert items.count(RuleLine()) == 1


def test_a_row_in_two_languages_breaks_between_them() -> None:
    row = Row("账户余额\nAccount balance after it", "正常\nNormal")
    (whole,) = lines(lay_out(Receipt((row,)), 48))
    assert [span.text for span in whole.spans] == ["账户余额 Account balance after it", "正常 Normal"]
    first, second = lines(lay_out(Receipt((row,)), 32))
    assert [span.text for span in first.spans] == ["账户余额", "正常"]
    assert [span.text for span in second.spans] == ["Account balance after it", "Normal"]
    only = lines(lay_out(Receipt((Row("个人账号\nAccount number", "****************0042"),)), 32))
    assert [[span.text for span in line.spans] for line in only] == [
        ["个人账号", "****************0042"],
        ["Account number"],
    ]


def test_a_text_in_a_column_wraps_and_figures_do_not() -> None:
    table = Columns(
        ("摘要", "金额"),
        (("提前偿还住房公积金个人住房贷款本金及利息", "99,999,999,999.99"),),
        (Align.LEFT, Align.RIGHT),
    )
    rows = lines(lay_out(Receipt((table,)), 32))
    assert rows[1].spans[1].text == "99,999,999,999.99"
    assert len(rows) > 2


def test_large_print_doubles_every_height() -> None:
    blocks = (
        Text("余额"),
        Row("余额", "1.00"),
        Columns(("a", "b"), (("1", "2"),), (Align.LEFT, Align.RIGHT)),
    )
    sizes = {span.size for line in lines(lay_out(Receipt(blocks, large=True), 48)) for span in line.spans}
    assert {size.high for size in sizes} == {2}


def test_a_table_must_be_rectangular() -> None:
    with pytest.raises(ValueError, match="each column"):
        Columns(("a",), (("b", "c"),), (Align.LEFT,))


def test_an_unknown_error_correction_is_refused() -> None:
    with pytest.raises(ValueError, match="error correction"):
        QrCode("a", level="X")


def test_two_rules_are_one() -> None:
    assert lay_out(Receipt((Rule(), Rule(), Text("a"), Rule())), 48).count(RuleLine()) == 2
