"""The only writers of tasks. They are steps of other modules' verbs, so the permit is asked there, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siqian.kernel import rows
from siqian.kernel.journal import Ref, record, verb
from siqian.kernel.permits import Actor
from siqian.town.people import rules as duty

from . import rules
from .events import TaskOverdue
from .models import Task


@verb
def open_clocks(
    *,
    about: Ref,
    dues: Mapping[str, datetime],
    owner: duty.Owner,
    path: str,
    title: str,
    place: str,
    said_by: str,
    urgent: bool = False,
    fresh: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Start clocks for a post, by kind. One that already runs stays as it is; fresh: nothing runs for this thing yet."""
    clock = {
        "about": about,
        "post": owner.post,
        "person": owner.person,
        "path": path,
        "title": title[:60],
        "place": place[:80],
        "said_by": said_by[:30],
        "urgent": urgent,
        "started": at,
    }
    if fresh:
        for what, due in dues.items():
            rows.put(Task, **clock, what=what, due=due, climbs_at=due if what in rules.CLIMBING else None)
        return
    running = set(Task.objects.filter(about=about, stopped=None).values_list("what", flat=True))
    clocks = [
        Task(**clock, what=what, due=due, climbs_at=due if what in rules.CLIMBING else None)
        for what, due in dues.items()
        if what not in running
    ]
    # Of two who start one clock at once, the database lets one through; the other finds it running.
    Task.objects.bulk_create(clocks, ignore_conflicts=True)


@verb
def lay_clocks(*, clocks: Iterable[Mapping[str, object]], by: Actor, at: datetime) -> None:
    """Lay clocks that ran, or still run, somewhere else: columns of a task, its times and its level as they are by now."""
    for clock in clocks:
        rows.put(Task, **clock)


@verb
def stop(*, about: Ref, what: str, by: Actor, at: datetime) -> bool:
    """Stop a clock because its promise was kept. Stopping twice is stopping once; says whether it ran."""
    return bool(Task.objects.filter(about=about, what=what, stopped=None).update(stopped=at, stopped_by=by.ref, climbs_at=None))


@verb
def stop_all(*, about: Ref, by: Actor, at: datetime) -> None:
    """Stop every clock of a thing that is over."""
    Task.objects.filter(about=about, stopped=None).update(stopped=at, stopped_by=by.ref, climbs_at=None)


@verb
def hand_over(*, about: Ref, owner: duty.Owner, path: str = "", place: str = "", by: Actor, at: datetime) -> None:
    """Give the running clocks of a thing to another post. Their due times stay."""
    moved = {"path": path, "place": place[:80]}
    changes = {"post": owner.post, "person": owner.person} | {name: value for name, value in moved.items() if value}
    Task.objects.filter(about=about, stopped=None).update(**changes)


@verb
def promise(*, about: Ref, what: str, until: datetime, by: Actor, at: datetime) -> None:
    """Note the time that the owner named; the due time stays."""
    Task.objects.filter(about=about, what=what, stopped=None).update(promised=until)


@verb
def climb(*, task: int, by: Actor, at: datetime) -> None:
    """Let a late task climb one level; records task.overdue. One that was stopped meanwhile stays where it is."""
    row = Task.objects.filter(id=task, stopped=None, climbs_at__lte=at).first()
    if row is None:
        return
    step = rules.climb(row.what, row.level, at)
    changed = Task.objects.filter(id=task, level=row.level, stopped=None).update(level=step.level, climbs_at=step.next)
    if changed:
        record(TaskOverdue(row.about, row.what, row.post, row.path, row.due, step.level), by=by, at=at)
