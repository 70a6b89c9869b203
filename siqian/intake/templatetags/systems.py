"""Words of outside systems on a page."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop

from siqian.ui.templatetags.ui import status

register = template.Library()
OUTCOMES = {
    "taken": gettext_noop("收了，成了一件"),
    "joined": gettext_noop("收了，并进一件"),
    "again": gettext_noop("收过"),
    "refused": gettext_noop("没收"),
}
EVENTS = {
    "accepted": gettext_noop("有人签收了"),
    "closed": gettext_noop("办好了"),
    "reopened": gettext_noop("说没办好，换人重办"),
    "refused": gettext_noop("不予受理"),
    "withdrawn": gettext_noop("说事的人撤回了"),
}
LETTERS = {"waiting": gettext_noop("等着发"), "sent": gettext_noop("送到了"), "dead": gettext_noop("送不出去")}
STATES = {"silent": gettext_noop("断了"), "faulty": gettext_noop("有没收的"), "well": gettext_noop("正常"), "new": gettext_noop("还没接上")}
SIGNS = {"silent": "late", "faulty": "soon", "well": "done", "new": "new"}
FIELDS = {
    "external": gettext_noop("编号"),
    "text": gettext_noop("内容"),
    "title": gettext_noop("标题"),
    "building": gettext_noop("楼栋编码"),
    "address": gettext_noop("地址"),
    "lon": gettext_noop("经度"),
    "lat": gettext_noop("纬度"),
    "name": gettext_noop("称呼"),
    "phone": gettext_noop("电话"),
    "due": gettext_noop("上级时限"),
    "class": gettext_noop("那边的分类"),
    "sent": gettext_noop("发出时间"),
}


@register.simple_tag
def system_word(kind: str, name: str) -> str:
    """The word for an outcome, an event, the state of a letter or of a system, or a field."""
    return _({"outcome": OUTCOMES, "event": EVENTS, "letter": LETTERS, "state": STATES, "field": FIELDS}[kind][name])


@register.simple_tag
def system_sign(state: str) -> SafeString:
    return status(SIGNS[state], _(STATES[state]))


@register.simple_tag
def lag_words(seconds: int | None) -> str:
    """How late messages come: 晚12秒, 晚5分钟, 晚3小时."""
    if seconds is None:
        return "—"
    if abs(seconds) < 90:
        return _("晚{n}秒").format(n=seconds)
    if abs(seconds) < 5400:
        return _("晚{n}分钟").format(n=round(seconds / 60))
    return _("晚{n}小时").format(n=round(seconds / 3600))
