"""Whether a courier comes in here, now, this way: a compound's own rules, and why not where not. Pure.

The same decision is made in a gate's browser without a network (static/passes/deciding.js); a test holds the two against each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from siqian.kernel.clock import local
from siqian.kernel.said import said

from .passing import CLASSES, WAYS

GREEN, AMBER, RED = "green", "amber", "red"
# Why a gate says what it says; {…} are filled in by whoever shows it.
SENTENCES = {
    "come_in": said("请进"),
    "emergency": said("急救抢险，马上放行"),
    "locked": said("临时封控到{until}，急救不受影响"),
    "other_gate": said("这个门现在不进，走{gate}"),
    "other_way": said("这里现在只能{ways}"),
    "later": said("{since}起能进"),
    "never": said("这个小区不让{klass}进，可以在通行码页上投诉"),
    "full": said("里面人多，等出来几位再进"),
    "revoked": said("这张码停用了，请本人打开通行码页看原因"),
    "stale": said("码过时了，请再出示一次，截图不行"),
    "replayed": said("这张码刚用过，等码换新再扫"),
    "expired": said("码到期了，联网打开通行码页就会换新"),
    "from_the_future": said("手机时间不对，调成自动再出示"),
    "issuer": said("不是四千或认可单位发的码"),
    "signature": said("码是假的或者坏了，别放行"),
    "pass_alone": said("这是码的底子，不能出示。打开通行码页再扫"),
    "prefix": said("这不是通行码"),
    "unread": said("码没读全，擦擦屏幕再扫一次"),
    "wrong_gate": said("这张码是给别的门出示的，在这个门再出示一次"),
    "old_list": said("这个门太久没联网，查不到停用名单。请看看人和单，能放就人工放行"),
}
# The same as a heading of a count.
SHORT = {
    "locked": said("临时封控"),
    "other_gate": said("走错门"),
    "other_way": said("不能这样进"),
    "later": said("不在时间里"),
    "never": said("这类小哥不让进"),
    "full": said("里面人多"),
    "revoked": said("码停用了"),
    "stale": said("码过时"),
    "replayed": said("重复用"),
    "expired": said("码到期"),
    "from_the_future": said("手机时间不对"),
    "old_list": said("门太久没联网"),
    "wrong_gate": said("给别的门的码"),
    "unread": said("没读全"),
    "prefix": said("不是通行码"),
    "pass_alone": said("不是通行码"),
    "issuer": said("不认识的发码单位"),
    "signature": said("假的或坏的码"),
}
NO_DAYS, ALL_DAYS = "0000000", "1111111"
MINUTES = 24 * 60


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may come when, by which gates, how. days: 7 digits from Monday; minutes of the day, end over 1440 runs past midnight."""

    classes: tuple[str, ...]
    days: str = ALL_DAYS
    begin: int = 0
    end: int = MINUTES
    ways: tuple[str, ...] = ("foot", "push")
    gates: tuple[str, ...] = ()


