"""What others may know about tasks. Values only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from siqian.kernel.permits import Actor

from . import rules
from .fallen import Fallen, fell_due, stood_still
from .models import Pause, Task

__all__ = [
    "Clock",
    "Fallen",
    "Line",
    "Still",
    "answered_matters",
    "clocks",
    "clocks_of",
    "counts",
    "fell_due",
    "kept",
    "late_matters",
    "open_in",
    "owed_by",
    "owing",
    "pauses_of",
    "pauses_over",
    "risen",
    "running",
    "running_matters",
    "stood_still",
    "todo",
    "todo_count",
    "unrated",
    "waits_for",
]


@dataclass(frozen=True)
class Clock:
    """One promise: when it began, when it is due, when it was kept."""

    about: str
    what: str
    post: str
    person: str
    started: datetime
    due: datetime
    promised: datetime | None
    stopped: datetime | None
    level: int
    minutes: int | None = None
    working_days: int | None = None


@dataclass(frozen=True)
class Still:
    """A pause: of which clock, why, since when, until when at the latest, and when it ended, if it did."""

    about: str
    what: str
    why: str
    since: datetime
    limit: datetime
    until: datetime | None


@dataclass(frozen=True)
class Line:
    """A row of a to-do list: the clock that runs out first for one thing."""

    about: str
    what: str
    post: str
    person: str
    path: str
    title: str
    place: str
    said_by: str
    urgent: bool
    started: datetime
    due: datetime
    level: int
    group: str


def clocks(about: str) -> list[Clock]:
    """Every clock that ran or runs for one thing, oldest first."""
    return [_clock(row) for row in Task.objects.filter(about=about).order_by("started", "id")]


def clocks_of(abouts: Sequence[str]) -> dict[str, list[Clock]]:
    """The same for many things at once."""
    found: dict[str, list[Clock]] = {}
    for row in Task.objects.filter(about__in=abouts).order_by("started", "id"):
        found.setdefault(row.about, []).append(_clock(row))
    return found


def pauses_of(abouts: Sequence[str]) -> dict[str, list[Still]]:
    """Every pause of these things' clocks, oldest first."""
    found: dict[str, list[Still]] = {}
    columns = ("about", "what", "why", "since", "limit", "until")
    for row in Pause.objects.filter(about__in=abouts).order_by("since", "id").values_list(*columns):
        found.setdefault(row[0], []).append(Still(*row))
    return found


def waits_for(about: str, what: str) -> str:
    """Why a clock stands still now; empty when it runs or has stopped."""
    return Pause.objects.filter(about=about, what=what, until=None).values_list("why", flat=True).first() or ""


def pauses_over(kind: str, *, at: datetime, most: int = 500) -> list[tuple[str, datetime]]:
    """(thing, limit) of the pauses of one kind of thing ("matter:") that have reached their limit."""
    rows = Pause.objects.filter(until=None, limit__lte=at, about__startswith=kind)
    return list(rows.order_by("limit", "id").values_list("about", "limit")[:most])


def running(kind: str) -> list[str]:
    """Things of one kind ("matter:") for which some clock runs."""
    return list(Task.objects.filter(stopped=None, about__startswith=kind).values_list("about", flat=True).distinct())


def risen(kind: str, level: int, whats: Sequence[str], *, before: datetime) -> dict[str, Clock]:
    """Things of one kind ("matter:") of which a running clock of these has climbed so high and was due before then: that clock."""
    rows = Task.objects.filter(stopped=None, level__gte=level, due__lt=before, what__in=whats, about__startswith=kind)
    return {row.about: _clock(row) for row in rows.order_by("-due", "-id")}


def owing(kind: str, what: str) -> set[str]:
    """Things of one kind ("matter:") for which a clock of this kind runs."""
    return set(Task.objects.filter(stopped=None, what=what, about__startswith=kind).values_list("about", flat=True))


def todo(*, seen_by: Actor, at: datetime, words: str = "", most: int = 200) -> list[Line]:
    """What the actor's posts owe, one line a thing, what is due first on top."""
    rows = Task.objects.filter(stopped=None, post__in=seen_by.posts).exclude(what="rate")
    if words:
        rows = rows.filter(Q(title__contains=words) | Q(place__contains=words) | Q(said_by__contains=words) | Q(about__endswith=words))
    return _lines(rows.order_by("due", "id")[: most * 4], at)[:most]


