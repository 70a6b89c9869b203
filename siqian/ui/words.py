"""Times and lengths as people say them. A due time is always a point in time, with the day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext as _, ngettext

from siqian.kernel.clock import local
from siqian.kernel.permits import Refusal
from siqian.kernel.said import Both, said

WEEKDAYS = (said("周一"), said("周二"), said("周三"), said("周四"), said("周五"), said("周六"), said("周日"))
MONTHS = (
    *(said("1月"), said("2月"), said("3月"), said("4月"), said("5月"), said("6月")),
    *(said("7月"), said("8月"), said("9月"), said("10月"), said("11月"), said("12月")),
)


def say(refusal: Refusal) -> str:
    """A refusal in the reader's language."""
    values = {name: value.en if isinstance(value, Both) and in_english() else value for name, value in refusal.values.items()}
    return _(refusal.template).format(**values)


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def either(zh: str, en: str) -> str:
    """What has a name in both languages, in the reader's."""
    return en if in_english() and en else zh


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A sentence that was kept as a template, its values beside it; what has an English name there has it under NAME_en."""
    return _(text).format(**{name: either(value, values.get(f"{name}_en", "")) for name, value in values.items()})


def day(at: datetime, now: datetime) -> str:
    """今天, 昨天, 明天, 周五（7月17日） within a week, else 7月17日."""
    there, here = local(at).date(), local(now).date()
    apart = (there - here).days
    near = {0: _("今天"), 1: _("明天"), -1: _("昨天")}
    if apart in near:
        return near[apart]
    date = _("{month}{day}日").format(month=_(MONTHS[there.month - 1]), day=there.day)
    if there.year != here.year:
        return _("{year}年{date}").format(year=there.year, date=date)
    return _("{weekday}（{date}）").format(weekday=_(WEEKDAYS[there.weekday()]), date=date) if 1 < apart < 7 else date


def when(at: datetime, now: datetime) -> str:
    """今天14:52."""
    return _("{day}{time}").format(day=day(at, now), time=f"{local(at):%-H:%M}")


def length(span: timedelta) -> str:
    """8分, 3小时38分, 2天4小时; under a minute 1分, so that nothing ever takes no time."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{n}分").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("{h}小时{m}分").format(h=hours, m=rest) if rest else _("{h}小时").format(h=hours)
    days, hours = divmod(hours, 24)
    return _("{d}天{h}小时").format(d=days, h=hours) if hours else _("{d}天").format(d=days)


def left(due: datetime, now: datetime) -> str:
    """还剩8分 before, 超12分 after."""
    if now > due:
        return _("超{length}").format(length=length(now - due))
    return _("还剩{length}").format(length=length(due - now))


def clock_face(span: timedelta) -> str:
    """What stands inside a square clock: 7:21 hours, 0:08 under one hour, days from a hundred hours on."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 6000:
        return _("{n}天").format(n=minutes // 1440)
    return f"{minutes // 60}:{minutes % 60:02d}"


def people(count: int) -> str:
    return ngettext("{n}个人", "{n}个人", count).format(n=count)
