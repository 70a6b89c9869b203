"""What the town hears about tasks."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class TaskOverdue(Event, name="task.overdue"):
    """A promise was not kept in time and has climbed to a level: 1 community, 2 street, 3 district."""

    about: Ref
    what: str
    post: str
    path: str
    due: datetime
    level: int
