"""The frame that every receipt shares: whose it is on top, where and when it was printed at the foot.

The texts arrive translated. The middle is the flow's; how wide the paper is, is nobody's business here.
"""

from collections.abc import Sequence

from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Emphasis,
    QrCode,
    Receipt,
    Row,
    Rule,
    Space,
    Text,
    Title,
)


def compose(
    *,
    centre: str,
    title: str,
    body: Sequence[Block],
    facts: Sequence[tuple[str, str]],
    number: tuple[str, str] | None = None,
    reprint: str = "",
    code: QrCode | None = None,
    code_caption: str = "",
    closing: Sequence[str] = (),
    large: bool = False,
) -> Receipt:
    """A receipt of `centre` called `title`.

    `number` is label and value of the business number (业务号), by which the transaction can be found again;
    `reprint` the mark of a further copy (补打 2), empty on the first; `facts` label and value of kiosk, time and
    the like; `closing` what the citizen should know, a paragraph each. `code` stands above the facts, with
    `code_caption` under it.
    """
    blocks: list[Block] = [Text(centre, Align.CENTRE), Title(title)]
    if reprint:
        blocks.append(Text(reprint, Align.CENTRE, Emphasis.LARGE))
    blocks += [Rule(), *body, Rule()]
    if number is not None:
        blocks.append(Row(*number, Emphasis.BOLD))
    if code is not None:
        blocks += [Space(), code]
    if code is not None and code_caption:
        blocks += [Text(code_caption, Align.CENTRE), Space()]
    blocks += [Row(label, value) for label, value in facts]
    if closing:
        blocks += [Rule(), *(Text(paragraph) for paragraph in closing)]
    return Receipt(tuple(blocks), large)
