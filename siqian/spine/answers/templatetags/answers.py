"""Answers in words: states, units, items, areas, what was done."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop

from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui import words
from siqian.ui.templatetags.ui import status

register = template.Library()

STATES = {
    "draft": ("new", gettext_noop("草稿")),
    "live": ("done", gettext_noop("已发布")),
    "retired": ("hold", gettext_noop("撤下了")),
}
DONE = {
    "published": gettext_noop("{by}发布了第{n}版"),
    "reviewed": gettext_noop("{by}复核了第{n}版，还对"),
    "due": gettext_noop("到复核的日子了，提醒了值班台"),
    "retired": gettext_noop("{by}撤下了"),
}
FIELDS = {
    "question": gettext_noop("问题"),
    "text": gettext_noop("答案"),
    "question_en": gettext_noop("英文问题"),
    "text_en": gettext_noop("英文答案"),
    "item": gettext_noop("事项"),
    "unit": gettext_noop("哪个单位管"),
    "basis": gettext_noop("依据"),
    "review": gettext_noop("复核日"),
}
FILTERS = {
    "": gettext_noop("全部"),
    "due": gettext_noop("该复核了"),
    "waiting": gettext_noop("等第二个人"),
    "missed": gettext_noop("没帮上的"),
    "retired": gettext_noop("撤下的"),
}


@register.simple_tag
def answer_sign(line: Any) -> SafeString:
    if line.state == "live" and line.is_waiting:
        return status("soon", _("新一版等发布"))
    kind, text = STATES[line.state]
    return status(kind, _(text))


@register.simple_tag
def unit_of(code: str) -> str:
    unit = remit.units().get(code)
    return words.either(unit.zh, unit.en) if unit else code


@register.simple_tag
def item_of(code: str) -> str:
    item = remit.items().get(code)
    return words.either(item.zh, item.en) if item else code


@register.simple_tag
def area_of(path: str) -> str:
    names = places.both_names(path)
    return words.either(*names[-1]) if names else ""


@register.filter
def narrow(path: str) -> bool:
    """Whether it holds for less than the whole district."""
    return path.count("/") > 2


@register.simple_tag
def done_words(done: Any) -> str:
    by = people.in_english(done.by_name) if words.in_english() else done.by_name
    return _(DONE[done.what]).format(by=by, n=done.version)


@register.filter
def field_word(name: str) -> str:
    return _(FIELDS[name])


@register.filter
def filter_word(name: str) -> str:
    return _(FILTERS[name])
