"""Deliveries: rows that say who has to hear what, done one by one by `siqian worker`.

A row is marked done in the transaction of the reaction's own verb, so a crash between "done" and "told" loses nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from . import clock
from .journal import READERS, revive, writing
from .models import Delivery
from .permits import OFFICE

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
# How many a worker holds at a time: what it dies with waits for the end of its lease.
AT_ONCE = 20


@dataclass(frozen=True)
class Standing:
    """How the deliveries stand: how many wait, how many are dead, since when the oldest waits."""

    due: int
    dead: int
    oldest: datetime | None


def work(*, at: datetime, most: int = 100) -> int:
    """Do what is due, at most so many; how many were done or failed."""
    count = 0
    while count < most and (claimed := _claim(at, min(AT_ONCE, most - count))):
        for row in claimed:
            _do(row, at)
        count += len(claimed)
    return count


def standing() -> Standing:
    due = Delivery.objects.filter(state="due")
    return Standing(due.count(), Delivery.objects.filter(state="dead").count(), due.order_by("due").values_list("due", flat=True).first())


def revive_dead(delivery: int, *, at: datetime) -> None:
    """Give a dead letter another round."""
    with writing(OFFICE, whole=True):
        Delivery.objects.filter(id=delivery, state="dead").update(state="due", due=at, tries=0, leased_until=None)


def _do(row: Delivery, at: datetime) -> None:
    try:
        reader = _reader(row)
        with writing(OFFICE, whole=True):
            # Another worker may have finished it while this one slept past its lease.
            mine = Delivery.objects.filter(id=row.id, state="due", tries=row.tries)
            if mine.update(state="done", leased_until=None, fault=""):
                reader(revive(row.entry.name, row.entry.body), by=OFFICE, at=at)
    except Exception as error:
        _failed(row, error, at)


def _reader(row: Delivery) -> Callable[..., None]:
    """A reader that this process does not know is a fault, never "done": the worker may have been started without it."""
    try:
        return READERS[row.entry.name][row.reader]
    except KeyError:
        raise LookupError(f"{row.reader} is not loaded in this worker") from None


def _claim(at: datetime, most: int) -> list[Delivery]:
    """The first that nobody holds: of one reader and subject only the first that is not done, so that they are heard in order."""
    earlier = Delivery.objects.filter(state="due", reader=OuterRef("reader"), subject=OuterRef("subject"), id__lt=OuterRef("id"))
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    with writing(OFFICE, whole=True):
        ready = Delivery.objects.filter(free, state="due", due__lte=at).exclude(Exists(earlier)).order_by("due", "id")
        rows = list(_locked(ready.select_related("entry"))[:most])
        if rows:
            Delivery.objects.filter(id__in=[row.id for row in rows]).update(tries=F("tries") + 1, leased_until=at + LEASE)
        for row in rows:
            row.tries += 1
        return rows


def _failed(row: Delivery, error: Exception, at: datetime) -> None:
    dead = row.tries >= MOST_TRIES
    with writing(OFFICE, whole=True):
        Delivery.objects.filter(id=row.id, state="due").update(
            state="dead" if dead else "due",
            due=at + clock.backoff(row.tries),
            leased_until=None,
            fault=f"{type(error).__name__}: {error}"[:500],
        )


def _locked(rows: "QuerySet[Delivery]") -> "QuerySet[Delivery]":
    return rows.select_for_update(skip_locked=True, of=("self",)) if connection.vendor == "postgresql" else rows