class Special(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A day with windows of its own; none: closed."""

    day: str
    why: str = ""
    windows: tuple[Window, ...] = ()


class GateLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A gate as others speak of it. toward: how to get there from the others."""

    code: str
    name: str
    name_en: str = ""
    toward: str = ""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A compound's rules. speed: km/h, 0 for none; leave_by: minute of the day, 0 for none; capacity: couriers inside, 0 for none."""

    windows: tuple[Window, ...] = ()
    specials: tuple[Special, ...] = ()
    gates: tuple[GateLine, ...] = ()
    speed: int = 15
    leave_by: int = 0
    parking: str = ""
    zones: str = ""
    capacity: int = 0


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """colour: green, amber, red. reason: a key of SENTENCES. ways: how one may go here; gate: where instead; since: minute of the day."""

    colour: str
    reason: str
    ways: tuple[str, ...] = ()
    gate: str = ""
    since: int = -1
    until: str = ""


def decide(
    rules: Rules, *, gate: str, klass: str, goes: Sequence[str], at: datetime, locked_until: datetime | None = None, inside: int = 0
) -> Decision:
    """What a gate of this compound says to somebody with a good pass. An emergency always comes in."""
    if klass == "emergency":
        return Decision(colour=GREEN, reason="emergency", ways=tuple(goes))
    if locked_until is not None and at < locked_until:
        return Decision(colour=RED, reason="locked", until=f"{local(locked_until):%H:%M}")
    now = local(at)
    if ways := _ways(rules, gate, klass, goes, now):
        if rules.capacity and inside >= rules.capacity:
            return Decision(colour=AMBER, reason="full", ways=ways)
        return Decision(colour=GREEN, reason="come_in", ways=ways)
    return _instead(rules, gate, klass, goes, now)


def _instead(rules: Rules, gate: str, klass: str, goes: Sequence[str], now: datetime) -> Decision:
    """What would help: another way at this gate, another gate, another hour of today."""
    if others := _ways(rules, gate, klass, tuple(WAYS), now):
        return Decision(colour=AMBER, reason="other_way", ways=others)
    for line in rules.gates:
        if line.code != gate and (ways := _ways(rules, line.code, klass, goes, now)):
            return Decision(colour=RED, reason="other_gate", ways=ways, gate=line.code)
    minute = now.hour * 60 + now.minute
    later = [window.begin for window in _windows(rules, now.date()) if _fits(window, gate, klass) and _on(window, now.date())]
    if later := sorted(begin for begin in later if begin > minute):
        return Decision(colour=RED, reason="later", since=later[0])
    return Decision(colour=RED, reason="never" if not _ever(rules, klass) else "later", since=_first(rules, gate, klass))


def _ways(rules: Rules, gate: str, klass: str, goes: Iterable[str], now: datetime) -> tuple[str, ...]:
    """How somebody of this class may go at this gate now: what the rules allow and the pass says."""
    minute = now.hour * 60 + now.minute
    today, before = now.date(), date.fromordinal(now.toordinal() - 1)
    found: set[str] = set()
    for window in _windows(rules, today):
        if _fits(window, gate, klass) and _on(window, today) and window.begin <= minute < window.end:
            found |= set(window.ways)
    for window in _windows(rules, before):
        if _fits(window, gate, klass) and _on(window, before) and window.begin <= minute + MINUTES < window.end:
            found |= set(window.ways)
    return tuple(way for way in WAYS if way in found and way in goes)


def _windows(rules: Rules, day: date) -> tuple[Window, ...]:
    return next((special.windows for special in rules.specials if special.day == day.isoformat()), rules.windows)


def _fits(window: Window, gate: str, klass: str) -> bool:
    return klass in window.classes and (not window.gates or gate in window.gates)


def _on(window: Window, day: date) -> bool:
    return window.days[day.weekday()] == "1"


def _ever(rules: Rules, klass: str) -> bool:
    return any(klass in window.classes and window.days != NO_DAYS for window in rules.windows)


def _first(rules: Rules, gate: str, klass: str) -> int:
    """When this class comes in on an ordinary day, by this gate where it does at all."""
    fitting = [window for window in rules.windows if klass in window.classes]
    here = [window for window in fitting if not window.gates or gate in window.gates]
    return min((window.begin for window in here or fitting), default=-1)


def faults(rules: Rules) -> str:
    """What cannot be so in rules that somebody wrote: the name of the part, empty when there is nothing."""
    codes = {line.code for line in rules.gates}
    for window in (*rules.windows, *(one for special in rules.specials for one in special.windows)):
        if not window.classes or not set(window.classes) <= set(CLASSES):
            return "classes"
        if not window.ways or not set(window.ways) <= set(WAYS):
            return "ways"
        if len(window.days) != 7 or not set(window.days) <= {"0", "1"}:
            return "days"
        if not 0 <= window.begin < MINUTES or not window.begin < window.end <= window.begin + MINUTES:
            return "hours"
        if not set(window.gates) <= codes:
            return "gates"
    return "" if 0 <= rules.speed <= 40 and 0 <= rules.capacity <= 10_000 else "numbers"


def shuts_out(rules: Rules) -> tuple[str, ...]:
    """The classes that never come in, which a district wants to know."""
    return tuple(klass for klass in CLASSES if klass != "emergency" and not _ever(rules, klass))
