"""What the review does when tasks speak: a correction that is late is told to the desk above."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

LATE = said("每周一评里要改的事到期没改好，报到您这里")


@on(TaskOverdue, of=("correction",))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """To the district's desk, at once."""
    desk = people.desk_at(event.path, 0, at=at)
    if desk is not None:
        notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE, values={}, by=by, at=event.due)
