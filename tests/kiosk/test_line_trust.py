"""Whoever answers must prove to be the centre, by an authority that the settings name."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.enrolment import NotEnrolled, enrol
from kiosk.line import Cause, Identity, Line, Unreachable
from kiosk.settings import DEFAULT_FILE, SettingsProblem, load

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def _certificate(
    subject: str, key: EllipticCurvePrivateKey, issuer: str, signer: EllipticCurvePrivateKey,
    until: datetime = NOW + DAY,
) -> x509.Certificate:  # fmt: skip
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (subject, issuer)]
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(named[0])
        .issuer_name(named[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 10 * DAY)
        .not_valid_after(until)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
        .sign(signer, SHA256())
    )


class Centre:
    """Answers everything with 204, behind TLS, by an authority of its own; `asked` are the requests that came."""

    def __init__(self, folder: Path, until: datetime) -> None:
        self.asked = asked = list[str]()
        authority, own = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(_certificate("ca", authority, "ca", authority).public_bytes(Encoding.PEM))
        shown = folder / "centre.pem"
        shown.write_bytes(
            own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + _certificate("centre", own, "ca", authority, until).public_bytes(Encoding.PEM)
        )

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Door)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(shown)
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *about: None  # type: ignore[method-assign]
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def centre(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Centre]:
    made = Centre(tmp_path, getattr(request, "param", NOW + DAY))
    yield made
    made.close()


def line(url: str, ca: Path | None) -> Line:
    return Line(url, Identity("TEST-01", Ed25519PrivateKey.generate()), ca=ca)


def test_an_authority_of_the_settings_vouches_for_the_centre(centre: Centre) -> None:
    line(centre.url, centre.ca).send("POST", "/v1/x")
    assert centre.asked == ["/v1/x"]


def test_one_that_nobody_has_named_does_not(centre: Centre, tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as lost:
        line(centre.url, None).send("POST", "/v1/x")
    assert (lost.value.cause, lost.value.sent) == (Cause.UNTRUSTED, False)
    with pytest.raises(NotEnrolled):
        enrol(centre.url, "ABCDEFGH12", "TEST-01", tmp_path / "data")
    assert centre.asked == []


@pytest.mark.parametrize("centre", [NOW - DAY], indirect=True)
def test_a_certificate_that_has_run_out_is_not_trusted(centre: Centre) -> None:
    with pytest.raises(Unreachable) as lost:
        line(centre.url, centre.ca).send("POST", "/v1/x")
    assert lost.value.cause is Cause.UNTRUSTED
    assert centre.asked == []


def test_a_name_without_an_address_is_told_apart_from_a_line_that_broke(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*about: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    with pytest.raises(Unreachable) as lost:
        line("https://no-such-host.invalid", None).send("POST", "/v1/x")
    assert (lost.value.cause, lost.value.sent) == (Cause.UNKNOWN_NAME, False)


def test_nobody_but_this_machine_is_spoken_to_in_the_clear(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:8800", "http://localhost", "http://[::1]:8800", "https://centre.example"):
        assert load(DEFAULT_FILE, {"centre": {"url": url}}).centre.ca is None
    with pytest.raises(SettingsProblem, match=r"centre\.url: .*https, unless"):
        load(DEFAULT_FILE, {"centre": {"url": "http://centre.example"}})
    with pytest.raises(SettingsProblem, match=r"centre\.ca"):
        load(DEFAULT_FILE, {"centre": {"ca": str(tmp_path / "none.pem")}})
