"""How SQLite's commits reach the disk: written one after the other, flushed together, moved into the database by the worker.

A commit under synchronous=FULL flushes while it holds the only write lock, so a disk that takes 3 ms lets nobody write meanwhile.
Here a commit goes into the log unflushed, the lock is free again, and whoever committed flushes the log before anybody is told that it
is done. Flushes of several run at the same time. The log is read back after a power cut up to its first torn frame, and a flush
covers all that lies before: what was acknowledged is whole, with everything that it was built upon.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

FULL, NORMAL = 2, 1


# Bytes of the log after which the worker waits for readers to leave it, so that it begins anew.
LONG = 64 * 1024 * 1024


@contextmanager
def flushed_together() -> Iterator[None]:
    """Around a whole transaction: what it committed is on the disk when this ends. Only where FULL was asked for."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    sql = connection.connection
    if sql.execute("PRAGMA synchronous").fetchone()[0] != FULL:
        yield
        return
    sql.execute(f"PRAGMA synchronous={NORMAL}")
    try:
        yield
        flush()
    finally:
        sql.execute(f"PRAGMA synchronous={FULL}")


def flush() -> None:
    """Wait until the log that lies beside the database is on the disk; by name each time, as it may have begun anew."""
    file = os.open(_log(), os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fdatasync(file)
    finally:
        os.close(file)


def checkpoint() -> None:
    """Move what is in the log into the database; the worker's work, so that no visitor waits for it."""
    if connection.vendor != "sqlite":
        return
    try:
        how = "TRUNCATE" if os.path.getsize(_log()) > LONG else "PASSIVE"
    except FileNotFoundError:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_checkpoint({how})")


def _log() -> str:
    return f"{connection.settings_dict['NAME']}-wal"
