"""The paper before it is printed, a page at a time."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

from kiosk.messages import msg
from kiosk.prompts import Preview
from kiosk.values import Count
from screens.page import Page
from screens.pen import Pen, texture_of
from screens.screen import Room, Screen
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Node, Row, draw_card


class Sheet(Node):
    """One page of paper as large as there is room for."""

    def __init__(self, png: bytes, number: int, of: int) -> None:
        self.png, self.number, self.of = png, number, of

    def measure(self, look: Look, width: int) -> int:
        return look.panel.height_px  # takes what there is

    def draw(self, look: Look, pen: Pen) -> None:
        image = Image.open(BytesIO(self.png)).convert("RGB")
        margin = look.px(3)
        scale = min((self.box.w - 2 * margin) / image.width, (self.box.h - 2 * margin) / image.height)
        w, h = int(image.width * scale), int(image.height * scale)
        x, y = self.box.x + (self.box.w - w) // 2, self.box.y + (self.box.h - h) // 2
        draw_card(look, pen, Box(x - margin, y - margin, w + 2 * margin, h + 2 * margin), "card", "line")
        pen.picture(texture_of(np.asarray(image.resize((w, h), Image.Resampling.LANCZOS))), x, y, w, h)


class PreviewScreen(Screen[Preview]):
    def __init__(self, prompt: Preview, room: Room) -> None:
        super().__init__(prompt, room)
        self.number = 0

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        sheet = Sheet(prompt.pages[self.number], self.number, len(prompt.pages))
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            flow=[sheet],
            flow_columns=(1, 1),
            actions=actions,
            primary=primary,
        )


__all__ = ["Button", "Count", "Label", "PreviewScreen", "Row", "lru_cache", "msg"]
