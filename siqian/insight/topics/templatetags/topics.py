"""How topics are drawn: fourteen days as bars, where they stand, what was done to them."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from siqian.insight.topics import saying
from siqian.ui.templatetags.ui import status

register = template.Library()
WIDE, HIGH = 4, 24


@register.simple_tag
def spark(days: Sequence[int]) -> SafeString:
    """One bar a day, today last and marked; the sentence says the same."""
    most = max([*days, 1])
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="3" height="{}"/>',
        ((("now" if at == len(days) - 1 else "d"), at * WIDE, *_bar(count, most)) for at, count in enumerate(days)),
    )
    label = _("最近{days}天每天多少人说：{counts}").format(days=len(days), counts=_("、").join(map(str, days)))
    box = f"0 0 {len(days) * WIDE - 1} {HIGH}"
    return format_html('<svg class="spark" viewBox="{}" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>', box, label, bars)


@register.simple_tag
def topic_sign(line: Any) -> SafeString:
    kind = {"open": "on" if line.warmth.rising else "new", "raised": "done", "closed": "hold", "merged": "back"}[line.state]
    return status(kind, saying.state_word(line))


@register.simple_tag
def grown(warmth: Any) -> str:
    """之前每周1.7人."""
    return _("之前每周{n}人").format(n=saying.plain(warmth.before))


@register.simple_tag
def people(count: int) -> str:
    return ngettext("{n}人", "{n}人", count).format(n=count)


@register.filter
def one_place(number: float) -> str:
    return f"{number:.1f}"


@register.simple_tag
def some(pairs: Sequence[tuple[str, int]], what: str, most: int = 2) -> str:
    """榕荫社区8、木棉社区2等4处: the first of (code, how many told)."""
    names = {"area": saying.area_name, "unit": saying.unit_name}[what]
    words = _("、").join(f"{names(code)} {count}" for code, count in pairs[:most])
    return _("{words}等{n}个").format(words=words, n=len(pairs)) if len(pairs) > most else words


@register.simple_tag
def deed_words(deed: Any) -> str:
    return saying.deed_words(deed)


@register.simple_tag
def how_words(how: str) -> str:
    return _(saying.HOW[how])


@register.filter
def bar_top(count: int, most: int) -> float:
    return round(100 - 100 * count / max(most, 1), 1)


@register.filter
def bar_height(count: int, most: int) -> float:
    return round(100 * count / max(most, 1), 1)


def _bar(count: int, most: int) -> tuple[float, float]:
    # A day without anybody keeps a line on which one sees that it was counted.
    high = max(1.0, round(HIGH * count / most, 1))
    return round(HIGH - high, 1), high
