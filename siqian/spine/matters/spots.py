"""Where matters are, for whoever goes there."""

from collections.abc import Sequence

from siqian.kernel import store
from siqian.kernel.permits import Actor, may

from . import rules
from .models import Matter
from .seeing import visible


def spots(ids: Sequence[int], *, seen_by: Actor) -> dict[int, tuple[float, float, str]]:
    """(lon, lat, building) of those of these matters that the actor may see and that have a position."""
    with store.reading(seen_by):
        rows = list(visible(Matter.objects.filter(id__in=ids, lon__isnull=False, lat__isnull=False), seen_by))
    seen = (row for row in rows if may(seen_by, "read", rules.thing(row)) is None)
    return {row.id: (row.lon or 0.0, row.lat or 0.0, row.building) for row in seen}
