"""The responsibility list in words: units, classes, areas, fields, states."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop

from siqian.kernel import clock
from siqian.services.sensing import rules as sensing
from siqian.spine.remit import queries as remit
from siqian.town.places import queries as places
from siqian.ui import words
from siqian.ui.templatetags.ui import status

register = template.Library()

STATES = {
    "draft": ("new", gettext_noop("草稿")),
    "checked": ("on", gettext_noop("查过了，等另一位批")),
    "in_force": ("done", gettext_noop("已批准")),
    "withdrawn": ("hold", gettext_noop("撤回了")),
}
FIELDS = {
    "code": gettext_noop("编码"),
    "zh": gettext_noop("名称"),
    "en": gettext_noop("英文名"),
    "lead": gettext_noop("主责单位"),
    "joint": gettext_noop("配合单位"),
    "words": gettext_noop("居民的说法"),
    "sample": gettext_noop("例句"),
    "hours": gettext_noop("多少小时办结"),
    "working_days": gettext_noop("多少个工作日办结"),
    "respond": gettext_noop("多少分钟内回应"),
    "basis": gettext_noop("依据"),
    "needs": gettext_noop("要问清"),
    "not_ours": gettext_noop("不归这里"),
    "kind": gettext_noop("当作哪一种"),
    "check": gettext_noop("现场核验"),
    "match": gettext_noop("类或事项"),
    "unit": gettext_noop("归哪个单位"),
    "why": gettext_noop("为什么"),
    "area": gettext_noop("哪里"),
    "since": gettext_noop("从哪天"),
    "until": gettext_noop("到哪天"),
    "daily": gettext_noop("每天几点"),
    "weekdays": gettext_noop("星期几"),
}
DAYS = [
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
]
DIFFERS = {"item": gettext_noop("换了事项"), "unit": gettext_noop("换了单位"), "term": gettext_noop("换了时限")}
LATENESS = {"late": gettext_noop("过点了"), "soon": gettext_noop("两小时内到点"), "today": gettext_noop("今天到点")}


@register.filter
def late_word(late: str) -> str:
    return _(LATENESS[late])


@register.simple_tag
def edition_sign(line: Any) -> SafeString:
    kind, text = STATES[line.state]
    return status(kind, _(text))


@register.filter
def field_word(name: str) -> str:
    return _(FIELDS[name]) if name in FIELDS else name


@register.filter
def differs_word(name: str) -> str:
    return _(DIFFERS[name])


@register.filter
def weekday(number: int) -> str:
    return _(DAYS[number - 1])


@register.simple_tag
def unit_word(code: str) -> str:
    unit = remit.units().get(code)
    return words.either(unit.zh, unit.en) if unit else code


@register.simple_tag
def match_word(code: str) -> str:
    row = remit.items().get(code) or remit.classes().get(code)
    return f"{code} {words.either(row.zh, row.en)}" if row else code


@register.simple_tag
def area_word(path: str) -> str:
    names = places.both_names(f"/{path}/") if path else None
    return words.either(*names[-1]) if names else path or _("全区")


@register.simple_tag
def term_word(term: Any) -> str:
    return _("{n}个工作日").format(n=term.working_days) if term.working_days else _("{n}小时").format(n=term.hours)


@register.simple_tag
def cell(name: str, value: Any) -> str:
    """A field's value as people say it."""
    if value in (None, "", [], 0, False):
        return "—"
    if name in ("lead", "unit"):
        return unit_word(value)
    if name == "joint":
        return "、".join(map(unit_word, value))
    if name == "weekdays":
        return "、".join(map(weekday, value))
    if name == "area":
        return area_word(value)
    if name == "match":
        return match_word(value)
    if name == "kind":
        return words.either(remit.kind(value).zh, remit.kind(value).en)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return _("是") if value is True else str(value)


@register.simple_tag
def fault_word(fault: Any) -> str:
    return words.say(fault.refusal)


DID = {
    "record": gettext_noop("巡查记录"),
    "contact": gettext_noop("联系"),
    "close": gettext_noop("办结"),
    "report": gettext_noop("随手报"),
    "return": gettext_noop("不是我这格"),
    "retract": gettext_noop("还是我的"),
    "call": gettext_noop("入户走访"),
}


@register.simple_tag
def once() -> str:
    """A key of its own for a form that is sent without scripts."""
    return clock.code(20)


@register.simple_tag
def did_word(kind: str) -> str:
    return _(DID.get(kind, kind))


@register.simple_tag(takes_context=True)
def last_day(context: dict[str, Any], due: datetime) -> str:
    """The last day of what is due at a midnight."""
    return words.day(due - timedelta(minutes=1), context["at"])


@register.simple_tag
def found_word(plan: Any, number: int) -> str:
    """What is often found on a round, in the reader's language."""
    return words.either(plan.found[number], plan.found_en[number] if number < len(plan.found_en) else "")


@register.simple_tag
def patrol_words(number: int, records: Any) -> str:
    """A patrol's place and what came of it."""
    record = next((record for record in records if record.id == number), None)
    if record is None:
        return ""
    place = places.in_english(record.place) if words.in_english() else record.place
    return _("{place}：{kind}").format(place=place, kind=_(sensing.KINDS[record.kind]))
