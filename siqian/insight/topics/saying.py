"""Sentences and names of topics, in the reader's language."""

from django.utils.translation import gettext as _, gettext_noop

from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places
from siqian.ui.words import either

from .queries import Deed, TopicLine, TopicView
from .rules.heat import Warmth

SHOWN = {
    "live": gettext_noop("在说的"),
    "rising": gettext_noop("在升温"),
    "raised": gettext_noop("提成了事"),
    "closed": gettext_noop("收起的"),
}
STATES = {
    "open": gettext_noop("有人在说"),
    "raised": gettext_noop("提成了事"),
    "closed": gettext_noop("收起了"),
    "merged": gettext_noop("并掉了"),
}
DEEDS = {
    "merge": gettext_noop("把话题{other}并了进来"),
    "merged": gettext_noop("并到了话题{other}"),
    "split": gettext_noop("拆出了话题{other}"),
    "came": gettext_noop("从话题{other}拆出来"),
    "part": gettext_noop("移出了一句话"),
    "rename": gettext_noop("改名为“{words}”"),
    "close": gettext_noop("收起了"),
    "raise": gettext_noop("提成了一件事"),
}
HOW = {"online": gettext_noop("来时归入"), "nightly": gettext_noop("夜里归入"), "staff": gettext_noop("人工归入")}


def state_word(line: TopicLine) -> str:
    return _("在升温") if line.state == "open" and line.warmth.rising else _(STATES[line.state])


def why_hot(view: TopicView) -> str:
    """Why it is where it is in the list, in one sentence with its figures."""
    heat = view.line.warmth
    if not heat.tellers:
        return _("四周里没有人说过。")
    if not heat.week:
        return _("这一周没有人再说，四周里一共{tellers}个人说过。").format(tellers=heat.tellers)
    if not heat.before:
        text = _("在升温：一周里{week}个人说，之前三周没有人说过。") if heat.rising else _("一周里{week}个人说，之前三周没有人说过。")
        return text.format(week=heat.week)
    if heat.rising:
        return _("在升温：一周里{week}个人说，之前平均每周{before}个，四周里一共{tellers}个人。").format(**_figures(heat))
    return _("一周里{week}个人说，之前平均每周{before}个，四周里一共{tellers}个人。").format(**_figures(heat))


def deed_words(deed: Deed) -> str:
    return _(DEEDS[deed.kind]).format(other=deed.other, words=deed.words)


def area_name(code: str) -> str:
    place = places.at_area(code)
    return either(place.names[-1], place.names_en[-1]) if place else code


def unit_name(code: str) -> str:
    unit = remit.units().get(code)
    return either(unit.zh, unit.en) if unit else code


def item_name(code: str) -> str:
    item = remit.items().get(code)
    return either(item.zh, item.en) if item else code


def _figures(heat: Warmth) -> dict[str, object]:
    return {"week": heat.week, "before": plain(heat.before), "tellers": heat.tellers}


def plain(number: float) -> str:
    """1.7, and 2 for 2.0."""
    return f"{number:.1f}".removesuffix(".0")
