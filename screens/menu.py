"""The menu: the services as tiles in their groups. One that cannot be used now keeps its place, with the reason."""

from dataclasses import replace
from itertools import groupby

from kiosk.messages import msg
from kiosk.prompts import Menu, Tile
from screens.page import Page
from screens.screen import Screen
from screens.theme import ELDER_CHOICES, Look
from screens.widgets.boxes import Column, Row
from screens.widgets.icon import Badge, Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Captioned, Marked
from screens.widgets.panel import Panel
from screens.widgets.rows import NoteCard

GROUPS = ("look", "money", "print", "guides")
TALLEST_MM = 78.0
MOST_UPRIGHT = 6
"""More tiles than these carry their picture beside the words: all services stand on one page."""


def by_columns(items: list[Node], columns: int) -> list[Node]:
    """Row after row what was column after column, so that a group stands under its caption."""
    rows = -(-len(items) // columns)
    if len(items) < rows * columns:
        return items
    return [items[column * rows + row] for row in range(rows) for column in range(columns)]


class MenuScreen(Screen[Menu]):
    """Tiles in reading order of their groups; each group's name stands over its first tile."""

    def page(self, look: Look) -> Page:
        # With few choices on a page the groups' names would only be more to read, and never are they worth a page.
        plain = self._page(look, named=False)
        if look.compact or look.elder or look.lowered:
            return plain
        return replace(self._page(look, named=True), otherwise=plain)

    def _page(self, look: Look, named: bool) -> Page:
        """The tiles, each group `named` over its first or not."""
        tiles = sorted(self.prompt.tiles, key=lambda tile: GROUPS.index(tile.group))
        choices: list[Node] = []
        for group, members in groupby(tiles, key=lambda tile: tile.group):
            for n, tile in enumerate(members):
                caption = (
                    Label(msg(f"screen.group-{group}"), "strong", "soft") if n == 0 else Label("", "strong")
                )
                content = self._tile(tile, look)
                choices.append(Captioned(caption, content) if named else content)
        if look.landscape and named:
            choices = by_columns(choices, 3)
        return Page(
            title=self.prompt.title,
            fixed=[NoteCard(note) for note in self.prompt.notices],
            choices=choices,
            choice_columns=(1 if look.elder and not look.lowered else 2, 3),
            tallest_mm=TALLEST_MM,
            most=ELDER_CHOICES if look.elder else 0,
        )

    def _tile(self, tile: Tile, look: Look) -> Panel:
        ink = "primary" if tile.enabled else "disabled"
        words: list[Node] = [Label(tile.name, "heading", "text" if tile.enabled else "disabled")]
        if tile.reason:
            words.append(Marked(Icon("ban", 7, "disabled"), Label(tile.reason, "body", "disabled"), 2))
        else:
            words.append(Label(tile.line, "body", "soft"))
        badge = Badge(tile.icon, 20 if look.text_size == "normal" else 16, ink)
        upright = look.roomy and not look.lowered and len(self.prompt.tiles) <= MOST_UPRIGHT
        content = Column([badge, *words], 2) if upright else Row([badge, Column(words, 1)], (0, 1), 5)
        says = (tile.name, tile.reason or tile.line)
        press = self.answer(tile.key) if tile.enabled else None
        return Panel(f"tile-{tile.key}", tile.name, press, content, says=says, high_mm=30, padding=5)
