"""Visits in words: where it stands, whom one heard, what became of what was said."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.kernel.said import said
from siqian.services.visits import rules
from siqian.town.places import queries as places
from siqian.ui import words
from siqian.ui.templatetags.ui import status

register = template.Library()

FILTERS = {
    "mine": said("我去的"),
    "coming": said("要去的"),
    "unrecorded": said("没记的"),
    "held": said("走过的"),
    "owed": said("答应的事"),
    "cancelled": said("取消的"),
}
DONE = {
    "planned": said("排好了"),
    "moved": said("改了时间或换了人"),
    "cancelled": said("取消了"),
    "held": said("走完，记下了"),
    "answered": said("答复了第{n}条"),
    "given": said("第{n}条换人答复"),
}


@register.simple_tag(takes_context=True)
def visit_sign(context: dict[str, Any], line: Any) -> SafeString:
    if line.state == "planned" and line.ends < context["at"]:
        return status("late", _("还没记"))
    return status({"planned": "new", "held": "done", "cancelled": "hold"}[line.state], _(rules.STATES[line.state]))


@register.simple_tag(takes_context=True)
def item_sign(context: dict[str, Any], item: Any) -> SafeString:
    if item.settled:
        return status("done", _("有结果了"))
    if item.state == "open":
        return status("late", _("到期没答复")) if item.late(context["at"]) else status("on", _("还在办"))
    return status("on", _("转出去办了"))


@register.simple_tag
def filter_words(name: str) -> str:
    return _(FILTERS[name])


@register.simple_tag
def done_words(step: Any) -> str:
    return _(DONE[step.what]).format(n=step.item)


@register.simple_tag
def said_words(sentence: str) -> str:
    """A sentence of the rules, in the reader's language."""
    return _(sentence)


@register.simple_tag
def heard_words(heard: dict[str, int]) -> str:
    """住在这里的人12、老人5."""
    groups = [(_(rules.GROUPS[group]), count) for group, count in heard.items() if group in rules.GROUPS]
    return _("、").join(_("{group}{n}").format(group=group, n=count) for group, count in groups)


@register.simple_tag
def area_words(path: str) -> str:
    names = places.both_names(path)
    return words.either(*names[-1]) if names else ""


@register.filter
def typed(sent: Any, name: str) -> str:
    """What stood in a field of a form that comes back."""
    return str(sent.get(name, "")) if sent else ""


@register.filter
def field(name: str, number: int) -> str:
    """The name of a field of the so-manieth block of a form."""
    return f"{name}_{number}"
