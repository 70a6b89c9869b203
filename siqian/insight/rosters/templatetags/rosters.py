"""Rosters in words: hours, who, where a request stands."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.insight.rosters import rules
from siqian.kernel.clock import local
from siqian.town.people import queries as people
from siqian.ui.templatetags.ui import status
from siqian.ui.words import either

register = template.Library()

SIGNS = {"asked": "new", "agreed": "on", "approved": "done", "declined": "back", "refused": "back", "withdrawn": "hold"}


@register.simple_tag
def relief_sign(line: Any) -> SafeString:
    return status(SIGNS[line.state], _(rules.STATES[line.state]))


@register.simple_tag
def kind_name(code: str) -> str:
    return _(rules.KINDS[code])


@register.simple_tag
def between(begin: datetime, end: datetime) -> str:
    """8:00—20:00; past midnight 次日6:00."""
    there, then = local(begin), local(end)
    if (then.date() - there.date()).days == 1 and (then.hour, then.minute) != (0, 0):
        return _("{begin}—次日{end}").format(begin=f"{there:%-H:%M}", end=f"{then:%-H:%M}")
    return f"{there:%-H:%M}—" + ("24:00" if (then.hour, then.minute) == (0, 0) and then.date() != there.date() else f"{then:%-H:%M}")


@register.simple_tag
def person_words(code: str) -> str:
    name = people.person_name(code)
    return either(name, people.in_english(name)) if name else ""


@register.filter
def field_time(at: datetime) -> str:
    """As a form's field for an instant takes it."""
    return f"{local(at):%Y-%m-%dT%H:%M}"


@register.filter
def by_day(change: Any) -> list[tuple[str, str]]:
    """What stood and what will stand on each day of the week, in words."""
    return [(_hours(change.before, day), _hours(change.after, day)) for day in range(7)]


def _hours(shifts: Any, day: int) -> str:
    return "、".join(f"{_clock(start)}—{_clock(end)}" for weekday, start, end in shifts if weekday == day)


def _clock(minutes: int) -> str:
    if minutes > 24 * 60:
        return _("次日{time}").format(time=_clock(minutes - 24 * 60))
    return f"{minutes // 60}:{minutes % 60:02d}"
