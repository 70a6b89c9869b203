"""What the town hears about people."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class RosterChanged(Event, name="roster.changed"):
    """Posts, holders or shifts were laid in. One event for the whole change."""

    area: Ref
    posts: int
    persons: int


@dataclass(frozen=True)
class LeaveTaken(Event, name="leave.taken"):
    person: Ref
    stand_in: Ref
    since: datetime
    until: datetime
