"""What the demo does together: a joint action that was held and one that is called now; two matters that a leader owns, one proposed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from siqian.intake import actions as intake, rules as intake_rules
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Fence, Grant, Refused
from siqian.spine.matters import actions as matters, queries
from siqian.spine.matters.rules.joint import Call, Verdict
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from .days import Days

Do = Callable[[int, str, datetime], None]
# How long after it was told, and what is done.
Step = tuple[timedelta, Do]
UNITS = (
    ("st-enforce", "占道经营，查处"),
    ("st-clean", "清扫油污和垃圾"),
    ("property", "楼下公共部位，拦住三轮车"),
)
STALLS = "1栋楼下每晚夜宵摊占道，油烟呛人，垃圾没人扫，说过好几次了"
RATS = "6栋垃圾房老鼠成群，臭水流到路上，物业说归环卫，环卫说归物业"
DARK = "5栋整条消防通道常年停满电动车，半夜还在充电，说了两次都没解决"
LEAK = "2栋地下车库一下雨就进水，抽了又进，车泡了三回"
NOISE = "4栋对面工地夜里打桩，投诉过两次，消停两天又打"


def plan(days: Days, at: datetime) -> None:
    """Plan every step for its time."""
    codes = {number: code for code, estate, number in days.buildings if estate == "松涛苑"}
    hour, day = timedelta(hours=1), timedelta(days=1)
    led = (
        (4 * day, _propose),
        (4 * day + 5 * hour, _leader_does("adopt")),
        (9 * day, _leader_does("look")),
        (10 * day, _leader_does("meet")),
    )
    just_now = (
        (5 * hour - timedelta(minutes=14), partial(_call, in_=3 * hour)),
        (5 * hour - timedelta(minutes=6), _does("confirm", "st-enforce")),
    )
    stories: tuple[tuple[str, str, datetime, tuple[Step, ...]], ...] = (
        ("1", STALLS, _on(at, 5, 10), _held(_on(at, 4, 16) - _on(at, 5, 10))),
        ("6", RATS, at - 5 * hour, just_now),
        ("5", DARK, _on(at, 14, 9), (*_failed_twice(), *led)),
        ("2", LEAK, _on(at, 11, 14), (*_failed_twice(), (3 * day, _leader_does("adopt")))),
        ("4", NOISE, _on(at, 6, 11), (*_failed_twice(), (5 * day, _propose))),
    )
    for number, text, told, steps in stories:
        if number in codes:
            message = intake_rules.Message(text=text, channel="web", building=codes[number], name="何女士", apart=True)
            days.later(told, _tell(days, message, steps))


def _tell(days: Days, message: intake_rules.Message, steps: tuple[Step, ...]) -> Callable[[datetime], None]:
    def told(at: datetime) -> None:
        receipt = intake.take(message=message, by=ANYONE, at=at)
        for after, do in ((timedelta(minutes=11), _contact), *steps):
            days.later(at + after, partial(_try, do, receipt.matter, message.building))

    return told


def _try(do: Do, matter: int, building: str, at: datetime) -> None:
    # Somebody may have gone on with it meanwhile.
    with suppress(Refused):
        do(matter, building, at)


def _held(meets: timedelta) -> tuple[Step, ...]:
    """Called the day before, everybody came but one late, held, judged on both sides but by one."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    codes = [unit for unit, _ in UNITS]
    confirms = tuple((40 * minute + 4 * place * minute, _does("confirm", unit)) for place, unit in enumerate(codes))
    comes = tuple((meets + (place * 9 - 12) * minute, _does("arrive", unit)) for place, unit in enumerate(codes))
    return (
        (35 * minute, partial(_call, in_=meets - 35 * minute)),
        *confirms,
        (50 * minute, _does("object", "st-clean")),
        *comes,
        (meets + hour, _hold),
        (meets + 3 * hour, _does("report", "st-enforce")),
        (meets + 4 * hour, _does("report", "st-clean")),
        *((meets + 20 * hour + place * minute, partial(_judge, unit)) for place, unit in enumerate(codes[:2])),
        (meets + 21 * hour, _does("founded", "st-enforce")),
    )


def _does(what: str, unit: str) -> Do:
    return partial(_unit, what, unit)


def _leader_does(what: str) -> Do:
    return partial(_leader, what)


def _failed_twice() -> tuple[Step, ...]:
    hour = timedelta(hours=1)
    return tuple((at * hour, do) for at, do in ((5, _close), (21, _rate), (22, _contact), (27, _close), (44, _rate), (45, _contact)))


def _contact(matter: int, building: str, at: datetime) -> None:
    line = queries.lines([matter], seen_by=OFFICE)[matter]
    if line.state == "received":
        matters.assign(matter=matter, item=line.guesses[0][0] if line.guesses else "", by=_whose(building, 2, at), at=at)
    matters.contact(matter=matter, how="visit", text="到现场看过，记下了", by=_owner(matter, at), at=at)


