"""The menu: the services as tiles. One that cannot be used now keeps its place, with the reason."""

from kiosk.messages import Message
from kiosk.prompts import Menu, Tile
from screens.page import Page
from screens.screen import Screen
from screens.theme import ELDER_CHOICES, Look
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Column, Node, Row
from screens.widgets.panel_control import Panel
from screens.widgets.rows import NoteCard


class MenuScreen(Screen[Menu]):
    def page(self, look: Look) -> Page:
        return Page(
            title=self.prompt.title,
            fixed=[NoteCard(note) for note in self.prompt.notices],
            choices=[self._tile(tile) for tile in self.prompt.tiles],
            choice_columns=(2, 3),
            most=ELDER_CHOICES if look.elder else 0,
        )

    def _tile(self, tile: Tile) -> Panel:
        ink = "primary" if tile.enabled else "disabled"
        words: list[Node] = [Label(tile.name, "heading", "text" if tile.enabled else "disabled")]
        second: Message = tile.reason or tile.line
        if tile.enabled:
            words.append(Label(second, "body", "soft"))
        else:
            words.append(
                Row([Icon("ban", 7, "disabled"), Label(second, "body", "disabled")], (0, 1), 2, "top")
            )
        content = Row([Icon(tile.icon, 17, ink), Column(words, 1)], (0, 1), 5)
        return Panel(
            f"tile-{tile.key}", tile.name, self.answer(tile.key) if tile.enabled else None, content,
            says=(tile.name, second), high_mm=42,
        )  # fmt: skip
