"""What the workbench does when tasks speak: a gap that nobody fills is an alarm at the desk above."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

BARE = said("现在没人在岗：{name}，报到您这里")
# Whose desk hears of it: the street's, then the district's.
UPWARDS = (1, 0)


@on(TaskOverdue, of=("gap",))
def alarm(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    desk = people.desk_at(event.path, UPWARDS[min(event.level, len(UPWARDS)) - 1], at=at) or people.desk_at(event.path, 0, at=at)
    if desk is not None:
        values = {"name": people.post_line(event.about.removeprefix("gap:"))[0]}
        notices.tell(to=f"post:{desk.post}", about=event.about, text=BARE, values=values, urgency="now", by=by, at=event.due)
