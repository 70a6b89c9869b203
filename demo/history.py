"""The year that a district has behind it, brought in by the bulk verb while its pages are served already."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

# Where pages and a second start find how far the year has come.
FILE = "demo-year.json"
MATTERS = 40_000
# Lives that share one commit: others who write meanwhile wait about a quarter of a second.
TOGETHER = 200
# The last day is lived through the single verbs; the newcomer's matters begin in it.
LAST_DAY = timedelta(hours=22)


def run(*, stream: bool, port: int) -> None:
    """The child beside the server: the year that is still missing, then new messages until a signal comes."""
    import django

    django.setup()
    from django.conf import settings

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    live(Path(settings.SIQIAN_HOME), told=lambda text: print(text, flush=True))
    if stream:
        from . import stream as following

        following.run(following.DISTRICT, port=port)


def live(home: Path, *, told: Callable[[str], None], count: int = MATTERS, enough: Callable[[], bool] = lambda: False) -> None:
    """Chronicle the year and live the last day, once; cut off half-way it goes on where it stopped.

    A full district gets its rooms and residents first, and the year of one. enough: asked after every commit; true ends the work.
    """
    from siqian.kernel import clock
    from siqian.kernel.permits import OFFICE
    from siqian.spine.matters import queries as matters

    from . import full, making, rising, weekly

    filling = full.standing(home)
    standing = _standing(home, clock.now(), filling["matters"] if filling else count)
    _keep(home, standing)
    if filling and (not filling["of"] or filling["buildings"] < filling["of"]):
        full.fill(home, [code for code, _, _ in making.buildings()], told=told)
    if standing["made"] < standing["of"]:
        begun = time.monotonic()
        _chronicle(home, standing, told, enough)
        if standing["made"] < standing["of"]:
            return
        told(f"补上了一年的事：{standing['made']}件，用了{time.monotonic() - begun:.0f}秒")
    if not standing["lived"]:
        _last_day(datetime.fromisoformat(standing["until"]), clock.now(), standing["of"])
        _keep(home, standing | {"lived": True})
        weekly.review(clock.now())
        followed = rising.follow(clock.now())
        told(
            "过完了最近一天："
            + "，".join(f"{name}{value}" for name, value in matters.census(seen_by=OFFICE).items())
            + f"；听了{followed}句，归成热点话题"
        )


def _chronicle(home: Path, standing: dict, told: Callable[[str], None], enough: Callable[[], bool]) -> None:
    from siqian.kernel.permits import OFFICE
    from siqian.spine.matters import actions as matters
    from siqian.town.people import queries as people

    from . import SEED, making
    from .year import year

    until = datetime.fromisoformat(standing["until"])
    lives = year(making.homes(), making.whole(), people.Watch, Random(SEED + 2), until=until, count=standing["of"])
    slowest, said = 0.0, time.monotonic()
    for chunk in _chunks(islice(lives, standing["made"], None)):
        begun = time.monotonic()
        matters.chronicle(lives=chunk, by=OFFICE, at=until)
        slowest = max(slowest, time.monotonic() - begun)
        standing["made"] += len(chunk)
        _keep(home, standing)
        if time.monotonic() - said > 5:
            said = time.monotonic()
            told(f"正在补这一年的事：{standing['made']}/{standing['of']}件")
        if enough():
            break
    told(f"最慢的一次提交用了{slowest * 1000:.0f}毫秒")


def _last_day(begin: datetime, at: datetime, count: int) -> None:
    """What is still open goes on, people tell as on any day, and the newcomer's own matters are among it."""
    from . import SEED, bounds, making, passes
    from .days import Days, weeks

    days = Days(Random(SEED + 3), making.buildings())
    days.take_up(begin)
    weeks(days, until=at, count=max(1, round(count / 365 * (at - begin) / timedelta(days=1))), span=at - begin)
    for part in making.LATELY:
        part.plan(days, at)
    making.run(days, at)
    bounds.propose(at)
    passes.open_gates(at)


def _standing(home: Path, now: datetime, count: int) -> dict:
    path = home / FILE
    if path.exists():
        return dict(json.loads(path.read_text(encoding="utf-8")))
    return {"made": 0, "of": count, "until": (now - LAST_DAY).isoformat(), "lived": False}


def _keep(home: Path, standing: dict) -> None:
    draft = home / f"{FILE}.draft"
    draft.write_text(json.dumps(standing), encoding="utf-8")
    draft.replace(home / FILE)


def _chunks(lives: Iterator) -> Iterator[list]:
    while chunk := list(islice(lives, TOGETHER)):
        yield chunk
