"""The paper before it is printed, a page at a time."""

from io import BytesIO

import numpy as np
from PIL import Image

from kiosk.messages import Part
from kiosk.prompts import Preview
from screens.page import Page
from screens.pen import Pen, texture_of
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.node import Box, Node, draw_card

EDGE_MM = 2.0


class Sheet(Node):
    """One page of paper, as large as there is room for."""

    def __init__(self, png: bytes, says: tuple[Part, ...] = ()) -> None:
        self.png, self.says = png, says

    def spoken(self) -> tuple[Part, ...]:
        return self.says

    def draw(self, look: Look, pen: Pen) -> None:
        image = Image.open(BytesIO(self.png)).convert("RGB")
        edge = look.px(EDGE_MM)
        scale = min((self.box.w - 2 * edge) / image.width, (self.box.h - 2 * edge) / image.height)
        w, h = int(image.width * scale), int(image.height * scale)
        x, y = self.box.x + (self.box.w - w) // 2, self.box.y + (self.box.h - h) // 2
        draw_card(look, pen, Box(x - edge, y - edge, w + 2 * edge, h + 2 * edge), "card", "line")
        pen.picture(texture_of(np.asarray(image.resize((w, h), Image.Resampling.LANCZOS))), x, y, w, h)


class PreviewScreen(Screen[Preview]):
    """Paper stays white in every theme: that is how it will look."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        first, *others = prompt.pages
        sheets = [Sheet(first, prompt.says), *map(Sheet, others)]  # read as a whole, not by its pages
        return Page(
            title=prompt.title, explain=prompt.explain, sheets=sheets, actions=actions, primary=primary
        )
