"""A scene: everything that is on the glass at one moment, laid out but not yet drawn. No window is needed for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.messages import Part
from kiosk.prompts import Chrome
from screens.arrange import arrange
from screens.captions import Caption
from screens.frame import Frame
from screens.overlay import Overlay
from screens.pen import Pen
from screens.places import Places
from screens.screen import AnyScreen
from screens.theme import Look
from screens.widgets.footer import Deeds
from screens.widgets.node import Control, Node


@dataclass(frozen=True)
class Scene:
    """The placed nodes in reading order, what lies over them, and where the focus comes in."""

    look: Look
    frame: Frame
    body: Sequence[Node]
    overlay: Overlay | None = None

    def nodes(self) -> Iterator[Node]:
        """All nodes, those below an overlay too."""
        tops = [*self.frame.tree(self.body), *(self.overlay.nodes if self.overlay else [])]
        return (node for top in tops for node in top.walk())

    def controls(self) -> list[Control]:
        """What can be touched now: an overlay keeps what is below it out of reach."""
        tops = self.overlay.nodes if self.overlay else self.frame.tree(self.body)
        return [node for top in tops for node in top.walk() if isinstance(node, Control)]

    def start(self) -> str | None:
        """The key of the control where the focus comes in."""
        tops = self.overlay.nodes[::-1] if self.overlay else [*self.body, self.frame.footer]
        return next((n.key for top in tops for n in top.walk() if isinstance(n, Control) and n.enabled), None)

    def texts(self) -> list[str]:
        """Every text in sight, in reading order."""
        return [text for node in self.nodes() if (text := node.shown(self.look))]

    def spoken(self) -> tuple[Part, ...]:
        """What is shown in the body, or over it, as a voice says it."""
        tops = self.overlay.nodes if self.overlay else self.body
        return tuple(part for node in tops for part in node.spoken())

    def draw(self, pen: Pen) -> None:
        for node in self.frame.tree(self.body):
            node.draw(self.look, pen)
        if self.overlay:
            self.overlay.draw(self.look, pen)


def compose(
    screen: AnyScreen,
    look: Look,
    places: Places,
    chrome: Chrome,
    deeds: Deeds,
    now: datetime,
    overlay: Overlay | None = None,
    caption: Caption | None = None,
) -> Scene:
    """Lay a screen out."""
    page = screen.page(look)
    frame = Frame(look, places, chrome, page.primary, deeds, now, caption)
    return Scene(look, frame, arrange(page, look, frame.body, screen.turning, frame.spare), overlay)
