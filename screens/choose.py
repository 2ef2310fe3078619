"""One of several: each option a large card with its facts."""

from kiosk.prompts import Choose, Option
from screens.page import Page
from screens.screen import Screen
from screens.theme import ELDER_CHOICES, Look
from screens.widgets.icon import Badge, Icon
from screens.widgets.label import Label
from screens.widgets.node import Column, Node, Row
from screens.widgets.panel import Panel
from screens.widgets.rows import Amount, Fact, Facts, NoteCard

TALLEST_MM = 44.0


def option_words(option: Option) -> list[Node]:
    """Title, line, figure and facts of an option, one under the other."""
    ink = "text" if option.enabled else "disabled"
    words: list[Node] = [Label(option.title, "heading", ink)]
    if option.badge:
        words.append(Row([Icon("check", 7, "success"), Label(option.badge, "strong", "success")], (0, 1), 2))
    if option.line:
        words.append(Label(option.line, "body", "soft" if option.enabled else "disabled"))
    if option.reason:
        words.append(
            Row([Icon("ban", 7, "disabled"), Label(option.reason, "body", "disabled")], (0, 1), 2, "top")
        )
    if option.figure:
        words += [
            Label(option.figure.label, "body", "soft"),
            Amount(option.figure.amount, "figure", "primary"),
        ]
        if option.figure.note:
            words.append(Label(option.figure.note, "body", "soft"))
    if option.rows:
        words.append(Facts([Fact(row) for row in option.rows]))
    return words


class ChooseScreen(Screen[Choose]):
    def page(self, look: Look) -> Page:
        return Page(
            title=self.prompt.title,
            explain=self.prompt.explain,
            step=self.prompt.step,
            fixed=[NoteCard(self.prompt.note)] if self.prompt.note else [],
            choices=[self._option(n, option) for n, option in enumerate(self.prompt.options)],
            choice_columns=(1, 2),
            tallest_mm=TALLEST_MM,
            most=ELDER_CHOICES if look.elder else 0,
        )

    def _option(self, number: int, option: Option) -> Panel:
        words = Column(option_words(option), 1.5)
        ink = "primary" if option.enabled else "disabled"
        parts: list[Node] = [words, Icon("chevron-right", 10, ink)]
        shares: list[float] = [1, 0]
        if option.icon:
            parts.insert(0, Badge(option.icon, 18, ink))
            shares.insert(0, 0)
        return Panel(
            f"option-{number}", option.title, self.answer(option.value) if option.enabled else None,
            Row(parts, shares, 5), "option", high_mm=28,
        )  # fmt: skip
