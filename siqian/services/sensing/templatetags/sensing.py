"""Sensors and incidents in words and lines: how one is, what it showed, what was done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from siqian.kernel.clock import local
from siqian.services.sensing.rules import incidents, sensors
from siqian.town.places import queries as places
from siqian.ui.templatetags.ui import status
from siqian.ui.words import either, in_english, when

register = template.Library()

SENSOR = {"alarm": "late", "quiet": "hold", "well": "done", "off": "back"}
INCIDENT = {"open": "new", "going": "on", "over": "done", "false": "back", "merged": "done"}
# The drawing of a curve: its size, and the room for words around it.
WIDE, HIGH, LEFT, TOP, LOW = 360, 150, 34, 12, 20


@register.simple_tag
def sensor_sign(line: Any) -> SafeString:
    return status(SENSOR[line.state], _(sensors.STATES[line.state]))


@register.simple_tag
def sensor_word(state: str) -> str:
    return _(sensors.STATES[state])


@register.simple_tag
def incident_sign(line: Any) -> SafeString:
    return status(INCIDENT[line.state], _(incidents.STATES[line.state]))


@register.simple_tag
def incident_word(state: str) -> str:
    return _(incidents.STATES[state])


@register.simple_tag
def incident_step(step: Any) -> str:
    return _(incidents.DONE[step.verb])


@register.simple_tag
def where_all(line: Any) -> str:
    """Where an incident is: of many places their area and the first of them."""
    place = places.in_english(line.place) if in_english() else line.place
    if line.sensors < 2:
        return str(place)
    names = places.both_names(line.path)
    said = {"area": either(*names[-1]) if names else "", "place": place, "n": line.sensors}
    return _("{area}，{place}等{n}处").format(**said)


@register.simple_tag
def sensors_words(line: Any) -> str:
    """How many sensors an incident is about, and how many are not normal yet."""
    if line.state == "merged":
        return _("都归那一个了")
    if not line.alarms:
        return _("全区都没有读数") if line.raised else _("都恢复了")
    if not line.raised:
        return ngettext("{n}个，都恢复了", "{n}个，都恢复了", line.sensors).format(n=line.sensors)
    if line.raised == line.sensors:
        return ngettext("{n}个没恢复", "{n}个没恢复", line.sensors).format(n=line.sensors)
    return _("{n}个，{raised}个没恢复").format(n=line.sensors, raised=line.raised)


@register.simple_tag
def share_of(part: int, whole: int) -> str:
    """A share as the length of a bar."""
    return f"{round(100 * part / whole) if whole else 0}%"


@register.simple_tag
def said_words(text: str) -> str:
    return _(text)


@register.filter
def plain(value: float) -> str:
    """A reading without needless digits."""
    return f"{value:.4g}"


@register.simple_tag(takes_context=True)
def curve(context: dict[str, Any], line: Any, since: datetime | None = None, until: datetime | None = None) -> SafeString:
    """A quantity over time as one line, the level of its alarm dashed; what it shows is said in words as well."""
    points = _thinned(line.points)
    begin, end = since or points[0][0], until or points[-1][0]
    span = max((end - begin).total_seconds(), 1.0)
    low = min(0.0, *(value for _at, value in points))
    high = max(*(value for _at, value in points), line.level or low + 1e-9)
    high = high if high > low else low + 1

    def x(at: datetime) -> float:
        return round(LEFT + (WIDE - LEFT - 4) * (at - begin).total_seconds() / span, 1)

    def y(value: float) -> float:
        return round(TOP + (HIGH - TOP - LOW) * (1 - (value - low) / (high - low)), 1)

    drawn = " ".join(f"{x(at)},{y(value)}" for at, value in points)
    parts = [format_html('<path class="ax" d="M{} {}V{}H{}"/>', LEFT, TOP - 4, HIGH - LOW, WIDE - 4)]
    parts += [
        format_html('<text x="{}" y="{}" text-anchor="end">{}</text>', LEFT - 4, y(value) + 4, f"{value:.4g}") for value in (low, high)
    ]
    parts += [
        format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', x(at), HIGH - 5, f"{local(at):%-H:%M}")
        for at in _hours(begin, end)
    ]
    if line.level is not None:
        parts.append(format_html('<path class="lv" d="M{} {}H{}"/>', LEFT, y(line.level), WIDE - 4))
    parts.append(format_html('<polyline class="ln" points="{}"/>', drawn))
    last_at, last = points[-1]
    parts.append(format_html('<circle class="pt" cx="{}" cy="{}" r="3"/>', x(last_at), y(last)))
    words = _in_words(line, last, when(last_at, context["at"]))
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', WIDE, HIGH, words, body)


def _in_words(line: Any, last: float, at: str) -> str:
    values = [value for _at, value in line.points]
    said = {"name": either(line.quantity.zh, line.quantity.en), "unit": line.quantity.unit, "at": at, "n": len(values)}
    said |= {"low": f"{min(values):.4g}", "high": f"{max(values):.4g}", "last": f"{last:.4g}"}
    return _("{name}：{n}次读数，最低{low}{unit}，最高{high}{unit}，{at}是{last}{unit}").format(**said)


def _thinned(points: Sequence[tuple[datetime, float]], most: int = 300) -> list[tuple[datetime, float]]:
    """Not more points than a line can show; of each stretch the highest stays, so that no peak is lost."""
    if len(points) <= most:
        return list(points)
    size = -(-len(points) // most)
    stretches = [points[at : at + size] for at in range(0, len(points), size)]
    return [max(stretch, key=lambda point: point[1]) for stretch in stretches[:-1]] + [points[-1]]


def _hours(begin: datetime, end: datetime) -> list[datetime]:
    """Three or four hours of the day under the line."""
    step = max(1, round((end - begin) / timedelta(hours=1) / 4))
    first = local(begin).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    found: list[datetime] = []
    while first <= end:
        if not found or first - found[-1] >= timedelta(hours=step):
            found.append(first)
        first += timedelta(hours=1)
    margin = (end - begin) / 14
    return [at for at in found if begin + margin <= at <= end - margin]
