"""The real centre as a process of its own, with the tests' policy: `python -m tests.integrity.centre_process`.

Arguments: the database's URL, and a file to write the port to once connections are taken.
"""

import sys
from pathlib import Path

from central.store.database import Database
from tests.integrity import real_centre


def main(url: str, port_file: Path) -> None:
    """Serve until killed."""
    import threading

    database = Database(url)
    people = real_centre.people_of(*map(int, sys.argv[3:5]), real_centre.today())
    with real_centre.listening(real_centre.books(database, people).centre) as address:
        half = port_file.with_suffix(".half")
        half.write_text(address.rpartition(":")[2])
        half.rename(port_file)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
