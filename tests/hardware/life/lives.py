"""The devices that live: each made with its simulated far end on the real transport, and told what can happen there."""

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path

from hardware.cabinet.contact import ContactCabinet
from hardware.contacts import SimulatedContact
from hardware.device import Kind
from hardware.id_card import simulator as id_card
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import ChipCard, SimulatedSamV
from hardware.joint_card import simulator as joint_card
from hardware.joint_card.pcsc import Pcsc
from hardware.joint_card.pcscd import PrivatePcscd
from hardware.joint_card.simulator import SimulatedCardReader
from hardware.joint_card.virtual_card import CONTACTLESS, VirtualCard
from hardware.lights.interface import Glow, Place
from hardware.lights.leds import LedLights
from hardware.presence.contact import ContactPresence
from hardware.scanner.camera import CameraScanner
from hardware.scanner.serial_scanner import SerialScanner
from hardware.scanner.simulator import CameraSimulator
from hardware.scanner.simulator import Scenario as Camera
from hardware.scratch import Scratch
from hardware.simulated_line import SimulatedLine
from hardware.speaker import simulator as speaker
from hardware.speaker.espeak import EspeakSpeaker
from hardware.speaker.interface import Speech
from hardware.speaker.simulator import SimulatedSoundCard
from hardware.ups import simulator as ups
from hardware.ups.nut import NutUps
from hardware.ups.simulator import NAME, SimulatedUps
from tests.hardware.life.living import Life, nothing
from tests.hardware.scanner.wedge_cable import Cable

ID_CARD = ChipCard.of("测试甲", "11010519491231002X")
JOINT_CARDS = (VirtualCard("6217000000000000004"), VirtualCard("6217000000000000004", CONTACTLESS))
CODES = (
    b"https://example.org/c/1\r\n",
    "业务码 42".encode("gb18030") + b"\r",
    b"\x00\xff",
    b"x" * 3000 + b"\r\n",
)


def each(act: Callable[[str], object], scenarios: Iterable[str]) -> list[Callable[[], object]]:
    """One mishap for each scenario."""
    return [partial(act, scenario) for scenario in scenarios]


def closing(*things: object) -> Callable[[], None]:
    """Close them, the driver first."""

    def close() -> None:
        for thing in things:
            thing.close()  # type: ignore[attr-defined]

    return close


def id_card_reader() -> Life:
    """SAM_V on a pseudo-terminal."""
    module = SimulatedSamV()
    driver = SamV(module.port, poll_s=0.001)
    return Life(
        "id_card/sam_v",
        Kind.ID_CARD,
        driver,
        share=250,
        verbs=(driver.read, driver.read, driver.present),
        mishaps=each(module.fail, id_card.Scenario),
        well=module.recover,
        happenings=(lambda: module.insert(ID_CARD), lambda: module.insert(ID_CARD), module.remove),
        rest=driver.close,
        close=closing(driver, module),
    )


def joint_card_reader() -> Life:
    """A serial CCID reader behind the real pcscd. Its presence polls take up to half a second."""
    device = SimulatedCardReader()
    daemon = PrivatePcscd(device.port)
    device.on_service = daemon.set_up
    driver = Pcsc()
    cards = cycle(JOINT_CARDS)
    return Life(
        "joint_card/pcsc",
        Kind.JOINT_CARD,
        driver,
        share=8,
        verbs=(driver.read, driver.read, driver.present),
        # A reader that falls silent with a card in it holds pcscd for minutes: test_pcsc.py has that.
        mishaps=each(
            device.fail, (name for name in joint_card.Scenario if name is not joint_card.Scenario.SILENT)
        ),
        well=device.recover,
        happenings=(lambda: device.insert(next(cards)), device.remove, nothing),
        deadlines_s=(0.05, 0.6),
        late_s=5.0,
        rest=driver.close,
        close=closing(driver, daemon, device),
    )


def camera() -> Life:
    """MJPEG, the capturing process and the decoding process."""
    lens = CameraSimulator()
    driver = CameraScanner(lens.url)

    def signal_decoder(number: signal.Signals) -> None:
        child = driver._decoder
        if child is not None:
            with suppress(ProcessLookupError):
                os.kill(child.pid, number)

    scenarios = (Camera.DARK, Camera.FROZEN, Camera.GONE)
    return Life(
        "scanner/camera",
        Kind.SCANNER,
        driver,
        share=6,
        verbs=(driver.scan,),
        mishaps=[
            *(partial(lens.set_scenario, scenario) for scenario in scenarios),
            partial(signal_decoder, signal.SIGKILL),
            partial(signal_decoder, signal.SIGSTOP),
        ],
        well=partial(lens.set_scenario, Camera.OK),
        happenings=(lambda: lens.show("https://example.org/c/1"), lens.hide, nothing),
        deadlines_s=(0.1, 3.0),
        late_s=20.0,  # the start of two processes is not called off
        rest=driver._rest,
        close=closing(driver, lens),
    )


