"""One building grid that the system administrator wants to split: drafted and proposed, it waits for a second person's yes."""

from contextlib import suppress
from datetime import datetime, timedelta

from siqian.insight.bounds import actions, queries
from siqian.insight.bounds.rules import Operation
from siqian.kernel.clock import local
from siqian.kernel.permits import Refused
from siqian.town.people import queries as people
from siqian.town.places import queries as places, rules as map_

CELL = map_.LEVELS.index("cell")
LEAST = 4
REASON = "两头的楼离得远，楼长一个人走不过来"


def propose(at: datetime) -> None:
    """In another community than the newcomer's own, so that their grid stays as every story knows it. Twice is once."""
    accounts = {row.role: row.account for row in people.roles()}
    if not {"system administrator", "grid worker"} <= accounts.keys():
        return
    by = people.actor(accounts["system administrator"], at=at)
    if queries.adjustments(seen_by=by)[0]:
        return
    own = next(iter(people.actor(accounts["grid worker"], at=at).grants)).area
    community = [line for line in places.communities() if not own.startswith(line.path)][-1]
    for cell in places.areas(level=CELL, within=community.path):
        lats = sorted(line.lat for line in places.buildings(within=cell.path))
        if len(lats) < LEAST:
            continue
        middle = (lats[len(lats) // 2 - 1] + lats[len(lats) // 2]) / 2
        lons = [lon for lon, _lat in cell.rings[0]]
        line = ((round(min(lons) - 1e-4, 7), round(middle, 7)), (round(max(lons) + 1e-4, 7), round(middle, 7)))
        asked = Operation("split", cell.code, line, code=f"{cell.code}-2", name=f"{cell.name}南", name_en=f"{cell.name_en} south")
        with suppress(Refused):
            number = actions.draft(asked=asked, by=by, at=at)
            actions.propose(adjustment=number, reason=REASON, effective=local(at).date() + timedelta(days=14), by=by, at=at)
            return
