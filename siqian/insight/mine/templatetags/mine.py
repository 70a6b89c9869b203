"""One's own facts and looks in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _, gettext_noop

from siqian.services.care import rules as visits
from siqian.town.people import queries as people
from siqian.trades.dossier import queries as facts, rules
from siqian.ui.words import either, in_english

from .. import printed

register = template.Library()
STEPS = {
    "noted": gettext_noop("记下"),
    "confirmed": gettext_noop("确认还是这样"),
    "corrected": gettext_noop("改了"),
    "withdrawn": gettext_noop("收回同意"),
    "objected": gettext_noop("提出反对"),
    "lifted": gettext_noop("收回反对"),
    "expired": gettext_noop("到期停用"),
}


@register.simple_tag
def fact_source(known: Any) -> str:
    """Who said it to whom, and how they agreed."""
    said = _(rules.SOURCES[known.source])
    who = people.in_english(known.by_name) if in_english() else known.by_name
    return said if known.how == "online" else _("{said}，{who}记的").format(said=said, who=who or _("工作人员"))


@register.simple_tag
def fact_basis(known: Any) -> str:
    how = _(rules.HOW[known.how]) if known.how in rules.HOW else ""
    return _("{basis}（{how}）").format(basis=_(rules.BASES[known.basis]), how=how) if how else _(rules.BASES[known.basis])


@register.simple_tag
def fact_uses(known: Any) -> str:
    names = facts.purposes()
    return _("、").join(either(names[code].zh, names[code].en) for code in known.purposes if code in names)


@register.simple_tag
def step_word(what: str) -> str:
    return _(STEPS[what]) if what in STEPS else what


@register.simple_tag
def outcome_word(outcome: str) -> str:
    return _(visits.OUTCOMES[outcome]) if outcome in visits.OUTCOMES else outcome


@register.simple_tag
def look_word(look: Any) -> str:
    return printed.look_words(look)
