"""What is on the window, in words and pixels: for the device bench, and for those who test from outside."""

from typing import Any

from screens.scene import Scene


def described(screen: str, scene: Scene, focus: str | None, painted: bool) -> dict[str, Any]:
    """Controls in window pixels from the top left; `texts` is every text in sight."""
    controls = [
        {
            "label": control.label_text(scene.look),
            "role": control.role,
            "x": control.box.x,
            "y": control.box.y,
            "w": control.box.w,
            "h": control.box.h,
            "enabled": control.enabled,
            "focused": control.key == focus,
        }
        for control in scene.controls()
    ]
    return {
        "screen": screen,
        "language": scene.look.language,
        "controls": controls,
        "texts": scene.texts(),
        "painted": painted,
    }


def nothing_yet(language: str) -> dict[str, Any]:
    """The window is up, and nothing has been shown on it."""
    return {"screen": "", "language": language, "controls": [], "texts": [], "painted": False}
