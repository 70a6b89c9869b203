"""The three administrators and the journal in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from siqian.insight.offices import rules
from siqian.kernel.said import Both, said
from siqian.ui.words import either

register = template.Library()

TASKS = {
    "system_admin": said("管设置、网格和岗位，看不到居民说的事"),
    "security_admin": said("管账号、角色和谁是管理员"),
    "audit_admin": said("查谁做过什么、谁看过资料，什么都不改"),
}


@register.simple_tag
def duty_name(words: dict[str, Any], duty: str) -> str:
    return either(str(words[duty]), words[duty].en)


@register.simple_tag
def duty_called(rows: Any, duty: str) -> str:
    """A duty by the catalogue of levels; by its code where a district took the row away."""
    return either(rows[duty].zh, rows[duty].en) if duty in rows else duty


@register.simple_tag
def level_name(levels: Any, level: int) -> str:
    return _(levels[level])


@register.simple_tag
def holders_said(held: Any) -> str:
    return _("、").join(either(zh, en) for zh, en in held)


@register.simple_tag
def duty_task(duty: str) -> str:
    return _(TASKS[duty])


@register.simple_tag
def done_word(name: str) -> str:
    return _(rules.WORDS[name])


@register.simple_tag
def more_said(value: str) -> str:
    return either(value, value.en) if isinstance(value, Both) else value


@register.simple_tag
def group_word(word: str) -> str:
    return _(word)


@register.simple_tag
def duties_said(duties: Any) -> str:
    return _("、").join(_(duty) for duty in duties)
