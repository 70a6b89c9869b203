"""What rosters do when tasks speak: leave on which nobody ruled in time is told to the next desk upward."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

LATE = said("请假换班没按时批，第{level}级，报到您这里")
# Level 1 is the community's desk, 2 the street's, 3 the district's.
DESKS = {1: 2, 2: 1, 3: 0}


@on(TaskOverdue, of=("relief",))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    desk = people.desk_from(event.path, DESKS.get(event.level, 0), at=at)
    if desk is not None:
        notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE, values={"level": str(event.level)}, by=by, at=event.due)
