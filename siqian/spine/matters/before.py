"""What was told before of the same thing in the same building: whoever tells it again learns at once how it stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from siqian.kernel import store
from siqian.kernel.permits import Actor, may
from siqian.spine.remit import queries as remit

from . import rules
from .lines import MatterLine
from .models import Matter
from .seeing import visible

# One's own of a year; of the neighbours' what was done so lately that it may be the same thing again.
OWN, NEIGHBOURS, MOST = timedelta(days=365), timedelta(days=30), 3
OVER = ("closed", "settled")


@dataclass(frozen=True)
class Before:
    """A matter that was told before. own: by whoever asks, who may open it; of a neighbour's only what is public among neighbours."""

    number: str
    state: str
    title: str
    received: datetime
    closed: datetime | None
    own: bool

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


def told_before(*, item: str, building: str, seen_by: Actor, at: datetime) -> list[Before]:
    """One's own matters about the same thing in this building, and what was lately done there for neighbours; the newest first.

    Nothing that was told in confidence by others, and no petition: those have a list of their own.
    """
    if not building or item == remit.unsure().code:
        return []
    mine = [int(ref.removeprefix("matter:")) for ref in seen_by.own if ref.startswith("matter:")]
    own = Q(id__in=mine, received__gte=at - OWN)
    neighbours = Q(state__in=OVER, discreet=False, closed__gte=at - NEIGHBOURS)
    with store.reading_all():
        rows = Matter.objects.filter(own | neighbours, building=building, item=item).exclude(kind="petition").order_by("-id")
        return [_before(row, row.id in mine) for row in rows[:MOST]]


def often_before(row: Matter) -> int:
    """How often the same item came up in this building within a year."""
    if not row.building or row.item == remit.unsure().code:
        return 0
    year = {"received__gte": row.received - OWN, "received__lt": row.received}
    return Matter.objects.filter(building=row.building, item=row.item, **year).count()


def earlier(line: MatterLine, building: str, *, seen_by: Actor, most: int = 5) -> list[Before]:
    """The same item in the same building within the year before, as far as the reader may see it, the newest first; for staff."""
    if not building or line.item == remit.unsure().code:
        return []
    year = {"received__gte": line.received - OWN, "received__lt": line.received}
    with store.reading(seen_by):
        rows = visible(Matter.objects.filter(building=building, item=line.item, **year), seen_by).order_by("-received")
        return [_before(row, False) for row in rows[: most * 3] if may(seen_by, "read", rules.thing(row)) is None][:most]


def _before(row: Matter, own: bool) -> Before:
    return Before(rules.number(row.id, row.received), row.state, row.title, row.received, row.closed, own)
