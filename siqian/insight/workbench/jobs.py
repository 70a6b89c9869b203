"""Timed work of the workbench: gaps in duty become tasks of whoever has to fill them."""

from datetime import datetime, timedelta

from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people, rules as duty
from siqian.trades.tasks import actions as tasks, queries as owed

from .manning import AHEAD

ABOUT, SOON = "gap:", timedelta(minutes=1)
# Who fills a grid's gap: the community's desk; who fills that desk's: the street's.
FILLS = {4: 2, 2: 1}


def mind_the_gaps(*, at: datetime) -> int:
    """For each post the next gap that no desk covers is a task of whoever fills it, due when it begins; gives how many are open.

    Safe to run as often as one likes: what was filled meanwhile is done, what has moved is due when it begins now.
    """
    begin = at.replace(minute=0, second=0, microsecond=0)
    coming: dict[str, people.Gap] = {}
    for gap in people.duty_gaps(begin, begin + AHEAD):
        if not gap.covered and gap.until > at:
            coming.setdefault(gap.post, gap)
    there = {about.removeprefix(ABOUT) for about in owed.running(ABOUT)}
    for post in there - set(coming):
        tasks.stop_all(about=ABOUT + post, by=OFFICE, at=at)
    running = owed.clocks_of([ABOUT + post for post in there & set(coming)])
    for post, gap in coming.items():
        due = next((clock.due for clock in running.get(ABOUT + post, ()) if clock.stopped is None), None)
        if due is not None and due <= at < gap.since:
            # The gap that it was about is over; this is the next one.
            tasks.stop_all(about=ABOUT + post, by=OFFICE, at=at)
            due = None
        if due is None:
            _open(gap, max(gap.since, at + SOON), at=at)
        elif due > at and due != max(gap.since, at):
            tasks.end_with(about=ABOUT + post, what="gap", due=gap.since, by=OFFICE, at=at)
    return len(coming)


def _open(gap: people.Gap, due: datetime, *, at: datetime) -> None:
    name, _english, path = people.post_line(gap.post)
    level = len(duty.prefixes(path)) - 1
    owner = people.desk_at(path, FILLS.get(level, 2), at=at) or people.desk_at(path, 0, at=at)
    if owner is not None:
        about, dues = ABOUT + gap.post, {"gap": due}
        tasks.open_clocks(about=about, dues=dues, owner=owner, path=path, title=name, place="", said_by="", by=OFFICE, at=at)
