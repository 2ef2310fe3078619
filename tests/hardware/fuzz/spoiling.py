"""Sound bytes made unsound: flipped, cut, doubled, mixed, and some that were never sound."""

from collections.abc import Sequence
from random import Random

LONGEST = 3000


def spoilt(chance: Random, seeds: Sequence[bytes]) -> bytes:
    """One input; about one in eight is noise from end to end."""
    if chance.random() < 0.125:
        return chance.randbytes(chance.randrange(60))
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randrange(5)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at : at + 1] = bytes([chance.choice((0x00, 0x7F, 0x80, 0xFF))])
            case 2:
                del data[at : at + chance.randrange(1, 20)]
            case 3:
                data[at:at] = data[: chance.randrange(40)]
            case 4:
                other = chance.choice(seeds)
                data[at:] = other[chance.randrange(len(other) + 1) :]
            case 5:
                data[at:at] = chance.randbytes(chance.randrange(8))
    return bytes(data[:LONGEST])
