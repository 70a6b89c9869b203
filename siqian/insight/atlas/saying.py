"""What the map's modes, levels, steps and columns are called, and the one sentence above each answer."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.kernel.said import said
from siqian.ui import words

from .queries import Layer
from .rules import AHEAD, BACK, Ask

MODES = {"duty": said("在岗"), "gaps": said("缺岗"), "open": said("未办结"), "heat": said("热点"), "load": said("负担")}
LEVELS = {"block": said("片区"), "grid": said("网格"), "cell": said("楼栋格"), "community": said("社区")}
GROUPS = {"new": said("刚交"), "on": said("在办"), "hold": said("挂起"), "back": said("退单"), "late": said("超时")}
STEPS = {
    "duty": {"on": said("在岗"), "desk": said("值班台代管"), "rest": said("下班，值班台接"), "none": said("没人")},
    "gaps": {"on": said("都有人"), "desk": said("值班台代管"), "none": said("没人")},
    "open": GROUPS,
    "heat": {"0": "0—2", "1": "3—5", "2": "6—9", "3": "10—14", "4": said("15以上"), "few": said("不到5人，不显示")},
    "load": {"0": said("一半以下"), "1": said("偏少"), "2": said("差不多"), "3": said("偏多"), "4": said("两倍以上")},
}
HEADS = {
    "duty": (said("谁在"), said("到什么时候")),
    "gaps": (said("有没有人"), said("哪几个钟头")),
    "open": (GROUPS["new"], GROUPS["on"], GROUPS["hold"], GROUPS["back"], GROUPS["late"]),
    "heat": (said("几个人说"), said("每万户")),
    "load": (said("户"), said("还开着"), said("三十天"), said("几倍")),
}
FIGURES = ("open", "heat", "load")
KEYS = {"heat": said("每万户几个人说"), "load": said("一格的事是中间那格的几倍")}


def title(layer: Layer, at: datetime) -> str:
    """What the map says, as its finding."""
    ask, counts = layer.ask, layer.counts
    if not layer.shades:
        return _("这里没有划格子")
    if ask.mode == "duty":
        if counts["none"]:
            return _("{n}格没人，{m}格在岗").format(n=counts["none"], m=counts["on"])
        return _("该有人的地方都有人，{n}格在岗").format(n=counts["on"])
    if ask.mode == "gaps":
        day = day_words(ask, at)
        if not counts["none"] and not counts["desk"]:
            return _("{day}都排满了").format(day=day)
        if not counts["none"]:
            return _("{day}每一格都有人管，其中{m}格由值班台代管").format(day=day, m=counts["desk"])
        return _("{day}有{n}格没人，{m}格由值班台代管").format(day=day, n=counts["none"], m=counts["desk"])
    if layer.open is not None:
        if not layer.open.count:
            return _("这里的事都办完了")
        return _("{n}件没办完，{people}在等，超时{late}件").format(
            n=layer.open.count, people=words.people(layer.open.people), late=layer.open.late
        )
    if layer.heat is not None:
        top = layer.heat.topics[0] if layer.heat.topics else None
        said_ = _("{since}到{until}").format(since=_date(layer.heat.since), until=_date(layer.heat.until))
        return (
            _("{week}，说得最多的是{topic}").format(week=said_, topic=words.either(top.zh, top.en))
            if top
            else _("{week}没人说事").format(week=said_)
        )
    return _("为了把网格划得公平，不是给人排名")


def day_words(ask: Ask, at: datetime) -> str:
    """The day of the slider in words."""
    there = local(at) + timedelta(days=ask.day)
    return words.day(there, at)


def ends(ask: Ask) -> tuple[int, int] | None:
    """The ends of the slider; None where the mode has none."""
    return {"gaps": (0, AHEAD), "heat": (-BACK, 0)}.get(ask.mode)


def _date(day: date) -> str:
    return _("{month}{day}日").format(month=_(words.MONTHS[day.month - 1]), day=day.day)
