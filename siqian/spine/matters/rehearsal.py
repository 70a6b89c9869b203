"""What was told lately, as the responsibility list would be asked about it again. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.permits import Actor, may

from . import rules
from .models import Matter, Telling
from .seeing import visible

BATCH = 2_000


@dataclass(frozen=True)
class Told:
    """A matter with its first telling's words, its place and what it was taken for."""

    id: int
    number: str
    title: str
    path: str
    received: datetime
    kind: str
    item: str
    unit: str
    text: str


def told(since: datetime, until: datetime, *, item: str = "", seen_by: Actor, most: int = 20_000) -> list[Told]:
    """Matters received in a time and readable by the actor, the newest first, so many at most."""
    found: list[Told] = []
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(received__gte=since, received__lt=until), seen_by)
        if item:
            rows = rows.filter(item=item)
        kept = [row for row in rows.order_by("-id")[:most] if may(seen_by, "read", rules.thing(row)) is None]
        for begin in range(0, len(kept), BATCH):
            found += _with_words(kept[begin : begin + BATCH])
    return found


def _with_words(rows: list[Matter]) -> list[Told]:
    said = Telling.objects.filter(matter__in=[row.id for row in rows]).order_by("-id").values_list("matter_id", "text")
    # The first telling comes last and so stays: later ones join what it began.
    first = dict(said)
    return [
        Told(
            row.id,
            rules.number(row.id, row.received),
            row.title,
            row.path,
            row.received,
            row.kind,
            row.item,
            row.unit,
            first.get(row.id, ""),
        )
        for row in rows
    ]
