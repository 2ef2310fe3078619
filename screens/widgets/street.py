"""A street of houses and a rising coin: the picture of the idle screen."""

import numpy as np
from PIL import Image, ImageDraw

from screens.pen import Pen
from screens.theme import Look
from screens.widgets.node import Node
from screens.widgets.sketch import Inks

SMOOTHING = 3
LEAST_MM = 40.0
TALLEST_PART = 0.5  # of its width

HOUSES = (
    # left, width, height of the walls, of the roof, rows of windows, columns of windows
    (3, 13, 16, 7, 2, 2), (18, 11, 33, 0, 5, 2), (31, 15, 13, 8, 1, 3), (52, 12, 24, 6, 3, 2), (66, 10, 37, 0, 6, 2),
    (78, 17, 15, 8, 2, 3),
)  # fmt: skip
"""In hundredths of the picture's width."""
TREES = ((49, 6), (76.5, 5), (1.5, 4.5), (97.5, 6))


class Street(Node):
    """Fills its box from the bottom; draws nothing where there is too little room."""

    def draw(self, look: Look, pen: Pen) -> None:
        height = min(self.box.h, int(self.box.w * TALLEST_PART))
        if height < look.px(LEAST_MM):
            return
        inks = Inks(*(look.colour(ink) for ink in Inks._fields))
        ground = look.colour("ground")
        key = ("street", self.box.w, height, inks, ground)
        pen.drawing(
            key, lambda: _street(self.box.w, height, inks, ground), self.box.x, self.box.bottom - height
        )


def _street(
    width: int, height: int, inks: Inks, ground: tuple[int, int, int]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    unit = width * SMOOTHING / 100
    tall = height * SMOOTHING
    image = Image.new("RGB", (width * SMOOTHING, tall), ground)
    draw = ImageDraw.Draw(image)
    line = max(2, round(0.35 * unit))
    foot = tall - 2 * line
    scale = min(1.0, (tall / unit - 3) / 46)

    def up(units: float) -> float:
        return foot - units * unit * scale

    def box(
        x: float, low: float, w: float, h: float, fill: tuple[int, int, int] | None, edge: bool = True
    ) -> None:
        draw.rectangle(
            (x * unit, up(low + h), (x + w) * unit, up(low)), fill, inks.line if edge else None, line
        )

    r = 6.5 * unit * scale
    cx, cy = 43.5 * unit, up(37)
    draw.ellipse((cx - r, cy - r, cx + r, cy + r), inks.tint, inks.line, line)
    draw.rectangle((cx - r * 0.28, cy - r * 0.28, cx + r * 0.28, cy + r * 0.28), ground, inks.line, line)
    for x, w, walls, roof, rows, columns in HOUSES:
        box(x, 0, w, walls, inks.card)
        if roof:
            points = [
                ((x - 1) * unit, up(walls)),
                ((x + w / 2) * unit, up(walls + roof)),
                ((x + w + 1) * unit, up(walls)),
            ]
            draw.polygon(points, inks.tint)
            draw.line([*points, points[0]], inks.line, line, joint="curve")
        else:
            box(x, walls, w, 1.2, inks.tint)
        pitch_x, pitch_y = w / (columns + 0.4), (walls - 2) / (rows + 0.3)
        for row in range(rows):
            for column in range(columns):
                if row == 0 and column == columns // 2:
                    box(
                        x + 0.3 * pitch_x + column * pitch_x, 0, pitch_x * 0.62, pitch_y * 0.86, inks.hairline
                    )
                else:
                    box(
                        x + 0.4 * pitch_x + column * pitch_x,
                        1.4 + row * pitch_y,
                        pitch_x * 0.5,
                        pitch_y * 0.55,
                        inks.tint,
                    )
    for x, crown in TREES:
        draw.line((x * unit, up(0), x * unit, up(crown)), inks.line, line)
        c = crown * 0.55 * unit * scale
        draw.ellipse(
            (x * unit - c, up(crown * 1.6), x * unit + c, up(crown * 0.5)), inks.tint, inks.line, line
        )
    draw.line((0, foot, width * SMOOTHING, foot), inks.line, line)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))
