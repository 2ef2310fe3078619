"""The one window: it shows prompts, and turns touches and keys into answers.

    stage = KioskStage(panel=Panel(1080, 1920, 268.0, 476.0), places=Places(...), help=Help(...))
    await stage.run()              # until stop() is called

Every change lays the scene out anew from its prompt and draws it in the next frame; between changes nothing is
drawn at all. Texts are kept as textures, so that a new scene costs milliseconds.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kiosk.messages import Part, msg
from kiosk.prompts import Attract, Chrome, Gesture, Menu, OutOfService, Present, Prompt, Working
from kiosk.stage import Preferences, Reply, Sound, once
from screens import environment, focus, glyphs, pen, spoken, typeset
from screens.captions import Captions
from screens.description import described, nothing_yet
from screens.loop import Loop
from screens.overlay import laid_over
from screens.places import Help, Places
from screens.registry import SCREENS
from screens.scene import Scene, compose
from screens.screen import AnyScreen, Room
from screens.secret import Secret
from screens.surface import Surface
from screens.theme import HOLD_S, Look, Panel
from screens.timers import Timers
from screens.widgets.footer import Deeds
from screens.widgets.node import Control

__all__ = ["Help", "KioskStage", "Panel", "Places"]

LIFT_S = 0.1
"""A control looks pressed for so long after the finger has left, unless the next screen is there before: a picture of
the old screen without it would only hold up the new one."""


class KioskStage:
    """kiosk.stage.Stage on one Kivy window. All calls come from the loop's thread.

    `on_activity` is called at every touch and key, `on_listening` while the voice speaks; `on_sound` for "press",
    "wrong", "done" and "warn"; `on_focus` with what a voice says for the control that has the focus; `on_screen` with
    what it says for a screen that has opened; `on_voice_key` for the keys of an audio keypad; `on_secret` after the
    touches that only staff know; `on_error` with what went wrong while a touch was handled or a screen drawn.
    """

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
        self.panel, self.places, self.help, self.motion, self.now = panel, places, help, motion, now
        self.on_activity: Callable[[], None] = lambda: None
        self.on_listening: Callable[[], None] = lambda: None
        self.on_error: Callable[[Exception], None] = lambda problem: None
        self.on_secret: Callable[[], None] = lambda: None
        self.on_voice_key: Callable[[str], None] = lambda name: None
        self.on_sound: Callable[[Sound], None] = lambda sound: None
        self.on_focus: Callable[[tuple[Part, ...]], None] = lambda parts: None
        self.on_screen: Callable[[tuple[Part, ...]], None] = lambda parts: None
        self.on_drawn: Callable[[], None] = lambda: None
        self.preferences = Preferences()
        self.frames_drawn = 0
        self._painted = asyncio.Event()
        self._laid_out_at_frame = 0
        self._secret = Secret()
        self._prompt: Prompt[Any] | None = None
        self._screen: AnyScreen | None = None
        self._scene: Scene | None = None
        self._chrome = Chrome()
        self._answer: Reply = lambda answer: None
        self._focus = focus.Focus()
        self._pressed: tuple[str, Any] | None = None  # the key under the finger, and which finger
        self._keys = focus.KeysDown()
        self._warning: int | None = None
        self._helping = self._opening = self._dirty = False
        self._held = False  # a picture that is no longer answered stays until the next is worth showing
        self._timers = Timers()
        self._captions = Captions(self.refresh, self._timers.after)
        self._loop = Loop(lambda problem: self.on_error(problem))
        self._surface = Surface(panel.height_px, self.touch_down, self.touch_up)
        self._open_window()

    def _open_window(self) -> None:
        from kivy.clock import Clock
        from kivy.core.window import Window

        self._render_soon = Clock.create_trigger(lambda dt: self._render(), -1)
        self._lift_soon = Clock.create_trigger(lambda dt: self._draw_touch(), LIFT_S)
        self._window = Window
        Window.bind(on_request_close=lambda *args, **kwargs: True)  # Alt-F4 closes nothing
        Window.bind(on_key_down=self._key_down, on_key_up=self._key_up, on_flip=self._count_frame)

    def _count_frame(self, *args: object) -> None:
        self.frames_drawn += 1
        if self._scene is not None:
            self._painted.set()
        self.on_drawn()

    async def painted(self) -> None:
        """Return as soon as the first screen is on the glass."""
        await self._painted.wait()

    async def run(self) -> None:
        """Keep the window going until `stop`."""
        await self._loop.run(self._surface)

    def stop(self) -> None:
        """End `run`; the window goes away."""
        self._timers.drop()
        self._loop.stop()

    # ------------------------------------------------------------------ the stage

    def show(self, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences, reply: Reply) -> None:
        """Replace what is shown. The citizen's changes of language and size go into `preferences`."""
        self._timers.drop()
        before, self._prompt = self._prompt, prompt
        self._chrome = chrome
        self._answer = once(reply)
        self._helping = False
        anew = type(prompt) is type(before) and (chrome.anew or isinstance(prompt, Attract | Menu))
        if not anew:  # else it follows the devices, and the finger that is on it stays on it
            self._pressed = None
        again = anew and prompt == before and preferences is self.preferences
        self.preferences = preferences
        if not again:  # else what has changed is not shown, and the focus stays
            self._focus.opens()
        if isinstance(prompt, Attract) and not isinstance(before, Attract | None):
            self.forget()
        self._screen = SCREENS[type(prompt)](prompt, self._room())
        self._screen.opened()
        self._opening = not again
        self._held = isinstance(prompt, Working) and not isinstance(before, Present | Working | None)
        if self._held:  # work that is over at once does not flash by
            self._dirty = True
            self._timers.after(HOLD_S, self.refresh)
        else:
            self.refresh()
        self._timers.after(60.0 - self.now().second, self._next_minute)

    def warn(self, seconds_left: int | None) -> None:
        """The idle warning with its countdown; None takes it away, and what lay under it is shown and said again."""
        before, self._warning = self._warning, seconds_left
        if before is None and seconds_left is not None:
            self.on_sound("warn")
        if (before is None) != (seconds_left is None):
            self._focus.lies_over(seconds_left is not None)
            self._opening = True
        self.refresh()

    def sound(self, sound: Sound) -> None:
        """How something was taken, without words."""
        self.on_sound(sound)

    def controls(self) -> dict[str, Any]:
        """What is on the window now, in window pixels from the top left; `texts` is every text in sight."""
        if self._screen is None:
            return nothing_yet(self.preferences.language)
        scene = self.scene()
        painted = self.frames_drawn > self._laid_out_at_frame
        return described(type(self._prompt).__name__, scene, self._focus.key, painted)

    def scene(self) -> Scene:
        """What is on the glass, laid out now if it has changed."""
        if self._dirty:
            self._render()
        if self._scene is None:
            raise LookupError("nothing has been shown yet")
        return self._scene

    def spoken(self) -> tuple[Part, ...]:
        """What a voice says for this screen: the same parts that are shown, unless the screen says it shorter."""
        own = self._screen.spoken() if self._screen and not self.scene().overlay else ()
        return own or self.scene().spoken()

    def caption(self, part: Part | None, rate: float) -> None:
        """What the voice begins to say, at so many times its usual pace; None when it is silent."""
        if self._warning is None:  # the warning, too, is spoken; nobody is there for that
            self.on_listening()
        self._captions.say(part, self.preferences.language, rate)

    def forget(self) -> None:
        """Drop every picture of a text: a visit has ended."""
        pen.forget_texts()
        typeset.forget()
        glyphs.forget(keep=glyphs.of_catalogues())

    # ------------------------------------------------------------------ laying out and drawing

    def refresh(self) -> None:
        """Something has changed: lay it out and draw it in the next frame."""
        self._dirty = True
        self._held = False
        self._render_soon()
        self._loop.wake()

    def _render(self) -> None:
        if self._screen is None or not self._dirty:
            return
        self._dirty = self._held = False
        self._lift_soon.cancel()  # this picture shows it lifted
        self._laid_out_at_frame = self.frames_drawn
        look = Look.of(self.panel, self.preferences)
        answer = self._answer  # of this prompt: a picture that is about to go answers nothing else
        deeds = Deeds(
            back=lambda: answer(Gesture.BACK),
            help=lambda: self._set_helping(True),
            finish=lambda: answer(Gesture.FINISH),
            switch=self._switch,
        )
        finish, helping = deeds.finish if self._chrome.finish else None, self.help if self._helping else None
        stay, close = partial(self.warn, None), partial(self._set_helping, False)
        overlay = laid_over(look, self._warning, stay, finish, helping, close)
        caption = self._captions.now() if self.preferences.speech else None
        self._scene = compose(
            self._screen, look, self.places, self._chrome, deeds, self.now(), overlay, caption
        )
        self._focus.comes_in(self._scene.controls(), self._scene.start())
        red, green, blue = look.colour("ground")
        self._window.clearcolor = (red / 255, green / 255, blue / 255, 1)
        if self.preferences.blank:  # private: all there is, is said
            self._surface.base_pen().box(0, 0, self.panel.width_px, self.panel.height_px, (0, 0, 0))
        else:
            self._scene.draw(self._surface.base_pen())
        self._draw_touch()
        if self._opening:
            self._opening = False
            self.on_screen((*self.spoken(), *self._focused_words()))

    def _draw_touch(self) -> None:
        """The control under the finger, and the ring of the focus."""
        above = self._surface.touch_pen()
        pressed = self._control(self._pressed[0]) if self._pressed else None
        focused = self._control(self._focus.key)
        if self.preferences.blank:
            return
        if self._scene and pressed and pressed.enabled:
            pressed.draw_pressed(self._scene.look, above)
        if self._scene and focused:
            focus.draw_ring(self._scene.look, above, focused)

    def _control(self, key: str | None) -> Control | None:
        controls = self._scene.controls() if self._scene else []
        return next((control for control in controls if control.key == key), None)

    # ------------------------------------------------------------------ what screens and controls do

    def _room(self) -> Room:
        return Room(
            reply=self._answer,
            refresh=self.refresh,
            after=self._timers.after,
            sound=self.sound,
            now=self.now,
            places=self.places,
            help=self.help,
            preferences=self.preferences,
            motion=self.motion,
            tell=lambda parts: self.on_focus(parts),
        )

    def _next_minute(self) -> None:
        self.refresh()
        self._timers.after(60.0 - self.now().second, self._next_minute)

    def _switch(self, change: Callable[[Preferences], None]) -> None:
        change(self.preferences)
        self._reopen()

    def _reopen(self) -> None:
        """Show it and say it as if it had just opened: something else than before is to be read."""
        self._opening = True
        self.refresh()

    def _set_helping(self, helping: bool) -> None:
        self._helping = helping
        self._focus.lies_over(helping)
        self._reopen()

    # ------------------------------------------------------------------ fingers

    def touch_down(self, x: float, y: float, finger: Any = 0) -> None:
        """A finger on the glass, px from the top left. A new finger takes over from an older one."""
        if self._warning is None and not self._in_private:  # a warning must not go from under the finger
            self.on_activity()
        if self._held or self._scene is None:
            return
        if self.preferences.blank:
            self._touched_in_the_dark()
            return
        self._focus.key = None
        if self._secret.touched(self._scene.look, x, y, time.monotonic()):
            self.on_secret()
        touched = next((c for c in reversed(self._scene.controls()) if c.box.holds(x, y)), None)
        self._pressed = (touched.key, finger) if touched else None
        if touched and touched.enabled:
            self.on_sound("press")
        self._draw_touch()

    @property
    def _in_private(self) -> bool:
        return self.preferences.blank and not isinstance(self._prompt, Attract | OutOfService)

    def _touched_in_the_dark(self) -> None:
        """Nobody can see what they touch. In a visit only the key brings the picture back: it is private."""
        if self._in_private:
            self.on_focus((msg("voice.blank"),))
        else:
            self.preferences.blank = False
            self.refresh()

    def touch_up(self, x: float, y: float, finger: Any = 0) -> None:
        """The finger has left; what it left from acts when it is what it came down on."""
        if self._warning is not None and not self.preferences.blank:
            self.on_activity()
        if self._pressed is None or self._pressed[1] != finger:
            return
        control = self._control(self._pressed[0])
        self._pressed = None
        self._lift_soon()
        if control and not self._held and control.box.holds(x, y):
            self._act(control)

    def _act(self, control: Control) -> None:
        """Do what a control is for; where the same screen then says something else, have that said."""
        if control.press is None or self._screen is None:
            return
        screen, page, text = self._screen, self._screen.turning.number, self._spoken_now()
        control.press()
        if self._screen is not screen or self._opening:
            return
        if control.role == "digit":
            self._echo(control.key.removeprefix("digit-"))
        elif told := screen.told(control.key):
            self.on_focus(told)
        elif screen.turning.number != page or self._spoken_now() != text:
            self._reopen()

    def _spoken_now(self) -> tuple[Part, ...]:
        return self.spoken() if self.preferences.speech else ()

    def _echo(self, digit: str, typed: bool = False) -> None:
        """Say the digit; whom keys lead is led on to what comes next. `typed`: by its own key."""
        if self._screen is None:
            return
        words = self._screen.echo(digit)
        if (following := self._screen.next_focus(typed)) and (typed or self._focus.key is not None):
            self._render()
            self._focus.key = following
            self._draw_touch()
            words = (*words, *self._focused_words())
        self.on_focus(words)

    # ------------------------------------------------------------------ keys

    def _key_up(self, window: object, code: int, *rest: object) -> None:
        self._keys.up(code)

    def _key_down(self, window: object, code: int, *rest: object) -> bool:
        if not self._keys.down(code):
            return True
        name = focus.KEYS.get(code)
        if code in focus.VOICE_KEYS:
            self._somebody_is_there()
            self.on_voice_key(focus.VOICE_KEYS[code])
            self.refresh()  # it may have darkened the screen, or turned captions on
        elif name:
            self.key(name)
        else:
            self._somebody_is_there()
        return True

    def _somebody_is_there(self) -> bool:
        """A key: any of them answers the warning, and then does nothing else that the warning could be ended by."""
        warned = self._warning is not None
        self.on_activity()
        if warned:
            self.warn(None)
            self._render()
        return warned

    def key(self, name: str) -> None:
        """A key by name: left, right, up, down, select, back, a digit or the point."""
        if self._somebody_is_there() and name in (*focus.MOVES, "select", "back"):
            return  # a digit was on its way to what the warning hid
        if self._held or self._scene is None or self._screen is None:
            return
        if self._dirty:  # a key that follows at once is meant for what comes now
            self._render()
        if name in focus.MOVES:
            self._focus_on(focus.moved(self._scene.controls(), self._focus.key, name, self._scene.start()))
        elif name == "select":
            self._select()
        elif name == "back":
            self._back()
        elif self._scene.overlay is None and self._screen.digit(name):
            self.on_sound("press")
            self._echo(name, typed=True)
        else:
            self._not_taken()

    def _select(self) -> None:
        focused = self._control(self._focus.key)
        if focused is None:
            self._focus_on(self._scene.start() if self._scene else None)
        elif focused.press:
            self.on_sound("press")
            self._act(focused)
        else:
            self.on_sound("wrong")
            self._focus_on(self._focus.key)  # which says that it cannot be used, and why

    def _not_taken(self) -> None:
        """A key that has no use now: nobody is left wondering whether it was heard."""
        self.on_sound("wrong")
        self.on_focus((msg("voice.not-taken"),))

    def _back(self) -> None:
        if self._helping:
            self._set_helping(False)
        elif self._screen and self._screen.erase():
            self.on_focus(self._screen.told("erase"))
        elif self._chrome.back:
            self._answer(Gesture.BACK)
        else:
            self._not_taken()

    def _focus_on(self, key: str | None) -> None:
        self._focus.key = key
        self._draw_touch()
        self.on_focus(self._focused_words())

    def _focused_words(self) -> tuple[Part, ...]:
        focused = self._control(self._focus.key)
        if focused is None or self._screen is None:
            return ()
        return spoken.of_control(focused, self._screen.hint(focused.key))
