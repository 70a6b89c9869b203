"""Who is on duty, and who therefore owns what comes in now. Pure: values in, values out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from siqian.kernel.clock import local
from siqian.kernel.permits import Grant

from .apart import ADMINISTRATORS, WORDS as ADMINISTRATOR_WORDS
from .households import BASES, HEADINGS, NEEDED, PERMITS, RELATIONS, VISIT, ResidentRow, resident_row
from .listing import (
    ACCOUNT_HEADINGS,
    PERSON_HEADINGS,
    POST_HEADINGS,
    ROSTER_HEADINGS,
    AwayRow,
    PostRow,
    SignInRow,
    TurnRow,
    account_row,
    person_row,
    post_row,
    roster_row,
)

__all__ = [
    "ACCOUNT_HEADINGS",
    "ADMINISTRATORS",
    "ADMINISTRATOR_WORDS",
    "BASES",
    "HEADINGS",
    "NEEDED",
    "PERMITS",
    "PERSON_HEADINGS",
    "POST_HEADINGS",
    "RELATIONS",
    "ROSTER_HEADINGS",
    "VISIT",
    "AwayRow",
    "PostRow",
    "ResidentRow",
    "SignInRow",
    "TurnRow",
    "account_row",
    "person_row",
    "post_row",
    "resident_row",
    "roster_row",
]

DAY = 24 * 60
# Nobody has to know a post's level to fear for the night: the first desk upward that is staffed owns the work.
# Whose duty lets them read matters; the others hold a post without seeing what neighbours told.
READING = frozenset({"keeper", "secretary", "desk", "dispatcher", "handler", "caller", "leader", "inspector"})
CHAIN = (("keeper", 4), ("desk", 2), ("desk", 1), ("desk", 0))
OWNING = frozenset(duty for duty, _ in CHAIN)


@dataclass(frozen=True)
class Shift:
    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Seat:
    """A post as somebody holds it. away: (until, stand-in's person code) while the holder is on leave.

    The code is empty when nobody stands in, or when whoever should is on leave too. unit: whose people sit there, if a unit's.
    """

    post: str
    duty: str
    level: int
    path: str
    person: str
    shifts: tuple[Shift, ...]
    away: tuple[datetime, str] | None = None
    unit: str = ""

    def is_of(self, names: Collection[str]) -> bool:
        """Whether one of these persons or units ("unit:urban") has to do with it."""
        return self.person in names or f"unit:{self.unit}" in names or (self.away is not None and self.away[1] in names)


@dataclass(frozen=True)
class Presence:
    """Whether a seat is filled at an instant: by whom, until when; next: when it will be, while it is not."""

    person: str = ""
    until: datetime | None = None
    next: datetime | None = None
    stands_in: bool = False


def presence(seat: Seat, at: datetime) -> Presence:
    """Who sits on a seat now: the holder, during leave the stand-in, wherever that one's own post lies."""
    running = _running(seat.shifts, at)
    if running is not None and seat.away is None:
        return Presence(seat.person, running)
    following = _following(seat.shifts, at)
    if running is None or seat.away is None:
        return Presence(next=following)
    back, stand_in = seat.away
    if stand_in:
        return Presence(stand_in, min(running, back), stands_in=True)
    return Presence(next=max(back, following) if following else back)


@dataclass(frozen=True)
class Owner:
    """Who owns new work: a post always, a person while one is there."""

    post: str
    person: str = ""
    until: datetime | None = None


def owner(seats: Iterable[Seat], at: datetime) -> Owner | None:
    """The first staffed post of the chain; with nobody there, the highest desk, so that nothing is nowhere."""
    ordered = sorted(seats, key=lambda seat: seat.post)
    last: Owner | None = None
    for duty, level in CHAIN:
        for seat in ordered:
            if (seat.duty, seat.level) != (duty, level):
                continue
            here = presence(seat, at)
            if here.person:
                return Owner(seat.post, here.person, here.until)
            if duty == "desk":
                last = Owner(seat.post)
    return last


def grants(seats: Sequence[Seat]) -> tuple[Grant, ...]:
    """What the posts that a person holds let them do, and where."""
    return tuple(Grant(seat.duty, seat.path, seat.unit) for seat in seats)


def prefixes(path: str) -> list[str]:
    """Every area path that holds this one: "/a/b/" -> ["/a/", "/a/b/"]."""
    codes = [code for code in path.split("/") if code]
    return ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]


# Most seats of a district share a few weeks of hours, and a map asks all of them at one instant.
@lru_cache(maxsize=4096)
def _running(shifts: tuple[Shift, ...], at: datetime) -> datetime | None:
    here = local(at)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = []
    for back in (0, 1):
        day = midnight - timedelta(days=back)
        weekday = day.weekday()
        for shift in shifts:
            if shift.weekday == weekday and day + timedelta(minutes=shift.start) <= here < (end := day + timedelta(minutes=shift.end)):
                ends.append(end)
    return max(ends) if ends else None


@lru_cache(maxsize=4096)
def _following(shifts: tuple[Shift, ...], at: datetime) -> datetime | None:
    here = local(at)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [
        begin
        for ahead in range(8)
        for shift in shifts
        if shift.weekday == (day := midnight + timedelta(days=ahead)).weekday() and (begin := day + timedelta(minutes=shift.start)) > here
    ]
    return min(starts) if starts else None