def serial_scanner() -> Life:
    """A scanner on a pseudo-terminal."""
    line = SimulatedLine("scanner")
    driver = SerialScanner(line.port)

    def plug() -> None:
        line.unplug()
        line.plug_in()

    def say(data: bytes) -> None:
        with suppress(OSError):  # it is unplugged
            line.send(data)

    return Life(
        "scanner/serial",
        Kind.SCANNER,
        driver,
        share=100,
        verbs=(driver.scan,),
        mishaps=(line.unplug, partial(say, b"y" * 4000)),
        well=plug,
        happenings=[partial(say, code) for code in CODES],
        rest=driver.close,
        close=closing(driver, line),
    )


def wedge_scanner() -> Life:
    """The kernel's key events from a pipe."""
    cable = Cable()
    driver = cable.scanner

    def plug() -> None:
        if cable.far < 0:
            cable.plug()

    def type_in(text: str) -> None:
        if cable.far >= 0:
            cable.send(text)

    return Life(
        "scanner/wedge",
        Kind.SCANNER,
        driver,
        share=50,
        verbs=(driver.scan,),
        mishaps=(cable.pull,),
        well=plug,
        happenings=(partial(type_in, "GJJ1:ABC"), partial(type_in, "x" * 600), nothing),
        rest=driver.close,
        close=lambda: (driver.close(), cable.pull()),
    )


def loudspeaker() -> Life:
    """espeak-ng and a player that can be killed."""
    card = SimulatedSoundCard()
    driver = EspeakSpeaker(card.player, headset=card.headset)
    return Life(
        "speaker/espeak",
        Kind.SPEAKER,
        driver,
        share=12,
        verbs=(
            partial(driver.say, Speech("您好")),
            partial(driver.say, Speech("余额", personal=True)),
            driver.headset,
        ),
        mishaps=each(card.fail, speaker.Scenario),
        well=lambda: (card.recover(), card.forget()),
        happenings=(lambda: card.plug(True), lambda: card.plug(False)),
        deadlines_s=(0.05, 2.0),
        late_s=2.0,
        close=card.close,
    )


def contacts() -> Life:
    """Door, tamper contact, presence sensor and a light: files of the kernel."""
    folder = Scratch("contacts")
    door, tamper, somebody = (SimulatedContact(folder.path / name) for name in ("door", "tamper", "presence"))
    led = folder.path / "led"
    led.mkdir()
    for name in ("brightness", "max_brightness", "trigger"):
        (led / name).write_text("1")
    cabinet = ContactCabinet(str(door.contact.path), str(tamper.contact.path))
    sensor = ContactPresence(str(somebody.contact.path))
    lights = LedLights({"scanner": "led"}, folder=str(folder.path))

    def mend() -> None:
        for contact in (door, tamper, somebody):
            contact.set(False)
        (led / "max_brightness").write_text("1")

    return Life(
        "cabinet, presence and lights/files",
        Kind.CABINET,
        cabinet,
        share=122,
        verbs=(
            sensor.somebody,
            sensor.status,
            lights.status,
            lambda command: lights.show(Place.SCANNER, Glow.STEADY, command),
        ),
        mishaps=(
            door.break_off,
            tamper.break_off,
            somebody.break_off,
            lambda: tamper.set(True),
            lambda: Path.unlink(led / "max_brightness", missing_ok=True),
        ),
        well=mend,
        happenings=(lambda: door.set(True), lambda: somebody.set(True)),
        close=folder.close,
    )


def ups_on_nut() -> Life:
    """upsd on loopback."""
    upsd = SimulatedUps()
    driver = NutUps(NAME, port=upsd.port)
    return Life(
        "ups/nut",
        Kind.UPS,
        driver,
        share=20,
        verbs=(driver.status,),
        mishaps=each(upsd.fail, ups.Scenario),
        well=upsd.recover,
        late_s=2.5,  # a second to connect and a second for the answer, whatever the deadline
        close=upsd.close,
    )
