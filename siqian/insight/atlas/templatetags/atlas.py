"""Areas in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from siqian.kernel.clock import local
from siqian.town.places import queries as places
from siqian.ui.words import MONTHS, WEEKDAYS, either

register = template.Library()


@register.simple_tag
def community_of(path: str) -> str:
    """The community in which an area lies, in the reader's language."""
    names = places.both_names(path)
    return either(*names[2]) if len(names) > 2 else ""


@register.simple_tag(takes_context=True)
def today_words(context: dict[str, Any]) -> str:
    """7月15日 周三."""
    now = local(context["at"])
    date = _("{month}{day}日").format(month=_(MONTHS[now.month - 1]), day=now.day)
    return f"{date} {_(WEEKDAYS[now.weekday()])}"
