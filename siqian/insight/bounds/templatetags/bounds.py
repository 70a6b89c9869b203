"""Adjustments of the grid in words and pictures."""

from typing import Any

from django import template
from django.utils.html import mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.insight.bounds import rules
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.templatetags.ui import status
from siqian.ui.words import either, say

register = template.Library()

SIGNS = {
    "drafted": "new",
    "proposed": "soon",
    "approved": "on",
    "in_force": "done",
    "declined": "back",
    "withdrawn": "hold",
    "overtaken": "late",
}
HOWS = {"new": said("新的"), "ended": said("并掉"), "changed": said("改了边界"), "hung": said("换了上级")}
HOW_SIGNS = {"new": "new", "ended": "hold", "changed": "on", "hung": "soon"}
LEVELS = {
    "district": said("区"),
    "street": said("街道"),
    "community": said("社区"),
    "block": said("片区"),
    "grid": said("网格"),
    "cell": said("楼栋格"),
}
EVENTS = {
    "adjustment.drafted": said("起草"),
    "adjustment.proposed": said("提交审批"),
    "adjustment.approved": said("批准"),
    "adjustment.declined": said("没批"),
    "adjustment.withdrawn": said("撤回"),
    "adjustment.enacted": said("生效，楼和没办结的事跟着走了"),
    "adjustment.overtaken": said("没有生效：网格又改过了"),
}


@register.simple_tag
def adjustment_sign(state: str) -> SafeString:
    return status(SIGNS[state], _(rules.STATES[state]))


@register.simple_tag
def adjustment_kind(kind: str) -> str:
    return _(rules.KINDS[kind])


@register.simple_tag
def how_sign(how: str) -> SafeString:
    return status(HOW_SIGNS[how], _(HOWS[how]))


@register.simple_tag
def level_name(level: str) -> str:
    return _(LEVELS[level])


@register.simple_tag
def history_word(name: str) -> str:
    return _(EVENTS[name])


@register.simple_tag
def who_by(ref: str) -> str:
    """Whoever took a step, by name."""
    name = people.called({ref}).get(ref, "")
    return either(name, people.in_english(name)) if name else _("到日子自动")


@register.simple_tag
def site_name(name: str) -> str:
    """A building's name in the reader's language."""
    return either(name, places.in_english(name))


@register.simple_tag
def told(refusal: Any) -> str:
    return say(refusal)


@register.simple_tag
def svg(drawn: str) -> SafeString:
    """A picture of `sketch` or of a fault, which escape their own words."""
    return mark_safe(drawn)


@register.filter
def m2(area: float | None) -> str:
    return "—" if area is None else f"{area:,.0f}"
