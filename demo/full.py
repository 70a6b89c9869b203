"""The district at full size: every room of 40,000 buildings, some 3 million residents, 2 million matters of a year."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from siqian.kernel import clock
from siqian.kernel.journal import writing
from siqian.kernel.permits import OFFICE
from siqian.town.people import actions as people
from siqian.town.people.rules import ResidentRow
from siqian.town.places import actions as places, queries as map_

from . import newcomer, residents

# Where a second start finds how far the filling has come; its being there is what makes a district a full one.
FILE = "demo-full.json"
MATTERS = 2_000_000
# Buildings whose rooms and residents share one commit: some 1,400 rooms and 2,200 people, a quarter of a second.
TOGETHER = 30
# Of a smaller demo only the newcomer's estate has rooms and residents.
ESTATE = "松涛苑"


def begin(home: Path, *, matters: int = MATTERS) -> None:
    """Say that this district is to be filled."""
    if not (home / FILE).exists():
        _keep(home, {"buildings": 0, "of": 0, "units": 0, "residents": 0, "matters": matters, "seconds": 0.0})


def standing(home: Path) -> dict | None:
    """How far the filling has come; None where nobody asked for a full district."""
    path = home / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def fill(home: Path, codes: Sequence[str], *, told: Callable[[str], None]) -> dict:
    """Rooms and residents of all these buildings, in chunks of one transaction; goes on where it stopped."""
    now, said = standing(home), 0.0
    assert now is not None
    now["of"], begun, before = len(codes), time.monotonic(), now["seconds"]
    for chunk in _chunks(codes[now["buildings"] :]):
        units, count = settle(chunk, at=clock.now())
        now |= {"buildings": now["buildings"] + len(chunk), "units": now["units"] + units, "residents": now["residents"] + count}
        now["seconds"] = round(before + time.monotonic() - begun, 1)
        _keep(home, now)
        if time.monotonic() - said > 5:
            said = time.monotonic()
            told(f"正在登记房屋和居民：{now['buildings']}/{now['of']}栋，房屋{now['units']}，居民{now['residents']}")
    told(f"登记好了{now['buildings']}栋楼：房屋{now['units']}，居民{now['residents']}，用了{now['seconds']:.0f}秒")
    return now


def settle(codes: Sequence[str], *, at: datetime) -> tuple[int, int]:
    """Rooms by the numbering rule and their residents, in one transaction; gives how many rooms and residents came."""
    with writing(OFFICE, whole=True):
        made = places.number_units(buildings=codes, by=OFFICE, at=at)
        units, today = map_.units_of(codes), clock.local(at).date()
        rows = [row for code in codes for row in residents.of(code, units.get(code, ()), today)]
        return made.added, len(people.enroll(residents=rows, by=OFFICE, at=at)) if rows else 0


def move_in_newcomer(buildings: Sequence[tuple[str, str, str]], *, at: datetime) -> None:
    """Rooms and residents of the newcomer's estate; 周女士 lives in its third house, and her account is hers."""
    estate = {number: code for code, name, number in buildings if name == ESTATE}
    settle(sorted(estate.values()), at=at)
    code = estate[newcomer.NUMBER]
    label = map_.units(code)[-1].label
    since = clock.local(at).date() - timedelta(days=900)
    row = ResidentRow(1, code, label, newcomer.NAME, "居民自己申报", "本人同意", newcomer.PHONE, "head", 2, since)
    people.enroll(residents=[row], by=OFFICE, at=at)
    people.link(username="zhou", phone=newcomer.PHONE, by=OFFICE, at=at)


def _chunks(codes: Sequence[str]) -> Iterator[list[str]]:
    left = iter(codes)
    while chunk := list(islice(left, TOGETHER)):
        yield chunk


def _keep(home: Path, now: dict) -> None:
    draft = home / f"{FILE}.draft"
    draft.write_text(json.dumps(now), encoding="utf-8")
    draft.replace(home / FILE)
