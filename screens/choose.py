"""One of several: each option a large card with its facts."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.prompts import Choose, Option, Row
from screens.page import Page
from screens.screen import Screen
from screens.theme import ELDER_CHOICES, Look
from screens.widgets.boxes import Column
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.icon import Badge, Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked
from screens.widgets.panel import Panel
from screens.widgets.rowed import Sums
from screens.widgets.rows import Amount, Fact, Facts, NoteCard

TALLEST_MM = 58.0
MOST_IN_A_COLUMN = 6


def option_words(option: Option, aligned: bool = False, low: bool = False) -> list[Node]:
    """Title, badge, line, reason, figure and facts of an option; `aligned` facts are always a list.

    In a `low` one the badge stands beside the title.
    """
    ink = "text" if option.enabled else "disabled"
    words: list[Node] = [Label(option.title, "heading", ink)]
    if option.badge:
        badge = Marked(Icon("check", 7, "success"), Label(option.badge, "strong", "success"), 2)
        words = [SideBySide([*words, badge], (1, 0), 4)] if low else [*words, badge]
    if option.line:
        words.append(Label(option.line, "body", "soft" if option.enabled else "disabled"))
    if option.reason:
        words.append(Marked(Icon("ban", 7, "disabled"), Label(option.reason, "body", "disabled"), 2))
    if option.figure:
        words += [
            Label(option.figure.label, "body", "soft"),
            Amount(option.figure.amount, "figure", "primary"),
        ]
        if option.figure.note:
            words.append(Label(option.figure.note, "body", "soft"))
    if option.rows:
        words.append(Facts([Fact(row) for row in option.rows]) if aligned else Sums(option.rows))
    return words


def _ink(option: Option) -> str:
    return "primary" if option.enabled else "disabled"


def _sign(option: Option) -> Icon:
    """That it can be chosen, or not."""
    return Icon("chevron-right" if option.enabled else "ban", 10, _ink(option))


def _low(option: Option) -> Option:
    """As it is told where height is short: the figure is the first of its facts, and why it cannot be chosen matters
    more than the others."""
    rows = option.rows if option.enabled else ()
    if option.figure and not option.figure.note and (rows or not option.enabled):
        figure = Row(option.figure.label, option.figure.amount, emphasis=True)
        option, rows = replace(option, figure=None), (figure, *rows)
    return replace(option, rows=rows)


class ChooseScreen(Screen[Choose]):
    """Cards with a chevron; what cannot be chosen keeps its place, with the reason."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            step=prompt.step,
            fixed=[NoteCard(prompt.note)] if prompt.note else [],
            choices=[self._option(look, n, option) for n, option in enumerate(prompt.options)],
            choice_columns=(2, 3) if self._brief(look) else (1, 2),
            tallest_mm=TALLEST_MM,
            most=ELDER_CHOICES if look.elder else 0,
        )

    def bare(self) -> Page:
        """Side by side, each to be touched itself, with nothing but its name and its facts."""
        prompt = self.prompt
        choices = [self._bare(n, option) for n, option in enumerate(prompt.options)]
        return Page(
            prompt.title, prompt.explain, prompt.step, choices=choices, choice_columns=(1, len(choices))
        )

    def _bare(self, number: int, option: Option) -> Panel:
        title, *facts = option_words(replace(option, line=None, badge=None), aligned=True)
        words = Column([SideBySide([title, _sign(option)], (1, 0)), *facts])
        return Panel(f"option-{number}", option.title, self._press(option), words, "option")

    def _press(self, option: Option) -> Callable[[], None] | None:
        return self.answer(option.value) if option.enabled else None

    def _brief(self, look: Look) -> bool:
        """Many options of a word or two stand like the menu's tiles, so that all of them are seen at once."""
        options = self.prompt.options
        return (
            not (look.compact or look.elder)
            and len(options) > MOST_IN_A_COLUMN
            and not any(one.rows or one.figure for one in options)
        )

    def _option(self, look: Look, number: int, option: Option) -> Panel:
        if look.compact:
            option = _low(option)
        if self._brief(look) and option.reason:
            option = replace(option, line=None)
        content = self._content(look, option)
        least = self._content(look, replace(option, rows=option.rows[:1])) if len(option.rows) > 1 else None
        return Panel(
            f"option-{number}",
            option.title,
            self._press(option),
            content,
            "option",
            high_mm=28,
            least_said=least,
        )

    def _content(self, look: Look, option: Option) -> Node:
        words = Column(
            option_words(option, low=look.compact or (look.landscape and bool(option.rows))),
            0 if look.compact or look.lowered else 1.5,
        )
        parts: list[Node] = [words]
        shares: list[float] = [1]
        if not self._brief(look):
            parts.append(_sign(option))
            shares.append(0)
        if option.icon:
            parts.insert(0, Badge(option.icon, 24 if look.roomy else 18, _ink(option)))
            shares.insert(0, 0)
        return SideBySide(parts, shares, 5)
