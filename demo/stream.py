"""New messages while the demo runs, and keepers who answer them, but for those whom a newcomer may be."""

import signal
import time
from datetime import timedelta
from random import Random

# Seconds between two tellings: the pace of a street, and of a district at its busiest.
STREET, DISTRICT = (25.0, 70.0), (5.0, 25.0)
# Sensors are heard again after so long.
HEARD_EVERY = timedelta(minutes=20)


def run(every: tuple[float, float] = STREET) -> None:
    """Until a signal comes: go on with what is open, tell, answer, close."""
    import django

    django.setup()
    from siqian.kernel import clock
    from siqian.town.people import queries as people

    from . import SEED, sensors
    from .days import Days
    from .making import buildings

    going = [True]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: going.clear())
    newcomers = frozenset(post for row in people.roles() for post in people.actor(row.account, at=clock.now()).posts)
    started = clock.now()
    days = Days(Random(SEED + int(started.timestamp())), buildings(), leave_to_newcomer=newcomers)
    days.take_up(started)
    following, hearing = started + timedelta(seconds=10), started
    while going:
        now = clock.now()
        if now >= following:
            days.later(now, days.tell)
            following = now + timedelta(seconds=days.chance.uniform(*every))
        if now >= hearing:
            sensors.go_on(now, days.chance)
            hearing = now + HEARD_EVERY
        days.run(now)
        time.sleep(1)
