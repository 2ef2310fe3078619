"""A printer on USB that no kernel driver serves, through python-escpos and pyusb (needs libusb).

Where the kernel's usblp does serve it, the device file (/dev/usb/lp0) is the simpler way.
"""

import importlib
import time
from typing import Any

from hardware.device import Command, DeviceFault, Fault
from hardware.receipt_printer.transport import WRITE_STALL_S

PIECE_BYTES = 512
"""Written at a time, so that a cancel or a deadline is seen between two pieces."""

PIECE_TIMEOUT_MS = 500


class UsbTransport:
    """A printer by its vendor and product id."""

    silence_may_be_off = False

    def __init__(
        self,
        vendor_id: int,
        product_id: int,
        *,
        in_endpoint: int = 0x82,
        out_endpoint: int = 0x01,
        write_stall_s: float = WRITE_STALL_S,
    ) -> None:
        self._ids = (vendor_id, product_id)
        self._endpoints = {"in_ep": in_endpoint, "out_ep": out_endpoint}
        self._write_stall_s = write_stall_s
        self._usb: Any = None
        self._printer: Any = None

    @property
    def is_open(self) -> bool:
        """Whether `open` has succeeded and nothing has failed since."""
        return self._printer is not None

    def open(self, command: Command) -> None:
        """Claim the printer. Raises DeviceFault(DISCONNECTED) when it is not there or cannot be claimed."""
        from escpos.printer import Usb

        self.close()
        self._usb = importlib.import_module("usb.core")  # only kiosks with such a printer need libusb
        printer = Usb(*self._ids, timeout=PIECE_TIMEOUT_MS, **self._endpoints)
        try:
            printer.open()
        except Exception as error:  # python-escpos and pyusb share no base class for what can go wrong here
            raise DeviceFault(Fault.DISCONNECTED, type(error).__name__) from error
        self._printer = printer

    def write(self, data: bytes, command: Command) -> None:
        """Hand over all of `data`, piece by piece. Raises DeviceFault or CommandCancelled."""
        view, progress = memoryview(data), time.monotonic()
        while view:
            if command.remaining_s() == 0 or time.monotonic() - progress > self._write_stall_s:
                raise DeviceFault(Fault.HUNG)
            try:
                written = self._device().write(
                    self._endpoints["out_ep"], bytes(view[:PIECE_BYTES]), PIECE_TIMEOUT_MS
                )
            except self._usb.USBTimeoutError:
                continue
            except self._usb.USBError as error:
                raise self._gone(error) from error
            view, progress = view[written:], time.monotonic()

    def read(self, timeout_s: float) -> bytes:
        """What has come within `timeout_s`; empty when nothing came."""
        try:
            return bytes(self._device().read(self._endpoints["in_ep"], 64, max(1, int(timeout_s * 1000))))
        except self._usb.USBTimeoutError:
            return b""
        except self._usb.USBError as error:
            raise self._gone(error) from error

    def abort(self) -> None:
        """Let go of the printer; nothing waits on this side, since a write returns when the printer has it."""
        self.close()

    def close(self) -> None:
        """Let go of the printer; may be called twice."""
        if self._printer is not None:
            printer, self._printer = self._printer, None
            try:
                printer.close()
            except Exception:  # noqa: S110  an unplugged printer cannot be closed, and need not be
                pass

    def _device(self) -> Any:
        if self._printer is None:
            raise DeviceFault(Fault.DISCONNECTED, "not open")
        return self._printer.device

    def _gone(self, error: Exception) -> DeviceFault:
        self.close()
        return DeviceFault(Fault.DISCONNECTED, type(error).__name__)
