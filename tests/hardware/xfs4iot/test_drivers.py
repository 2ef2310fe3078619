import os
import threading

import pytest

from hardware.cards import CardFault, NoCard
from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State
from hardware.joint_card.interface import JointCard
from hardware.joint_card.virtual_card import CONTACTLESS, CardDesign, VirtualCard
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import QrCode, Receipt, Row, Rule, Title
from hardware.scanner.interface import Decoded, NothingSeen, ScanFault
from hardware.xfs4iot.card_reader import XfsCardReader
from hardware.xfs4iot.client import Service
from hardware.xfs4iot.printer import XfsPrinter
from hardware.xfs4iot.scanner import XfsScanner
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider

NUMBER = "6217000000000000004"
RECEIPT = Receipt((Title("回单"), Row("金额 Amount", "12.00"), Rule(), QrCode("T-1")))


def test_services_are_found_by_their_interface(provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri)
    status = reader.status(Command(3))
    assert status.state is State.READY
    assert status.detail == {
        "service": provider.uri + "CardReader",
        "device": "online",
        "media": "notPresent",
    }
    reader.close()


def test_a_service_by_its_own_address(provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri + "CardReader")
    assert reader.status(Command(3)).state is State.READY
    reader.close()


def test_an_interface_that_nobody_has(provider: SimulatedProvider) -> None:
    service = Service(provider.uri, "CashDispenser")
    with pytest.raises(DeviceFault) as fault:
        service.ask("Common.Status", {}, Command(3))
    assert fault.value.fault is Fault.DISCONNECTED


def test_a_certificate_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no such file"):
        XfsCardReader("wss://127.0.0.1:1/xfs4iot/v1.0/", ca="no-such.pem")


@pytest.mark.parametrize("design", [CardDesign(), CardDesign(number_tag=0x57), CONTACTLESS])
def test_a_card_is_read(design: CardDesign, provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri)
    putting = threading.Timer(0.1, provider.insert, (VirtualCard(NUMBER, design),))
    putting.start()
    assert reader.read(Command(5)) == JointCard(NUMBER)
    putting.join()
    assert reader.present(Command(2)) is True
    provider.remove()
    assert reader.present(Command(2)) is False
    reader.close()


def test_events_that_nobody_asked_for(provider: SimulatedProvider) -> None:
    service = Service(provider.uri, "CardReader")
    service.ask("Common.Status", {}, Command(3))
    provider.announce("CardReader.MediaRemovedEvent", {})
    service.ask("Common.Status", {}, Command(3))
    assert [event.name for event in service.happened] == ["CardReader.MediaRemovedEvent"]
    service.close()


def test_no_card_until_the_deadline(provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri)
    assert reader.read(Command(1.0)) == NoCard()
    reader.close()


def test_cancel_reaches_the_service(provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri)
    command = Command(30)
    threading.Timer(0.2, command.cancel).start()
    with pytest.raises(CommandCancelled):
        reader.read(command)
    # Were the first command still waiting for the card, it would get it.
    provider.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)
    reader.close()


@pytest.mark.parametrize("moment", ["going in", "being read"])
def test_a_card_is_given_back_when_its_reading_is_called_off(
    moment: str, provider: SimulatedProvider
) -> None:
    command = Command(30)

    class Interrupted(VirtualCard):
        def reset(self) -> None:
            super().reset()
            if moment == "going in":
                command.cancel()

        def answer(self, apdu: bytes) -> bytes:
            command.cancel()
            return super().answer(apdu)

    reader = XfsCardReader(provider.uri)
    provider.insert(Interrupted(NUMBER))
    with pytest.raises(CommandCancelled):
        reader.read(command)
    assert provider.devices.ejected == 1
    reader.close()


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        (Scenario.CARD_JAM, Fault.JAM),
        (Scenario.CARD_COLLISION, Fault.CARD_COLLISION),
        (Scenario.WRONG_WAY, Fault.CARD_WRONG_WAY),
        (Scenario.PULLED, Fault.CARD_REMOVED),
        (Scenario.NOT_READY, Fault.DISCONNECTED),
        (Scenario.BABBLING, Fault.PROTOCOL),
        (Scenario.PROVIDER_DEAD, Fault.DISCONNECTED),
    ],
)
def test_every_fault_is_named_and_over_when_it_is_over(
    scenario: Scenario, fault: Fault, provider: SimulatedProvider
) -> None:
    reader = XfsCardReader(provider.uri)
    assert reader.status(Command(3)).state is State.READY
    provider.insert(VirtualCard(NUMBER))
    provider.fail(scenario)
    outcome = reader.read(Command(5))
    assert isinstance(outcome, CardFault)
    assert outcome.fault is fault
    provider.recover()
    provider.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)
    reader.close()


@pytest.mark.parametrize(
    ("scenario", "state", "fault"),
    [
        (Scenario.OFFLINE, State.DISCONNECTED, Fault.DISCONNECTED),
        (Scenario.HARDWARE_ERROR, State.OUT_OF_SERVICE, Fault.HARDWARE),
        (Scenario.CARD_JAM, State.OUT_OF_SERVICE, Fault.JAM),
        (Scenario.SILENT, State.DISCONNECTED, Fault.NO_ANSWER),
        (Scenario.PROVIDER_DEAD, State.DISCONNECTED, Fault.DISCONNECTED),
    ],
)
def test_status_names_what_is_wrong(
    scenario: Scenario, state: State, fault: Fault, provider: SimulatedProvider
) -> None:
    reader = XfsCardReader(provider.uri)
    assert reader.status(Command(3)).state is State.READY
    provider.fail(scenario)
    status = reader.status(Command(1))
    assert (status.state, status.fault) == (state, fault)
    provider.recover()
    assert reader.status(Command(3)).state is State.READY
    reader.close()


