"""The last whole weeks of the demo, reviewed: drawn up by the house, issued by somebody of the district, with something to change."""

from datetime import datetime, timedelta

from siqian.insight.review import actions, queries, rules
from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people
from siqian.town.places import queries as places

WEEKS = 3
CORRECTIONS = (
    ("超时的事，第二天早会过一遍", "{who}按时的比率回到全区平均"),
    ("办结前打电话核对，不只留话", "办结24小时内重办的不超过2件"),
)


def review(at: datetime) -> int:
    """Draw up and issue the last three whole weeks that nobody has drawn up yet; gives how many."""
    signer = next((people.actor(role.account, at=at) for role in people.roles() if role.role == "dispatcher"), None)
    done = 0
    for back in range(WEEKS, 0, -1):
        week = rules.before(rules.week_of(at), back)
        span = rules.span(week)
        # What was drawn up while the year was still being made is drawn up once more.
        if span is None or signer is None or at < (monday := span[1] + timedelta(hours=8)) or _is_issued(week):
            continue
        actions.draft(week=week, by=OFFICE, at=monday)
        version = queries.sheet(week, seen_by=OFFICE).versions[-1]
        actions.issue(week=week, version=version, by=signer, at=min(at, monday + timedelta(hours=1, minutes=20)))
        done += 1
    if done:
        _correct(rules.before(rules.week_of(at)), at)
    return done


def _is_issued(week: str) -> bool:
    return any(line.week == week and line.issued for line in queries.weeks(seen_by=OFFICE))


def _correct(week: str, at: datetime) -> None:
    """What the newest sheet names as low is given to the desks of those places."""
    if not queries.is_drawn(week):
        return
    view = queries.sheet(week, seen_by=OFFICE)
    named = [said["key"] for said in view.numbers["low"] if said["by"] != "unit"]
    named += [line["key"] for line in view.numbers["lines"]["street"] if line["key"] not in named]
    for (text, proof), key in zip(CORRECTIONS, named, strict=False):
        place = places.at_area(key)
        desk = next((found for level in (2, 1, 0) if (found := people.desk_at(place.path, level, at=at))), None) if place else None
        if place is not None and desk is not None:
            until = at + timedelta(days=10)
            proof = proof.format(who=place.names[-1])
            actions.correct(week=week, version=view.version, text=text, proof=proof, post=desk.post, until=until, by=OFFICE, at=at)
