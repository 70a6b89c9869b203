"""Who may do what to a weekly sheet, and when. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta

from siqian.kernel.clock import TOWN, local
from siqian.kernel.permits import Actor, Permit, Refusal

WEEK = timedelta(days=7)
# On Monday at eight the week that is over is drawn up.
DRAWN_UP = time(8)

ISSUING = ("desk", "dispatcher")
ASKING = (*ISSUING, "secretary")
PERMITS = (
    Permit("staff", "read", "any"),
    *(Permit(role, verb, "area") for role in ISSUING for verb in ("draft", "issue", "rule", "correct")),
    *(Permit(role, "exclude", "area") for role in ASKING),
    Permit("staff", "finish", "owner"),
    *(Permit(role, "finish", "area") for role in ISSUING),
    Permit("office", "draft", "area"),
    Permit("office", "correct", "area"),
)

NO_WEEK = Refusal("没有这一周的评。看看地址里的周次，比如2026-W47")
NO_SHEET = Refusal("这一周还没有制表。先制表，再看")
NO_EXCLUSION = Refusal("没有这个除外申请，刷新看看")
NO_CORRECTION = Refusal("没有这件要改的事，刷新看看")
SECOND_PERSON = Refusal("制表的人不能自己签发，请另一位值班台或调度员来签")
ASKED_YOURSELF = Refusal("自己提的除外要由别人来裁")
NOT_NEWEST = Refusal("这一版之后又制过表，请签最新的一版")
ISSUED = Refusal("这一版已经签发过了。要更正，请重新制表，写明为什么")
RULED = Refusal("这个申请已经裁过了，刷新看看")
WHY_AGAIN = Refusal("这一周已经签发过。重新制表要写一句为什么更正", field="words")
EXCLUDED = Refusal("这件事这一周已经申请过除外", field="number")


def span(week: str) -> tuple[datetime, datetime] | None:
    """(since, until) of a week by its name as in 2026-W47, on the town's clock; None when there is no such week."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        begin = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    if begin is None or not 2000 <= begin.year < 2100:
        return None
    since = datetime.combine(begin, time(), TOWN).astimezone(UTC)
    return since, since + WEEK


def week_of(at: datetime) -> str:
    """The name of the week in which an instant lies."""
    year, week, _ = local(at).isocalendar()
    return f"{year}-W{week:02d}"


def before(week: str, back: int = 1) -> str:
    """The name of the week so many weeks earlier."""
    found = span(week)
    assert found is not None, week
    return week_of(found[0] - WEEK * back)


def draft_fault(until: datetime, at: datetime, issued: bool, words: str) -> Refusal | None:
    """A week is drawn up once it is over; once issued, only with the reason for a correction."""
    if at < until:
        return Refusal("这一周还没过完，{month}月{day}日再来制表", month=local(until).month, day=local(until).day)
    if len(words) > 200:
        return Refusal("最多写200字，现在{n}字", field="words", n=len(words))
    return WHY_AGAIN if issued and len(words.strip()) < 4 else None


def issue_fault(drafted_by: str, by: Actor, newest: bool, issued: bool, waiting: int) -> Refusal | None:
    """The newest version, once, by a second person, when nothing waits that would change it."""
    if issued:
        return ISSUED
    if not newest:
        return NOT_NEWEST
    if drafted_by == by.ref:
        return SECOND_PERSON
    return Refusal("还有{n}个除外申请没裁，裁完重新制表再签发", n=waiting) if waiting else None


def reason_fault(reason: str, field: str = "reason") -> Refusal | None:
    if not 4 <= len(reason.strip()) <= 200:
        return Refusal("写清为什么，4到200字，以后查的人要看", field=field)
    return None


def correction_fault(text: str, proof: str, known: bool, until: datetime | None, at: datetime) -> Refusal | None:
    """What is to change, who does it, by which day, and how one sees that it is better: all four."""
    if not 4 <= len(text.strip()) <= 120:
        return Refusal("写清要改什么，4到120字", field="text")
    if not 4 <= len(proof.strip()) <= 120:
        return Refusal("写清怎样算改好，4到120字，到那天照这句看", field="proof")
    if not known:
        return Refusal("没有这个岗位，从名单里选", field="post")
    if until is None or not at < until <= at + timedelta(days=92):
        return Refusal("选一个今天之后、三个月以内的日期", field="until")
    return None


def last_due(at: datetime) -> str | None:
    """The week to be drawn up by now: last week, from Monday at eight on."""
    now = local(at)
    begun = now.weekday() > 0 or now.time() >= DRAWN_UP
    return before(week_of(at)) if begun else None
