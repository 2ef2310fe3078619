"""Pictures of every screen in the real window: python -m screens.gallery --size 1080x1920 --language zh --out DIR

Needs a display (xvfb-run serves). With --only, screens whose name begins so.
"""

import argparse
import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from kiosk.messages import LANGUAGES
from kiosk.stage import Preferences
from kiosk.values import Bilingual, Digits
from screens.places import Help, Places
from screens.samples import INSIDE, OUTSIDE, SAMPLES, Sample
from screens.theme import Panel
from screens.window import KioskStage

PANELS: dict[str, Panel] = {
    "21.5-portrait": Panel(1080, 1920, 268.0, 476.0),
    "21.5-landscape": Panel(1920, 1080, 476.0, 268.0),
    "15.6-landscape": Panel(1920, 1080, 344.0, 194.0),
}
PLACES = Places(
    Bilingual("样例市住房公积金管理中心", "Sample City Housing Fund Centre"),
    Bilingual("政务大厅一层 2 号机", "Civic Hall, ground floor, kiosk 2"),
    {
        "id_card": "right",
        "joint_card": "right",
        "phone_code": "above",
        "guide_code": "above",
        "take_card": "right",
        "take_paper": "below",
    },
)
HELP = Help(
    Bilingual("3 号窗口（大厅左侧）", "Window 3, left side of the hall"), Digits("12329", personal=False)
)
NOW = datetime(2026, 11, 22, 1, 41, tzinfo=UTC)


def stage_for(panel: Panel, **more: Any) -> KioskStage:
    """A window with the sample centre's surroundings."""
    return KioskStage(panel, PLACES, HELP, now=lambda: NOW, motion=False, **more)


async def shown(stage: KioskStage, sample: Sample, preferences: Preferences) -> None:
    """Show a sample and touch what it says; returns when it is painted."""
    stage.show(sample.prompt, OUTSIDE if sample.outside else INSIDE, preferences, lambda answer: None)
    stage.controls()
    for key in sample.keys:
        stage.key(key)
        stage.controls()
    for key in sample.touches:
        control = next((control for control in stage.scene().controls() if control.key == key), None)
        if control is not None:
            stage.touch_down(control.box.x + 1, control.box.y + 1)
            stage.touch_up(control.box.x + 1, control.box.y + 1)
            stage.controls()
    await painted(stage)


async def painted(stage: KioskStage) -> None:
    """Wait until what is to be shown has been drawn."""
    drawn = asyncio.Event()
    stage.on_drawn = drawn.set
    stage.refresh()
    await drawn.wait()


def grabbed(stage: KioskStage) -> Image.Image:
    """What is in the window's buffer."""
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    size = stage.panel.width_px, stage.panel.height_px
    pixels = glReadPixels(0, 0, *size, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", size, pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def folder(path: str) -> Path:
    made = Path(path)
    made.mkdir(parents=True, exist_ok=True)
    return made


async def take(arguments: argparse.Namespace) -> None:
    width, height = (int(part) for part in arguments.size.split("x"))
    panel = (
        PANELS[arguments.panel]
        if arguments.panel
        else next(p for p in PANELS.values() if (p.width_px, p.height_px) == (width, height))
    )
    stage = stage_for(panel)
    running = asyncio.create_task(stage.run())
    out = folder(arguments.out)
    for sample in SAMPLES:
        if not sample.name.startswith(tuple(arguments.only)):
            continue
        preferences = Preferences(
            arguments.language, arguments.text, arguments.theme, arguments.lowered, arguments.text != "normal"
        )
        await shown(stage, sample, preferences)
        if sample.name == "working":
            await asyncio.sleep(0.6)
            await painted(stage)
        grabbed(stage).save(out / f"{sample.name}.png")
        (out / f"{sample.name}.json").write_text(json.dumps(stage.controls(), ensure_ascii=False, indent=1))
    if "idle".startswith(tuple(arguments.only)):
        stage.warn(17)
        await painted(stage)
        grabbed(stage).save(out / "idle.png")
    stage.stop()
    await running


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m screens.gallery", description=__doc__)
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--panel", choices=sorted(PANELS), help="in place of --size: pixels and millimetres")
    parser.add_argument("--language", default="zh", choices=LANGUAGES)
    parser.add_argument("--text", default="normal", choices=["normal", "large", "extra"])
    parser.add_argument(
        "--theme", default="default", choices=["default", "dark", "contrast-light", "contrast-dark"]
    )
    parser.add_argument("--lowered", action="store_true")
    parser.add_argument("--only", nargs="*", default=[""])
    parser.add_argument("--out", default="build/gallery")
    asyncio.run(take(parser.parse_args()))


if __name__ == "__main__":
    main()
