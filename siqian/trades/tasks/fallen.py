"""What fell due within a span: of each thing, which promises were owed, which were late, when they ran. Values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Q

from .models import Pause, Task


@dataclass(frozen=True, slots=True)
class Fallen:
    """Of one thing: the kinds of promise that fell due and those kept late or not at all.

    began, ended, due: as far as they were asked for, when each kind first began, last ended and was last due.
    """

    about: str
    owed: frozenset[str]
    late: frozenset[str]
    began: dict[str, datetime]
    ended: dict[str, datetime]
    due: dict[str, datetime]


Times = Mapping[str, Sequence[str]]


def fell_due(kind: str, kinds: Sequence[str], times: Times, *, since: datetime, until: datetime) -> list[Fallen]:
    """Things of one kind ("matter:") whose promises of these kinds fell due within the span, one line a thing.

    times: of which kinds which times are wanted, {"settle": ("began", "ended")}: reading them is most of the work.

    A promise is late when it was kept after it was due, or not at all. Pauses and extensions have moved the due time already.
    """
    rows = Task.objects.filter(what__in=kinds, due__gte=since, due__lt=until, about__startswith=kind)
    late = Q(stopped=None) | Q(stopped__gt=F("due"))
    counted = {f"{what}_{name}": made for what in kinds for name, made in _columns(Q(what=what), late, times.get(what, ())).items()}
    return [_fallen(row, kinds, times) for row in rows.values("about").annotate(**counted).iterator(5000)]


def stood_still(kind: str, what: str, *, since: datetime, until: datetime, but: Sequence[str] = ()) -> dict[str, timedelta]:
    """How long such promises stood still in all, of those that did; but: reasons that do not count."""
    owed = Task.objects.filter(what=what, due__gte=since, due__lt=until, about__startswith=kind)
    found: dict[str, timedelta] = {}
    pauses = Pause.objects.filter(what=what, about__in=owed.values("about")).exclude(why__in=but)
    for about, begin, limit, end in pauses.values_list("about", "since", "limit", "until"):
        found[about] = found.get(about, timedelta()) + max(timedelta(), min(end or limit, limit) - begin)
    return found


def _columns(of: Q, late: Q, times: Sequence[str]) -> dict[str, object]:
    known = {"began": Min("started", filter=of), "ended": Max("stopped", filter=of), "due": Max("due", filter=of)}
    return {"owed": Count("id", filter=of), "late": Count("id", filter=of & late), **{name: known[name] for name in times}}


def _fallen(row: dict, kinds: Sequence[str], times: Times) -> Fallen:
    owed = frozenset(what for what in kinds if row[f"{what}_owed"])
    late = frozenset(what for what in owed if row[f"{what}_late"])
    found: dict[str, dict[str, datetime]] = {"began": {}, "ended": {}, "due": {}}
    for what, names in times.items():
        for name in names if what in owed else ():
            if at := row[f"{what}_{name}"]:
                found[name][what] = at
    return Fallen(row["about"], owed, late, **found)