def test_a_provider_that_dies_while_a_card_is_awaited(provider: SimulatedProvider) -> None:
    reader = XfsCardReader(provider.uri)
    dying = threading.Timer(0.2, provider.fail, (Scenario.PROVIDER_DEAD,))
    dying.start()
    outcome = reader.read(Command(10))
    dying.join()
    assert outcome == CardFault(Fault.DISCONNECTED, "connection lost")
    reader.close()


def test_a_provider_comes_back_while_a_child_that_is_being_started_holds_its_socket(
    provider: SimulatedProvider,
) -> None:
    """Between fork and exec a child has all that we have open."""
    reader = XfsCardReader(provider.uri)
    copy = os.dup(next(iter(provider._server.sockets)).fileno())
    provider.fail(Scenario.PROVIDER_DEAD)
    assert reader.status(Command(3)).fault is Fault.DISCONNECTED
    provider.recover()
    assert reader.status(Command(3)).state is State.READY
    os.close(copy)
    reader.close()


def test_a_code_is_scanned(provider: SimulatedProvider) -> None:
    scanner = XfsScanner(provider.uri)
    assert scanner.status(Command(3)).state is State.READY
    showing = threading.Timer(0.1, provider.show, ("业务码 42",))
    showing.start()
    assert scanner.scan(Command(5)) == Decoded("业务码 42")
    showing.join()
    provider.hide()
    assert scanner.scan(Command(0.8)) == NothingSeen()
    provider.fail(Scenario.PROVIDER_DEAD)
    assert scanner.scan(Command(3)) == ScanFault(Fault.DISCONNECTED)
    scanner.close()


def test_raw_bytes_are_sent(provider: SimulatedProvider) -> None:
    printer = XfsPrinter(provider.uri)
    assert printer.status(Command(3)).detail["paper"] == "full"
    assert printer.print(RECEIPT, Command(5)) == SentToPrinter()
    assert "回单".encode("gb18030") in provider.devices.printed[0]
    assert printer.paper_taken(Command(2)) is False
    assert printer.retract(Command(2)) is True
    assert printer.paper_taken(Command(2)) is True
    assert printer.retract(Command(2)) is False
    printer.close()


def test_a_form_is_filled(provider: SimulatedProvider) -> None:
    printer = XfsPrinter(provider.uri, form="Receipt", media="Roll80")
    assert printer.print(RECEIPT, Command(5)) == Printed()
    form = provider.devices.forms[0]
    assert (form["formName"], form["mediaName"]) == ("Receipt", "Roll80")
    assert form["fields"] == {"text": ["回单", "金额 Amount  12.00", "--------"], "code": ["T-1"]}
    printer.close()


@pytest.mark.parametrize(
    ("scenario", "fault"), [(Scenario.PAPER_OUT, Fault.PAPER_OUT), (Scenario.PAPER_JAM, Fault.JAM)]
)
def test_a_slip_that_fails(scenario: Scenario, fault: Fault, provider: SimulatedProvider) -> None:
    printer = XfsPrinter(provider.uri)
    provider.fail(scenario)
    assert printer.print(RECEIPT, Command(5)) == NotPrinted(fault, begun=True)
    provider.recover()
    assert printer.print(RECEIPT, Command(5)) == SentToPrinter()
    printer.close()


def test_nothing_is_sent_to_a_printer_without_paper(provider: SimulatedProvider) -> None:
    printer = XfsPrinter(provider.uri)
    provider.devices.paper = "out"
    assert printer.status(Command(3)).fault is Fault.PAPER_OUT
    assert printer.print(RECEIPT, Command(5)) == NotPrinted(Fault.PAPER_OUT)
    provider.devices.paper = "low"
    assert (printer.status(Command(3)).state, printer.status(Command(3)).fault) == (
        State.DEGRADED,
        Fault.PAPER_LOW,
    )
    assert printer.print(RECEIPT, Command(5)) == SentToPrinter()
    printer.close()


def test_a_service_that_falls_silent_in_a_print_leaves_doubt(provider: SimulatedProvider) -> None:
    printer = XfsPrinter(provider.uri)
    before = printer.status

    def then_silent(command: Command) -> object:
        status = before(command)
        provider.fail(Scenario.SILENT)
        return status

    printer.status = then_silent  # type: ignore[assignment,method-assign]
    assert printer.print(RECEIPT, Command(1)) == Unsure(Fault.NO_ANSWER)
    printer.close()


def test_a_card_that_answers_nothing(provider: SimulatedProvider) -> None:
    class Mute(VirtualCard):
        def answer(self, apdu: bytes) -> bytes:
            return b""

    reader = XfsCardReader(provider.uri)
    provider.insert(Mute(NUMBER))
    assert reader.read(Command(5)) == CardFault(Fault.CARD_UNREADABLE, "no status")
    reader.close()
