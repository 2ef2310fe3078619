"""`python -m hardware test KIND`: let one device do its work once: read a card, scan a code, print on paper."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hardware.a4_printer.test_sheet import test_sheet
from hardware.cards import CardFault, NoCard
from hardware.device import Command, Device, DeviceFault, Kind
from hardware.installed import NoSettings, add_settings, installed
from hardware.receipt_printer.interface import Printed, PrintOutcome, SentToPrinter
from hardware.receipt_printer.receipt import QrCode, Receipt, Row, Rule, Text, Title
from hardware.scanner.interface import Decoded, NothingSeen
from hardware.selftest_surroundings import TESTS as SURROUNDINGS

WAIT_S = 30.0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2

Verdict = tuple[bool, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("kind", choices=sorted(TESTS), metavar="KIND", help=", ".join(sorted(TESTS)))
    add_settings(parser)
    parser.add_argument("--wait", type=float, default=WAIT_S, metavar="SECONDS", help="for a card or a code")


def run(arguments: argparse.Namespace) -> int:
    """0 when the device did its work. What a card or a code says is never shown."""
    try:
        with installed(arguments.settings) as devices:
            device = devices.get(arguments.kind)
            if not isinstance(device, Device):
                why = "is not installed" if device is None else str(device)
                sys.stderr.write(f"{arguments.kind} {why}\n")
                return EXIT_BAD_INPUT
            prompt, test = TESTS[arguments.kind]
            sys.stdout.write(f"{prompt}\n")
            sys.stdout.flush()
            passed, words = asyncio.run(_once(device, test, arguments.wait))
    except NoSettings as problem:
        sys.stderr.write(f"{problem}\n")
        return EXIT_BAD_INPUT
    sys.stdout.write(f"{'passed' if passed else 'FAILED'}: {words}\n")
    return 0 if passed else EXIT_FAILED


async def _once(device: Device[Any], test: Callable[[Any, Command], Verdict], wait_s: float) -> Verdict:
    try:
        passed, words = await device.run(lambda command: test(device.driver, command), wait_s)
    except DeviceFault as problem:
        passed, words = False, problem.fault.value
    if passed or device.hung:
        return passed, words
    why = (await asyncio.wrap_future(device.refresh())).detail.get("why")
    return passed, f"{words} ({why})" if why else words


def _card(driver: Any, command: Command) -> Verdict:
    match driver.read(command):
        case NoCard():
            return False, "no card came"
        case CardFault(fault=fault):
            return False, fault.value
        case card:
            return True, f"read a card ({type(card).__name__}); what it says is not shown"


def _code(driver: Any, command: Command) -> Verdict:
    match driver.scan(command):
        case Decoded(text=text):
            return True, f"read a code of {len(text)} characters"
        case NothingSeen():
            return False, "no code was seen"
        case trouble:
            return False, trouble.fault.value


def _slip(driver: Any, command: Command) -> Verdict:
    return _printed(driver.print(test_slip(datetime.now(UTC)), command))


def _sheet(driver: Any, command: Command) -> Verdict:
    return _printed(driver.print(test_sheet(datetime.now(UTC)), command))


def _printed(outcome: PrintOutcome) -> Verdict:
    match outcome:
        case Printed():
            return True, "the printer says that the paper is out"
        case SentToPrinter():
            return True, "sent; this printer cannot say whether it came out: look"
        case _:
            return False, f"{type(outcome).__name__}: {outcome.fault.value}"


def test_slip(now: datetime) -> Receipt:
    """Sizes, columns, a rare name and a code: what an installer compares by eye."""
    return Receipt(
        (
            Title("打印测试 Test"),
            Row("时间 Time", f"{now:%Y-%m-%d %H:%M} UTC"),
            Row("生僻字 Rare", "䶮 㛃 𬭚 𠮷"),
            Row("金额 Amount", "99,999,999,999.99"),
            Rule(),
            Text("0123456789 ABCDEFGHIJ abcdefghij"),
            QrCode("HTTPS://TEST.INVALID/PRINTER"),
        )
    )


TESTS: dict[str, tuple[str, Callable[[Any, Command], Verdict]]] = {
    Kind.ID_CARD.value: ("Lay an ID card on the reader.", _card),
    Kind.JOINT_CARD.value: ("Put a joint card into the reader.", _card),
    Kind.SCANNER.value: ("Hold any QR code before the scanner.", _code),
    Kind.RECEIPT_PRINTER.value: ("Printing a test slip.", _slip),
    **SURROUNDINGS,
    Kind.A4_PRINTER.value: ("Printing a test sheet.", _sheet),
}
"""By kind: what the installer is to do, and the test."""
