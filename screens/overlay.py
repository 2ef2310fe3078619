"""What lies over a screen: help, and the warning before an idle visit is cleared. Focus and touches stay inside."""

from collections.abc import Callable, Sequence

from kiosk.messages import Part, msg
from kiosk.prompts import Row as FactRow
from kiosk.values import Count
from screens.pen import Pen
from screens.places import Help
from screens.theme import GAP_MM, MARGIN_MM, Look
from screens.widgets.boxes import Column, Row
from screens.widgets.button import Button
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Box, Node, draw_card
from screens.widgets.rows import Fact, Facts

SCRIM_ALPHA = 0.62
WIDEST_MM = 300.0


class Overlay:
    """A card over a darkened screen, with the buttons at its foot."""

    def __init__(self, look: Look, items: Sequence[Node], buttons: Sequence[Button]) -> None:
        panel = look.panel
        margin, gap = look.px(MARGIN_MM), look.px(GAP_MM)
        width = min(panel.width_px - 4 * margin, look.px(WIDEST_MM))
        content = Column(items, 4)
        inner_w = width - 4 * margin // 2
        button_h = [button.measure(look, inner_w) for button in buttons]
        height = content.measure(look, inner_w) + sum(button_h) + gap * len(buttons) + 2 * margin
        x = (panel.width_px - width) // 2
        y = (panel.height_px - height) // 2
        if look.lowered or panel.portrait:
            y = max(
                margin,
                panel.height_px - height - 2 * margin
                if look.lowered
                else (panel.height_px - height) * 2 // 3,
            )
        self.box = Box(x, y, width, height)
        content.place(look, Box(x + margin, y + margin, inner_w, content.measure(look, inner_w)))
        at = y + margin + content.measure(look, inner_w)
        for button, h in zip(buttons, button_h, strict=True):
            at += gap
            button.place(look, Box(x + margin, at, inner_w, h))
            at += h
        self.nodes: list[Node] = [content, *buttons]

    def draw(self, look: Look, pen: Pen) -> None:
        panel = look.panel
        pen.box(0, 0, panel.width_px, panel.height_px, look.colour("scrim"), SCRIM_ALPHA)
        draw_card(look, pen, self.box, "card", "line", 0.6)
        for node in self.nodes:
            node.draw(look, pen)


def laid_over(
    look: Look,
    warning: int | None,
    stay: Callable[[], None],
    finish: Callable[[], None] | None,
    help_: Help | None,
    close: Callable[[], None],
) -> Overlay | None:
    """What lies over the screen now: the warning with so many seconds left, the help, or nothing."""
    if warning is not None:
        return idle_overlay(look, warning, stay, finish)
    return help_overlay(look, help_, close) if help_ else None


def help_overlay(look: Look, help_: Help, close: Callable[[], None]) -> Overlay:
    """Who helps, and how the kiosk is used."""
    facts = Facts([
        Fact(FactRow(msg("screen.help-window"), help_.window, True)),
        Fact(FactRow(msg("screen.help-phone"), help_.phone, True)),
    ])  # fmt: skip
    items: list[Node] = [
        Row([Icon("help", 13, "primary"), Label(msg("screen.help-title"), look.title_style)], (0, 1), 4),
        Label(msg("screen.help-touch"), "body", "text"),
        Label(msg("screen.help-switches"), "body", "text"),
        Label(msg("screen.help-privacy"), "body", "text"),
        facts,
    ]
    return Overlay(look, items, [Button("help-close", msg("screen.help-close"), close, "primary", "check")])


class Countdown(Label):
    """The seconds, large. The sentence under them says them too: a voice does not say them twice."""

    def spoken(self) -> tuple[Part, ...]:
        return ()


def idle_overlay(
    look: Look, seconds: int, stay: Callable[[], None], finish: Callable[[], None] | None
) -> Overlay:
    """Nobody has touched anything for a while: the countdown, and a big "I am still here"."""
    items: list[Node] = [
        Row([Icon("clock", 13, "attention"), Label(msg("screen.idle-title"), look.title_style)], (0, 1), 4),
        Countdown(Count(seconds), "huge", "attention", "centre"),
        Label(msg("screen.idle-explain", seconds=Count(seconds)), "body", "text"),
    ]
    buttons = [Button("stay", msg("screen.idle-stay"), stay, "money", "hand-click", high_mm=32)]
    if finish:
        buttons.append(Button("idle-finish", msg("screen.finish"), finish, "secondary", "logout"))
    return Overlay(look, items, buttons)
