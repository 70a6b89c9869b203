"""Sensors of the district and what they told of lately: a night of rain that is one incident, a false smoke alarm, a device that fell
silent, a manhole cover that is open now. Registered, heard and answered through the verbs; invented like all of the demo.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE, Actor, Grant, Refused
from siqian.services.sensing import actions, queries
from siqian.services.sensing.rules import MOST_TOGETHER, SensorRow, Sent
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import SEED
from .days import Days

# Of each community: so many of a kind, where they hang, what they show on a quiet day.
KINDS: dict[str, tuple[int, str, str, dict[str, tuple[float, float]]]] = {
    "water": (8, "地下车库口", "Garage ramp", {"depth": (0, 4)}),
    "smoke": (12, "楼道", "Stairway", {"smoke": (0, 0.6)}),
    "heat": (4, "配电间", "Switch room", {"temperature": (24, 34)}),
    "gas": (4, "燃气间", "Gas room", {"gas": (0, 2)}),
    "manhole": (4, "门口井盖", "Manhole cover", {"tilt": (0, 2)}),
    "lift": (4, "电梯", "Lift", {"stopped": (0, 0)}),
    "lamp": (2, "路灯", "Street lamps", {"lit": (96, 100)}),
    "shed": (4, "充电棚", "Charging shed", {"temperature": (28, 38), "load": (20, 140)}),
    "noise": (2, "门口", "Gate", {"level": (45, 60)}),
}
# How deep the water stood in the rain, a quarter of an hour apart.
RAIN = (3, 9, 18, 33, 41, 46, 38, 29, 17, 8, 4)


def plan(days: Days, at: datetime) -> None:
    """Register them the day before yesterday and let them be heard up to now."""
    chance, today = Random(SEED + 31), local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(_register(chance))
    home = _newcomers_community(at)
    if not rows or not home:
        return
    days.later(at - timedelta(days=2), lambda then: _registered(rows, then))
    own = [row for row in rows if places.at_building(row.building).path.startswith(home)]  # type: ignore[union-attr]
    dead = next(row.code for row in own if row.kind == "lamp")
    for hours in range(24, 0, -1):
        days.later(at - timedelta(hours=hours, minutes=7), _heard([row for row in own if row.code != dead and row.kind != "water"], chance))
    night = today + timedelta(minutes=20) - timedelta(days=0 if local(at).hour >= 7 else 1)
    _rain(days, [row for row in rows if row.kind == "water" and _street(row.building) == _street_of(home)], night, chance)
    _kettle(days, own, today - timedelta(hours=5, minutes=12))
    days.later(at - timedelta(minutes=13), _heard([row for row in rows if row.code != dead], chance))
    days.later(at - timedelta(minutes=12), _missed)
    cover = _nearest(own, "manhole", at)
    days.later(at - timedelta(minutes=6), lambda then: _take([Sent(1, cover, "tilt", 74.0, then)], then))


def go_on(at: datetime, chance: Random) -> None:
    """Everything that is heard now, while the demo runs."""
    found = [line for line in queries.sensor_list(seen_by=OFFICE, most=100_000) if line.state == "well"]
    _take([sent for line in found for sent in _quiet(line.code, line.kind.code, at, chance)], at)


def _register(chance: Random) -> Sequence[SensorRow]:
    """At houses of every community, the same ones each time."""
    rows: list[SensorRow] = []
    for community in sorted(places.communities(), key=lambda line: line.code):
        houses = sorted(places.buildings(within=community.path), key=lambda line: line.code)
        for kind, (count, where, where_en, _shows) in KINDS.items():
            for number, house in enumerate(chance.sample(houses, min(count, len(houses))), start=1):
                code = f"{community.code}-{kind}-{number}"
                rows.append(
                    SensorRow(len(rows) + 1, code, kind, f"{house.name}{where}", f"{house.name_en} {where_en}", house.code, None, None)
                )
    return rows


def _registered(rows: Sequence[SensorRow], at: datetime) -> None:
    actions.register_sensors(sensors=rows, by=OFFICE, at=at)


def _missed(at: datetime) -> None:
    actions.miss_sensors(by=OFFICE, at=at)


def _heard(rows: Sequence[SensorRow], chance: Random) -> Callable[[datetime], None]:
    return lambda at: _take([sent for row in rows for sent in _quiet(row.code, row.kind, at, chance)], at)


def _quiet(code: str, kind: str, at: datetime, chance: Random) -> list[Sent]:
    at -= timedelta(seconds=chance.randrange(90))
    shows = KINDS[kind][3].items() if kind in KINDS else ()
    return [Sent(1, code, quantity, round(chance.uniform(low, high), 1), at) for quantity, (low, high) in shows]


def _take(sent: Sequence[Sent], at: datetime) -> None:
    for first in range(0, len(sent), MOST_TOGETHER):
        actions.take_readings(readings=sent[first : first + MOST_TOGETHER], by=OFFICE, at=at)


def _rain(days: Days, water: Sequence[SensorRow], night: datetime, chance: Random) -> None:
    """Water rises at most low places of the street within an hour: one incident, which its desk takes to the end."""
    low = {row.code: chance.uniform(0.75, 1.15) for row in water}
    for step, depth in enumerate(RAIN):
        when = night + timedelta(minutes=15 * step)

        def heard(at: datetime, depth: float = depth) -> None:
            _take([Sent(1, code, "depth", round(depth * share, 1), at) for code, share in low.items()], at)

        days.later(when, heard)
    first = night + timedelta(minutes=15 * 5)
    days.later(first, _step("flood", lambda one, by, at: actions.acknowledge(incident=one, by=by, at=at)))
    note = "路口两处没过脚踝，拉了警戒带，水泵在抽"
    days.later(first + timedelta(minutes=25), _step("flood", lambda one, by, at: actions.note(incident=one, text=note, by=by, at=at)))
    over = "雨停了，几处都退了水，车库口冲洗过"
    end = night + timedelta(hours=4)
    days.later(end, _step("flood", lambda one, by, at: actions.finish(incident=one, text=over, by=by, at=at)))


def _kettle(days: Days, own: Sequence[SensorRow], evening: datetime) -> None:
    """Steam in a stairway is no fire."""
    code = next(row.code for row in own if row.kind == "smoke")
    days.later(evening, lambda at: _take([Sent(1, code, "smoke", 6.3, at)], at))
    days.later(evening + timedelta(minutes=4), lambda at: _take([Sent(1, code, "smoke", 0.4, at)], at))
    why = "一楼烧水的蒸汽飘到楼道，开窗就散了"
    days.later(evening + timedelta(minutes=6), _step("smoke", lambda one, by, at: actions.dismiss(incident=one, text=why, by=by, at=at)))


def _step(kind: str, do: Callable[[int, Actor, datetime], None]) -> Callable[[datetime], None]:
    """What whoever owns the newest incident of this kind does, if somebody sits there."""

    def done(at: datetime) -> None:
        found = [line for line in queries.incident_list(seen_by=OFFICE, at=at) if line.kind.code == kind]
        actor = _sitting(found[0].post, at) if found else None
        with suppress(Refused):
            if actor is not None:
                do(found[0].id, actor, at)

    return done


def _sitting(post: str, at: datetime) -> Actor | None:
    card = people.card_of(post, at=at)
    if card is None or not card.on:
        return None
    account = people.account_of_person(card.person)
    if account:
        return people.actor(int(account.removeprefix("account:")), at=at)
    path = people.post_line(post)[2]
    return Actor(f"person:{card.person}", card.name, card.person, (Grant(card.duty, path),), (post,), fence=OFFICE.fence)


def _newcomers_community(at: datetime) -> str:
    """The path of the community in which the newcomer's own keeper works."""
    role = next((row for row in people.roles() if row.role == "grid worker"), None)
    own = next(iter(people.actor(role.account, at=at).posts), "") if role else ""
    return "/".join(people.post_line(own)[2].split("/")[:4]) + "/" if own else ""


def _nearest(own: Sequence[SensorRow], kind: str, at: datetime) -> str:
    """A device of this kind, in the newcomer's own grid if there is one."""
    role = next(row for row in people.roles() if row.role == "grid worker")
    grid = people.post_line(next(iter(people.actor(role.account, at=at).posts)))[2]
    found = [row for row in own if row.kind == kind]
    return next((row.code for row in found if places.at_building(row.building).path.startswith(grid)), found[0].code)  # type: ignore[union-attr]


def _street(building: str) -> str:
    place = places.at_building(building)
    return _street_of(place.path) if place else ""


def _street_of(path: str) -> str:
    return "/".join(path.split("/")[:3]) + "/"
