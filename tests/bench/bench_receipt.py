"""Figures of the receipt printer, one JSON line each: `python -m tests.bench.bench_receipt`.

The receipt is 60 lines of Chinese as they come on a statement. Seconds on a serial line are counted from the
bytes (10 bits each at 115200 baud); seconds over TCP are measured, to a printer that takes no time for a line, so
what is measured is the driver: from the call to the last byte at the printer, and to its word that it printed.
"""

import json
import time
from contextlib import closing
from statistics import median

from hardware.device import Command
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.encoder import DOTS_PER_MM, Model, _qr_size, encode
from hardware.receipt_printer.interface import Printed
from hardware.receipt_printer.layout import CutHere, lay_out
from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Columns,
    Emphasis,
    QrCode,
    Receipt,
    Row,
    Rule,
    Text,
    Title,
)
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.receipt_printer.transport import TcpTransport

BAUD = 115200
BITS_PER_BYTE = 10
REPEATS = 30

CODE = QrCode("HTTPS://GJJ.EXAMPLE/V/" + "6BFORJMT2QSVYQ7OEEVQ3TGJ5KZ4XH0A1B2C3D4E5F6G7H8J9K" * 5)


def sixty_lines() -> Receipt:
    """A statement that takes 60 lines on 80 mm paper."""
    entries = tuple(
        (
            f"2026-{1 + n // 4:02d}-{1 + n % 28:02d}",
            "单位汇缴" if n % 3 else "冲还贷本息",
            f"{3000 + n},{n:03d}.00",
            "123,456.78",
        )
        for n in range(46)
    )
    blocks: tuple[Block, ...] = (
        Text("示例市住房公积金管理中心", Align.CENTRE),
        Title("个人账户明细"),
        Rule(),
        Row("姓名", "张䶮"),
        Row("个人账号", "3201********1234"),
        Row("期间", "2026-01-01 至 2026-12-31"),
        Row("期初余额", "123,456.78"),
        Columns(
            ("日期", "摘要", "发生额", "余额"), entries, (Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT)
        ),
        Row("期末余额", "223,456.78", Emphasis.LARGE),
        Rule(),
        Row("业务号", "MX2026110300001234"),
        Row("自助终端", "K-0107"),
        Row("打印时间", "2026-11-03 14:25:09"),
    )
    return Receipt(blocks)


def report(name: str, value: float, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": f"receipt.{name}", "value": round(value, 4), "unit": unit}))


def bench_bytes() -> None:
    """Bytes and line time, as text and as pictures."""
    receipt = sixty_lines()
    lines = [item for item in lay_out(receipt, Model().cells) if not isinstance(item, CutHere)]
    report("60_lines.lines", len(lines), "")
    for way, model in (("text", Model()), ("raster", Model(chinese="none"))):
        encode(receipt, model)  # a kiosk that runs has its fonts in memory
        started = time.perf_counter()
        job = b"".join(encode(receipt, model).pieces)
        made = time.perf_counter() - started
        report(f"60_lines.{way}.bytes", len(job), "B")
        report(f"60_lines.{way}.serial_115200", len(job) * BITS_PER_BYTE / BAUD, "s")
        report(f"60_lines.{way}.encode", made * 1000, "ms")
    for width_mm in (80, 58):
        modules, dots = _qr_size(CODE, Model(width_mm))
        report(f"qr.{width_mm}mm.version", (modules - 17) / 4, "")
        report(f"qr.{width_mm}mm.module", dots / DOTS_PER_MM, "mm")


def bench_print() -> None:
    """From the call to the last byte, and to the proof."""
    receipt = sixty_lines()
    last_byte, proof = [], []
    with closing(TcpPrinter()) as printer:
        driver = EscPosPrinter(TcpTransport(printer.host, printer.port))
        driver.status(Command(5.0))
        for _ in range(REPEATS):
            before = len(printer.slips())
            started = time.perf_counter()
            if driver.print(receipt, Command(10.0)) != Printed():
                raise SystemExit("a print was not confirmed")
            proof.append(time.perf_counter() - started)
            last_byte.append(printer.last_byte_at - started)
            if len(printer.slips()) != before + 1:
                raise SystemExit("a print did not come out")
        driver.close()
    report("tcp.print_to_last_byte.p50", median(last_byte) * 1000, "ms")
    report("tcp.print_to_last_byte.max", max(last_byte) * 1000, "ms")
    report("tcp.print_to_proof.p50", median(proof) * 1000, "ms")


if __name__ == "__main__":
    bench_bytes()
    bench_print()
