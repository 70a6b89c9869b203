"""A joint action's and a leader's own case's states, steps and reasons in words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop, ngettext

from siqian.spine.remit import queries as remit
from siqian.ui.templatetags.ui import either, status

from ..rules.cases import WHY
from .matters import CLOCKS

register = template.Library()

JOINT = {
    "called": ("on", gettext_noop("叫了，等人到")),
    "held": ("soon", gettext_noop("办过了，等互评")),
    "judged": ("done", gettext_noop("评完了")),
    "ended": ("done", gettext_noop("结束了")),
    "cancelled": ("hold", gettext_noop("取消了")),
}
PARTS = {
    "called": ("new", gettext_noop("叫了")),
    "confirmed": ("on", gettext_noop("确认到场")),
    "arrived": ("soon", gettext_noop("到场了")),
    "done": ("done", gettext_noop("办了它那一份")),
    "absent": ("late", gettext_noop("没有到")),
    "excused": ("hold", gettext_noop("按规定回避")),
}
CASES = {
    "proposed": ("new", gettext_noop("请了，等答复")),
    "owned": ("on", gettext_noop("在包案")),
    "declined": ("back", gettext_noop("没有包")),
    "handed": ("hold", gettext_noop("交给了别人")),
    "ended": ("done", gettext_noop("随事了结")),
}
ASKS = {
    "confirm": gettext_noop("等您确认"),
    "arrive": gettext_noop("等您报到"),
    "report": gettext_noop("写做了什么"),
    "hold": gettext_noop("到齐就办，写下定的事"),
    "judge": gettext_noop("等您评各单位"),
    "founded": gettext_noop("等您评该不该叫"),
}
DOES = {
    "hold": gettext_noop("写下定的事"),
    "miss": gettext_noop("记没到"),
    "judge": gettext_noop("评这个单位"),
    "founded": gettext_noop("评该不该叫"),
}


@register.simple_tag
def joint_sign(state: str) -> SafeString:
    kind, text = JOINT[state]
    return status(kind, _(text))


@register.simple_tag
def joint_word(state: str) -> str:
    return _(JOINT[state][1])


@register.simple_tag
def part_sign(part: Any) -> SafeString:
    """Where a unit stands; who came late is shown so."""
    kind, text = PARTS[part.state]
    return status("late", _("到了，晚了")) if part.late and part.state == "arrived" else status(kind, _(text))


@register.simple_tag
def part_word(state: str) -> str:
    return _(PARTS[state][1])


@register.simple_tag
def case_sign(state: str) -> SafeString:
    kind, text = CASES[state]
    return status(kind, _(text))


@register.simple_tag
def asks_word(asks: str) -> str:
    return _(ASKS[asks])


@register.simple_tag
def does_word(verb: str) -> str:
    return _(DOES[verb])


@register.simple_tag
def unit_name(code: str) -> str:
    unit = remit.units().get(code)
    return either(unit.zh, unit.en) if unit else code


@register.simple_tag
def why_word(why: Any) -> str:
    """One reason for which a matter is hard."""
    values = dict(why.values)
    if values.get("what"):
        values["what"] = _(CLOCKS[values["what"]])
    return _(WHY[why.code]).format(**values)


@register.simple_tag
def days_word(days: int) -> str:
    return ngettext("等了{n}天", "等了{n}天", days).format(n=days)


@register.simple_tag
def metres_word(metres: int) -> str:
    """How far from the place somebody reported in."""
    if metres < 1000:
        return _("离现场{n}米").format(n=metres)
    return _("离现场{n}公里").format(n=f"{metres / 1000:.1f}")
