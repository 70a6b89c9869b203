"""Officials of the demo going down: a year behind them, a visit of today, one that comes, and a plan for those nobody came to yet."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from siqian.kernel.clock import TOWN, local
from siqian.kernel.deadline import town_calendar
from siqian.kernel.permits import OFFICE, Actor, Grant
from siqian.services.visits import actions, queries, rules
from siqian.services.visits.rules import Past
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import SEED
from .days import Days

# Of all grids so many were walked within the year; the others wait for the plan.
WALKED = 0.74
LASTING = timedelta(minutes=90)
TOPICS = {
    "publicity": ("讲一讲居住证新规", "说说垃圾分类怎么算积分", "讲燃气安全，看看软管过期没有", "说说小孩入学要准备什么"),
    "research": ("看老楼加装电梯怎么想", "看电动车停哪里、充电够不够", "看出租屋消防", "看老人吃饭方便不方便"),
    "receiving": ("坐下来听，谁都可以来说", "听大家说停车的事", "听大家说物业的事", "接访，带着去年没办完的单子"),
    "office": ("带供电、燃气来，能办的当场办", "带物业和业委会来对账", "带医院来量血压、建档", "带派出所来办证"),
}
PLACES = ("楼下凉亭", "架空层", "物业服务中心门口", "小广场", "社区党群服务中心")
NOTES = (
    "来的多是老人，说得最多的是坐的地方和晚上的灯",
    "年轻人下班才来，七点以后人最多，下次晚点来",
    "几户说的是同一件事，放在一起回",
    "走了一圈，楼道杂物比上次少，充电桩还是不够",
    "租户多，有人第一次知道这里的网格员是谁",
)
# (what everybody reads, as it was said, what was answered)
SAID = (
    ("老年食堂几点开门", "老年食堂几点开门？上次去没开", "早上7点到下午6点，周末也开，门口贴了时间"),
    ("凉亭里添两张长椅", "凉亭里能不能添两张长椅，老人没地方坐", "添了两张，带扶手的"),
    ("快递堆在大堂", "快递都堆在大堂，消防通道堵了", "和站点说好放架空层货架，大堂不再堆"),
    ("充电桩不够", "电动车充电桩不够，晚上抢不到", "加了一组12个口，月底再加一组"),
    ("孩子放学没处去", "四点半放学，大人下班前孩子没处去", "党群服务中心四点半课堂开了，工作日免费"),
    ("楼道灯太暗", "东边楼道灯太暗，上下楼看不清", "换成感应灯，12层都换了"),
    ("广场舞声音大", "晚上广场舞声音太大，孩子写作业", "和舞队约好九点前收，音箱换了方向"),
    ("垃圾桶离得远", "垃圾桶离3栋太远，老人扔不动", "3栋东侧加了一个投放点"),
    ("想学用手机挂号", "不会用手机挂号，想有人教", "每周三下午志愿者在一楼教"),
    ("树挡了窗", "二楼的树挡了窗，一年没修", "绿化队修了，以后每年四月修一次"),
    ("下水道返味", "一楼厨房下水道返味", "管子换了存水弯，两周没再返"),
    ("没有晒被子的地方", "没地方晒被子，拉绳子又说不让", "天面划了晾晒区，装了架子"),
    ("狗不拴绳", "有人遛狗不拴绳，孩子害怕", "贴了提示，和养狗的几户都说过了"),
    ("停车位被长期占着", "停车位被一辆不动的车占了半年", "找到车主，车已经拖走"),
    ("想有个母婴室", "商场那边没有母婴室", "党群服务中心腾出一间，有热水"),
    ("路口没有斑马线", "学校后门路口没有斑马线", "交警划了线，早晚有护学岗"),
)


def plan(days: Days, at: datetime) -> None:
    """Everything of it; what happened today happens among all else that did."""
    if queries.counts(seen_by=OFFICE, at=at)["held"]:
        return
    actions.lay_in(visits=list(_year(at)), by=OFFICE, at=at)
    home = next((code for code, estate, number in days.buildings if (estate, number) == ("松涛苑", "3")), "")
    place = places.at_building(home)
    if place is None:
        return
    leader = next(iter(people.Watch(place.path, at=at).of_duty("leader")), None)
    if leader is None:
        return
    grid = _up(place.path, 5)
    begins = _lately(at)
    days.later(begins - LASTING, lambda when: _go(days, home, grid, leader.post, when))
    days.later(at - timedelta(hours=2), lambda when: _announce(home, grid, leader.post, when))
    days.later(at - timedelta(hours=1), lambda when: _rest(_up(place.path, 2), when))


def _year(at: datetime) -> Iterator[Past]:
    """A year of visits, by those who lead there, on working days."""
    chance, calendar = Random(SEED + 9), town_calendar()
    cells = sorted(queries.last_reached("/"))
    grids: dict[str, list[str]] = {}
    for cell in cells:
        grids.setdefault(_up(cell, 5), []).append(cell)
    leading = sorted(queries.officials("/", ("secretary", "leader")).items())
    for grid, below in grids.items():
        if chance.random() > WALKED:
            continue
        day = _worked(local(at).date() - timedelta(days=chance.randint(3, 350)), calendar.works)
        post = chance.choice([post for post, where in leading if grid.startswith(where)] or [""])
        card = people.card_of(post, at=at) if post else None
        if card is not None:
            yield _past(grid, below, day, local(at).date(), (post, card.person), chance)


def _past(grid: str, cells: list[str], day: date, today: date, who: tuple[str, str], chance: Random) -> Past:
    kind = chance.choice(list(TOPICS))
    starts = datetime.combine(day, time(chance.choice((9, 10, 15, 19)), 0), TOWN)
    said = chance.sample(SAID, chance.choice((0, 1, 1, 2, 2, 3)))
    items = [rules.Raised(title, text, "answered", answer=answer, shown=chance.random() < 0.93) for title, text, answer in said]
    due = day + timedelta(days=chance.choice((10, 20, 45)))
    # Of what was promised lately, some is still owed, and some of that is late.
    if items and today - timedelta(days=4) < due and chance.random() < 0.4:
        items[-1] = rules.Raised(items[-1].title, items[-1].text, "owed", post=who[0], due=due)
    heard = {group: chance.randint(1, most) for group, most in (("residents", 20), ("elders", 9), ("tenants", 8)) if chance.random() < 0.8}
    place = "".join(places.names(grid)[2::2]) + chance.choice(PLACES)
    told: dict[str, Any] = {
        "topic": chance.choice(TOPICS[kind]),
        "place": place,
        "note": chance.choice(NOTES),
        "heard": heard,
        "items": tuple(items),
    }
    return Past(kind=kind, path=grid, cells=tuple(cells), starts=starts, ends=starts + LASTING, post=who[0], person=who[1], **told)


def _go(days: Days, home: str, grid: str, post: str, at: datetime) -> None:
    """The leader sits down in the newcomer's estate, this morning or last night."""
    draft = _draft("receiving", "坐下来听，谁都可以来说", "松涛苑3栋楼下凉亭", grid, at + LASTING, post, "城管、物业、供电", home)
    visit = actions.plan(draft=draft, by=_whose(post, at), at=at)
    days.later(at + 2 * LASTING, lambda when: _write_down(visit, grid, post, when))


