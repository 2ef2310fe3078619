"""The one window: it shows prompts, and turns touches and keys into answers.

    stage = KioskStage(panel=Panel(1080, 1920, 268.0, 476.0), places=Places(...), help=Help(...))
    await stage.run()              # until stop() is called

Every change builds the screen anew from its prompt and draws it in the next frame; between changes nothing is
drawn at all. Texts are kept as textures, so that building a screen costs milliseconds.
"""

# isort: off
from screens import environment
# isort: on

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kiosk.messages import Part
from kiosk.prompts import Attract, Chrome, Gesture, Prompt
from kiosk.stage import Preferences, Reply
from screens import glyphs
from screens.arrange import arrange
from screens.frame import Frame
from screens.overlay import Overlay, help_overlay, idle_overlay
from screens.places import Help, Places
from screens.screen import Room, Screen, Sound
from screens.secret import Secret
from screens.theme import RADIUS_MM, RING_MM, Look, Panel
from screens.widgets.footer import Deeds
from screens.widgets.node import Control, Node

__all__ = ["Help", "KioskStage", "Panel", "Places"]

HELP_GOES_AFTER_S = 60.0


class KioskStage:
    """kiosk.stage.Stage on one Kivy window. All calls come from the loop's thread."""

    def __init__(
        self,
        panel: Panel,
        places: Places,
        help: Help,
        *,
        fullscreen: bool = False,
        motion: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        environment.configure(panel, fullscreen)
        from kivy.core.window import Window
        from kivy.uix.widget import Widget

        self.panel, self.places, self.help, self.motion, self.now = panel, places, help, motion, now
        self.on_activity: Callable[[], None] = lambda: None
        self.on_error: Callable[[Exception], None] = lambda problem: None
        self.on_secret: Callable[[], None] = lambda: None
        self.on_voice_key: Callable[[str], None] = lambda name: None
        self.on_sound: Callable[[Sound], None] = lambda sound: None
        self.on_focus: Callable[[tuple[Part, ...]], None] = lambda parts: None
        self.on_screen: Callable[[tuple[Part, ...]], None] = lambda parts: None
        self.preferences = Preferences()
        self.frames_drawn = 0
        self._built_at_frame = 0
        self._window = Window
        self._prompt: Prompt[Any] | None = None
        self._chrome = Chrome()
        self._answer: Reply = lambda answer: None
        self._screen: Screen[Any] | None = None
        self._tree: list[Node] = []
        self._overlay: Overlay | None = None
        self._look = Look.of(panel, self.preferences)
        self._start: str | None = None
        self._focus: str | None = None
        self._pressed: Control | None = None
        self._secret = Secret()
        self._warning: int | None = None
        self._helping = False
        self._dirty = False
        self._handles: list[asyncio.TimerHandle] = []
        self._surface = _surface(Widget, self)
        self._bind()

    def _bind(self) -> None:
        from kivy.clock import Clock

        self._render_soon = Clock.create_trigger(lambda dt: self._render(), -1)
        self._window.clearcolor = (0, 0, 0, 1)
        self._window.bind(on_request_close=lambda *args, **kwargs: True, on_key_down=self._key_down)
        self._window.bind(on_flip=self._count_frame)

    def _count_frame(self, *args: object) -> None:
        self.frames_drawn += 1

    # ------------------------------------------------------------------ the stage

    def show(self, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences, reply: Reply) -> None:
        """Replace what is shown. The citizen's changes of language and size go into `preferences`."""
        from screens.registry import SCREENS

        for handle in self._handles:
            handle.cancel()
        self._handles.clear()
        before = self._prompt
        self._prompt, self._chrome, self.preferences = prompt, chrome, preferences
        self._answer = _once(reply)
        self._helping = False
        self._pressed = None
        self._focus = None if self._focus is None else ""
        if isinstance(prompt, Attract) and before is not None and not isinstance(before, Attract):
            self.forget()
        self._screen = SCREENS[type(prompt)](prompt, self._room())
        self._screen.opened()
        self.refresh()
        self._at_next_minute()
        self.on_screen(self.spoken())

    def warn(self, seconds_left: int | None) -> None:
        """The idle warning with its countdown; None takes it away."""
        if self._warning is None and seconds_left is not None:
            self.on_sound("warn")
        self._warning = seconds_left
        self.refresh()

    async def run(self) -> None:
        """Keep the window going until `stop`."""
        from kivy.base import ExceptionHandler, ExceptionManager, async_runTouchApp

        stage = self

        class Net(ExceptionHandler):  # type: ignore[misc]
            """An error while a touch is handled or a screen is drawn ends a visit, not the kiosk."""

            def handle_exception(self, problem: Exception) -> int:
                stage.on_error(problem)
                return int(ExceptionManager.PASS)

        ExceptionManager.add_handler(Net())
        await async_runTouchApp(self._surface, async_lib="asyncio")

    def stop(self) -> None:
        """End `run`; the window goes away."""
        from kivy.base import stopTouchApp

        stopTouchApp()

    def controls(self) -> dict[str, Any]:
        """What is on the window now, in window pixels from the top left; see the device bench."""
        if self._dirty:
            self._render()
        look = self._look
        found = [
            {
                "label": control.label_text(look), "role": control.role, "enabled": self._usable(control),
                "x": control.box.x, "y": control.box.y, "w": control.box.w, "h": control.box.h,
            }
            for control in self.control_nodes()
        ]  # fmt: skip
        name = type(self._prompt).__name__ if self._prompt else ""
        return {
            "screen": name, "language": look.language, "controls": found, "texts": self.texts(),
            "painted": self.frames_drawn > self._built_at_frame,
        }  # fmt: skip

    def texts(self) -> list[str]:
        """Every text in sight, from top to bottom."""
        tops = [*self._tree, *(self._overlay.nodes if self._overlay else [])]
        found = [node.shown(self._look) for top in tops for node in top.walk()]
        return [text for text in found if text]

    def spoken(self) -> tuple[Part, ...]:
        """What a voice says when this screen opens: the same parts that are shown."""
        if self._dirty:
            self._render()
        own = self._screen.spoken() if self._screen else ()
        return own or tuple(part for node in self._tree for part in node.spoken())

    def forget(self) -> None:
        """Drop every picture of a text: a visit has ended."""
        from screens import pen

        pen.forget_texts()
        glyphs.forget()

    # ------------------------------------------------------------------ building and drawing

    def refresh(self) -> None:
        """Something has changed: build and draw it in the next frame."""
        self._dirty = True
        self._render_soon()

    def _room(self) -> Room:
        return Room(self._answer, self.refresh, self._after, self.on_sound, self.now, self.places, self.help,
                    self.preferences, self.motion)  # fmt: skip

    def _after(self, seconds: float, call: Callable[[], None]) -> None:
        self._handles.append(asyncio.get_running_loop().call_later(seconds, call))

    def _at_next_minute(self) -> None:
        def tick() -> None:
            self.refresh()
            self._at_next_minute()

        self._after(60.5 - self.now().second, tick)

    def _render(self) -> None:

        if self._screen is None or not self._dirty:
            return
        self._dirty = False
        self._built_at_frame = self.frames_drawn
        look = self._look = Look.of(self.panel, self.preferences)
        page = self._screen.page(look)
        frame = Frame(look, self.places, self._chrome, page.primary, self._deeds(), self.now())
        body = arrange(page, look, frame.body, self._screen.turning)
        self._tree = frame.tree(body)
        self._start = next(
            (n.key for top in [*body, frame.footer] for n in top.walk() if isinstance(n, Control)), None
        )
        self._overlay = self._lying_over(look)
        if self._focus == "":
            self._focus = self._start
        pen = self._pen(self._surface.base)
        frame.draw_ground(pen)
        for node in self._tree:
            node.draw(look, pen)
        if self._overlay:
            self._overlay.draw(look, pen)
        if self._pressed is not None:
            key = self._pressed.key
            self._pressed = next((c for c in self.control_nodes() if c.key == key), None)
        self._draw_touch()

    def _pen(self, group: Any) -> Any:
        from screens.pen import Pen

        group.clear()
        return Pen(group, self.panel.height_px)

    def _lying_over(self, look: Look) -> Overlay | None:
        if self._warning is not None:
            answer = self._answer
            finish = (lambda: answer(Gesture.FINISH)) if self._chrome.finish else None
            return idle_overlay(look, self._warning, self._stay, finish)
        if self._helping:
            return help_overlay(look, self.help, lambda: self._set_helping(False))
        return None

    def _draw_touch(self) -> None:
        """The control under the finger, and the ring of the focus."""
        pen = self._pen(self._surface.touch)
        look = self._look
        if self._pressed is not None and self._usable(self._pressed):
            self._pressed.draw_pressed(look, pen)
        focused = self._focused()
        if focused:
            out, box = look.px(RING_MM), focused.box
            pen.outline(box.x - out, box.y - out, box.w + 2 * out, box.h + 2 * out, look.px(RADIUS_MM) + out,
                        max(out, look.least(1.0)), look.colour("focus"))  # fmt: skip

    # ------------------------------------------------------------------ what controls do

    def _deeds(self) -> Deeds:
        answer = self._answer  # of this prompt: a picture that is about to go answers nothing else
        return Deeds(
            lambda: answer(Gesture.BACK),
            lambda: self._set_helping(True),
            lambda: answer(Gesture.FINISH),
            self._switch,
        )

    def _switch(self, change: Callable[[Any], None]) -> None:
        change(self.preferences)
        self.refresh()

    def _stay(self) -> None:
        self._warning = None
        self.refresh()

    def _set_helping(self, helping: bool) -> None:
        self._helping = helping
        self._focus = None if self._focus is None else ""
        self.refresh()

    def control_nodes(self) -> list[Control]:
        """What can be touched now, in reading order."""
        tree = self._overlay.nodes if self._overlay else self._tree
        return [node for top in tree for node in top.walk() if isinstance(node, Control)]

    def _usable(self, control: Control) -> bool:
        return control.enabled

    def _focused(self) -> Control | None:
        return next((control for control in self.control_nodes() if control.key == self._focus), None)

    # ------------------------------------------------------------------ fingers

    def touch_down(self, x: float, y: float) -> None:
        """A finger on the glass, px from the top left. A new finger takes over from an older one."""
        self.on_activity()
        self._focus = None
        if self._secret.touched(self._look, x, y, time.monotonic()):
            self.on_secret()
        self._pressed = next((c for c in reversed(self.control_nodes()) if c.box.holds(x, y)), None)
        if self._pressed is not None and self._usable(self._pressed):
            self.on_sound("press")
        self._draw_touch()

    def touch_up(self, x: float, y: float) -> None:
        """The finger has left; what it left from acts when it is what it came down on."""
        pressed, self._pressed = self._pressed, None
        self._draw_touch()
        if pressed is not None and pressed.box.holds(x, y):
            self._act(pressed)

    def _act(self, control: Control) -> None:
        if control.press is not None:
            control.press()

    # ------------------------------------------------------------------ keys

    def _key_down(
        self, window: object, key: int, scancode: int, codepoint: str | None, modifiers: list[str]
    ) -> bool:
        self.on_activity()
        name = _KEYS.get(key)
        if key in _VOICE_KEYS:
            self.on_voice_key(_VOICE_KEYS[key])
        elif name:
            self.key(name)
        elif codepoint and codepoint in "0123456789.":
            self.key(codepoint)
        return True

    def key(self, name: str) -> None:
        """A key by name: left, right, up, down, select, back, or a digit."""
        from screens import focus

        controls = self.control_nodes()
        if name in ("left", "right"):
            self._focus_on(focus.moved(controls, self._focus, -1 if name == "left" else 1, self._start))
        elif name in ("up", "down"):
            self._focus_on(focus.vertical(controls, self._focus, name == "down", self._start))
        elif name == "select":
            focused = self._focused()
            if focused is None:
                self._focus_on(self._start)
            else:
                self.on_sound("press")
                self._act(focused)
        elif name == "back":
            self._key_back()
        elif self._screen is not None and self._overlay is None and self._screen.digit(name):
            self.on_sound("press")

    def _key_back(self) -> None:
        if self._warning is not None:
            self._stay()
        elif self._helping:
            self._set_helping(False)
        elif self._screen is not None and not self._screen.erase() and self._chrome.back:
            self._answer(Gesture.BACK)

    def _focus_on(self, key: str | None) -> None:
        self._focus = key
        self._draw_touch()
        focused = self._focused()
        if focused:
            self.on_focus(focused.spoken())


def _once(reply: Reply) -> Reply:
    """A second touch answers nothing."""
    answered = False

    def answer(value: Any) -> None:
        nonlocal answered
        if not answered:
            answered = True
            reply(value)

    return answer


_VOICE_KEYS = {
    283: "repeat",
    284: "pause",
    285: "slower",
    286: "faster",
    287: "softer",
    288: "louder",
    289: "blank",
}
"""F2 to F8, as an audio keypad with USB keys is set up to send. F1 opens nothing."""

_KEYS = {
    276: "left",
    275: "right",
    273: "up",
    274: "down",
    13: "select",
    271: "select",
    32: "select",
    8: "back",
}
"""SDL's key codes, as Kivy gives them. Every other key does nothing."""
_KEYS |= {256 + n: str(n) for n in range(10)}


def _surface(widget: type, stage: KioskStage) -> Any:
    """The one widget: two groups of instructions, and touches handed to the stage."""
    from kivy.graphics import InstructionGroup

    class Surface(widget):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.base, self.touch = InstructionGroup(), InstructionGroup()
            self.canvas.add(self.base)
            self.canvas.add(self.touch)

        def on_touch_down(self, touch: Any) -> bool:
            stage.touch_down(touch.x, stage.panel.height_px - 1 - touch.y)
            return True

        def on_touch_up(self, touch: Any) -> bool:
            stage.touch_up(touch.x, stage.panel.height_px - 1 - touch.y)
            return True

    return Surface()
