"""Who of the staff has opened a matter: written once a person, read by its tellers."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.journal import verb
from siqian.kernel.permits import Actor, may
from siqian.town.people import queries as people

from . import rules
from .models import Glance, Matter


@dataclass(frozen=True)
class Reader:
    """Somebody who opened it, on behalf of which post, and when first."""

    name: str
    name_en: str
    post: str
    post_en: str
    at: datetime


@verb
def mark_read(*, matter: int, by: Actor, at: datetime) -> None:
    """Note that a member of the staff has opened a matter, the first time only; its tellers and the office itself are not noted."""
    row = Matter.objects.filter(id=matter).first()
    if row is None or not by.is_staff or not by.person or f"matter:{matter}" in by.own or may(by, "read", rules.thing(row)) is not None:
        return
    post = row.post if row.post in by.posts else next(iter(by.posts), "")
    facts = {"grid": row.grid, "name": by.name, "post": post, "at": at}
    Glance.objects.get_or_create(matter=row, person=by.person, defaults=facts)


def was_read(matter: int, *, seen_by: Actor) -> bool:
    """Whether this person has opened it before."""
    with store.reading(seen_by):
        return Glance.objects.filter(matter=matter, person=seen_by.person).exists()


def readers_of(matter: int, *, seen_by: Actor) -> list[Reader]:
    """Everybody of the staff who has opened it, the first one first; for its tellers and for whoever may read it."""
    with store.reading(seen_by):
        row = Matter.objects.filter(id=matter).first()
        if row is None or may(seen_by, "read", rules.thing(row)) is not None:
            return []
        rows = list(Glance.objects.filter(matter=matter).order_by("at", "id"))
    lines = {row.post: people.post_line(row.post) for row in rows}
    return [Reader(row.name, people.in_english(row.name), *lines[row.post][:2], row.at) for row in rows]
