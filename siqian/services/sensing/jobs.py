"""Timed work of sensing: the day's rounds are laid, silent sensors are missed, incidents that are calm are offered to be over."""

from datetime import date, datetime

from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people

from . import actions, queries, rules
from .rules import incidents as incident_rules

# So many posts at a time: a whole district begins its day within minutes, and what else is due does not wait for it.
MOST = 150
# Posts without a round today (a grid without houses), so that they are not asked for again and again.
_nothing: dict[date, set[str]] = {}


def lay_out_the_day(*, at: datetime, most: int = MOST) -> int:
    """Lay today's rounds of keepers on duty who have none yet; gives how many rounds are new. Safe to run as often as one likes."""
    day = rules.today(at)
    for past in [known for known in _nothing if known != day]:
        del _nothing[past]
    empty = _nothing.setdefault(day, set())
    posts = set(people.keeper_posts(within="/")) - queries.laid_for(day) - empty
    here = [card for card in people.cards_of(sorted(posts), at=at).values() if card.on][:most]
    laid = sum(actions.lay_rounds(post=card.post, person=card.person, day=day, by=OFFICE, at=at) for card in here)
    # Another worker may have laid them meanwhile: only who still has none has none today.
    empty |= {card.post for card in here} - queries.laid_for(day)
    return laid


def watch_the_sensors(*, at: datetime) -> int:
    """Miss who is silent, tell when the whole line is, offer what is calm, forget old readings; gives how much there was to do."""
    done = actions.miss_sensors(by=OFFICE, at=at)
    newest = queries.last_heard()
    if newest is not None and at - newest > incident_rules.SILENCE:
        done += actions.tell_of_silence(since=newest, by=OFFICE, at=at)
    for number in queries.calm_incidents():
        actions.offer(incident=number, by=OFFICE, at=at)
    return done + actions.forget_readings(by=OFFICE, at=at)