def _close(matter: int, building: str, at: datetime) -> None:
    matters.close(matter=matter, text="处理过了，现场清了", by=_owner(matter, at), at=at)
    if queries.lines([matter], seen_by=OFFICE)[matter].state == "to_check":
        matters.check(matter=matter, passed=True, text="到现场看了，清了", by=_whose(building, 1, at), at=at)


def _rate(matter: int, building: str, at: datetime) -> None:
    teller = Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))
    matters.rate(matter=matter, good=False, words="还是老样子", by=teller, at=at)


def _call(matter: int, building: str, at: datetime, *, in_: timedelta) -> None:
    place = places.at_building(building)
    assert place is not None
    call = Call("一起到现场，当场定谁来管、什么时候管好", f"{place.words}楼下", at + in_, UNITS)
    matters.summon(matter=matter, call=call, by=_whose(building, 1, at), at=at)


def _hold(matter: int, building: str, at: datetime) -> None:
    minutes = "执法队今晚起每晚8点到11点驻守，环卫每天清晨清一遍，物业三天内装好隔离桩，一周后回看"
    matters.hold_joint(matter=matter, minutes=minutes, by=_whose(building, 1, at), at=at)


def _judge(unit: str, matter: int, building: str, at: datetime) -> None:
    late = unit == "st-clean"
    verdict = Verdict(True, not late, "good", "路上堵，晚了几分钟，到了就干" if late else "")
    matters.judge_joint(matter=matter, unit=unit, verdict=verdict, by=_whose(building, 1, at), at=at)


def _unit(what: str, unit: str, matter: int, building: str, at: datetime) -> None:
    by, act = _of_unit(building, unit, at), {"matter": matter, "unit": unit, "at": at}
    place = places.at_building(building)
    assert place is not None and place.lon is not None and place.lat is not None
    steps: dict[str, Callable[..., None]] = {
        "confirm": matters.confirm_joint,
        "object": partial(matters.object_joint, text="垃圾清扫归我们，占道归执法队，清单1.1.1"),
        "arrive": partial(matters.report_in, lon=place.lon + 0.0004, lat=place.lat),
        "report": partial(matters.report_done, text="摊位清走了，登记了5家" if unit == "st-enforce" else "高压水枪冲了一遍"),
        "founded": partial(matters.judge_call, founded=True),
    }
    steps[what](**act, by=by)


def _propose(matter: int, building: str, at: datetime) -> None:
    place = places.at_building(building)
    assert place is not None
    for leader in people.Watch(place.path, at=at).of_duty("leader")[:1]:
        matters.propose_case(
            matter=matter, post=leader.post, reason="两次没办好，要几家一起，请领导牵头", by=_whose(building, 1, at), at=at
        )


def _leader(what: str, matter: int, building: str, at: datetime) -> None:
    place = places.at_building(building)
    assert place is not None
    leader = next(iter(people.Watch(place.path, at=at).of_duty("leader")), None)
    if leader is None:
        return
    act: dict[str, Any] = {"matter": matter, "by": _on_post(leader.post, leader.person, "leader", at), "at": at}
    if what == "adopt":
        matters.adopt(plan="请消防、物业、业委会一起，两周内定下改造方案，先把眼前的清掉", **act)
    elif what == "look":
        matters.look_at_case(text="方案定了，物业下周二开工，社区每天看一次", **act)
    else:
        matters.meet_teller(text="到她家当面谈了，她只要晚上走得了消防通道", **act)


def _of_unit(building: str, unit: str, at: datetime) -> Actor:
    """Whoever acts for a unit; the street's desk for one that has no people here."""
    place = places.at_building(building)
    assert place is not None
    owner = people.Watch(place.path, at=at).of_unit(unit)
    return _on_post(owner.post, owner.person, "handler", at, unit) if owner else _whose(building, 1, at)


def _owner(matter: int, at: datetime) -> Actor:
    """Whoever sits on the post that owns a matter now."""
    return _on_post(queries.lines([matter], seen_by=OFFICE)[matter].post, "", "keeper", at)


def _whose(building: str, level: int, at: datetime) -> Actor:
    """Whoever sits at that level's desk."""
    place = places.at_building(building)
    assert place is not None
    owner = people.Watch(place.path, at=at).desk(level)
    assert owner is not None
    return _on_post(owner.post, owner.person, "desk", at)


def _on_post(post: str, person: str, role: str, at: datetime, unit: str = "") -> Actor:
    card = people.card_of(post, at=at)
    person = person or (card.person if card else "")
    grants = (Grant(role, people.post_line(post)[2], unit),)
    return Actor(f"person:{person}", people.person_name(person), person, grants, (post,), fence=OFFICE.fence)


def _on(now: datetime, ago: int, hour: int) -> datetime:
    """So many days before now, at an hour of the day."""
    return (clock.local(now) - timedelta(days=ago)).replace(hour=hour, minute=(11 * ago) % 60)
