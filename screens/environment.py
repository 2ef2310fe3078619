"""What Kivy must be told before it is first imported: this module comes first in screens.window.

A kiosk shows one window and nothing else. Kivy's command line, its file in the user's home, the settings panel on
F1, the inspector, the red multi-touch dots and leaving by Escape are all off, whatever the machine's user has set.
"""

import os
import tempfile
from pathlib import Path

from screens.theme import Panel

INPUTS = ("mouse",)
"""The only input provider: SDL brings a touch panel as a mouse. Raw devices are never opened by the window."""


def _set_variables() -> None:
    home = Path(tempfile.gettempdir()) / f"kiosk-window-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    os.environ.update(
        KIVY_HOME=str(home),
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",  # Kivy keeps its hands off the root logger and standard error
        KIVY_DPI="96",
        KIVY_METRICS_DENSITY="1",  # the theme counts in millimetres itself
        KIVY_METRICS_FONTSCALE="1",
        KIVY_WINDOW="sdl2",
        KIVY_IMAGE="pil",
        SDL_NO_SIGNAL_HANDLERS="1",  # the terminal stops on SIGTERM, not the window
        SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS="0",
        SDL_VIDEO_ALLOW_SCREENSAVER="0",
    )


_set_variables()


def _leave_pace_to_us() -> None:
    """Kivy's clock must not sleep: screens.loop does. It reads this when it is first imported."""
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")


_leave_pace_to_us()


def configure(panel: Panel, fullscreen: bool) -> None:
    """Tell Kivy how to open the window. Must run before kivy.core.window is imported."""
    from kivy.config import Config

    graphics = {
        "width": panel.width_px,
        "height": panel.height_px,
        "borderless": 1,
        "resizable": 0,
        "fullscreen": "auto" if fullscreen else 0,
        "position": "custom",
        "left": 0,
        "top": 0,
        "multisamples": 0,  # edges are smoothed in textures: four times the pixels would halve the speed
        "show_cursor": 0 if fullscreen else 1,
        "allow_screensaver": 0,
    }
    for name, value in graphics.items():
        Config.set("graphics", name, str(value))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "keyboard_mode", "system")
    Config.remove_section("modules")
    Config.add_section("modules")
    Config.remove_section("input")
    Config.add_section("input")
    for name in INPUTS:
        Config.set("input", name, f"{name},disable_multitouch,disable_on_activity")
