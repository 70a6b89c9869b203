"""Timed work of patrols: whoever is on duty finds the day's rounds laid."""

from datetime import datetime

from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people

from . import actions, queries, rules


def lay_out_the_day(*, at: datetime) -> int:
    """Lay today's rounds of every keeper on duty who has none yet; gives how many rounds are new. Safe to run as often as one likes."""
    day = rules.today(at)
    posts = set(people.keeper_posts(within="/")) - queries.laid_for(day)
    here = [card for card in people.cards_of(sorted(posts), at=at).values() if card.on]
    return sum(actions.lay_rounds(post=card.post, person=card.person, day=day, by=OFFICE, at=at) for card in here)
