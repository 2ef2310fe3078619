"""Starts the kiosk: reads the settings, builds devices, line, journal and window, and lets the terminal run.

python run_kiosk.py                 the kiosk of config/kiosk.toml
python run_kiosk.py --demo          with an embedded centre, simulated devices and the device bench
python run_kiosk.py --check         what works and what does not, in a table; the exit status says it
python run_kiosk.py --enrol CODE    register this machine with its centre, once
python run_kiosk.py --updating      say on the panel that an update is being installed
"""

import argparse
import asyncio
import contextlib
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardware.device import Device, Driver, Kind
from hardware.registry import BadDevice, make_device
from kiosk import logs
from kiosk import settings as kiosk_settings
from kiosk.messages import LANGUAGES
from kiosk.settings import Settings, SettingsProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bench.cable import Cable
    from bench.demo import Demo
    from kiosk.flows.supervisor.console import Ending
    from kiosk.voice import Said
    from screens.window import KioskStage

EXIT_BAD_SETTINGS = 78  # EX_CONFIG of sysexits.h: a supervisor must not restart in a loop
EXIT_NOT_READY = 1
EXIT_RESTART = 75  # EX_TEMPFAIL: staff want it started again
LONG_SIDE_MM = 476.0
"""Of the lit area of a 21.5" panel."""


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; exits with status 2 and a sentence when it cannot be."""
    parser = argparse.ArgumentParser(description="The housing provident fund kiosk")
    parser.add_argument("--settings", type=Path, default=kiosk_settings.DEFAULT_FILE, metavar="FILE")
    parser.add_argument(
        "--demo", action="store_true", help="embedded centre, simulated devices, device bench"
    )
    parser.add_argument("--check", action="store_true", help="say what works and what does not, then end")
    parser.add_argument(
        "--enrol", metavar="CODE", help="register with the centre by a one-time code, then end"
    )
    parser.add_argument(
        "--updating", action="store_true", help="show that an update is being installed, until ended"
    )
    parser.add_argument("--bench-port", type=int, default=8808, help="where the device bench listens (demo)")
    parser.add_argument(
        "--a4", action="store_true", help="give the demo an A4 printer, with a CUPS of its own"
    )
    parser.add_argument("--language", choices=LANGUAGES, help="of the idle screen")
    parser.add_argument("--size", type=_size, metavar="WxH", help="window size in pixels, such as 1080x1920")
    return parser.parse_args(arguments)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1080x1920")
    return int(match[1]), int(match[2])


def main(arguments: list[str]) -> int:
    """Run; returns the exit status."""
    options = parse(arguments)
    logs.configure()
    try:
        with contextlib.ExitStack() as cleanup:
            demo = cleanup.enter_context(_begin_demo(options.a4)) if options.demo else None
            settings = kiosk_settings.load(options.settings, _overrides(options, demo))
            devices = _devices(settings)
            if options.enrol:
                return _enrol(settings, options.enrol)
            if options.updating:
                return asyncio.run(_updating(settings))
            if options.check:
                from kiosk.check import check

                return check(settings, devices)
            return asyncio.run(_run(settings, devices, demo, options.bench_port))
    except SettingsProblem as problem:
        sys.stderr.write("\n".join(problem.errors) + "\n")
        if not (options.check or options.enrol):
            asyncio.run(_show_errors(problem.errors, options.settings))
        return EXIT_BAD_SETTINGS


@contextlib.contextmanager
def _begin_demo(a4: bool) -> "Iterator[Demo]":
    from bench.centre import EmbeddedCentre

    with EmbeddedCentre.begin() as centre:
        from bench.demo import Demo  # late: the centre comes up while its libraries are read

        with Demo.begin(centre, a4=a4) as demo:
            yield demo


def _overrides(options: argparse.Namespace, demo: "Demo | None") -> dict[str, Any]:
    """What the command line and the demo change in the settings."""
    overrides: dict[str, Any] = demo.overrides() if demo else {}
    panel: dict[str, Any] = {"full_screen": False} if options.demo else {}
    if options.size:
        width, height = options.size
        mm_per_px = LONG_SIDE_MM / max(width, height)
        panel |= {"width_px": width, "height_px": height}
        panel |= {"width_mm": width * mm_per_px, "height_mm": height * mm_per_px}
    if panel:
        overrides["panel"] = panel
    if options.language:
        overrides["language"] = options.language
    return overrides


def _devices(settings: Settings) -> dict[Kind, Device[Driver]]:
    """Every device of the settings; all mistakes at once. Raises SettingsProblem."""
    devices: dict[Kind, Device[Driver]] = {}
    errors: list[str] = []
    for name, table in settings.devices.items():
        try:
            device = make_device(name, table.driver, table.options)
        except BadDevice as problem:
            errors += problem.errors
            continue
        if device:
            devices[device.kind] = device
    if errors:
        raise SettingsProblem(tuple(errors))
    return devices


def _enrol(settings: Settings, code: str) -> int:
    from kiosk.enrolment import NotEnrolled, enrol

    try:
        centre = settings.centre
        identity = enrol(str(centre.url), code, settings.kiosk.id, settings.data, centre.ca)
    except NotEnrolled as problem:
        sys.stderr.write(f"{problem}\n")
        return EXIT_NOT_READY
    sys.stdout.write(f"enrolled as {identity.kiosk_id}\n")
    return 0


async def _show_errors(errors: tuple[str, ...], file: Path) -> None:
    """Settings that are wrong still get a screen, as it is mounted: the installer stands before it."""
    from kiosk.prompts import Chrome, SettingsError
    from kiosk.stage import Preferences
    from kiosk.values import Bilingual, Digits
    from screens.window import Help, KioskStage, Panel, Places

    nowhere = Bilingual("", "")
    told = kiosk_settings.panel_of(file)
    upright = Panel(1080, 1920, 268.0, LONG_SIDE_MM)
    panel = Panel(told.width_px, told.height_px, told.width_mm, told.height_mm) if told else upright
    stage = KioskStage(
        panel,
        Places(nowhere, nowhere, {}),
        Help(nowhere, Digits("")),
        fullscreen=told is not None and told.full_screen,
    )
    stage.show(SettingsError(errors), Chrome(), Preferences(), lambda answer: None)
    await stage.run()


def _window(settings: Settings) -> "KioskStage":
    from kiosk.values import Bilingual, Digits
    from screens.glyphs import on_missing
    from screens.window import Help, KioskStage, Panel, Places

    on_missing(lambda code: logs.log().warning("glyph-missing", character=code))
    panel, centre, kiosk, layout = settings.panel, settings.centre, settings.kiosk, settings.layout
    return KioskStage(
        Panel(panel.width_px, panel.height_px, panel.width_mm, panel.height_mm),
        Places(
            Bilingual(centre.name_zh, centre.name_en),
            Bilingual(kiosk.place_zh, kiosk.place_en),
            {
                "id_card": layout.id_card,
                "joint_card": layout.joint_card,
                "phone_code": layout.scanner,
                "guide_code": layout.scanner,
                "take_card": layout.joint_card,
                "take_paper": layout.receipt_printer,
            },
        ),
        Help(Bilingual(centre.window_zh, centre.window_en), Digits(centre.help_phone, personal=False)),
        fullscreen=panel.full_screen,
        motion=panel.motion,
    )


async def _run(
    settings: Settings, devices: "Mapping[Kind, Device[Any]]", demo: "Demo | None", bench_port: int
) -> int:
    """The window, the terminal and their watchers, until SIGTERM, SIGINT or the word of staff; the exit status."""
    stage = _window(settings)
    endings: list[Ending] = []

    def end(ending: "Ending") -> None:
        endings.append(ending)
        stage.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stage.stop)
    async with contextlib.AsyncExitStack() as cleanup:
        window = asyncio.create_task(stage.run())
        url = site = str(settings.centre.url)
        said: Callable[[Said], None] = lambda piece: None  # noqa: E731 - nobody listens but the citizen
        if demo:
            cable, url = await demo.connect()
            cleanup.push_async_callback(cable.close)
            site, said = demo.site_url, demo.heard.append
        elif not await _enrolled(settings, stage, window):
            return 0
        from kiosk.assembly import Surroundings, assemble
        from kiosk.journal import JournalBroken

        try:
            work = assemble(settings, devices, stage, Surroundings(url, site, said, end), cleanup)
        except JournalBroken as problem:
            sys.stderr.write(f"JournalBroken: {problem}\n")
            return await _without_journal(settings, stage, window)
        if demo:
            work = (*work, _serve_bench(demo, bench_port, cable, stage, devices))
        background = [asyncio.create_task(part) for part in work]
        try:
            going_on = {window, *background}
            while not window.done():
                ended, going_on = await asyncio.wait(going_on, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
        finally:
            stage.stop()
            for task in background:
                task.cancel()
            await asyncio.gather(window, *background, return_exceptions=True)
    return EXIT_RESTART if "restart" in endings else 0


async def _enrolled(settings: Settings, stage: "KioskStage", window: "asyncio.Task[None]") -> bool:
    """Wait until the installer has enrolled this kiosk; False when the window was closed before."""
    from kiosk.first_run import until_enrolled

    command = " ".join(("runuser -u kiosk -- .venv/bin/python run_kiosk.py", *sys.argv[1:], "--enrol CODE"))
    waiting = asyncio.create_task(until_enrolled(settings, stage, command))
    await asyncio.wait({window, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    return not window.done()


async def _without_journal(settings: Settings, stage: "KioskStage", window: "asyncio.Task[None]") -> int:
    """A kiosk that can keep no records says so, and does nothing else until it is ended. Trying again by itself would
    only turn the panel dark again and again: docs/runbooks/journal-will-not-open.md."""
    from kiosk.guards import OUT_OF_SERVICE_NUMBER
    from kiosk.messages import msg
    from kiosk.prompts import Chrome, OutOfService
    from kiosk.stage import Preferences

    instead = msg("out-of-service.window", window=stage.help.window)
    prompt = OutOfService(msg("out-of-service.journal"), instead, OUT_OF_SERVICE_NUMBER)
    stage.show(prompt, Chrome(), Preferences(language=settings.language), lambda answer: None)
    await window
    return 0


async def _updating(settings: Settings) -> int:
    """What stands on the panel while the program is being replaced."""
    from kiosk.heartbeat import product_version
    from kiosk.messages import msg
    from kiosk.prompts import Chrome, Updating
    from kiosk.stage import Preferences

    stage = _window(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stage.stop)
    instead = msg("out-of-service.window", window=stage.help.window)
    preferences = Preferences(language=settings.language)
    stage.show(Updating(product_version(), instead), Chrome(), preferences, lambda answer: None)
    await stage.run()
    return 0


async def _serve_bench(
    demo: "Demo", port: int, cable: "Cable", stage: "KioskStage", devices: "Mapping[Kind, Device[Any]]"
) -> None:
    """The demo's device bench, as soon as there is something to see on the window."""

    async def controls() -> dict[str, Any]:
        return stage.controls()

    await stage.painted()
    print(
        f"\n  The device bench, which plays the citizen's hands, is at  http://127.0.0.1:{port}/\n",
        flush=True,
    )
    await demo.serve(port, cable, controls, lambda: {kind: device.status for kind, device in devices.items()})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
