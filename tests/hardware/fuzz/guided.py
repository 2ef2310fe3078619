"""Fuzzing led by which lines of a parser were reached: `python -m tests.hardware.fuzz.guided TARGET [--runs N]`.

atheris (libFuzzer) makes up the inputs, from the target's sound ones; it ends with a status that is not 0 when a
target raises, takes longer than INPUT_LIMIT_S, or takes more memory than libFuzzer's 2 GB. The target `planted` has
a defect, so that it is known that one is found.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

INPUT_LIMIT_S = 2

with atheris.instrument_imports(include=["hardware"]):
    from tests.hardware.fuzz.targets import TARGETS, Target


@atheris.instrument_func  # type: ignore[untyped-decorator]
def planted(data: bytes) -> None:
    """Raises for bytes that chance alone would hardly make."""
    if data[:1] == b"f" and data[1:2] == b"u" and data[2:3] == b"n":
        raise ZeroDivisionError("the planted defect")


def main() -> None:
    """Run one target; never returns, for libFuzzer ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "planted"])
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    target = TARGETS.get(asked.target, Target(planted, (b"seed",)))
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        options = (f"-runs={asked.runs}", f"-seed={asked.seed}", f"-timeout={INPUT_LIMIT_S}", "-max_len=3000")
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", folder], target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
