"""Enrolment: this kiosk makes its own key, and a one-time code from the centre's staff makes it known.

The private key never leaves the machine; it lies in the data folder, readable by the kiosk's user only.
"""

from pathlib import Path

import requests
import stamina
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import ValidationError

from kiosk.contract.kiosks import Enrolled, Enrolment
from kiosk.contract.signing import public_key_to_wire
from kiosk.line import Identity
from kiosk.private_file import write_private

KEY_FILE = "kiosk-key.pem"
ID_FILE = "kiosk-id"
ENROL_TIMEOUT_S = 10.0
CONNECT_TRIES = 4


class NotEnrolled(Exception):
    """This machine is not known to its centre, or the centre did not accept the code."""


def load_identity(folder: Path) -> Identity:
    """What enrolment left in the data folder. Raises NotEnrolled."""
    try:
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), password=None)
        kiosk_id = (folder / ID_FILE).read_text().strip()
    except PermissionError as problem:
        raise NotEnrolled(f"{problem.filename} does not belong to the kiosk's user") from None
    except (OSError, ValueError):
        raise NotEnrolled("this kiosk is not enrolled: run_kiosk.py --enrol CODE") from None
    if not isinstance(key, Ed25519PrivateKey) or not kiosk_id:
        raise NotEnrolled("the kiosk's key is not an Ed25519 key: enrol again")
    return Identity(kiosk_id, key)


def enrol(base_url: str, code: str, name: str, folder: Path, ca: Path | None = None) -> Identity:
    """Make a key, register it, and keep both. Raises NotEnrolled; then nothing has been kept."""
    key = Ed25519PrivateKey.generate()
    body = _accepted(code, name, key)
    _prove_that_it_can_be_kept(folder)  # first: the code is good only once
    try:
        response = _post(f"{base_url.rstrip('/')}/v1/kiosks", body, ca)
        if response.status_code != 201:
            raise NotEnrolled(f"the centre did not accept the code (HTTP {response.status_code})")
        enrolled = Enrolled.model_validate_json(response.content)
    except (requests.RequestException, ValidationError) as problem:
        raise NotEnrolled(f"enrolment failed: {type(problem).__name__}") from None
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(folder / KEY_FILE, pem)
    write_private(folder / ID_FILE, enrolled.kiosk_id.encode())
    return Identity(enrolled.kiosk_id, key)


def _prove_that_it_can_be_kept(folder: Path) -> None:
    trial = folder / f"{ID_FILE}.trial"
    try:
        write_private(trial, b"")
        trial.unlink()
    except OSError as problem:
        raise NotEnrolled(f"nothing can be kept in {folder}: {problem.strerror}") from None


def _accepted(code: str, name: str, key: Ed25519PrivateKey) -> bytes:
    try:
        wanted = Enrolment(code=code, public_key=public_key_to_wire(key.public_key()), name=name)
    except ValidationError:
        raise NotEnrolled("that is not an enrolment code: it has 8 to 32 characters") from None
    return wanted.model_dump_json().encode()


def _is_worth_another_try(problem: Exception) -> bool:
    return isinstance(problem, requests.ConnectionError) and not isinstance(
        problem, requests.exceptions.SSLError
    )


@stamina.retry(on=_is_worth_another_try, attempts=CONNECT_TRIES, timeout=ENROL_TIMEOUT_S)
def _post(url: str, body: bytes, ca: Path | None) -> requests.Response:
    """A centre that is just starting is given a moment; an answer, whatever it is, is not asked for again."""
    with requests.Session() as session:
        session.trust_env = False  # as on the line itself
        return session.post(
            url,
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=ENROL_TIMEOUT_S,
            allow_redirects=False,
            verify=str(ca) if ca else True,
        )
