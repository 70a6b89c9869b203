"""What answers do when tasks speak: an answer that nobody looked at again in time is told to the district's desk."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

LATE = said("一条常见问答过了复核日没人看，报到您这里")


@on(TaskOverdue, of=("answer",))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """To the district's desk, at once."""
    desk = people.desk_at(event.path, 0, at=at)
    if desk is not None:
        notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE, values={}, by=by, at=event.due)
