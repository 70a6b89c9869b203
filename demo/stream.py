"""New messages while the demo runs, and keepers who answer them, but for those whom a newcomer may be."""

import signal
import time
from datetime import timedelta
from random import Random

EVERY = (25.0, 70.0)


def run() -> None:
    """Until a signal comes: tell, answer, close, at the pace of a street."""
    import django

    django.setup()
    from siqian.kernel import clock
    from siqian.town.people import queries as people

    from . import SEED
    from .days import Days
    from .making import buildings

    going = [True]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: going.clear())
    newcomers = frozenset(post for row in people.roles() for post in people.actor(row.account, at=clock.now()).posts)
    started = clock.now()
    days = Days(Random(SEED + int(started.timestamp())), buildings(), leave_to_newcomer=newcomers)
    following = started + timedelta(seconds=10)
    while going:
        now = clock.now()
        if now >= following:
            days.later(now, days.tell)
            following = now + timedelta(seconds=days.chance.uniform(*EVERY))
        days.run(now)
        time.sleep(1)
