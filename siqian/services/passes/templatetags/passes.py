"""Words of passes as template tags."""

from django import template
from django.utils.translation import gettext as _

from siqian.services.passes import rules
from siqian.ui.words import WEEKDAYS

register = template.Library()


@register.simple_tag
def klass(code: str) -> str:
    """What somebody comes for."""
    return _(rules.CLASSES[code]) if code in rules.CLASSES else ""


@register.simple_tag
def way(code: str) -> str:
    return _(rules.WAYS[code])


@register.filter
def hm(minute: int) -> str:
    """A minute of the day as a time; the end of a day is 24:00."""
    return "24:00" if minute == 1440 else f"{minute // 60 % 24:02d}:{minute % 60:02d}"


@register.simple_tag
def authority(code: str) -> str:
    """Who had the right to decide a compound's rules."""
    return _(rules.AUTHORITY_WORDS[code])


@register.simple_tag
def why_not(code: str) -> str:
    """Why a gate said no, as a heading of a count."""
    return _(rules.SHORT.get(code, rules.SHORT["signature"]))


@register.simple_tag
def weekday(day: int) -> str:
    return _(WEEKDAYS[day])


@register.filter
def on(window: rules.Window, day: int) -> bool:
    """Whether a window is open on this day of the week, 0 for Monday."""
    return window.days[day] == "1"


@register.simple_tag
def outcome(code: str) -> str:
    return _(rules.OUTCOMES[code])


@register.simple_tag
def ruling(code: str) -> str:
    return _(rules.RULINGS[code])
