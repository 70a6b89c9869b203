"""What matters do when tasks speak: tell whoever the lateness climbs to, and show it on the thread."""

from datetime import datetime

from siqian.kernel.journal import on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices
from siqian.trades.tasks.events import TaskOverdue

from . import actions, rules

LATE = {
    "assign": said("派出超时，第{level}级，报到您这里"),
    "accept": said("签收超时，第{level}级，报到您这里"),
    "respond": said("回应超时，第{level}级，报到您这里"),
    "settle": said("办结超时，第{level}级，报到您这里"),
    "rate": said("评价超时，第{level}级，报到您这里"),
    "stage": said("阶段答复到期没办好，第{level}级，报到您这里"),
    "check": said("现场核查超时，第{level}级，报到您这里"),
    "rule": said("裁定超时，第{level}级，报到您这里"),
    "review": said("挂账没按月复核，第{level}级，报到您这里"),
    "supervise": said("督办超时，第{level}级，报到您这里"),
}


@on(TaskOverdue)
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """Level 1 is the community's desk, 2 the street's, 3 the district's."""
    if not event.about.startswith("matter:"):
        return
    desk = people.desk_at(event.path, rules.climbs_to(event.what, event.level), at=at)
    if desk is None:
        return
    name, _, _ = people.post_line(desk.post)
    matter = int(event.about.removeprefix("matter:"))
    actions.note_late(matter=matter, what=event.what, level=event.level, to=name, by=by, at=event.due)
    notices.tell(to=f"post:{desk.post}", about=event.about, text=LATE[event.what], values={"level": str(event.level)}, by=by, at=event.due)
