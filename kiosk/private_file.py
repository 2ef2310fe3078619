"""Files for the kiosk's own eyes: written whole or not at all, durable, readable by its user only.

Whoever installs a kiosk is root: what root writes belongs to the folder's user, or the kiosk could not read it.
"""

import os
from pathlib import Path

OWNER_ONLY = 0o600
FOLDER_OWNER_ONLY = 0o700
ROOT = 0


def write_private(path: Path, content: bytes) -> None:
    """Replace a file; after a power cut it is the old one or the new one. Raises OSError."""
    path.parent.mkdir(FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    try:
        with open(handle, "wb", closefd=False) as file:
            file.write(content)
        if os.geteuid() == ROOT:
            whose = path.parent.stat()
            os.fchown(handle, whose.st_uid, whose.st_gid)
        os.fsync(handle)
    except OSError:
        fresh.unlink(missing_ok=True)  # a disk that is full needs the room of what did not fit
        raise
    finally:
        os.close(handle)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name, too
    finally:
        os.close(folder)
