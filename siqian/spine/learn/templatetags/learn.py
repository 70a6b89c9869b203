"""Words for what was learned."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def why_word(code: str) -> str:
    """Why a model passed or was held back."""
    return {
        "better": _("比原来好，没有哪一项变差，过关"),
        "not_better": _("没有比原来好，不启用"),
        "an_item_lost": _("有的事项变差超过2个点，不启用"),
        "too_often_wrong": _("不经人的里面错得比原来多，不启用"),
    }[code]


@register.filter
def how_word(code: str) -> str:
    """How something came into force."""
    return {"approved": _("批准启用"), "promoted": _("比对过关，自动启用"), "rolled_back": _("退回")}[code]


@register.filter
def length_word(name: str) -> str:
    return {"short": _("20字以内"), "middle": _("21到100字"), "long": _("100字以上")}[name]


@register.filter
def age_word(name: str) -> str:
    return {"": _("没提年纪"), "old": _("说到老人"), "young": _("说到孩子")}[name]


@register.filter
def day_of(name: str) -> date:
    """The Monday by which a week is called."""
    return date.fromisoformat(name)


@register.filter
def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@register.filter
def megabytes(count: int) -> str:
    return f"{count / 1_048_576:.1f}"
