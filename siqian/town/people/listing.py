"""Persons, posts and rosters as they come in from a file, and what is wrong with them. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Refusal
from siqian.kernel.sheets import day

PERSON_HEADINGS = {
    "code": ("code", "工号", "人员编码"),
    "name": ("name", "姓名"),
    "name_en": ("name_en", "英文名"),
    "look": ("look", "头像"),
}
POST_HEADINGS = {
    "code": ("code", "post", "岗位编码"),
    "duty": ("duty", "职责"),
    "area": ("area", "网格编码", "区域编码"),
    "name": ("name", "岗位名称"),
    "name_en": ("name_en", "英文名"),
    "unit": ("unit", "单位编码"),
}
ROSTER_HEADINGS = {
    "post": ("post", "岗位编码"),
    "person": ("person", "工号", "人员编码"),
    "since": ("since", "任职起"),
    "until": ("until", "任职止"),
    "days": ("days", "星期"),
    "begin": ("begin", "上班"),
    "end": ("end", "下班"),
    "away_from": ("away_from", "请假起"),
    "away_to": ("away_to", "请假止"),
    "stand_in": ("stand_in", "替班"),
}
ACCOUNT_HEADINGS = {
    "username": ("username", "用户名"),
    "person": ("person", "工号", "人员编码"),
    "name": ("name", "姓名"),
    "active": ("active", "启用"),
}
USERNAME = re.compile(r"[\w.@+\-]{2,40}", re.ASCII)
SWITCH = dict.fromkeys(("", "是", "yes", "1", "true", "True"), True) | dict.fromkeys(("否", "no", "0", "false", "False"), False)
CODE = re.compile(r"[\w:\-]{1,24}", re.ASCII)
POST_CODE = re.compile(r"[\w:\-]{1,32}", re.ASCII)
HOUR = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
DAYS = re.compile(r"([1-7])(?:[-~至到]([1-7]))?")
WEEK = str.maketrans("一二三四五六日天", "12345677")


@dataclass(frozen=True)
class NamedRow:
    """A person as one comes in."""

    row: int
    code: str
    name: str
    name_en: str
    look: int


@dataclass(frozen=True)
class PostRow:
    row: int
    code: str
    duty: str
    area: str
    name: str
    name_en: str
    unit: str = ""


@dataclass(frozen=True)
class TurnRow:
    """A person on a post, from one day to another; shifts: (weekday, start, end) in minutes after midnight."""

    row: int
    post: str
    person: str
    since: date | None
    until: date | None
    shifts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class SignInRow:
    """An account as it comes in: of somebody on the list of persons, or of a resident by name."""

    row: int
    username: str
    person: str
    name: str
    active: bool

    @property
    def code(self) -> str:
        return self.username


@dataclass(frozen=True)
class AwayRow:
    """A person is away from one instant to another; stand_in: who takes over, if anybody."""

    row: int
    person: str
    since: datetime
    until: datetime
    stand_in: str


def person_row(number: int, cells: Mapping[str, str]) -> NamedRow | list[Refusal]:
    look = cells.get("look", "") or "0"
    found = [] if CODE.fullmatch(cells["code"]) else [_fault(number, Refusal("工号“{code}”写1到24个字母、数字或-", code=cells["code"]))]
    if not 0 < len(cells["name"]) <= 30:
        found.append(_fault(number, Refusal("姓名写1到{most}个字", most=30)))
    if not look.isdecimal() or int(look) > 99:
        found.append(_fault(number, Refusal("头像写0到99的一个数")))
    return found or NamedRow(number, cells["code"], cells["name"], (cells.get("name_en", "") or cells["name"])[:60], int(look))


def post_row(number: int, cells: Mapping[str, str], duties: Mapping[str, str]) -> PostRow | list[Refusal]:
    """duties: what a duty is called -> its code."""
    duty = duties.get(cells["duty"], cells["duty"])
    found = (
        []
        if POST_CODE.fullmatch(cells["code"])
        else [_fault(number, Refusal("岗位编码“{code}”写1到32个字母、数字或-", code=cells["code"]))]
    )
    if duty not in duties.values():
        found.append(_fault(number, Refusal("职责“{duty}”不认识，写{known}之一", duty=cells["duty"], known="、".join(duties))))
    if not 0 < len(cells["name"]) <= 60:
        found.append(_fault(number, Refusal("岗位名称写1到{most}个字", most=60)))
    english = (cells.get("name_en", "") or cells["name"])[:80]
    return found or PostRow(number, cells["code"], duty, cells["area"], cells["name"], english, cells.get("unit", "")[:32])


def account_row(number: int, cells: Mapping[str, str]) -> SignInRow | list[Refusal]:
    found = []
    if not USERNAME.fullmatch(cells["username"]):
        found.append(_fault(number, Refusal("用户名“{name}”写2到40个字母、数字或.@+-_", name=cells["username"])))
    if not cells.get("person") and not 0 < len(cells.get("name", "")) <= 30:
        found.append(_fault(number, Refusal("写工号；没有工号的写姓名，1到30个字")))
    active = SWITCH.get(cells.get("active", ""))
    if active is None:
        found.append(_fault(number, Refusal("启用一栏写是或否")))
    if found or active is None:
        return found
    return SignInRow(number, cells["username"], cells.get("person", ""), cells.get("name", "")[:30], active)


def roster_row(number: int, cells: Mapping[str, str]) -> TurnRow | AwayRow | list[Refusal]:
    """A turn on a post, or, with 请假起 filled in, a leave."""
    if cells.get("away_from"):
        return _away(number, cells)
    since, until = day(cells.get("since", "")), day(cells.get("until", ""))
    found = [_fault(number, part) for part in (since, until) if isinstance(part, Refusal)]
    shifts = _shifts(cells.get("days", ""), cells.get("begin", ""), cells.get("end", ""))
    if isinstance(shifts, Refusal):
        found.append(_fault(number, shifts))
    if not cells.get("post"):
        found.append(_fault(number, Refusal("岗位编码空着，补上")))
    if isinstance(since, date) and isinstance(until, date) and until < since:
        found.append(_fault(number, Refusal("任职止不能早于任职起")))
    if found or isinstance(since, Refusal) or isinstance(until, Refusal) or isinstance(shifts, Refusal):
        return found
    return TurnRow(number, cells["post"], cells["person"], since, until, shifts)


def unknown(
    turns: Sequence[TurnRow], aways: Sequence[AwayRow], posts: Collection[str], persons: Collection[str], held: Collection[tuple[str, str]]
) -> list[Refusal]:
    """Posts and persons that nobody knows; turns that begin on no day. held: (post, person) that stand already."""
    found = [
        _fault(row.row, Refusal("没有岗位{code}，先用 siqian import posts 导入", code=row.post)) for row in turns if row.post not in posts
    ]
    named = (
        [(row.row, row.person) for row in turns]
        + [(row.row, row.person) for row in aways]
        + [(row.row, row.stand_in) for row in aways if row.stand_in]
    )
    found += [
        _fault(row, Refusal("名单里没有{code}，先用 siqian import persons 导入", code=code)) for row, code in named if code not in persons
    ]
    new = {(row.post, row.person) for row in turns if row.since is not None} | set(held)
    found += [_fault(row.row, Refusal("第一次任职要写任职起")) for row in turns if (row.post, row.person) not in new]
    return sorted(found, key=lambda fault: int(fault.values["row"]))


def _away(number: int, cells: Mapping[str, str]) -> AwayRow | list[Refusal]:
    since, until = _instant(cells["away_from"]), _instant(cells.get("away_to", ""))
    if since is None or until is None:
        return [_fault(number, Refusal("请假的起止写成2026-07-13 08:00这样，两头都写"))]
    if until <= since:
        return [_fault(number, Refusal("假期的结束要晚于开始，把“到”改晚一些"))]
    return AwayRow(number, cells["person"], since, until, cells.get("stand_in", ""))


def _instant(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written.replace("/", "-"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=TOWN)


def _shifts(days: str, begin: str, end: str) -> tuple[tuple[int, int, int], ...] | Refusal:
    """1-5 or 一至五 with 08:00 and 20:00; an end that is not later runs into the next day. Nothing at all: no shift."""
    if not (days or begin or end):
        return ()
    start, stop = _minutes(begin), _minutes(end)
    match = DAYS.fullmatch(days.translate(WEEK).replace("周", "").replace("星期", "").strip())
    if match is None or start is None or stop is None:
        return Refusal("班次写成星期1-5、上班08:00、下班20:00这样，三格都写")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        return Refusal("星期从小写到大，如1-5；跨周末的写两行")
    return tuple((weekday - 1, start, stop if stop > start else stop + 24 * 60) for weekday in range(first, last + 1))


def _minutes(written: str) -> int | None:
    match = HOUR.fullmatch(written.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else None
    return minutes if minutes is not None and minutes <= 24 * 60 and int(written.strip()[-2:]) < 60 else None


def _fault(row: int, fault: Refusal) -> Refusal:
    return Refusal("第{row}行：{what}", row=row, what=fault.why)
