"""Deliveries: rows that say who has to hear what, done one by one by `siqian worker`.

A row is marked done in the transaction of the reaction's own verb, so a crash between "done" and "told" loses nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from . import clock
from .journal import READERS, revive, writing
from .models import Delivery
from .permits import OFFICE

LEASE = timedelta(seconds=60)
MOST_TRIES = 8


@dataclass(frozen=True)
class Standing:
    """How the deliveries stand: how many wait, how many are dead, since when the oldest waits."""

    due: int
    dead: int
    oldest: datetime | None


def work(*, at: datetime, most: int = 100) -> int:
    """Do what is due, at most so many; how many were done or failed."""
    count = 0
    while count < most and _one(at):
        count += 1
    return count


def standing() -> Standing:
    due = Delivery.objects.filter(state="due")
    return Standing(due.count(), Delivery.objects.filter(state="dead").count(), due.order_by("due").values_list("due", flat=True).first())


def revive_dead(delivery: int, *, at: datetime) -> None:
    """Give a dead letter another round."""
    with writing(OFFICE, whole=True):
        Delivery.objects.filter(id=delivery, state="dead").update(state="due", due=at, tries=0, leased_until=None)


def _one(at: datetime) -> bool:
    row = _claim(at)
    if row is None:
        return False
    try:
        reader = _reader(row)
        with writing(OFFICE, whole=True):
            # The row again, locked: another worker may have finished it while this one slept past its lease.
            still = _locked(Delivery.objects.filter(id=row.id, state="due", tries=row.tries)).first()
            if still is None:
                return True
            reader(revive(row.entry.name, row.entry.body), by=OFFICE, at=at)
            Delivery.objects.filter(id=row.id).update(state="done", leased_until=None, fault="")
    except Exception as error:
        _failed(row, error, at)
    return True


def _reader(row: Delivery) -> Callable[..., None]:
    """A reader that this process does not know is a fault, never "done": the worker may have been started without it."""
    try:
        return READERS[row.entry.name][row.reader]
    except KeyError:
        raise LookupError(f"{row.reader} is not loaded in this worker") from None


def _claim(at: datetime) -> Delivery | None:
    earlier = Delivery.objects.filter(state="due", reader=OuterRef("reader"), subject=OuterRef("subject"), id__lt=OuterRef("id"))
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    with writing(OFFICE, whole=True):
        ready = Delivery.objects.filter(free, state="due", due__lte=at).exclude(Exists(earlier)).order_by("due", "id")
        row = _locked(ready, skip=True).first()
        if row is None:
            return None
        row.tries, row.leased_until = row.tries + 1, at + LEASE
        row.save(update_fields=["tries", "leased_until"])
        claimed: Delivery = Delivery.objects.select_related("entry").get(id=row.id)
        return claimed


def _failed(row: Delivery, error: Exception, at: datetime) -> None:
    dead = row.tries >= MOST_TRIES
    with writing(OFFICE, whole=True):
        Delivery.objects.filter(id=row.id, state="due").update(
            state="dead" if dead else "due",
            due=at + clock.backoff(row.tries),
            leased_until=None,
            fault=f"{type(error).__name__}: {error}"[:500],
        )


def _locked(rows, skip: bool = False):  # type: ignore[no-untyped-def]
    return rows.select_for_update(skip_locked=skip, of=("self",)) if connection.vendor == "postgresql" else rows
