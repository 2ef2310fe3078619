"""`python -m central serve`: the centre as a process, on loopback unless told otherwise."""

import logging
import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from central.bank import SimulatedBank
from central.centre import Centre
from central.clock import SystemClock
from central.command_line import Parser, add_database, add_policy, complain, count
from central.policy import Policy, PolicyError, load
from central.seal.commands import DEFAULT_FOLDER
from central.seal.keys import BadKeys, KeyFolder
from central.seal.signer import KeyRing
from central.store import schema
from central.store.database import Database, UnsafeDatabase

COMMAND = "python -m central serve"
BACKLOG = 2048
VISITS_PER_MINUTE = 30  # a citizen every two seconds, which no lobby has
ENROLMENTS_PER_MINUTE = 10
KEEP_ALIVE_S = 75
"""How long a quiet connection is kept: longer than a kiosk is quiet on its own (a heartbeat uses it every half
minute), so that none is closed in the moment in which a request is sent over it, which then seems lost."""


def main(arguments: Sequence[str]) -> int:
    """Serve until interrupted. Exit status 2 with a sentence when policy, database or keys cannot be used."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if options.port_file is not None:
        options.port_file.unlink(missing_ok=True)  # of a run before: nobody listens there now
    try:
        policy = load(options.policy)
        database = Database(options.database)
        prepare(database, policy, demo=options.demo, allow_unsafe=options.allow_unsafe)
        keys = KeyFolder(options.seal_keys or _beside(database), SystemClock().now_ms() // 1000)
    except (PolicyError, UnsafeDatabase, schema.WrongSchema, BadKeys) as error:
        return complain(COMMAND, str(error))
    if options.share_port and (database.is_sqlite or not options.port):
        return complain(COMMAND, "--share-port needs PostgreSQL and a --port")
    try:
        listener = _listen(options.host, options.port, shared=options.share_port)
    except OSError as error:
        return complain(COMMAND, f"cannot listen on {options.host} port {options.port}: {error}")
    with listener:
        port = listener.getsockname()[1]
        site_url = options.site_url or f"http://{options.host}:{port}"
        centre = _centre(database, policy, site_url, keys, demo=options.demo)
        serve(centre, listener, options.host, options.port_file)
    return 0


def _parser() -> Parser:
    parser = Parser(prog=COMMAND, description=__doc__)
    add_database(parser)
    add_policy(parser)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=count(0, 65535), default=8800, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="the port is written here once connections are taken")
    parser.add_argument(
        "--site-url",
        help="where phones find the web pages, such as https://fund.example (default: this server)",
    )
    parser.add_argument(
        "--share-port",
        action="store_true",
        help="several processes serve on one port (PostgreSQL only; each remembers the nonces of its own reads)",
    )
    parser.add_argument("--demo", action="store_true", help="fill an empty database with synthetic citizens")
    parser.add_argument(
        "--seal-keys",
        type=Path,
        help="folder of the keys that seal papers (default: seal-keys beside an SQLite database, else in var)",
    )
    parser.add_argument(
        "--allow-unsafe", action="store_true", help="take a database that may lose commits: for tests only"
    )
    return parser


def prepare(database: Database, policy: Policy, *, demo: bool, allow_unsafe: bool = False) -> None:
    """An empty database gets the schema, and the demonstration when asked for; any other is only checked."""
    with database.read() as tx:
        empty = schema.version(tx) is None
    if empty:
        schema.create(database)
    schema.check(database, allow_unsafe=allow_unsafe)
    if empty and demo:
        from central.clock import day_of
        from central.demo.citizens import citizens
        from central.demo.create import fill

        today = day_of(SystemClock().now_ms())
        fill(database, citizens(today), today, policy)


def _beside(database: Database) -> Path:
    """Where the keys are when nobody says: with the papers that they have sealed."""
    file = database.engine.url.database if database.is_sqlite else None
    return Path(file).parent / DEFAULT_FOLDER.name if file else DEFAULT_FOLDER


def _centre(database: Database, policy: Policy, site_url: str, keys: KeyRing, *, demo: bool) -> Centre:
    clock = SystemClock()
    bank = SimulatedBank(clock)
    if demo:
        from central.demo.citizens import CITIZENS
        from central.demo.create import BANK_LATE_MS, bank_behaviour

        bank = SimulatedBank(clock, bank_behaviour(CITIZENS), late_ms=BANK_LATE_MS)
    return Centre(
        database,
        bank,
        policy,
        clock,
        keys,
        site_url=site_url,
        visits_per_minute=None if demo else VISITS_PER_MINUTE,
        enrolments_per_minute=None if demo else ENROLMENTS_PER_MINUTE,
        demo=demo,
    )


def serve(centre: Centre, listener: socket.socket, host: str, port_file: Path | None) -> None:
    """Run the server on a socket that is bound already, and close the books' connections after it."""
    from central.api.app import create_app

    config = uvicorn.Config(
        create_app(centre),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    server = _Announcing(config, host, listener.getsockname()[1], port_file)
    server.run(sockets=[listener])
    centre.database.close()


def _listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """With its protocol named: asyncio turns off Nagle's delay (40 ms an answer) only on what it knows to be TCP."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def _announce(host: str, port: int, port_file: Path | None) -> None:
    if port_file is not None:
        part = port_file.with_suffix(".part")
        part.write_text(f"{port}\n")
        part.replace(port_file)  # whoever waits for the file sees it whole or not at all
    print(f"centre ready on http://{host}:{port}", flush=True)


class _Announcing(uvicorn.Server):
    """Tells the port once the server takes connections."""

    def __init__(self, config: uvicorn.Config, host: str, port: int, port_file: Path | None) -> None:
        super().__init__(config)
        self._address = (host, port, port_file)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            _announce(*self._address)
