"""An IPP printer that does nothing but say how it is: any reason of RFC 8011, where ippeveprinter knows a few."""

import http.server
import threading

import cups

from hardware.a4_printer.reasons import IDLE


class TalkingPrinter:
    """Answers every question with its state and one reason, at `uri`, until it is closed."""

    def __init__(self, reason: str) -> None:
        answer = _answer(reason)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                self.send_header("Content-Type", "application/ipp")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.uri = f"ipp://127.0.0.1:{self._server.server_address[1]}/ipp/print"

    def close(self) -> None:
        """Hang up."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _answer(reason: str) -> bytes:
    """A successful answer to Get-Printer-Attributes."""
    answer = cups.IPPRequest()
    answer.statuscode = cups.IPP_OK
    for group, tag, name, value in (
        (cups.IPP_TAG_OPERATION, cups.IPP_TAG_CHARSET, "attributes-charset", "utf-8"),
        (cups.IPP_TAG_OPERATION, cups.IPP_TAG_LANGUAGE, "attributes-natural-language", "en"),
        (cups.IPP_TAG_PRINTER, cups.IPP_TAG_ENUM, "printer-state", IDLE),
        (cups.IPP_TAG_PRINTER, cups.IPP_TAG_KEYWORD, "printer-state-reasons", reason),
    ):
        answer.add(cups.IPPAttribute(group, tag, name, value))
    sent = bytearray()

    def write(data: bytes) -> int:
        sent.extend(data)
        return len(data)

    answer.writeIO(write)
    return bytes(sent)
