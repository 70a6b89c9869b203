"""The only writers of tasks. They are steps of other modules' verbs, so the permit is asked there, once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest

from siqian.kernel import rows
from siqian.kernel.deadline import Term
from siqian.kernel.journal import Ref, record, verb
from siqian.kernel.permits import Actor
from siqian.town.people import rules as duty
from siqian.trades.notices import actions as notices

from . import rules
from .events import TaskOverdue
from .models import Pause, Task


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
    terms: Mapping[str, Term] | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Start clocks for a post, by kind. One that already runs stays as it is; fresh: nothing runs for this thing yet.

    terms: of those clocks that can be paused or extended, how long they run.
    """
    terms = terms or {}
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
            rows.put(Task, **clock, **_lasting(what, at, due, terms))
        return
    running = set(Task.objects.filter(about=about, stopped=None).values_list("what", flat=True))
    clocks = [Task(**clock, **_lasting(what, at, due, terms)) for what, due in dues.items() if what not in running]
    # Of two who start one clock at once, the database lets one through; the other finds it running.
    Task.objects.bulk_create(clocks, ignore_conflicts=True)


@verb
def lay_clocks(*, clocks: Iterable[Mapping[str, object]], by: Actor, at: datetime) -> None:
    """Lay clocks that ran, or still run, somewhere else: columns of a task, its times and its level as they are by now."""
    for clock in clocks:
        rows.put(Task, **clock)


@verb
def lay_pauses(*, pauses: Iterable[Mapping[str, object]], by: Actor, at: datetime) -> None:
    """Lay the pauses of such clocks."""
    for pause in pauses:
        rows.put(Pause, **pause)


@verb
def stop(*, about: Ref, what: str, by: Actor, at: datetime) -> bool:
    """Stop a clock because its promise was kept. Stopping twice is stopping once; says whether it ran."""
    _end_pauses(about, at, what=what)
    return bool(Task.objects.filter(about=about, what=what, stopped=None).update(**_stopped(by, at)))


@verb
def run_on(*, about: Ref, what: str, stopped: datetime, by: Actor, at: datetime) -> bool:
    """Let a clock run on that was stopped by mistake at this instant, as if it had never been stopped; says whether there is one."""
    row = Task.objects.filter(about=about, what=what, stopped=stopped).order_by("-started", "-id").first()
    if row is None or Task.objects.filter(about=about, what=what, stopped=None).exists():
        return False
    climbing = what in rules.CLIMBING and row.level < rules.top(what)
    next_ = {"climbs_at": max(row.due, at) if climbing else None, "warns_at": rules.warning(what, row.warned, row.started, row.due)}
    Task.objects.filter(id=row.id).update(stopped=None, stopped_by="", **next_)
    return True


@verb
def stop_all(*, about: Ref, by: Actor, at: datetime) -> None:
    """Stop every clock of a thing that is over."""
    _end_pauses(about, at)
    Task.objects.filter(about=about, stopped=None).update(**_stopped(by, at))


@verb
def stop_each(*, abouts: Collection[Ref], by: Actor, at: datetime) -> None:
    """Stop every clock of many things that are over; none of them is paused. A fixed number of statements."""
    Task.objects.filter(about__among=list(abouts), stopped=None).update(**_stopped(by, at))


@verb
def hand_over(
    *, about: Ref, owner: duty.Owner, path: str = "", place: str = "", but: Collection[str] = (), by: Actor, at: datetime
) -> None:
    """Give the running clocks of a thing to another post, but for those of these kinds. Their due times stay."""
    moved = {"path": path, "place": place[:80]}
    changes = {"post": owner.post, "person": owner.person} | {name: value for name, value in moved.items() if value}
    Task.objects.filter(about=about, stopped=None).exclude(what__in=but).update(**changes)


@verb
def promise(*, about: Ref, what: str, until: datetime, by: Actor, at: datetime) -> None:
    """Note the time that the owner named; the due time stays."""
    Task.objects.filter(about=about, what=what, stopped=None).update(promised=until)


@verb
def pause(*, about: Ref, what: str, why: str, limit: datetime, by: Actor, at: datetime) -> None:
    """Let a running clock stand still, until `resume` or the limit at the latest; its due time moves by so much. Twice is once."""
    if Task.objects.filter(about=about, what=what, stopped=None).exists():
        Pause.objects.bulk_create([Pause(about=about, what=what, why=why, since=at, limit=limit)], ignore_conflicts=True)
        _reckon(about, what)


@verb
def resume(*, about: Ref, what: str, by: Actor, at: datetime) -> None:
    """Let a paused clock go on; its due time is reckoned anew from what it really stood still."""
    _end_pauses(about, at, what=what)


@verb
def extend(*, about: Ref, what: str, amount: int, by: Actor, at: datetime) -> datetime:
    """Lengthen a clock's term by so many hours, or working days where it is counted in those; gives the new due time."""
    row = Task.objects.get(about=about, what=what, stopped=None)
    term = rules.term(row.minutes, row.working_days)
    if term is None:
        raise ValueError("an appointed day is moved by nobody")
    Task.objects.filter(id=row.id).update(**rules.columns(rules.longer(term, amount)))
    _reckon(about, what)
    return Task.objects.values_list("due", flat=True).get(id=row.id)


