"""What waits for the newcomer: matters of the building that most of the demo's people share, some of them half done."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from siqian.intake import actions as intake, rules as intake_rules
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Refused
from siqian.spine.matters import actions as matters, queries
from siqian.town.people import queries as people

from .days import Days
from .staff import NEWCOMERS_UNIT

# Where 周女士 lives in 松涛苑, what she is called in the register, and the telephone by which her account is hers.
NUMBER, NAME, PHONE = "3", "周晓晴", "19900000382"
# (minutes ago, building number, said by the resident of the demo, text, called as)
TOLD = (
    (1200, "3", True, "3栋东边楼梯2楼的灯坏了，晚上看不清路，我妈昨天差点踩空", "周女士"),
    (1100, "3", False, "三栋东梯二楼的灯不亮，晚上上楼很黑", "何叔"),
    (410, "1", False, "楼上1804装修，中午12点多还在打电钻，孩子没法午睡", "林女士"),
    (300, "4", False, "单元门关不严，风一吹就响，外人随便进", "谢先生"),
    (260, "5", False, "楼后面化粪池满了，粪水流到路上臭得不行", "吴女士"),
    (190, "2", False, "有人天天把电动车推进电梯，推到家里充电，担心着火", "黄阿姨"),
    (95, "3", True, "想给奶奶问一下，社区能不能上门量血压", "周女士"),
    (50, "4", False, "外墙的瓷砖松了一块，下面是小孩走的路，怕掉下来", "苏女士"),
    (21, "2", False, "水管爆了，水流到过道，电表箱就在旁边", "梁先生"),
    (6, "1", False, "垃圾桶满了两天没人收，苍蝇很多，味道大", ""),
)
# What was given to the unit whose handler a newcomer can be, by words of the telling: minutes after it was told, and why.
GIVEN = {"化粪池": (12, "清掏归街道市政环卫办"), "垃圾桶": (3, "桶点归街道市政环卫办，请今天清")}
# What was done so far, by words of the telling: by whom, and (minutes after it was told, how, what was said).
HANDLED = {
    "化粪池": ("luo", ((20, "accept", ""), (26, "phone", "联系了清掏车，下午三点到，先围起来"))),
    "东边楼梯": (
        "chen",
        (
            (4, "accept", ""),
            (11, "phone", "问清是2楼到3楼之间。今晚先用手电，明早来看"),
            (700, "visit", "灯座烧了，要换新的。已领料，下午来装"),
        ),
    ),
    "1804": ("chen", ((6, "accept", ""), (14, "phone", "和装修的人说了，中午12点到2点停工。下午再去看一眼"))),
    "电动车": ("chen", ((9, "accept", ""), (22, "message", "记下了。晚上和楼长一起上门说，电梯口也贴提示"))),
}


def plan(days: Days, at: datetime) -> None:
    """Plan the tellings, and what the keeper has done of the first ones."""
    zhou = people.actor_of("zhou", at=at)
    codes = {number: code for code, estate, number in days.buildings if estate == "松涛苑"}
    for ago, number, own, text, name in TOLD:
        told = _tell(days, text, codes[number], name, zhou.ref if own else "")
        days.later(at - timedelta(minutes=ago), told)


def _tell(days: Days, text: str, building: str, name: str, account: str):
    message = intake_rules.Message(text=text, channel="web", building=building, name=name, phone=PHONE if name else "", account=account)

    def told(at: datetime) -> None:
        receipt = intake.take(message=message, by=ANYONE, at=at)
        for words, (minutes, why) in GIVEN.items():
            if words in text:
                days.later(at + timedelta(minutes=minutes), _give(receipt.matter, why))
        for words, (who, steps) in HANDLED.items():
            if words in text:
                for minutes, how, said in steps:
                    days.later(at + timedelta(minutes=minutes), _handle(receipt.matter, who, how, said))

    return told


def _give(matter: int, why: str) -> Callable[[datetime], None]:
    def given(at: datetime) -> None:
        line = queries.lines([matter], seen_by=OFFICE)[matter]
        unit = people.Watch(line.path, at=at).of_unit(NEWCOMERS_UNIT)
        with suppress(Refused):
            if unit is not None:
                matters.move(matter=matter, post=unit.post, why=why, by=people.actor_of("liang", at=at), at=at)

    return given


def _handle(matter: int, who: str, how: str, text: str) -> Callable[[datetime], None]:
    def handled(at: datetime) -> None:
        keeper: Actor = people.actor_of(who, at=at)
        promised = at + timedelta(hours=10) if how == "visit" else None
        # What the keeper means to do may have become needless meanwhile.
        with suppress(Refused):
            if how == "accept":
                matters.accept(matter=matter, by=keeper, at=at)
            else:
                matters.contact(matter=matter, how=how, text=text, promised=promised, by=keeper, at=at)

    return handled
