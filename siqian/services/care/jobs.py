"""Timed work of care: visits are laid before they are due, first calls in the morning of whoever makes them."""

from datetime import date, datetime

from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people

from . import actions, queries, rules

# So many grids at a time: a whole district begins its day within minutes, and what else is due does not wait for it.
MOST, TOGETHER, ROUNDS = 150, 500, 4
# Posts without anybody to call at today, so that they are not asked for again and again.
_nothing: dict[date, set[str]] = {}


def lay_out(*, at: datetime, most: int = MOST) -> int:
    """Lay what is due, and today's first calls of keepers on duty; gives how many. Safe to run as often as one likes."""
    laid = 0
    for _ in range(ROUNDS):
        count = actions.lay_due(most=TOGETHER, by=OFFICE, at=at)
        laid += count
        if count < TOGETHER:
            break
    return laid + _first_calls(at, most)


def _first_calls(at: datetime, most: int) -> int:
    day = rules.today(at)
    for past in [known for known in _nothing if known != day]:
        del _nothing[past]
    empty = _nothing.setdefault(day, set())
    grids = people.keeper_posts(within="/")
    posts = set(grids) - queries.called_for(day) - empty
    here = [card for card in people.cards_of(sorted(posts), at=at).values() if card.on][:most]
    laid = {card.post: actions.lay_first(grid=grids[card.post], post=card.post, by=OFFICE, at=at) for card in here}
    empty |= {post for post, count in laid.items() if not count}
    return sum(laid.values())
