"""The house's own secrets: one folder of key files, made once, readable by the server's user alone.

A hardware module replaces this file by the same names.
"""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from . import clock


def master() -> bytes:
    """32 bytes that wrap every person's key."""
    return _secret("master.key")


def marking() -> bytes:
    """32 bytes that turn a phone number into a mark which can be compared and not read."""
    return _secret("marking.key")


def signing_seed() -> bytes:
    """32 bytes, seed of the Ed25519 key that signs the journal's anchors."""
    return _secret("signing.key")


def _secret(name: str) -> bytes:
    return _read(str(settings.SIQIAN_HOME), name)


@lru_cache(maxsize=8)
def _read(home: str, name: str) -> bytes:
    # Asked for with every sealed fact: what is known already costs no path.
    path = Path(home) / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{clock.code(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(clock.secret_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        # Linking never overwrites: of two processes that start at once, the first one's key stays.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


def passes_seed(name: str) -> bytes:
    """32 bytes, seed of a key that signs couriers' passes: "root" (kept offline once it has signed), or the number of an issuing key."""
    return _secret(f"passes-{name}.key")
