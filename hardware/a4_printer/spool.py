"""Where a spooler keeps documents while they wait: in memory, it is hoped, so that no disk ever remembers a citizen."""

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def kept(folder: Path) -> str:
    """ "memory", "disk", or "unknown" where the system does not say or the folder is not there."""
    try:
        folder = folder.resolve(strict=True)
        mounts = [line.split(" ") for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    kinds = {Path(point): kind for _, point, kind, *_ in mounts}  # the last one mounted at a point counts
    nearest = next((at for at in (folder, *folder.parents) if at in kinds), None)
    if nearest is None:
        return "unknown"
    return "memory" if kinds[nearest] in IN_MEMORY else "disk"
