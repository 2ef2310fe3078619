"""The versions of the decoders, for staff, and whether libzbar has the security fixes, which it does not tell itself.

CVE-2023-40889 (heap overflow in the QR reader) and CVE-2023-40890 (stack overflow in the DataBar reader) are
fixed in Debian 12's 0.23.92-7+deb12u1, and upstream in 0.23.93.
"""

import subprocess
from importlib import metadata

FIRST_PATCHED = "0.23.92-7+deb12u1"
_PACKAGES = ("libzbar0", "libzbar0t64")


def installed_libzbar() -> str | None:
    """The version of the installed Debian package, or None where dpkg knows of none."""
    try:
        answer = subprocess.run(
            ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}\\n", *_PACKAGES],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    installed = [line.split()[1] for line in answer.stdout.splitlines() if line.startswith("installed ")]
    return installed[0] if installed else None


def is_patched(version: str) -> bool:
    """Whether a package version has both fixes, by dpkg's own order of versions."""
    comparison = ["dpkg", "--compare-versions", version, "ge", FIRST_PATCHED]
    return subprocess.run(comparison, timeout=5, check=False).returncode == 0


def libzbar_in_words(version: str | None) -> str:
    """For staff: the version, and a warning when it lacks the fixes."""
    if version is None:
        return "not a Debian package: have 0.23.93 or later"
    return version if is_patched(version) else f"{version}: UPDATE to {FIRST_PATCHED} or later"


def zxing_in_words() -> str:
    """For staff: the version of zxing-cpp, or what is lost without it."""
    try:
        return metadata.version("zxing-cpp")
    except metadata.PackageNotFoundError:
        return "not installed: fewer codes are read"
