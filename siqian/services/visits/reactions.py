"""What visits do when tasks speak: what was not written down, or not answered in time, is told to the desks above, one after the other."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places.events import AreasMoved
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

from . import actions

LATE = {
    "visit": said("走访过了24小时没记下来，第{level}级，报到您这里"),
    "promise": said("走访时答应的事到期没答复，第{level}级，报到您这里"),
}
# Level 1 is the community's desk, 2 the street's, 3 the district's.
DESKS = {1: 2, 2: 1, 3: 0}


@on(AreasMoved)
def follow_areas(event: AreasMoved, *, by: Actor, at: datetime) -> None:
    """Where somebody went, and which building grids were reached, is told of where these lie now."""
    actions.follow_areas(paths=event.paths, by=by, at=at)


@on(TaskOverdue, of=("visit", "visit_item"))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """To the desk of its level, or the next one above that there is."""
    desk = people.desk_from(event.path, DESKS.get(event.level, 0), at=at)
    if desk is not None:
        values = {"level": str(event.level)}
        notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE[event.what], values=values, by=by, at=event.due)
