"""The verbs of an incident, one for each thing that a person does about it. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F, Max

from siqian.kernel import files
from siqian.kernel.journal import Event, office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Refused, Thing, may, must, or_refuse
from siqian.kernel.said import Both, said
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import catalogued
from .events import IncidentOver, IncidentReferred, IncidentStepped
from .models import Alarm, Incident, IncidentStep, Sensor
from .rules import incidents as rules
from .rules.incidents import Standing

CALM = said("{place}的传感器都恢复正常了，看过现场就可以结束：{kind}")


@verb
def acknowledge(*, incident: int, by: Actor, at: datetime) -> None:
    """Take it up (接了): its first clock stops. Twice is once. Records incident.stepped."""
    row = _locked(incident, by)
    if row.state == "going":
        return
    _step(row, "acknowledge", by=by, at=at)
    tasks.stop(about=f"incident:{row.id}", what="acknowledge", by=by, at=at)


@verb
def join(*, incident: int, by: Actor, at: datetime) -> None:
    """Come along (一起去), as anybody around may. Twice is once. Records incident.stepped."""
    row = _locked(incident, by)
    if not IncidentStep.objects.filter(incident=row, verb="join", by=by.ref, at__gte=row.opened).exists():
        _step(row, "join", by=by, at=at)


@verb
def note(
    *, incident: int, text: str, photos: Sequence[str] = (), raw: Sequence[tuple[str, bytes]] = (), key: str = "", by: Actor, at: datetime
) -> None:
    """Say what is seen on the spot, with pictures: hashes of kept files, or (name, bytes) to be cleaned and kept.

    The same key is noted once. Records incident.stepped.
    """
    row = _locked(incident, by)
    if key and IncidentStep.objects.filter(incident=row, by=by.ref, key=key).exists():
        return
    if len(raw) > rules.MOST_PHOTOS:
        raise BadInput(rules.TOO_MANY)
    cleaned = [files.clean(picture, name=name) for name, picture in raw]
    if (fault := next((one for one in cleaned if isinstance(one, Refusal)), None)) is not None:
        raise BadInput(fault)
    kept = [files.keep(one, at=at) for one in cleaned if isinstance(one, files.Photo)]
    _step(row, "note", text, [*photos, *kept], key, by=by, at=at)


@verb
def finish(*, incident: int, text: str = "", by: Actor, at: datetime) -> None:
    """Confirm that it is over; a reason is needed while sensors are still past their level. Twice is once. Records incident.over."""
    row = _locked(incident, by)
    if row.state != "over":
        _step(row, "finish", text, event=IncidentOver(f"incident:{row.id}", "finish"), by=by, at=at)
        _close(row, by=by, at=at)


@verb
def dismiss(*, incident: int, text: str, by: Actor, at: datetime) -> None:
    """It was a false alarm, and why; counted for each of its sensors. Twice is once. Records incident.over."""
    row = _locked(incident, by)
    if row.state != "false":
        _step(row, "dismiss", text, event=IncidentOver(f"incident:{row.id}", "dismiss"), by=by, at=at)
        _close(row, by=by, at=at)
        alarmed = Alarm.objects.filter(incident=row).values_list("sensor_id", flat=True)
        Sensor.objects.filter(id__in=set(alarmed)).update(false_alarms=F("false_alarms") + 1)


@verb
def refer(*, incident: int, text: str, by: Actor, at: datetime) -> None:
    """Have somebody else do something about it: `intake` makes it a matter. Once an incident. Records incident.referred."""
    row = _locked(incident, by)
    if row.referred is not None:
        raise Refused(rules.REFERRED)
    _step(row, "refer", text, event=IncidentReferred(f"incident:{row.id}", "matter"), by=by, at=at)
    Incident.objects.filter(id=row.id).update(referred=at)


@office_verb
def offer(*, incident: int, by: Actor, at: datetime) -> None:
    """Everything has been normal for long enough: the owner is asked to confirm. Twice is once. Records incident.stepped."""
    row = _row(incident)
    if row is None or row.state not in ("open", "going") or row.offered is not None:
        return
    kind = catalogued.incidents()[row.kind]
    if not rules.offered(standing(row), kind.calm, at):
        return
    Incident.objects.filter(id=row.id).update(offered=at)
    IncidentStep.objects.create(incident=row, verb="calm", by=by.ref, grid=row.grid, at=at)
    record(IncidentStepped(f"incident:{row.id}", "calm"), by=by, at=at)
    values = {"kind": kind.zh, "kind_en": kind.en, "place": row.place, "place_en": places.in_english(row.place)}
    notices.tell(to=f"post:{row.post}", about=f"incident:{row.id}", text=CALM, values=values, by=by, at=at)


@office_verb
def note_late(*, incident: int, what: str, by: Actor, at: datetime) -> Both | None:
    """Keep in its course that a clock ran out; gives the kind's words, None when it is over by now."""
    row = _row(incident)
    kind = catalogued.incidents().get(row.kind) if row else None
    if row is None or kind is None or row.state not in ("open", "going"):
        return None
    IncidentStep.objects.get_or_create(
        incident=row, verb="late", by=by.ref, key=f"{what}:{at.timestamp():.0f}", defaults={"grid": row.grid, "at": at}
    )
    return Both(kind.zh, kind.en)


