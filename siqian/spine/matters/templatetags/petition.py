"""A petition's stages, days and steps in words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_noop, ngettext

from siqian.ui.templatetags.ui import either, status

register = template.Library()

STAGES = {
    "registered": ("new", gettext_noop("登记了，等告知")),
    "taken_up": ("on", gettext_noop("已受理")),
    "not_taken_up": ("back", gettext_noop("不予受理")),
    "opinion": ("soon", gettext_noop("已出处理意见")),
    "in_review": ("on", gettext_noop("在复查")),
    "reviewed": ("soon", gettext_noop("已出复查意见")),
    "in_recheck": ("on", gettext_noop("在复核")),
    "final": ("done", gettext_noop("已终结")),
    "dropped": ("hold", gettext_noop("不按信访办了")),
}
BEGINS = {
    "registered": gettext_noop("收到"),
    "taken_up": gettext_noop("受理"),
    "opinion": gettext_noop("出处理意见"),
    "in_review": gettext_noop("收到复查申请"),
    "reviewed": gettext_noop("出复查意见"),
    "in_recheck": gettext_noop("收到复核申请"),
}
OFFERS = {
    "inform": gettext_noop("告知受理"),
    "give_opinion": gettext_noop("处理意见"),
    "prolong": gettext_noop("申请延期"),
    "approve": gettext_noop("批延期"),
    "answer_review": gettext_noop("答复复查"),
    "answer_recheck": gettext_noop("答复复核"),
    "ask_review": gettext_noop("申请复查"),
    "ask_recheck": gettext_noop("申请复核"),
}
DECIDED = {
    "take_up": gettext_noop("受理"),
    "turn_away": gettext_noop("不予受理"),
    "overturn": gettext_noop("申诉成立，受理"),
    "answer": gettext_noop("当场答复"),
    "opine": gettext_noop("处理意见"),
    "ask_review": gettext_noop("申请复查"),
    "answer_review": gettext_noop("复查意见"),
    "ask_recheck": gettext_noop("申请复核"),
    "answer_recheck": gettext_noop("复核意见"),
    "lapse": gettext_noop("期限内没有再申请"),
    "drop": gettext_noop("不按信访办了"),
}


@register.simple_tag
def stage_sign(stage: str) -> SafeString:
    kind, text = STAGES[stage]
    return status(kind, _(text))


@register.simple_tag
def stage_word(stage: str) -> str:
    return _(STAGES[stage][1])


@register.simple_tag
def begins_word(stage: str) -> str:
    return _(BEGINS[stage])


@register.simple_tag
def offer_word(verb: str) -> str:
    return _(OFFERS[verb])


@register.simple_tag
def decided_word(what: str) -> str:
    return _(DECIDED[what])


@register.simple_tag
def term_word(term: Any) -> str:
    return either(term.zh, term.en)


@register.simple_tag
def left_words(line: Any) -> str:
    """How many days are left, of a line or a view."""
    if line.left < 0:
        return ngettext("已过{n}天", "已过{n}天", -line.left).format(n=-line.left) if line.is_late else _("期限已过")
    if not line.left:
        return _("今天是最后一天")
    return ngettext("还有{n}天", "还有{n}天", line.left).format(n=line.left)
