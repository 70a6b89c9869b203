"""New messages while the demo runs, and keepers who answer them, but for those whom a newcomer may be."""

import signal
import time
from datetime import timedelta
from pathlib import Path
from random import Random

# Seconds between two tellings: the pace of a street, and of a district at its busiest.
STREET, DISTRICT = (25.0, 70.0), (5.0, 25.0)
# Sensors are heard again after so long.
HEARD_EVERY = timedelta(minutes=20)
# Seconds between two messages of outside systems.
SPEAKING = (45.0, 120.0)


def run(every: tuple[float, float] = STREET, *, port: int) -> None:
    """Until a signal comes: go on with what is open, tell, answer, close. port: where the pages are served, for outside systems."""
    import django

    django.setup()
    from django.conf import settings

    from siqian.kernel import clock
    from siqian.town.people import queries as people

    from . import SEED, sensors, systems
    from .days import Days
    from .making import buildings

    going = [True]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: going.clear())
    newcomers = frozenset(post for row in people.roles() for post in people.actor(row.account, at=clock.now()).posts)
    started = clock.now()
    days = Days(Random(SEED + int(started.timestamp())), buildings(), leave_to_newcomer=newcomers)
    days.take_up(started)
    systems.listen()
    following, hearing, speaking = started + timedelta(seconds=10), started, started + timedelta(seconds=20)
    while going:
        now = clock.now()
        if now >= following:
            days.later(now, days.tell)
            following = now + timedelta(seconds=days.chance.uniform(*every))
        if now >= hearing:
            sensors.go_on(now, days.chance)
            hearing = now + HEARD_EVERY
        if now >= speaking:
            systems.speak(port, Path(settings.SIQIAN_HOME), days.buildings, days.chance)
            speaking = now + timedelta(seconds=days.chance.uniform(*SPEAKING))
        days.run(now)
        time.sleep(1)