def standing(row: Incident) -> Standing:
    """Which alarms still hold, and since when none does. Of silence it is over as soon as anything is heard again."""
    if not row.alarms:
        heard = Sensor.objects.filter(ended=None).aggregate(newest=Max("heard"))["newest"]
        again = heard if heard is not None and heard > row.opened else None
        return Standing(0 if again else 1, again)
    raised = Alarm.objects.filter(incident=row, ended=None).values("sensor").distinct().count()
    return Standing(raised, None if raised else Alarm.objects.filter(incident=row).aggregate(newest=Max("ended"))["newest"])


def thing(row: Incident, actor: Actor, verb_: str = "") -> Thing:
    """What a permit needs to know of it. What anybody around may do is asked of the part of its area that is theirs."""
    area = row.path
    if verb_ in rules.AROUND:
        area = next((grant.area for grant in actor.grants if grant.area.startswith(row.path)), row.path)
    return Thing("incident", f"incident:{row.id}", area=area, posts=frozenset({row.post}))


def _step(
    row: Incident,
    verb_: str,
    text: str = "",
    photos: Sequence[str] = (),
    key: str = "",
    *,
    event: Event | None = None,
    by: Actor,
    at: datetime,
) -> None:
    must(by, verb_, thing(row, by, verb_))
    after = or_refuse(rules.INCIDENT.then(row.state, verb_))
    if (fault := rules.fault_of(verb_, text, len(photos), standing(row))) is not None:
        raise BadInput(fault)
    kept = {"text": text.strip(), "photos": list(photos), "key": key, "by": by.ref, "by_name": by.name, "grid": fence_of(row, by)}
    IncidentStep.objects.create(incident=row, verb=verb_, at=at, **kept)
    Incident.objects.filter(id=row.id).update(state=after)
    record(event or IncidentStepped(f"incident:{row.id}", verb_), by=by, at=at)


def fence_of(row: Incident, by: Actor) -> int:
    """Behind which grid's fence the words stand: the incident's, or, of somebody who comes from a part of its area, their own."""
    if by.fence.everything or row.grid in by.fence.grids:
        return row.grid
    areas = [grant.area for grant in by.grants if grant.area.startswith(row.path)]
    return next(iter(places.fences_of(areas).values()), row.grid)


def _close(row: Incident, *, by: Actor, at: datetime) -> None:
    Incident.objects.filter(id=row.id).update(closed=at)
    # Whoever ended it by hand is not rung for again until the reading has been normal in between.
    Alarm.objects.filter(incident=row, ended=None).update(ended=at)
    tasks.stop_all(about=f"incident:{row.id}", by=by, at=at)


def _locked(incident: int, by: Actor) -> Incident:
    row = _row(incident)
    if row is None:
        raise NotFound(rules.NO_INCIDENT)
    if may(by, "read", thing(row, by, "read")) is not None:
        raise NotFound(rules.NO_INCIDENT)
    return row


def _row(incident: int) -> Incident | None:
    found = Incident.objects.filter(id=incident)
    return (found.select_for_update() if connection.vendor == "postgresql" else found).first()
