"""`python -m central verify-document | revoke-document | seal-keys`: checking, taking back, and the keys."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from central.clock import CENTRE_ZONE, SystemClock
from central.command_line import Parser, add_database, complain
from central.seal.claims import as_json, digest
from central.seal.code import Claims, NotGenuine, unseal
from central.seal.keys import BadKeys, KeyFolder, read_public
from kiosk.contract.papers import Document

EXIT_NOT_GENUINE = 1
DEFAULT_FOLDER = Path("var/seal-keys")


def verify_document(arguments: Sequence[str]) -> int:
    """Check the code of a paper with public keys only, and say what the paper has to say. Exit status 0: genuine,
    1: not genuine, 2: the question cannot be answered."""
    parser = Parser(prog="python -m central verify-document", description=verify_document.__doc__)
    parser.add_argument("code", help="what the QR code holds: the URL, or the letters at its end")
    parser.add_argument(
        "--keys", required=True, type=Path, help="public-keys.json, or GET /v1/keys as a file"
    )
    parser.add_argument("--document", type=Path, help="the document's JSON, to be held against the code")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args(arguments)
    try:
        keys = read_public(options.keys.read_text(encoding="utf-8"))
        held = None
        if options.document:
            held = _document(options.document)
    except (OSError, ValueError, BadKeys) as error:
        return complain(parser.prog, _sentence(error))
    try:
        claims = unseal(options.code, keys)
    except NotGenuine as refused:
        return _not_genuine(refused.reason.value, options.format)
    if held is not None and digest(held) != claims.digest:
        return _not_genuine("other-document", options.format)
    sys.stdout.write(_shown(claims, options.format))
    return 0


def revoke_document(arguments: Sequence[str]) -> int:
    """Take a paper back: the verify page says so from now on. A code checked offline cannot know."""
    from central.documents import revoke
    from central.store import schema
    from central.store.database import Database, UnsafeDatabase

    parser = Parser(prog="python -m central revoke-document", description=revoke_document.__doc__)
    add_database(parser)
    parser.add_argument("number", help="the document number on the paper")
    parser.add_argument("--reason", default="issued-in-error", help="a word for the centre's own record")
    options = parser.parse_args(arguments)
    try:
        database = Database(options.database)
        schema.check(database)
        with database.write() as tx:
            found = revoke(tx, options.number, options.reason, SystemClock().now_ms())
    except (UnsafeDatabase, schema.WrongSchema) as error:
        return complain(parser.prog, str(error))
    if not found:
        return complain(parser.prog, f"there is no paper {options.number}")
    print(f"{options.number} is revoked")
    return 0


def seal_keys(arguments: Sequence[str]) -> int:
    """Show the public keys, or put a new key in the place of the one that signs. A running centre takes it up with
    its next paper."""
    parser = Parser(prog="python -m central seal-keys", description=seal_keys.__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="default: %(default)s")
    parser.add_argument("--rotate", action="store_true", help="sign with a new key from now on")
    options = parser.parse_args(arguments)
    now_s = SystemClock().now_ms() // 1000
    try:
        folder = KeyFolder(options.folder, now_s)
        if options.rotate:
            folder.rotate(now_s)
    except (OSError, BadKeys) as error:
        return complain(parser.prog, _sentence(error))
    sys.stdout.write(folder.public_text())
    return 0


def _document(file: Path) -> Document:
    try:
        return Document.model_validate_json(file.read_bytes())
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "all of it"
        raise ValueError(f"{file} is no document's JSON: {where}: {error.errors()[0]['msg']}") from error


def _shown(claims: Claims, form: str) -> str:
    facts = as_json(claims)
    if form == "json":
        return json.dumps({"genuine": True, **facts}) + "\n"
    issued = datetime.fromtimestamp(claims.issued_s, CENTRE_ZONE)
    rows = {
        "issuer": claims.issuer,
        "kind": claims.kind,
        "number": claims.number,
        "issued": f"{issued:%Y-%m-%d %H:%M:%S}",
        "account": f"...{claims.account_tail}",
        **facts["amounts"],
        "digest": claims.digest.hex(),
    }
    width = max(map(len, rows))
    return "genuine\n" + "".join(f"  {label:<{width}}  {value}\n" for label, value in rows.items())


def _not_genuine(reason: str, form: str) -> int:
    if form == "json":
        print(json.dumps({"genuine": False, "reason": reason}))
    else:
        print(f"NOT genuine: {reason}")
    return EXIT_NOT_GENUINE


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0]
