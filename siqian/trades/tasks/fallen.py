"""What fell due within a span: of each thing, which promises were owed, which were late, when they ran. Values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Q

from .models import Pause, Task


@dataclass(frozen=True, slots=True)
class Fallen:
    """Of one thing: the kinds of promise that fell due and those kept late or not at all; when each first began and last ended."""

    about: str
    owed: frozenset[str]
    late: frozenset[str]
    began: dict[str, datetime]
    ended: dict[str, datetime]
    due: dict[str, datetime]


def fell_due(kind: str, kinds: Sequence[str], *, since: datetime, until: datetime) -> list[Fallen]:
    """Things of one kind ("matter:") whose promises of these kinds fell due within the span, one line a thing.

    A promise is late when it was kept after it was due, or not at all. Pauses and extensions have moved the due time already.
    """
    rows = Task.objects.filter(what__in=kinds, due__gte=since, due__lt=until, about__startswith=kind)
    late = Q(stopped=None) | Q(stopped__gt=F("due"))
    counted = {f"{what}_{name}": made for what in kinds for name, made in _columns(Q(what=what), late).items()}
    return [_fallen(row, kinds) for row in rows.values("about").annotate(**counted).iterator(5000)]


def stood_still(kind: str, what: str, *, since: datetime, until: datetime, but: Sequence[str] = ()) -> dict[str, timedelta]:
    """How long such promises stood still in all, of those that did; but: reasons that do not count."""
    owed = Task.objects.filter(what=what, due__gte=since, due__lt=until, about__startswith=kind)
    found: dict[str, timedelta] = {}
    pauses = Pause.objects.filter(what=what, about__in=owed.values("about")).exclude(why__in=but)
    for about, begin, limit, end in pauses.values_list("about", "since", "limit", "until"):
        found[about] = found.get(about, timedelta()) + max(timedelta(), min(end or limit, limit) - begin)
    return found


def _columns(of: Q, late: Q) -> dict[str, object]:
    return {
        "owed": Count("id", filter=of),
        "late": Count("id", filter=of & late),
        "began": Min("started", filter=of),
        "ended": Max("stopped", filter=of),
        "due": Max("due", filter=of),
    }


def _fallen(row: dict, kinds: Sequence[str]) -> Fallen:
    owed = frozenset(what for what in kinds if row[f"{what}_owed"])
    late = frozenset(what for what in owed if row[f"{what}_late"])
    times = ({what: row[f"{what}_{name}"] for what in owed if row[f"{what}_{name}"]} for name in ("began", "ended", "due"))
    return Fallen(row["about"], owed, late, *times)
