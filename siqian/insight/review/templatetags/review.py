"""How a sheet's numbers are drawn: rates and counts, dots on a line, sentences in the reader's language."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.insight.review.rules import numbers, words as measure_words
from siqian.ui import words
from siqian.ui.words import either, in_english

register = template.Library()


@register.simple_tag
def rate(count: tuple[int, int] | None) -> str:
    """96.4 of thirty or more, 12/18 of fewer, 不足5 where people could be recognised; the head of the column says %."""
    if count is None:
        return _("不足{n}").format(n=numbers.FEW)
    return numbers.shown(count).removesuffix("%")


@register.simple_tag
def interval(count: tuple[int, int] | None) -> str:
    """The interval of a rate, for whoever wants to know how sure it is."""
    if count is None or not count[1]:
        return ""
    low, high = numbers.wilson(*count)
    return f"{100 * low:.0f}–{100 * high:.0f}%"


@register.simple_tag
def dot(count: tuple[int, int] | None, scale: tuple[float, float], mean: tuple[int, int] | None) -> SafeString | str:
    """A rate as a dot on a line, with its interval, against the district's mean; nothing for small numbers."""
    share, whole = numbers.rate(count), numbers.rate(mean)
    if count is None or share is None or whole is None:
        return ""
    low, high = numbers.wilson(*count)
    at, start, end, middle = (_along(value, scale) for value in (share, low, high, whole))
    return format_html(
        '<svg class="dot" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"><path class="ax" d="M0 7h100"/>'
        '<path class="iv" d="M{} 7H{}"/><path class="rf" d="M{} 1v12"/><rect class="pt" x="{}" y="3" width="5" height="8"/></svg>',
        f"{start:.1f}",
        f"{end:.1f}",
        f"{middle:.1f}",
        f"{at - 2.5:.1f}",
    )


def _along(value: float, scale: tuple[float, float]) -> float:
    low, high = scale
    return 3 + 94 * max(0.0, min(1.0, (value - low) / (high - low)))


@register.simple_tag
def minutes(count: int | None, whole: int = 0) -> str:
    """12分, 5.2时, 3.1天; a dash when too few were answered."""
    if count is None:
        return "—"
    if count < 60:
        return _("{n}分").format(n=count)
    return _("{n}时").format(n=f"{count / 60:.1f}") if count < 48 * 60 else _("{n}天").format(n=f"{count / 1440:.1f}")


@register.simple_tag
def saying(said: dict[str, Any]) -> str:
    """A sentence that was frozen as a template with its values, in the reader's language."""
    values = dict(said["values"])
    if in_english():
        values |= {name.removesuffix("_en"): value for name, value in values.items() if name.endswith("_en")}
    return _(said["text"]).format(**values)


@register.simple_tag
def named(line: dict[str, Any]) -> str:
    """A line's name as it was when the sheet was drawn up."""
    zh, en = line["zh"], line["en"]
    return either(_(zh) if not line.get("key") else zh, en) or "—"


@register.filter
def measure(code: str) -> str:
    return _(measure_words.MEASURES[code][0])


@register.filter
def short(code: str) -> str:
    return _(measure_words.SHORT[code])


@register.filter
def counted_how(code: str) -> str:
    return _(measure_words.MEASURES[code][1])


@register.filter
def dimension(code: str) -> str:
    return _(measure_words.DIMENSIONS[code])


@register.simple_tag
def week_words(week: str) -> str:
    """2026年第47周."""
    year, number = week.split("-W")
    return _("{year}年第{week}周").format(year=year, week=int(number))


@register.simple_tag
def days(since: Any, until: Any) -> str:
    """7月6日至7月12日."""
    from datetime import timedelta

    far = since - timedelta(days=40)
    return _("{since}至{until}").format(since=words.day(since, far), until=words.day(until - timedelta(seconds=1), far))
