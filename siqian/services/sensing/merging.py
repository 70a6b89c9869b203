"""Two incidents of one cause, said so by a person: one goes on with the alarms of both, the other is closed into it; undone for a while."""

from datetime import datetime

from django.db import connection
from django.db.models import Max, Min

from siqian.kernel import store
from siqian.kernel.journal import record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Refused, may, must, or_refuse
from siqian.trades.tasks import actions as tasks

from . import catalogued
from .events import IncidentMerged, IncidentParted
from .models import Alarm, Incident, IncidentStep, Merging
from .responding import fence_of, thing
from .rules import incidents as rules

# Which clocks ran in the state before.
CLOCKS = {"open": ("acknowledge", "over"), "going": ("over",)}


@verb
def merge(*, incident: int, into: int, text: str, by: Actor, at: datetime) -> None:
    """It has the same cause as another one, and why: that one goes on with the alarms of both, this one's clocks stop.

    Whoever may take both to their end. Twice is once. Records incident.merged.
    """
    row, other = _both(incident, into, by)
    if (now := _standing(row)) is not None and now.into_id == other.id:
        return
    for one in (row, other):
        must(by, "merge", thing(one, by, "merge"))
    if now is not None:
        raise Refused(Refusal(rules.MERGED, n=now.into_id))
    if (fault := rules.merge_fault(text, same=row.id == other.id, alarms=(row.alarms, other.alarms), state=other.state)) is not None:
        raise BadInput(fault) if fault.field else Refused(fault)
    after, before = or_refuse(rules.INCIDENT.then(row.state, "merge")), row.state
    moved = list(Alarm.objects.filter(incident=row).order_by("id").values_list("id", flat=True))
    Merging.objects.create(incident=row, into=other, before=before, moved=moved, at=at)
    Alarm.objects.filter(incident=row).update(incident=other)
    Incident.objects.filter(id=row.id).update(state=after, closed=at)
    # Whatever was raised at the one is raised at the other now: nobody is asked to confirm that all is normal before it is.
    Incident.objects.filter(id=other.id).update(offered=None, **_counted(other))
    tasks.stop_all(about=f"incident:{row.id}", by=by, at=at)
    _steps("merge", row, other, text.strip(), by=by, at=at)
    record(IncidentMerged(f"incident:{row.id}", f"incident:{other.id}", len(moved)), by=by, at=at)


@verb
def part(*, incident: int, by: Actor, at: datetime) -> None:
    """They were two after all: each has its own alarms again, clocks run on as if never stopped. Twice is once.

    Records incident.parted.
    """
    row = _locked([incident]).get(incident)
    known = _standing(row) if row is not None else None
    if row is None or may(by, "read", thing(row, by, "read")) is not None:
        raise NotFound(rules.NO_INCIDENT)
    if known is None:
        return
    row, other = _both(row.id, known.into_id, by)
    merging = _standing(row)
    if merging is None or merging.id != known.id:
        return
    for one in (row, other):
        must(by, "part", thing(one, by, "part"))
    if (fault := rules.part_fault(merging.at, other.state, at)) is not None:
        raise Refused(fault)
    or_refuse(rules.INCIDENT.then(row.state, "part"))
    Merging.objects.filter(id=merging.id).update(parted=at)
    Alarm.objects.filter(id__among=merging.moved, incident=other).update(incident=row)
    # As it was before, which the table of moves cannot know.
    Incident.objects.filter(id=row.id).update(state=merging.before, closed=None, offered=None, **_counted(row))
    Incident.objects.filter(id=other.id).update(offered=None, **_counted(other))
    for what in CLOCKS[merging.before]:
        tasks.run_on(about=f"incident:{row.id}", what=what, stopped=merging.at, by=by, at=at)
    _steps("part", row, other, "", by=by, at=at)
    record(IncidentParted(f"incident:{row.id}", f"incident:{other.id}"), by=by, at=at)


def _standing(row: Incident) -> Merging | None:
    return Merging.objects.filter(incident=row, parted=None).first()


def _counted(row: Incident) -> dict[str, object]:
    """What follows from the alarms that an incident has now."""
    own = Alarm.objects.filter(incident=row)
    found = own.aggregate(since=Min("since"), last=Max("came"))
    # The gravest of all that were merged, by what each is of itself.
    kinds = [row.kind, *Merging.objects.filter(into=row, parted=None).values_list("incident__kind", flat=True)]
    gravity = min(catalogued.incidents()[kind].gravity for kind in kinds)
    return {"alarms": own.count(), "since": found["since"] or row.since, "last": found["last"] or row.last, "gravity": gravity}


def _steps(verb_: str, row: Incident, other: Incident, text: str, *, by: Actor, at: datetime) -> None:
    """In the course of both, each naming the other."""
    for one, beside in ((row, other), (other, row)):
        words = f"№{beside.id} {beside.place}" + (f" · {text}" if text else "")
        kept = {"by": by.ref, "by_name": by.name, "grid": fence_of(one, by)}
        kept |= {"verb": verb_ if one is row else f"{verb_} in", "text": words[: rules.MOST_WORDS]}
        IncidentStep.objects.create(incident=one, at=at, **kept)


def _both(incident: int, into: int, by: Actor) -> tuple[Incident, Incident]:
    """Both, locked in one order; NotFound unless both are the actor's to read.

    Whoever gathers alarms is held off first, so that none joins the one that is being closed.
    """
    where = Incident.objects.filter(id__in=[incident, into]).values_list("kind", "path")
    for kind, path in sorted(set(where)):
        store.lock("incident", kind, path)
    rows = _locked([incident, into])
    for number in (incident, into):
        if number not in rows or may(by, "read", thing(rows[number], by, "read")) is not None:
            raise NotFound(rules.NO_INCIDENT)
    return rows[incident], rows[into]


def _locked(numbers: list[int]) -> dict[int, Incident]:
    found = Incident.objects.filter(id__in=numbers).order_by("id")
    return {row.id: row for row in (found.select_for_update() if connection.vendor == "postgresql" else found)}
