"""Petitions of the demo, each at another step of its lawful way: one late, one in hand, one to be asked about, two further up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from siqian.intake import actions as intake, rules as intake_rules
from siqian.kernel import clock
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Fence, Grant, Refused
from siqian.spine.matters import actions as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from .days import Days

TAKEN = "属于本单位职权，予以受理"
# building number, said by the resident of the demo, text, called as; then (days ago, step, words), the first of them the telling.
TOLD: tuple[tuple[str, bool, str, str, tuple[tuple[int, str, str], ...]], ...] = (
    ("5", False, "联名信访：小区东门的路三年没修，下雨全是水，上访过两次", "罗先生", ((17, "tell", ""),)),
    (
        "2",
        False,
        "信访：物业的维修资金账目两年没有公开，业主联名要求公开",
        "黄阿姨",
        ((12, "tell", ""), (11, "inform", TAKEN), (2, "prolong", "账目要请第三方审计，审计要20天")),
    ),
    (
        "3",
        True,
        "信访：3栋电梯一个月停了五次，反映多次没有结果",
        "周女士",
        (
            (15, "tell", ""),
            (14, "inform", TAKEN),
            (6, "opine", "查明属实。维保单位已换，电梯钢丝绳和主板更换完毕，今后每周公示巡检记录"),
        ),
    ),
    (
        "4",
        False,
        "信访：4栋楼下烧烤店油烟扰民半年，多次上访没人管",
        "谢先生",
        (
            (19, "tell", ""),
            (18, "inform", TAKEN),
            (12, "opine", "查明油烟净化器失效，已责令更换，晚上11点后不得营业"),
            (8, "ask_review", "净化器是换了，晚上照样到一点，没人查"),
        ),
    ),
    (
        "1",
        False,
        "信访：1栋顶楼漏水三年，修了四次还漏，要求给个说法",
        "何叔",
        (
            (20, "tell", ""),
            (19, "inform", TAKEN),
            (15, "opine", "查明防水层老化，已重做，保修五年"),
            (13, "ask_review", "只补了一半，另一半还在漏"),
            (9, "answer_review", "到现场看过，另一半确未重做，责成十日内补做"),
            (5, "ask_recheck", "十天过去没人来"),
        ),
    ),
)


def plan(days: Days, at: datetime) -> None:
    """Plan every step for its day."""
    codes = {number: code for code, estate, number in days.buildings if estate == "松涛苑"}
    for building, own, text, name, steps in TOLD:
        if building not in codes:
            continue
        account = people.actor_of("zhou", at=at).ref if own else ""
        message = intake_rules.Message(text=text, channel="web", building=codes[building], name=name, account=account, apart=True)
        days.later(_on(at, steps[0][0], 10), _tell(days, message, at, steps[1:]))


def _tell(days: Days, message: intake_rules.Message, now: datetime, steps: tuple[tuple[int, str, str], ...]) -> Callable[[datetime], None]:
    def told(at: datetime) -> None:
        receipt = intake.take(message=message, by=ANYONE, at=at)
        days.later(at + timedelta(minutes=9), _take(receipt.matter, message.building, 3, "contact", "当面听他把事情说完，记下了诉求"))
        # Whoever sits at the desk says that it is a petition, where the words alone did not.
        days.later(at + timedelta(minutes=12), _take(receipt.matter, message.building, 2, "sort", "当面说明是信访事项，按信访办"))
        for ago, step, words in steps:
            level = {"inform": 2, "prolong": 2, "opine": 2, "answer_review": 1}.get(step, -1)
            days.later(_on(now, ago, 15), _take(receipt.matter, message.building, level, step, words))

    return told


def _take(matter: int, building: str, level: int, step: str, words: str) -> Callable[[datetime], None]:
    def taken(at: datetime) -> None:
        by = _mine(matter) if level < 0 else _whose(building, level, at)
        if by is None:
            return
        act: dict[str, Any] = {"matter": matter, "by": by, "at": at}
        # Somebody may have gone on with it meanwhile.
        with suppress(Refused):
            if step == "contact":
                matters.contact(how="visit", text=words, **act)
            elif step == "sort":
                matters.sort(kind="petition", why=words, **act)
            elif step == "inform":
                matters.inform(taken=True, text=words, **act)
            elif step == "prolong":
                matters.prolong(days=20, why=words, **act)
            else:
                STEPS[step](text=words, **act)

    return taken


STEPS: dict[str, Callable[..., None]] = {
    "opine": matters.give_opinion,
    "ask_review": matters.ask_review,
    "answer_review": matters.answer_review,
    "ask_recheck": matters.ask_recheck,
}


def _on(now: datetime, ago: int, hour: int) -> datetime:
    """So many days before now, at an hour at which desks are staffed."""
    return (clock.local(now) - timedelta(days=ago)).replace(hour=hour, minute=(7 * ago) % 60)


def _mine(matter: int) -> Actor:
    return Actor(ref=f"receipt:{matter}", own=frozenset([f"matter:{matter}"]), fence=Fence(own=(matter,)))


def _whose(building: str, level: int, at: datetime) -> Actor | None:
    """Whoever sits at that level's desk; level 3: whoever keeps the place."""
    place = places.at_building(building)
    if place is None:
        return None
    watch = people.Watch(place.path, at=at)
    owner = watch.owner() if level == 3 else watch.desk(level)
    if owner is None or not owner.person:
        return None
    area = "/" + "".join(f"{code}/" for code in place.path.strip("/").split("/")[: level + 1])
    role = "keeper" if level == 3 else "desk"
    name = people.person_name(owner.person)
    return Actor(f"person:{owner.person}", name, owner.person, (Grant(role, area),), (owner.post,), fence=OFFICE.fence)
