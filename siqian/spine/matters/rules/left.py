"""What a life leaves behind, with the columns under which it is kept: clocks, pauses, requests, steps. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Clock:
    """One promise, with the columns under which tasks keep it."""

    what: str
    post: str
    person: str
    path: str
    title: str
    place: str
    said_by: str
    urgent: bool
    started: datetime
    due: datetime
    climbs_at: datetime | None
    promised: datetime | None = None
    stopped: datetime | None = None
    stopped_by: str = ""
    level: int = 0
    minutes: int | None = None
    working_days: int | None = None
    warns_at: datetime | None = None


@dataclass(slots=True)
class Still:
    """One pause of a clock, with the columns under which tasks keep it."""

    what: str
    why: str
    since: datetime
    limit: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Asked:
    """One request, with the columns under which it is kept."""

    kind: str
    item: str
    reason: str
    unit: str
    clause: str
    amount: int
    until: datetime | None
    post: str
    by: str
    by_name: str
    at: datetime
    state: str = "asked"
    ruled_by: str = ""
    ruled_name: str = ""
    ruled_at: datetime | None = None
    ruling: str = ""


@dataclass(slots=True)
class Trace:
    """One step on the thread; telling: which telling its values name."""

    kind: str
    at: datetime
    by: str
    by_name: str = ""
    text: str = ""
    public: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    telling: int | None = None