@verb
def retime(*, about: Ref, what: str, term: Term, by: Actor, at: datetime) -> datetime | None:
    """Give a running clock another term from its start on; gives its due time, None where none runs."""
    running = Task.objects.filter(about=about, what=what, stopped=None)
    if not running.update(**rules.columns(term)):
        return None
    _reckon(about, what)
    return running.values_list("due", flat=True).get()


@verb
def end_with(*, about: Ref, what: str, due: datetime, by: Actor, at: datetime) -> None:
    """Let a running clock end at a day that something else appoints, whatever its term was; no pause moves it any more.

    Whoever appoints the day reminds of it.
    """
    running = Task.objects.filter(about=about, what=what, stopped=None)
    running.update(**rules.columns(None), due=due, climbs_at=due, level=0, warns_at=None)


@verb
def climb(*, most: int = 500, by: Actor, at: datetime) -> int:
    """Let what is late climb one level, the longest late first; gives how many did. Records task.overdue of each.

    Two workers take different ones: on PostgreSQL each passes by what the other holds, on SQLite they take turns.
    """
    late = Task.objects.filter(stopped=None, climbs_at__lte=at).order_by("climbs_at", "id")
    if connection.vendor == "postgresql":
        late = late.select_for_update(skip_locked=True)
    found = list(late[:most])
    steps: dict[rules.Climb, list[int]] = {}
    for row in found:
        steps.setdefault(rules.climb(row.what, row.level, at), []).append(row.id)
    for step, ids in steps.items():
        Task.objects.filter(id__in=ids).update(level=step.level, climbs_at=step.next)
    for row in found:
        level = rules.climb(row.what, row.level, at).level
        record(TaskOverdue(row.about, row.what, row.post, row.path, row.due, level), by=by, at=at)
    return len(found)


@verb
def warn(*, most: int = 500, by: Actor, at: datetime) -> int:
    """Remind the owners of what falls due before long; gives how many clocks were looked at. What stands still waits until it goes on.

    Two workers take different ones, as in `climb`. A fixed number of statements.
    """
    near = Task.objects.filter(stopped=None, warns_at__lte=at).order_by("warns_at", "id")
    if connection.vendor == "postgresql":
        near = near.select_for_update(skip_locked=True)
    found = list(near[:most])
    still = {
        (about, what): limit
        for about, what, limit in Pause.objects.filter(about__among=[row.about for row in found], until=None).values_list(
            "about", "what", "limit"
        )
    }
    told = []
    for row in found:
        if limit := still.get((row.about, row.what)):
            row.warns_at = limit
            continue
        if at < row.due:
            values = {"title": row.title, **rules.left(row.due, at)}
            told.append(notices.Leaf(f"post:{row.post}", row.about, rules.WARNED[row.what], values))
        row.warned = max(row.warned + 1, rules.passed(row.what, row.started, row.due, at))
        row.warns_at = rules.warning(row.what, row.warned, row.started, row.due)
    Task.objects.bulk_update(found, ["warned", "warns_at"], batch_size=200)
    notices.tell_each(leaves=told, by=by, at=at)
    return len(found)


def _stopped(by: Actor, at: datetime) -> dict[str, object]:
    # A machine's clock may have been set back meanwhile: nothing ends before it began.
    when = Greatest(Value(at, output_field=DateTimeField()), F("started"))
    return {"stopped": when, "stopped_by": by.ref, "climbs_at": None, "warns_at": None}


def _end_pauses(about: Ref, at: datetime, **which: str) -> None:
    for pause in Pause.objects.filter(about=about, until=None, **which):
        Pause.objects.filter(id=pause.id).update(until=max(at, pause.since))
        _reckon(about, pause.what)


def _lasting(what: str, at: datetime, due: datetime, terms: Mapping[str, Term]) -> dict[str, object]:
    next_ = {"climbs_at": due if what in rules.CLIMBING else None, "warns_at": rules.warning(what, 0, at, due)}
    return {"what": what, "due": due, **next_, **rules.columns(terms.get(what))}


def _reckon(about: Ref, what: str) -> None:
    """Set a running clock's due time by its term and its pauses. One that is due later than it was has climbed nowhere."""
    row = Task.objects.filter(about=about, what=what, stopped=None).first()
    term = rules.term(row.minutes, row.working_days) if row else None
    if row is None or term is None:
        return
    stops = [rules.Stop(*stop) for stop in Pause.objects.filter(about=about, what=what).values_list("since", "limit", "until")]
    due = rules.due(row.started, term, stops)
    if due != row.due:
        warns_at = rules.warning(what, row.warned, row.started, due)
        Task.objects.filter(id=row.id).update(due=due, climbs_at=due, level=0, warns_at=warns_at)