def _write_down(visit: int, grid: str, post: str, at: datetime) -> None:
    """What was said there."""
    secretary = next(iter(people.Watch(grid, at=at).of_duty("secretary")), None)
    raised = [
        rules.Raised("老年食堂几点开门", "老年食堂几点开门？上次去没开", "answered", answer="早上7点到下午6点，周末也开，门口贴了时间"),
        rules.Raised("围墙外路灯不亮", "3栋围墙外边那条路的路灯不亮，晚上接孩子害怕", "matter"),
        rules.Raised("空地改成儿童角", "建议把3栋后面的空地改成孩子玩的地方", "suggestion"),
        rules.Raised("有人不想说是谁家", "说的是一户家里的事，不愿公开，请网格员上门看看", "matter", shown=False),
    ]
    if secretary is not None:
        due = local(at).date() + timedelta(days=9)
        raised.append(rules.Raised("凉亭里添两张长椅", "凉亭里能不能添两张长椅，老人没地方坐", "owed", post=secretary.post, due=due))
    held = rules.Held(
        at - LASTING,
        {"residents": 14, "elders": 6, "riders": 1},
        list(queries.last_reached(grid)),
        "来了二十来位邻居，问得最多的是灯和坐的地方；一位骑手说晚上找不到单元门",
        raised,
    )
    actions.hold(visit=visit, held=held, by=_whose(post, at), at=at)


def _announce(home: str, grid: str, post: str, at: datetime) -> None:
    """One that comes, for everybody to read of."""
    tomorrow = datetime.combine(local(at).date() + timedelta(days=1), time(19), TOWN)
    draft = _draft("office", "带供电、燃气来，能办的当场办", "松涛苑3栋架空层", grid, tomorrow, post, "供电、燃气", home)
    actions.plan(draft=draft, by=_whose(post, at), at=at)


def _whose(post: str, at: datetime) -> Actor:
    """Whoever leads there, as they act in the demo."""
    person, path = people.holder(post, at=at), people.post_line(post)[2]
    who: dict[str, Any] = {"ref": f"person:{person}", "name": people.person_name(person), "person": person}
    return Actor(**who, grants=(Grant("leader", path),), posts=(post,), fence=OFFICE.fence)


def _draft(kind: str, topic: str, place: str, path: str, starts: datetime, post: str, along: str, building: str) -> rules.Draft:
    when = {"starts": starts, "ends": starts + LASTING}
    return rules.Draft(kind=kind, topic=topic, place=place, path=path, **when, post=post, along=along, building=building)


def _rest(street: str, at: datetime) -> None:
    """A plan of the street for those nobody came to within the year."""
    actions.propose(path=street, until=local(at).date() + timedelta(days=90), by=OFFICE, at=at)


def _up(path: str, codes: int) -> str:
    return "/" + "/".join(path.strip("/").split("/")[:codes]) + "/"


def _lately(at: datetime) -> datetime:
    """The last hour of the day at which people come together and that is long enough over to be written down."""
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = (midnight - timedelta(days=back) + timedelta(hours=hour) for back in (0, 1) for hour in (19, 15, 10))
    return next(begins for begins in hours if at - begins > 2 * LASTING)


def _worked(day: date, works: Callable[[date], bool]) -> date:
    while not works(day):
        day -= timedelta(days=1)
    return day
