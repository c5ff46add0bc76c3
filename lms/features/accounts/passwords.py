"""Passwords: argon2id, and the same time whether or not the person exists."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 500

# 19 MiB, two rounds: the OWASP floor for argon2id; about 30 ms on a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """True when the password fits. Without a hash, a made-up one is tried, so that the time tells nothing."""
    try:
        fits = _hasher.verify(password_hash or _decoy(), password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


@cache
def _decoy() -> str:
    return _hasher.hash("a password that nobody has")
