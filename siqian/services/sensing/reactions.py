"""What patrols do when tasks speak: a round that was not walked in its time is missed, and the desk hears of it."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.trades.tasks.events import TaskOverdue

from . import actions


@on(TaskOverdue, of=("round",))
def missed(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    actions.miss(round=int(event.about.removeprefix("round:")), by=by, at=at)
