"""How a to-do list is narrowed, and what may be left to the next shift. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor, Permit, Refusal

PERMITS = (
    Permit("staff", "keep filters", "any"),
    Permit("staff", "hand over", "owner"),
    Permit("staff", "take over", "owner"),
    Permit("keeper", "send", "any"),
)
# What an address may say of the to-do list; anything else in it is left out.
KEYS = ("q", "what", "late", "kind", "in")
LATENESS = ("late", "soon", "today")
SOON = timedelta(hours=2)
MOST_FILTERS = 12

# Nothing waits in a telephone for longer than this; a clock that says so is wrong.
OLDEST, AHEAD = timedelta(days=31), timedelta(minutes=10)
NO_ENTRY = Refusal("手机发来的不知道是什么，刷新页面再发")
NO_NAME = Refusal("给它起个名字，最多24个字", field="name")
NOTHING = Refusal("先选好怎么筛，再存", field="name")
NAMED = Refusal("已经有一个叫这个名字的，换一个", field="name")
ENOUGH = Refusal("存了12个了，删掉不用的再存", field="name")
NO_FILTER = Refusal("没有这个筛选，可能已经删了")
NO_HANDOVER = Refusal("没有这份交接，或者不归您看")
NOT_TAKEN = Refusal("上一班的交接还没有人接。先接班，再交班")
YOUR_OWN = Refusal("自己交的班，由下一班的人来接")
TOO_LONG = Refusal("写短些，最多400个字", field="note")


class Line(Protocol):
    """The part of a to-do line that a filter looks at."""

    @property
    def what(self) -> str: ...
    @property
    def due(self) -> datetime: ...
    @property
    def path(self) -> str: ...


@dataclass(frozen=True)
class Wanted:
    """A filter: by the clock that runs, by how late it is, by kind, by area path. The words are looked for elsewhere."""

    q: str = ""
    what: str = ""
    late: str = ""
    kind: str = ""
    path: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address; the same filter always reads the same."""
        pairs = zip(KEYS, (self.q, self.what, self.late, self.kind, self.path), strict=True)
        return urlencode([(key, value) for key, value in pairs if value])


def wanted_of(sent: Mapping[str, str]) -> Wanted:
    """A filter from what an address says."""
    q, what, late, kind, path = (sent.get(key, "").strip()[:60] for key in KEYS)
    return Wanted(q, what, late if late in LATENESS else "", kind, path)


def fits(line: Line, kind: str, wanted: Wanted, at: datetime) -> bool:
    """Whether a line is one of those that were asked for."""
    if wanted.what and line.what != wanted.what:
        return False
    if wanted.kind and kind != wanted.kind:
        return False
    if wanted.path and not line.path.startswith(wanted.path):
        return False
    return not wanted.late or lateness(line.due, wanted.late, at)


def lateness(due: datetime, late: str, at: datetime) -> bool:
    """late: over; soon: within two hours; today: falls due today or is over."""
    if late == "late":
        return due < at
    if late == "soon":
        return at <= due < at + SOON
    return local(due).date() <= local(at).date()


def filter_fault(name: str, query: str, others: Mapping[str, int], own: int = 0) -> Refusal | None:
    """others: the person's filters by name. own: the one that is renamed."""
    if not 0 < len(name.strip()) <= 24:
        return NO_NAME
    if not query:
        return NOTHING
    if others.get(name.strip(), own) != own:
        return NAMED
    return ENOUGH if not own and len(others) >= MOST_FILTERS else None


def taking_fault(by: Actor, gave: str, next_: str) -> Refusal | None:
    """Somebody else takes over, unless the roster has nobody else."""
    return YOUR_OWN if by.person == gave != next_ and next_ else None


def done_then(then: datetime | None, at: datetime) -> datetime | None:
    """When it was done by a telephone's own clock, where that can be true. Shown beside the time of receipt; nothing counts by it."""
    return then if then is not None and at - OLDEST <= then <= at + AHEAD else None
