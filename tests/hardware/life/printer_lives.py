"""The printers that live, and everything that lives behind an XFS4IoT service."""

from functools import partial

from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.simulator import QUEUE, SimulatedA4Printer
from hardware.a4_printer.simulator import Scenario as Sheets
from hardware.device import Kind
from hardware.joint_card.virtual_card import VirtualCard
from hardware.lights.interface import Glow, Place
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.simulator import SCENARIOS
from hardware.receipt_printer.simulator_links import PtyPrinter, TcpPrinter
from hardware.receipt_printer.transport import SerialTransport, TcpTransport
from hardware.xfs4iot.auxiliaries import XfsCabinet, XfsLights, XfsPresence, XfsUps
from hardware.xfs4iot.card_reader import XfsCardReader
from hardware.xfs4iot.printer import XfsPrinter
from hardware.xfs4iot.scanner import XfsScanner
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider
from tests.hardware.faults.printers import page
from tests.hardware.life.lives import closing, each
from tests.hardware.life.living import Life, nothing
from tests.hardware.receipt_printer.support import numbered

QUICK = {"answer_s": 0.05, "watch_s": 0.05}
SLIP = numbered("life", 5)


def receipt_printer(link: type[TcpPrinter] | type[PtyPrinter], share: int) -> Life:
    """ESC/POS over TCP, or on a pseudo-terminal."""
    printer = link()
    if isinstance(printer, TcpPrinter):
        driver = EscPosPrinter(TcpTransport(printer.host, printer.port, write_stall_s=0.3), **QUICK)
    else:
        driver = EscPosPrinter(SerialTransport(printer.path, write_stall_s=0.3), **QUICK)

    def well() -> None:
        printer.power_cycle()  # one that hangs comes back by its switch only
        printer.recover()
        printer.forget_slips()

    scenarios = [f"{name}{when}" for name in SCENARIOS if name != "slow" for when in ("", "_in_print")]
    return Life(
        f"receipt_printer/{link.__name__}",
        Kind.RECEIPT_PRINTER,
        driver,
        share,
        verbs=(partial(driver.print, SLIP), driver.paper_taken, driver.retract),
        mishaps=each(printer.fail, scenarios),
        well=well,
        happenings=(nothing, printer.take_paper),
        deadlines_s=(0.05, 1.0),
        late_s=3.5,  # clearing a failed job, twice if the line breaks meanwhile
        rest=driver.close,
        close=closing(driver, printer),
    )


def a4_printer() -> Life:
    """A real cupsd, its ipp backend, and ippeveprinter."""
    printer = SimulatedA4Printer()
    driver = CupsPrinter(QUEUE, printer.server)
    return Life(
        "a4_printer/cups",
        Kind.A4_PRINTER,
        driver,
        share=2,
        verbs=(partial(driver.print, page()),),
        mishaps=each(printer.fail, Sheets),
        well=printer.recover,
        deadlines_s=(1.0, 10.0),
        late_s=15.0,  # CUPS is given five seconds to end a job, and each question two
        close=closing(driver, printer),
    )


def services() -> list[Life]:
    """One provider for each, so that their mishaps do not mix."""
    return [_card_reader(), _printer(), _scanner(), _auxiliaries()]


def _life(provider: SimulatedProvider, name: str, **how: object) -> Life:
    driver = how["driver"]
    return Life(
        f"{name}/xfs4iot",
        mishaps=each(provider.fail, Scenario),
        well=lambda: (provider.recover(), provider.devices.printed.clear(), provider.devices.forms.clear()),
        late_s=4.0,  # a connection is given two seconds, an answer to a cancel one
        rest=driver.close,  # type: ignore[attr-defined]
        close=closing(driver, provider),
        **how,  # type: ignore[arg-type]
    )


def _card_reader() -> Life:
    provider = SimulatedProvider()
    driver = XfsCardReader(provider.uri)
    card = VirtualCard("6217000000000000004")
    return _life(
        provider,
        "joint_card",
        kind=Kind.JOINT_CARD,
        driver=driver,
        share=150,
        verbs=(driver.read, driver.present),
        happenings=(lambda: provider.insert(card), provider.remove),
    )


def _printer() -> Life:
    provider = SimulatedProvider(legacy=True)
    driver = XfsPrinter(provider.uri)
    return _life(
        provider,
        "receipt_printer",
        kind=Kind.RECEIPT_PRINTER,
        driver=driver,
        share=120,
        verbs=(partial(driver.print, SLIP), driver.paper_taken, driver.retract),
    )


def _scanner() -> Life:
    provider = SimulatedProvider()
    driver = XfsScanner(provider.uri)
    return _life(
        provider,
        "scanner",
        kind=Kind.SCANNER,
        driver=driver,
        share=70,
        verbs=(driver.scan,),
        happenings=(lambda: provider.show("业务码 42"), lambda: provider.show("x" * 600), provider.hide),
    )


def _auxiliaries() -> Life:
    provider = SimulatedProvider(legacy=True)
    cabinet, presence = XfsCabinet(provider.uri), XfsPresence(provider.uri)
    lights, ups = XfsLights(provider.uri), XfsUps(provider.uri)
    life = _life(
        provider,
        "cabinet, presence, lights and ups",
        kind=Kind.CABINET,
        driver=cabinet,
        share=60,
        verbs=(
            presence.somebody,
            ups.status,
            lights.status,
            lambda command: lights.show(Place.SCANNER, Glow.FLASHING, command),
        ),
    )
    life.rest = closing(cabinet, presence, lights, ups)
    life.close = closing(cabinet, presence, lights, ups, provider)
    return life
