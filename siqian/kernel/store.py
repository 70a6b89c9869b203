"""Transactions and the database's own fence. One writer at a time on SQLite, row-level security on PostgreSQL."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.db import connection, transaction as django_transaction
from django.db.models import Sum

from . import disk
from .permits import Actor, Fence

# SQLite lets writers spin on its lock; one lock in the process gives the same rate with a short queue.
_writer = threading.RLock()
_fence: ContextVar[Fence | None] = ContextVar("fence", default=None)
# The fence that goes up with the next statement: of several in a row only the last is ever asked for.
_waiting: ContextVar[Fence | None] = ContextVar("waiting", default=None)

EVERYTHING = Fence(everything=True)


@contextmanager
def transaction(by: Actor, *, whole: bool) -> Iterator[None]:
    """A transaction that sees what the actor may see, or all when the work is the office's."""
    with (
        disk.flushed_together(),
        _writer if connection.vendor == "sqlite" else nullcontext(),
        _atomic(),
        _fenced(EVERYTHING if whole else by.fence),
    ):
        yield


@contextmanager
def widened(whole: bool) -> Iterator[None]:
    """Inside a verb, an inner verb of the office looks past the outer one's fence, and only while it runs."""
    if not whole:
        yield
        return
    with _fenced(EVERYTHING):
        yield


@contextmanager
def reading(seen_by: Actor) -> Iterator[None]:
    """Read behind the actor's fence. Costs nothing on SQLite, a transaction on PostgreSQL."""
    if connection.vendor == "sqlite":
        yield
        return
    with _atomic(), _fenced(seen_by.fence):
        yield


@contextmanager
def reading_all() -> Iterator[None]:
    """Read for the office itself: counts and look-ups whose answer names nobody."""
    if connection.vendor == "sqlite":
        yield
        return
    with _atomic(), _fenced(EVERYTHING):
        yield


@contextmanager
def _atomic() -> Iterator[None]:
    """A transaction in which the fence that waits goes up before any other statement."""
    with django_transaction.atomic():
        if connection.vendor != "postgresql" or _fence.get() is not None:
            yield
            return
        with connection.execute_wrapper(_fence_first):
            yield
            _raise_waiting()


@contextmanager
def _fenced(fence: Fence) -> Iterator[None]:
    outer = _fence.get()
    if fence == outer:
        yield
        return
    token = _fence.set(fence)
    _waiting.set(fence)
    try:
        yield
    finally:
        _fence.reset(token)
        # Whoever is outside may catch an error and go on, behind the own fence again. After a fault of the database itself
        # the part that failed takes no more statements, and its set_config falls with it.
        _waiting.set(None if _broken() else _behind(outer))


def _behind(outer: Fence | None) -> Fence | None:
    """set_config lasts until the transaction ends; only what goes on inside it needs the outer fence again."""
    if outer is not None:
        return outer
    return Fence() if len(connection.savepoint_ids) > 0 else None


def _broken() -> bool:
    if connection.vendor != "postgresql" or connection.connection is None:
        return False
    return connection.needs_rollback or bool(
        connection.connection.info.transaction_status == connection.Database.pq.TransactionStatus.INERROR
    )


RAISE = "set_config('siqian.sees', %s, true), set_config('siqian.grids', %s, true), set_config('siqian.own', %s, true)"


def _fence_first(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    _raise_waiting()
    return execute(sql, params, many, context)


def _raise_waiting() -> None:
    fence = taken_along()
    if fence:
        with connection.cursor() as cursor:
            cursor.execute(f"select {RAISE}", fence)


def taken_along() -> list[str]:
    """The values of RAISE for a statement that puts the waiting fence up on its way; empty when none waits."""
    fence = _waiting.get()
    if fence is None:
        return []
    _waiting.set(None)
    grids, own = ("{" + ",".join(map(str, ids)) + "}" for ids in (fence.grids, fence.own))
    return ["all" if fence.everything else "", grids, own]


# 1024 slots: few enough that a bulk verb over a whole district does not fill the server's lock table.
LOCK_CHAINS = """
select pg_advisory_xact_lock(4000, slot)
from (select distinct hashtext(name) & 1023 as slot from unnest(%s::text[]) as name order by 1) as slots
"""


def lock_chains(subjects: Iterable[str]) -> None:
    """Let one verb at a time write on from the ends of these chains; in one order, so that two verbs never wait in a ring."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CHAINS, [list(subjects)])


def lock(name: str, *keys: int | str) -> None:
    """Hold the others off this name until the transaction ends. SQLite's writers are alone anyway."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [":".join((name, *map(str, keys)))])


# Entries that may still be in flight when a newer one is seen; many more than a second brings.
IN_FLIGHT = 2000


def version() -> str:
    """Differs after every commit that recorded something.

    On PostgreSQL ids commit out of order: a lower id that commits later changes the sum of the newest ones, not the highest.
    """
    from .models import Entry

    newest = Entry.objects.order_by("-id").values("id")[: IN_FLIGHT if connection.vendor == "postgresql" else 1]
    return str(Entry.objects.filter(id__in=newest).aggregate(sum=Sum("id"))["sum"] or 0)