def open_in(path: str, *, at: datetime, what: Sequence[str] = (), due_before: datetime | None = None, most: int = 60) -> list[Line]:
    """Open tasks below an area path, what is due first on top."""
    rows = Task.objects.filter(stopped=None, path__startswith=path).exclude(what="rate")
    if what:
        rows = rows.filter(what__in=what)
    if due_before is not None:
        rows = rows.filter(due__lt=due_before)
    return _lines(rows.order_by("due", "id")[: most * 4], at)[:most]


def counts(path: str, *, at: datetime) -> dict[str, int]:
    """How many things are open below a path: waiting (each has one promise to settle), late, soon."""
    rows = Task.objects.filter(stopped=None, path__startswith=path)
    # Only what falls due by then is looked at: of all that is open, most has time.
    near = rows.exclude(what="rate").filter(due__lt=at + rules.SOON)
    late = Count("about", distinct=True, filter=Q(due__lt=at))
    found = near.aggregate(late=late, soon=Count("about", distinct=True, filter=Q(due__gte=at)))
    return {"waiting": rows.filter(what="settle").count(), **{name: int(count) for name, count in found.items()}}


def kept(path: str, what: str, *, since: datetime, at: datetime, until: datetime | None = None) -> tuple[int, int]:
    """(kept in time, all) of one kind of promise that began since then, and before `until`, and was kept or fell due, below a path."""
    ended = Task.objects.filter(path__startswith=path, what=what, started__gte=since).filter(Q(stopped__isnull=False) | Q(due__lt=at))
    ended = ended if until is None else ended.filter(started__lt=until)
    found = ended.aggregate(all=Count("id"), good=Count("id", filter=Q(stopped__lte=F("due"))))
    return int(found["good"]), int(found["all"])


def owed_by(posts: Collection[str]) -> dict[str, int]:
    """How many things each of these posts owes; a number names nobody."""
    rows = Task.objects.filter(stopped=None, post__in=posts).exclude(what="rate").values("post")
    return dict(rows.annotate(count=Count("about", distinct=True)).values_list("post", "count"))


def todo_count(*, seen_by: Actor) -> int:
    """How many things the actor's posts owe."""
    rows = Task.objects.filter(stopped=None, post__in=seen_by.posts).exclude(what="rate")
    return rows.values("about").distinct().count()


def unrated(*, at: datetime, most: int = 500) -> list[str]:
    """Things whose time for a rating has run out."""
    return list(Task.objects.filter(what="rate", stopped=None, due__lte=at).order_by("due").values_list("about", flat=True)[:most])


def _lines(rows, at: datetime) -> list[Line]:
    seen: dict[str, Line] = {}
    rows = list(rows)
    still = set(Pause.objects.filter(until=None, about__in={row.about for row in rows}).values_list("about", "what"))
    for row in rows:
        if row.about not in seen:
            seen[row.about] = Line(
                row.about,
                row.what,
                row.post,
                row.person,
                row.path,
                row.title,
                row.place,
                row.said_by,
                row.urgent,
                row.started,
                row.due,
                row.level,
                rules.group(row.due, (row.about, row.what) in still, at),
            )
    return list(seen.values())


def _clock(row: Task) -> Clock:
    return Clock(
        row.about, row.what, row.post, row.person, row.started, row.due, row.promised, row.stopped, row.level, row.minutes, row.working_days
    )


def running_matters():
    """Ids of matters with a running clock, as a sub-query."""
    return _matters(Task.objects.filter(stopped=None))


def late_matters(at: datetime):
    """Ids of matters of which a promise is late, as a sub-query."""
    return _matters(Task.objects.filter(stopped=None, due__lt=at).exclude(what="rate"))


def answered_matters(since: datetime):
    """Ids of matters that came since then and whose teller was answered, as a sub-query."""
    return _matters(Task.objects.filter(what="respond", started__gte=since, stopped__isnull=False))


def _matters(rows):
    from django.db.models import BigIntegerField
    from django.db.models.functions import Cast, Substr

    rows = rows.filter(about__startswith="matter:")
    return rows.annotate(matter=Cast(Substr("about", 8), BigIntegerField())).values("matter")
