"""Codes by a kiosk maker's scanner: XFS4IoT BarcodeReader."""

import base64
import binascii

from hardware.device import Command, DeviceFault, Fault, Status
from hardware.scanner.interface import NothingSeen, Scan, ScanFault, admit
from hardware.scanner.payload import text_of
from hardware.xfs4iot import messages
from hardware.xfs4iot.client import NotDone, Service


class XfsScanner:
    """A BarcodeReader service that reads QR codes; `uri` is the publisher's, or the service's own."""

    def __init__(self, uri: str, ca: str = "") -> None:
        self._service = Service(uri, "BarcodeReader", ca)

    def status(self, command: Command) -> Status:
        """The service's word."""
        return self._service.status(command)[0]

    def scan(self, command: Command) -> Scan:
        """Wait for a code."""
        try:
            answer = self._service.ask("BarcodeReader.Read", {"symbologies": {"qrCode": True}}, command)
        except NotDone as no:
            return NothingSeen() if no.code == "timeOut" else ScanFault(no.fault)
        except DeviceFault as fault:
            if fault.fault is Fault.NO_ANSWER and command.expired:
                return NothingSeen()
            return ScanFault(fault.fault)
        outputs = answer.get("readOutput")
        first = outputs[0] if isinstance(outputs, list) and outputs else {}
        try:
            data = base64.b64decode(messages.text_at(first, "barcodeData") or "", validate=True)
        except binascii.Error:
            return ScanFault(Fault.PROTOCOL)
        return admit(text_of(data))

    def close(self) -> None:
        """Drop the connection."""
        self._service.close()
