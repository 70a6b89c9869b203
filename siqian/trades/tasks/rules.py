"""When a late task climbs, how a term and its pauses make a due time, and how a list of tasks is read. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel import deadline
from siqian.kernel.deadline import Term
from siqian.kernel.said import said

# Overdue climbs to the community's desk at once, to the street after one more step, to the district after two.
HIGHEST = 3
SOON = timedelta(minutes=30)
STEPS = {
    "assign": timedelta(minutes=10),
    "accept": timedelta(minutes=15),
    "respond": timedelta(minutes=15),
    "settle": timedelta(hours=4),
    "stage": timedelta(hours=24),
    "check": timedelta(hours=8),
    "rule": timedelta(hours=4),
    "review": timedelta(hours=24),
    "supervise": timedelta(hours=8),
    "correct": timedelta(hours=24),
    "renew": timedelta(hours=24),
    "inform": timedelta(hours=24),
    "opinion": timedelta(hours=24),
    "reexamine": timedelta(hours=24),
    "recheck": timedelta(hours=24),
    "approve": timedelta(hours=4),
    "explain": timedelta(hours=4),
    "gap": timedelta(hours=1),
    "confirm": timedelta(minutes=30),
    "arrive": timedelta(minutes=30),
    "lead": timedelta(hours=24),
    "meet": timedelta(hours=24),
    "visit": timedelta(hours=24),
    "promise": timedelta(hours=24),
    "relief": timedelta(hours=12),
    "round": timedelta(hours=24),
    "call": timedelta(hours=24),
    "acknowledge": timedelta(minutes=10),
    "over": timedelta(hours=2),
    "reconnect": timedelta(hours=1),
}
# What a community's, a street's or the district's desk owes itself begins higher, so there are fewer levels above it.
TOP = {"gap": 2, "check": 2, "rule": 1, "review": 1, "supervise": 1, "correct": 1, "renew": 1}
TOP |= {"inform": 2, "opinion": 2, "reexamine": 1, "recheck": 1, "approve": 1}
# A unit that was called answers to the street; a leader's own case climbs to the street's desk and past it.
# A round whose time is over is missed; the desk hears of it, and nobody above.
TOP |= {"round": 1}
# A home that waits for its visit: the community's desk asks its keeper, nobody above hears whose home it is.
TOP |= {"call": 1}
# A system that is silent is the district's own to find out about.
TOP |= {"reconnect": 1}
TOP |= {"confirm": 2, "arrive": 2, "lead": 2, "meet": 2}
# At these shares of the time that a clock has, its owner is reminded while it can still be kept.
WARNINGS = {
    "respond": (0.5,),
    "settle": (0.5, 0.8),
    "stage": (0.5, 0.8),
    "check": (0.5,),
    "rule": (0.5,),
    "review": (0.8,),
    "supervise": (0.5,),
    "correct": (0.5, 0.8),
    "inform": (0.5, 0.8),
    "opinion": (0.5, 0.8),
    "reexamine": (0.5, 0.8),
    "recheck": (0.5, 0.8),
    "approve": (0.5,),
    "explain": (0.5,),
    "gap": (0.5, 0.9),
    "confirm": (0.5,),
    "arrive": (0.5, 0.8),
    "judge": (0.5, 0.8),
    "lead": (0.8,),
    "meet": (0.5, 0.8),
    "visit": (0.8,),
    "promise": (0.5, 0.8),
    "relief": (0.5,),
    "round": (0.7,),
    "call": (0.8,),
    "over": (0.5, 0.8),
    "reconnect": (0.5,),
}
WARNED = {
    "respond": said("还剩{minutes}分钟，要和说事的人联系：{title}"),
    "settle": said("办结还剩{hours}小时：{title}"),
    "stage": said("阶段答复还剩{hours}小时到期：{title}"),
    "check": said("现场核查还剩{hours}小时：{title}"),
    "rule": said("裁定还剩{hours}小时：{title}"),
    "review": said("挂账复核还剩{hours}小时：{title}"),
    "supervise": said("督办意见还剩{hours}小时：{title}"),
    "correct": said("整改还剩{hours}小时：{title}"),
    "inform": said("告知信访是否受理还剩{hours}小时：{title}"),
    "opinion": said("出具信访处理意见还剩{hours}小时：{title}"),
    "reexamine": said("信访复查答复还剩{hours}小时：{title}"),
    "recheck": said("信访复核答复还剩{hours}小时：{title}"),
    "approve": said("批信访延期还剩{hours}小时：{title}"),
    "gap": said("还有{hours}小时没人在岗：{title}"),
    "explain": said("说事的人问为什么还没办好，还剩{hours}小时要回：{title}"),
    "confirm": said("还剩{minutes}分钟，要确认到场：{title}"),
    "arrive": said("联合办理还剩{minutes}分钟到点：{title}"),
    "judge": said("评这次联合办理还剩{hours}小时：{title}"),
    "lead": said("包案要看一次，还剩{hours}小时：{title}"),
    "meet": said("包案接访还剩{hours}小时：{title}"),
    "visit": said("记走访还剩{hours}小时：{title}"),
    "relief": said("请假换班还剩{hours}小时要批：{title}"),
    "promise": said("走访时答应的事，还剩{hours}小时要答复：{title}"),
    "round": said("巡查还剩{hours}小时：{title}"),
    "call": said("约好的走访还剩{hours}小时：{title}"),
    "over": said("处置还剩{hours}小时：{title}"),
    "reconnect": said("断线的系统还剩{minutes}分钟要查：{title}"),
}
# A rating, and how a joint action was, is asked for, never demanded: nobody is climbed to for it.
CLIMBING = frozenset(STEPS)


@dataclass(frozen=True)
class Climb:
    level: int
    next: datetime | None


def top(what: str) -> int:
    """How many levels a late clock climbs."""
    return TOP.get(what, HIGHEST)


def climb(what: str, level: int, at: datetime) -> Climb:
    """One level up, and when the next step follows."""
    highest = top(what)
    higher = min(level + 1, highest)
    return Climb(higher, at + STEPS[what] if higher < highest else None)


def warning(what: str, warned: int, started: datetime, due: datetime) -> datetime | None:
    """When the owner is reminded next, having been so often; None when no more."""
    shares = WARNINGS.get(what, ())
    return started + (due - started) * shares[warned] if warned < len(shares) else None


def passed(what: str, started: datetime, due: datetime, at: datetime) -> int:
    """How many of its reminders lie behind: of several that a worker slept through, one is told."""
    return sum(started + (due - started) * share <= at for share in WARNINGS.get(what, ()))


def left(due: datetime, at: datetime) -> dict[str, str]:
    """How much time is left, as the sentences above need it: at least one of what is counted."""
    minutes = max(1, round((due - at) / timedelta(minutes=1)))
    return {"minutes": str(minutes), "hours": str(max(1, round(minutes / 60)))}


@dataclass(frozen=True)
class Stop:
    """One pause of a clock, ended at `until` or, at the latest, at its limit."""

    since: datetime
    limit: datetime
    until: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.limit if self.until is None else min(self.until, self.limit)


def due(started: datetime, term: Term, stops: Iterable[Stop]) -> datetime:
    """When a term falls due: its start plus the term, less what was paused. A pause that still lasts counts up to its limit."""
    reckoned = deadline.due(started, term, [deadline.Pause(stop.since, stop.end) for stop in stops])
    assert reckoned is not None  # every pause ends
    return reckoned


def term(minutes: int | None, working_days: int | None) -> Term | None:
    """The term that a task's columns keep; None for an appointed day."""
    if working_days:
        return Term.working_days(working_days)
    return Term.minutes(minutes) if minutes else None


def columns(term: Term | None) -> dict[str, int | None]:
    """The same the other way round."""
    if term is None:
        return {"minutes": None, "working_days": None}
    if term.working:
        return {"minutes": None, "working_days": round(term.length / deadline.WORKING_DAY)}
    return {"minutes": round(term.length / timedelta(minutes=1)), "working_days": None}


def longer(term: Term, amount: int) -> Term:
    """A term with so many hours, or working days where it is counted in those, on top."""
    return Term(term.length + (deadline.WORKING_DAY * amount if term.working else timedelta(hours=amount)), term.working)


def group(due: datetime, waits: bool, at: datetime) -> str:
    """The heading that a task stands under: first | today | others."""
    if waits:
        return "others"
    return "first" if due - at <= SOON else "today"
