"""Closing a post, which needs to know what it still owes."""

from datetime import date, datetime

from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, Refusal, Refused
from siqian.kernel.said import Both
from siqian.town.people import actions as people_actions, queries as people
from siqian.trades.tasks import queries as tasks

from . import posts, rules


@office_verb
def close_post(*, post: str, day: date, by: Actor, at: datetime) -> None:
    """From a day on there is no such post; from today only when nothing is open there. Twice is once.

    Whoever is to take what is open is named in the refusal. What a later day leaves open keeps the post, without a seat, until it is
    handed on (`close_due`).
    """
    entry = people.post_entry(post, seen_by=by, at=at)
    count = tasks.owed_by([post]).get(post, 0)
    if count and entry.ended is None and day <= local(at).date():
        raise Refused(
            Refusal(rules.STILL_OPEN, field="day", post=Both(entry.name, entry.name_en), count=count, taker=posts.taker(entry, at=at))
        )
    people_actions.wind_up_post(post=post, day=day, by=by, at=at)


@office_verb
def close_due(*, post: str, by: Actor, at: datetime) -> bool:
    """Close a post whose day has come, as soon as nothing is open there; gives whether it is closed."""
    if tasks.owed_by([post]):
        return False
    people_actions.close_post(post=post, by=by, at=at)
    return True
