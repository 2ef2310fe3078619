"""Receipt printers by the name that config/kiosk.toml gives them; settings are plain keyword arguments."""

import json
from importlib import resources
from typing import Literal

from hardware.options import Baud, TcpPort
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.encoder import Model
from hardware.receipt_printer.interface import PrinterDriver
from hardware.receipt_printer.status import Presenter
from hardware.receipt_printer.transport import FileTransport, SerialTransport, TcpTransport, Transport
from hardware.receipt_printer.usb import UsbTransport

Chinese = Literal["gb18030", "gb2312", "none"]
Knife = Literal["partial", "full"]


def open_printer(
    driver: Literal["tcp", "serial", "file", "usb"],
    *,
    host: str = "127.0.0.1",
    port: TcpPort = 9100,
    path: str = "",
    baud: Baud = 115200,
    rtscts: bool = False,
    vendor_id: int = 0,
    product_id: int = 0,
    profile: str = "",
    width_mm: int = 80,
    head_dots: int = 0,
    chinese: Chinese = "gb18030",
    native_qr: bool = True,
    cut: Knife = "partial",
    presenter: str = Presenter.NONE,
    reports: bool = True,
    confirms: bool = True,
    when_silent_send: bool | None = None,
) -> PrinterDriver:
    """A driver for a printer on a TCP port (`host`, `port`), a serial line (`path`, `baud`, `rtscts`), a device
    file (`path`) or USB (`vendor_id`, `product_id`). Nothing is opened yet.

    `profile` names a capability profile of python-escpos, which then says how many dots the head has and whether
    the printer draws QR codes; what it does not know (Chinese, presenter) stays a setting. The other settings are
    those of `Model` and `EscPosPrinter`. Raises ValueError for a setting that cannot be.
    """
    transport: Transport
    match driver:
        case "tcp":
            transport = TcpTransport(host, port)
        case "serial":
            transport = SerialTransport(path, baud, rtscts=rtscts)
        case "file":
            transport = FileTransport(path)
        case "usb":
            transport = UsbTransport(vendor_id, product_id)
    if profile:
        head_dots, native_qr = _from_profile(profile, head_dots, native_qr)
    return EscPosPrinter(
        transport,
        Model(width_mm, chinese, native_qr, cut, head_dots),
        presenter=presenter,
        reports=reports,
        confirms=confirms,
        when_silent_send=when_silent_send,
    )


def _from_profile(name: str, head_dots: int, native_qr: bool) -> tuple[int, bool]:
    """Dots across the paper and native QR of a profile; what it does not state stays as it was set.

    The file is read as data: importing python-escpos would reconfigure logging and leave a temporary directory.
    """
    profiles = json.loads((resources.files("escpos") / "capabilities.json").read_text("utf-8"))["profiles"]
    if name not in profiles:
        raise ValueError(f"python-escpos has no profile {name!r}")
    dots = profiles[name]["media"]["width"].get("pixels")
    return dots if isinstance(dots, int) else head_dots, profiles[name]["features"].get("qrCode", native_qr)
