"""Receipts by a kiosk maker's printer: XFS4IoT Printer, as ESC/POS bytes (PrintRaw) or as a form (PrintForm).

A form is printed by the service itself, which tells when the paper is out of the printer; raw bytes are only
handed on, and so are called no more than sent.
"""

import base64
from collections.abc import Mapping
from typing import Literal

from hardware.device import Command, DeviceFault, Fault, State, Status
from hardware.receipt_printer.encoder import Model, encode
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.layout import Code, Line, RuleLine, lay_out
from hardware.receipt_printer.receipt import Receipt
from hardware.xfs4iot import messages
from hardware.xfs4iot.client import NotDone, Service

_PAPER: Mapping[str, tuple[State, Fault]] = {
    "out": (State.OUT_OF_SERVICE, Fault.PAPER_OUT),
    "jammed": (State.OUT_OF_SERVICE, Fault.JAM),
    "low": (State.DEGRADED, Fault.PAPER_LOW),
}
_DOUBTFUL = ("timeOut", "hardwareError", "internalError", "canceled")
"""Endings that do not say whether the slip is whole."""
_NOT_BEGUN = (
    "deviceNotReady",
    "unsupportedCommand",
    "invalidCommand",
    "invalidData",
    "formNotFound",
    "mediaNotFound",
)

_TAKEN = {"notPresent": True, "present": False, "entering": False, "jammed": False}


class XfsPrinter:
    """A Printer service; `uri` is the publisher's, or the service's own.

    With `form` and `media`, names that the service knows, its own form is filled: field `text` gets the lines of
    the receipt, field `code` the content of its QR code. Without, it is sent ESC/POS for paper of `width_mm`.
    """

    def __init__(
        self,
        uri: str,
        ca: str = "",
        form: str = "",
        media: str = "",
        width_mm: int = 80,
        chinese: Literal["gb18030", "gb2312", "none"] = "gb18030",
    ) -> None:
        self._service = Service(uri, "Printer", ca)
        self._form, self._media = form, media
        self._model = Model(width_mm, chinese)

    def status(self, command: Command) -> Status:
        """The service's word on the device and its paper."""
        status, payload = self._service.status(command)
        papers = messages.value_at(payload, "printer", "paper")
        words = (
            [word for word in papers.values() if isinstance(word, str)] if isinstance(papers, Mapping) else []
        )
        detail = {
            **status.detail,
            "paper": next((word for word in _PAPER if word in words), words[0] if words else "unknown"),
        }
        if status.state is State.READY and detail["paper"] in _PAPER:
            state, fault = _PAPER[detail["paper"]]
            return Status(state, fault, detail)
        return Status(status.state, status.fault, detail)

    def print(self, receipt: Receipt, command: Command) -> PrintOutcome:
        """Print and cut."""
        before = self.status(command)
        if not before.usable:
            return NotPrinted(before.fault or Fault.DISCONNECTED)
        try:
            if self._form:
                self._service.ask("Printer.PrintForm", self._filled(receipt), command)
                return Printed()
            data = base64.b64encode(b"".join(encode(receipt, self._model).pieces)).decode()
            self._service.ask("Printer.PrintRaw", {"inputData": "no", "data": data}, command)
            return SentToPrinter()
        except NotDone as no:
            if no.code in _DOUBTFUL:
                return Unsure(no.fault)
            # The service has ended the job and keeps nothing of it; some of it may be on paper.
            return NotPrinted(no.fault, begun=no.code not in _NOT_BEGUN)
        except DeviceFault as fault:
            return Unsure(fault.fault)

    def paper_taken(self, command: Command) -> bool | None:
        """Whether nothing is left in the mouth of the printer."""
        _, payload = self._service.status(command)
        return _TAKEN.get(messages.text_at(payload, "printer", "media") or "")

    def retract(self, command: Command) -> bool:
        """Pull paper that was not taken back into the bin."""
        try:
            self._service.ask("Printer.ControlMedia", {"mediaControl": {"retract": True}}, command)
        except DeviceFault:
            return False
        return True

    def close(self) -> None:
        """Drop the connection."""
        self._service.close()

    def _filled(self, receipt: Receipt) -> messages.Payload:
        items = lay_out(receipt, self._model.cells)
        codes = [item.code.data for item in items if isinstance(item, Code)]
        return {
            "formName": self._form,
            "mediaName": self._media,
            "mediaControl": {"cut": True, "flush": True},
            "fields": {
                "text": [_text_of(item) for item in items if isinstance(item, Line | RuleLine)],
                "code": codes,
            },
        }


def _text_of(line: Line | RuleLine) -> str:
    """A line in plain characters; a blank where there is none."""
    if isinstance(line, RuleLine):
        return "-" * 8
    return "  ".join(span.text for span in line.spans)
