"""The signs of the house as template tags: icons, status, pane, square clock, times, evidence in the words."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.html import escape, format_html, mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siqian.kernel.clock import TOWN, local
from siqian.kernel.said import said
from siqian.ui import words

register = template.Library()

SHAPES = {
    "new": '<path class="o" d="M2 2h10v10H2z"/>',
    "on": '<path class="f" d="M1 1h12v12H1z"/>',
    "soon": '<path class="o" d="M2 2h10v10H2z"/><path class="f" d="M1 7h12v6H1z"/>',
    "late": '<path class="f" d="M7 0l7 13H0z"/>',
    "hold": '<path class="o" d="M4.5 2v10M9.5 2v10"/>',
    "back": '<path class="o" d="M6 2.5L2 6.5l4 4M2.5 6.5H9a3 3 0 0 1 3 3V12"/>',
    "done": '<path class="o" d="M1.5 7.5l3.7 3.7L12.5 3"/>',
}
FRAME = "M32 4h20a8 8 0 0 1 8 8v40a8 8 0 0 1-8 8H12a8 8 0 0 1-8-8V12a8 8 0 0 1 8-8z"
MARKS = {"class": ("ev-c", said("类")), "place": ("ev-p", said("地")), "risk": ("ev-t", said("急"))}
SOON = timedelta(minutes=30)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', extra, name)


@register.simple_tag
def status(kind: str, text: str) -> SafeString:
    """Shape + word + colour: new, on, soon, late, hold, back, done."""
    return format_html(
        '<span class="st st-{}"><svg viewBox="0 0 14 14" aria-hidden="true">{}</svg>{}</span>', kind, mark_safe(SHAPES[kind]), text
    )


@register.simple_tag(takes_context=True)
def time_left(context: dict[str, Any], due: datetime, started: datetime | None = None) -> SafeString:
    """The status of a running promise: how long is left, or how late it is."""
    now = context["at"]
    return status(urgency(due, now, started), words.left(due, now))


def urgency(due: datetime, now: datetime, started: datetime | None = None) -> str:
    if now > due:
        return "late"
    return "soon" if due - now <= SOON / 2 or (due - now <= SOON and started is not None and due - started > SOON) else "on"


@register.simple_tag
def pane(look: int, lit: bool, label: str = "", size: str = "") -> SafeString:
    """A person in a window, lit while on duty."""
    tag = format_html("<b>{}</b>", label) if label else ""
    return format_html(
        '<span class="pane {} {}"><svg viewBox="0 0 64 80" aria-hidden="true"><use href="#bust-{}"/></svg>{}</span>',
        "lit" if lit else "",
        size,
        look % 4,
        tag,
    )


@register.simple_tag(takes_context=True)
def square_clock(context: dict[str, Any], clock: Any, size: str = "") -> SafeString:
    """A promise that drains round its frame: done, late or running."""
    now = context["at"]
    if clock.stopped:
        kept = clock.stopped <= clock.due
        inner = format_html("<b>{}</b>", icon("check" if kept else "clock"))
        return _frame("done" if kept else "late", 100, inner, size)
    whole = max((clock.due - clock.started).total_seconds(), 1)
    share = max(0, min(100, round(100 * (clock.due - now).total_seconds() / whole)))
    late = now > clock.due
    face = words.clock_face(now - clock.due if late else clock.due - now)
    return _frame("late" if late else "", 100 if late else share, format_html("<b>{}</b>", face), size)


def _frame(state: str, share: int, inner: SafeString | str, size: str) -> SafeString:
    path = mark_safe(FRAME)
    inner = "" if "clk-s" in size else inner
    return format_html(
        '<span class="clk {} {}"><svg viewBox="0 0 64 64" aria-hidden="true"><path class="t" d="{}"/>'
        '<path class="v" pathLength="100" stroke-dasharray="{} 100" d="{}"/></svg>{}</span>',
        state,
        size,
        path,
        share,
        path,
        inner,
    )


@register.simple_tag(takes_context=True)
def small_clock(context: dict[str, Any], due: datetime, started: datetime) -> SafeString:
    """The little clock of a list row."""
    now = context["at"]
    whole = max((due - started).total_seconds(), 1)
    share = 100 if now > due else max(2, min(100, round(100 * (due - now).total_seconds() / whole)))
    return _frame("late" if now > due else "", share, "", "clk-s")


@register.simple_tag(takes_context=True)
def when(context: dict[str, Any], at: datetime | None) -> str:
    return words.when(at, context["at"]) if at else ""


@register.simple_tag(takes_context=True)
def day(context: dict[str, Any], at: datetime) -> str:
    return words.day(at, context["at"])


@register.filter
def hm(at: datetime) -> str:
    return f"{local(at):%-H:%M}"


@register.simple_tag
def lasted(begin: datetime, end: datetime) -> str:
    return words.length(end - begin)


@register.simple_tag(takes_context=True)
def until(context: dict[str, Any], at: datetime | None) -> str:
    """到20:00 today, 到明天8:00 otherwise."""
    if at is None:
        return ""
    text = words.when(at, context["at"])
    return text.removeprefix(_("今天")).strip()


@register.simple_tag
def told(text: str, spans: list[list[Any]], tags: bool = False) -> SafeString:
    """The teller's words with the evidence underlined: what was read as class, place, urgency."""
    out, at = [], 0
    for start, end, stage in spans:
        if start < at or end > len(text):
            continue
        kind, sign = MARKS[stage]
        sup = f"<sup>{escape(_(sign))}</sup>" if tags else ""
        out += [escape(text[at:start]), f'<span class="ev {kind}">{escape(text[start:end])}{sup}</span>']
        at = end
    out.append(escape(text[at:]))
    return mark_safe("".join(out))


@register.simple_tag
def either(zh: str, en: str) -> str:
    """A catalogue's name in the reader's language."""
    return words.either(zh, en)


@register.simple_tag
def filled(text: str, values: dict[str, Any]) -> str:
    """A sentence that was kept as a template with its values beside it: `kind` gives way to `kind_en` for whoever reads English."""
    return words.filled(text, values)


@register.filter
def of(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key, "")


@register.filter
def percent(share: float) -> str:
    return f"{round(100 * share)}%"


@register.simple_tag
def people_hint(card: Any) -> str:
    """What to come to this person for; the pronoun is left out, for a post is held by anybody."""
    return _(card.hint)


@register.simple_tag(takes_context=True)
def left(context: dict[str, Any], due: datetime) -> str:
    """还剩8分, 超12分."""
    return words.left(due, context["at"])


@register.simple_tag(takes_context=True)
def on_day(context: dict[str, Any], day: date) -> str:
    """A day without an hour: 周五（7月17日）, 2027年1月3日."""
    return words.day(datetime(day.year, day.month, day.day, 12, tzinfo=TOWN), context["at"])
