"""The citizen's hands: the simulated far ends of the demo kiosk's devices, and what can be done to them."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from typing import Any

from hardware.a4_printer import simulator as a4_printer
from hardware.a4_printer.simulator import QUEUE, SimulatedA4Printer
from hardware.device import Kind
from hardware.id_card import simulator as id_card
from hardware.id_card.simulator import ChipCard, SimulatedSamV
from hardware.joint_card import simulator as joint_card
from hardware.joint_card.pcscd import PrivatePcscd
from hardware.joint_card.simulator import SimulatedCardReader
from hardware.joint_card.virtual_card import VirtualCard
from hardware.receipt_printer.simulator import SCENARIOS
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.scanner.simulator import CameraSimulator, Scenario
from hardware.speaker import simulator as speaker
from hardware.speaker.simulator import SimulatedSoundCard

PRINT_LINE_S = 0.02
"""As fast as a real thermal head, so that paper can run out in mid-print."""

UNKNOWN_NAME = "测试来客"
"""On the card of an id number that no demo citizen has."""


class BadAction(ValueError):
    """An action that the device does not have, or a body that does not fit it."""


class Hands:
    """All simulators of the demo, with the settings that lead the real drivers to them."""

    def __init__(self, citizens: list[dict[str, Any]], *, a4: bool = False) -> None:
        """`a4` adds an A4 printer with a CUPS of its own, up a moment later. Raises NoCups where that cannot run."""
        self._names = {citizen["id_number"]: citizen["name"] for citizen in citizens}
        with ExitStack() as made:
            self.a4 = made.enter_context(closing(SimulatedA4Printer(later=True))) if a4 else None
            self.id_card = made.enter_context(closing(SimulatedSamV()))
            self.joint_card = made.enter_context(closing(SimulatedCardReader()))
            pcscd = made.enter_context(closing(PrivatePcscd(self.joint_card.port)))
            self.joint_card.on_service = pcscd.set_up
            self.camera = made.enter_context(closing(CameraSimulator()))
            self.printer = made.enter_context(
                closing(TcpPrinter(presenter="full_status", line_s=PRINT_LINE_S))
            )
            self.sound_card = made.enter_context(closing(SimulatedSoundCard()))
            self.close = made.pop_all().close
        self._held: dict[Kind, str] = {}
        self._actions: Mapping[Kind, Mapping[str, Callable[[Mapping[str, Any]], None]]] = {
            Kind.ID_CARD: {
                "insert": self._insert_id_card,
                "remove": self._remove_id_card,
                "fail": lambda body: self.id_card.fail(_text(body, "scenario")),
                "recover": lambda body: self.id_card.recover(),
            },
            Kind.JOINT_CARD: {
                "insert": self._insert_joint_card,
                "remove": self._remove_joint_card,
                "fail": lambda body: self.joint_card.fail(_text(body, "scenario")),
                "recover": lambda body: self.joint_card.recover(),
            },
            Kind.SCANNER: {
                "show": self._show,
                "hide": self._hide,
                "fail": lambda body: self.camera.set_scenario(Scenario(_text(body, "scenario"))),
                "recover": lambda body: self.camera.set_scenario(Scenario.OK),
            },
            Kind.SPEAKER: {
                "plug": lambda body: self.sound_card.plug(True),
                "unplug": lambda body: self.sound_card.plug(False),
                "fail": lambda body: self.sound_card.fail(_text(body, "scenario")),
                "recover": lambda body: self.sound_card.recover(),
            },
            Kind.RECEIPT_PRINTER: {
                "set": lambda body: self.printer.set(**body),
                "take_paper": lambda body: self.printer.take_paper(),
                "fail": lambda body: self.printer.fail(_text(body, "scenario")),
                "recover": lambda body: self.printer.recover(),
            },
        }
        if self.a4 is not None:
            self._actions = {**self._actions, Kind.A4_PRINTER: self._a4_actions(self.a4)}

    def settings(self) -> dict[str, dict[str, Any]]:
        """The `devices` tables of config/kiosk.toml for these far ends."""
        made: dict[str, dict[str, Any]] = {
            "id_card": {"driver": "sam_v", "port": self.id_card.port},
            "joint_card": {"driver": "pcsc"},
            "scanner": {"driver": "camera", "source": self.camera.url},
            "receipt_printer": {
                "driver": "escpos_tcp",
                "host": "127.0.0.1",
                "port": self.printer.port,
                "presenter": "full_status",
            },
            "speaker": {
                "driver": "espeak",
                "player": self.sound_card.player,
                "headset": self.sound_card.headset,
            },
        }
        if self.a4 is not None:
            made["a4_printer"] = {
                "driver": "cups",
                "queue": QUEUE,
                "server": self.a4.server,
                "spool": self.a4.spool,
            }
        return made

    def _a4_actions(self, a4: SimulatedA4Printer) -> Mapping[str, Callable[[Mapping[str, Any]], None]]:
        return {
            "fail": lambda body: a4.fail(_text(body, "scenario")),
            "recover": lambda body: a4.recover(),
        }

    def act(self, kind: str, action: str, body: Mapping[str, Any]) -> None:
        """Do something with a device. Raises BadAction."""
        try:
            work = self._actions[Kind(kind)][action]
        except (KeyError, ValueError):
            raise BadAction(f"{kind} has no action {action}") from None
        try:
            work(body)
        except (TypeError, ValueError, KeyError) as problem:
            raise BadAction(f"{kind} {action}: {problem}") from None

    @staticmethod
    def scenarios() -> dict[Kind, list[str]]:
        """The mishaps that `fail` knows, by device."""
        return {
            Kind.ID_CARD: list(id_card.Scenario),
            Kind.JOINT_CARD: list(joint_card.Scenario),
            Kind.SCANNER: [scenario for scenario in Scenario if scenario is not Scenario.OK],
            Kind.RECEIPT_PRINTER: sorted(SCENARIOS),
            Kind.A4_PRINTER: sorted(a4_printer.Scenario),
            Kind.SPEAKER: list(speaker.Scenario),
        }

    def actions(self) -> dict[str, list[str]]:
        """What can be done, by device."""
        return {kind.value: sorted(actions) for kind, actions in self._actions.items()}

    def holds(self) -> dict[Kind, dict[str, Any]]:
        """What is in, on or before each device."""
        return {
            Kind.ID_CARD: {"card": self._held.get(Kind.ID_CARD)},
            Kind.JOINT_CARD: {"card": self._held.get(Kind.JOINT_CARD)},
            Kind.SCANNER: {"text": self._held.get(Kind.SCANNER)},
            Kind.RECEIPT_PRINTER: dict(self.printer.holds()),
            Kind.A4_PRINTER: {"printed": len(self.sheets())},
        }

    def sheets(self) -> list[bytes]:
        """The PDF files that came out of the A4 printer, oldest first."""
        return self.a4.printed if self.a4 is not None else []

    def _insert_id_card(self, body: Mapping[str, Any]) -> None:
        number = _text(body, "id_number")
        self.id_card.insert(ChipCard.of(self._names.get(number, UNKNOWN_NAME), number))
        self._held[Kind.ID_CARD] = number

    def _remove_id_card(self, body: Mapping[str, Any]) -> None:
        self.id_card.remove()
        self._held.pop(Kind.ID_CARD, None)

    def _insert_joint_card(self, body: Mapping[str, Any]) -> None:
        number = _text(body, "card_number")
        self.joint_card.insert(VirtualCard(number))
        self._held[Kind.JOINT_CARD] = number

    def _remove_joint_card(self, body: Mapping[str, Any]) -> None:
        self.joint_card.remove()
        self._held.pop(Kind.JOINT_CARD, None)

    def _show(self, body: Mapping[str, Any]) -> None:
        text = _text(body, "text")
        self.camera.show(text)
        self._held[Kind.SCANNER] = text

    def _hide(self, body: Mapping[str, Any]) -> None:
        self.camera.hide()
        self._held.pop(Kind.SCANNER, None)


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadAction(f"{key} is a text that must be given")
    return value
