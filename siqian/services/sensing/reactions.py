"""What patrols and incidents do when others speak: rounds that are late, incidents that climb, houses that lie in another grid now."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places.events import AreasMoved, BuildingsMoved
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

from . import actions

LATE = {
    "acknowledge": said("{kind}没人接，第{level}级，报到您这里"),
    "over": said("{kind}到时限没结束，第{level}级，报到您这里"),
}
# Level 1 is the community's desk, 2 the street's, 3 the district's.
DESKS = {1: 2, 2: 1, 3: 0}


@on(BuildingsMoved)
def follow(event: BuildingsMoved, *, by: Actor, at: datetime) -> None:
    """Patrols and sensors go with their houses."""
    actions.follow_map(buildings=event.codes, by=by, at=at)


@on(AreasMoved)
def follow_areas(event: AreasMoved, *, by: Actor, at: datetime) -> None:
    actions.follow_areas(paths=event.paths, by=by, at=at)


@on(TaskOverdue, of=("round",))
def missed(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    actions.miss(round=int(event.about.removeprefix("round:")), by=by, at=at)


@on(TaskOverdue, of=("incident",))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """To the desk of its level, or the next one above that there is."""
    kind = actions.note_late(incident=int(event.about.removeprefix("incident:")), what=event.what, by=by, at=at)
    desk = people.desk_from(event.path, DESKS.get(event.level, 0), at=at)
    if kind and desk is not None:
        values = {"kind": str(kind), "kind_en": kind.en, "level": str(event.level)}
        notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE[event.what], values=values, by=by, at=at)
