"""Pictures of the hand: the card, the phone or the paper, and the side of the glass where it goes."""

from kiosk.prompts import Hand
from screens.frame import Side
from screens.pen import Pen
from screens.theme import Look
from screens.widgets.icon import draw_icon
from screens.widgets.node import Box, Node, draw_card

ARROWS: dict[Side, str] = {
    "left": "arrow-left",
    "right": "arrow-right",
    "above": "arrow-up",
    "below": "arrow-down",
}
OBJECTS: dict[Hand, str] = {
    "id_card": "id", "joint_card": "credit-card", "phone_code": "qrcode", "guide_code": "qrcode",
    "take_card": "credit-card", "take_paper": "receipt",
}  # fmt: skip


class Picture(Node):
    def __init__(self, hand: Hand, side: Side) -> None:
        self.hand, self.side = hand, side

    def measure(self, look: Look, width: int) -> int:
        return look.px(120)

    def draw(self, look: Look, pen: Pen) -> None:
        draw_card(look, pen, self.box, "tint", "hairline")
        half = self.box.w // 2
        draw_icon(look, pen, Box(self.box.x, self.box.y, half, self.box.h), OBJECTS[self.hand], 50, "primary")
        draw_icon(
            look, pen, Box(self.box.x + half, self.box.y, half, self.box.h), ARROWS[self.side], 40, "primary"
        )
