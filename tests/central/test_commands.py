"""Every command of `python -m central`, told nonsense: exit status 2 and one line that says what is wrong. Status 1 is
for books that do not balance, so a database that cannot be read must never end with it."""

import shlex
from pathlib import Path

import pytest

from central.__main__ import main
from central.store import schema
from central.store.database import Database
from tests.central.calculating import unquoted

WRONG = [
    # command, with FOLDER for a folder that holds what the fixture puts there: what the line has to say
    ("reconcile --database junk", "allowed are sqlite:///path and postgresql://"),
    ("reconcile --database mysql://x/y", "allowed are sqlite:///path and postgresql://"),
    ("reconcile --database sqlite:///FOLDER/text", "cannot be opened: file is not a database"),
    ("reconcile --database sqlite:///FOLDER", "cannot be opened: unable to open"),
    ("kiosks --database sqlite:////proc/none/x", "cannot be opened: [Errno 2]"),
    ("day-end --database postgresql://127.0.0.1:1/x", "cannot be opened: connection failed"),
    ("migrate --database sqlite:///FOLDER/text", "file is not a database"),
    ("demo --database junk", "no database's address"),
    ("enrol-code --database junk", "no database's address"),
    ("serve --database junk", "no database's address"),
    ("serve --port 65536", "from 0 to 65535"),
    ("serve BOOKS --seal-keys FOLDER/keys --host 192.0.2.1 --port 0", "cannot listen on 192.0.2.1"),
    ("reconcile BOOKS --day 2025-02-30", "existing day as YYYY-MM-DD"),
    ("reconcile BOOKS --day 20250228", "existing day as YYYY-MM-DD"),
    ("reconcile BOOKS --day 9999-12-31", "years 1850 to 2200"),
    ("reconcile BOOKS --day 2026-11-20 --day 2026-11-21", "--day: is given twice"),
    ("reconcile BOOKS --kiosk K-1", "need --day"),
    ("reconcile BOOKS --day 2026-11-20 --kiosk K-1", "there is no kiosk K-1"),
    ("reconcile BOOKS --day 2026-11-20 --bank-file FOLDER/none", "No such file"),
    ("reconcile BOOKS --day 2026-11-20 --bank-file FOLDER/text", "line 1: must be reference,amount,on"),
    ("reconcile BOOKS --day 2026-11-20 --bank-file FOLDER/short.csv", "line 2: 'a,1' is no UUID"),
    ("reconcile BOOKS --day 2026-11-20 --bank-file FOLDER/bytes", "line 1: 'utf-8' codec"),
    ("reconcile BOOKS --format xml", "choose from 'table', 'json'"),
    ("day-end BOOKS --day junk", "existing day as YYYY-MM-DD"),
    ("day-end BOOKS junk", "unrecognized arguments: junk"),
    ("kiosks BOOKS --key", "unrecognized arguments: --key"),
    ("unlock BOOKS", "required: --id-number"),
    ("phone-code BOOKS --id-number 1", "nobody has this identity number"),
    ("verify-document x --keys FOLDER/none", "No such file"),
    ("verify-document x --keys FOLDER/text", "no JWK set"),
    ("verify-document x --keys FOLDER/keys.json --document FOLDER/text", "no document's JSON"),
    ("seal-keys --folder FOLDER/text", "File exists"),
    ("openapi --write --check", "not allowed with argument --write"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("commands")
    (made / "text").write_text("not what was expected")
    (made / "bytes").write_bytes(b"\xff\xfe\x00")
    (made / "short.csv").write_text("reference,amount,on\na,1\n")
    (made / "keys.json").write_text('{"keys": []}')
    database = Database(f"sqlite:///{made}/books.db")
    schema.create(database)
    database.close()
    return made


@pytest.mark.parametrize(("command", "said"), WRONG, ids=[command for command, _ in WRONG])
def test_a_wrong_command_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    words = shlex.split(
        command.replace("BOOKS", f"--database sqlite:///{folder}/books.db").replace("FOLDER", str(folder))
    )
    try:
        status = main(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    written = capsys.readouterr()
    assert (status, written.out) == (2, "")
    assert unquoted(said) in unquoted(written.err)
    assert written.err.startswith(f"python -m central {words[0]}: ")
    assert written.err.count("\n") == 1
