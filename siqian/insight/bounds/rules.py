"""How a grid is adjusted: what may be asked for, who takes which step, what stands against it. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from siqian.kernel.clock import TOWN
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Actor, Permit, Refusal
from siqian.kernel.said import said
from siqian.town.places.rules import AreaRow, shaping

EDITOR = "system_admin"
# Who may say yes or no to what somebody else proposed.
RULING = (EDITOR, "dispatcher")
WHO = "system administrator"
SECOND = "another system administrator, dispatcher"
ADJUSTMENT = Flow(
    Move("drafted", "propose", "proposed", WHO),
    Move("drafted", "withdraw", "withdrawn", WHO),
    Move("proposed", "approve", "approved", SECOND),
    Move("proposed", "decline", "declined", SECOND),
    Move("proposed", "withdraw", "withdrawn", WHO),
    Move("approved", "withdraw", "withdrawn", WHO),
    Move("approved", "enact", "in_force", "clock"),
    Move("approved", "overtake", "overtaken", "clock"),
)
PERMITS = (
    *(Permit(role, "read", "area") for role in (*RULING, "desk", "secretary", "leader", "inspector", "security_admin", "audit_admin")),
    *(Permit(EDITOR, verb, "area") for verb in ("draft", "propose", "withdraw")),
    *(Permit(role, verb, "area") for role in RULING for verb in ("approve", "decline")),
    Permit("office", "enact", "area"),
)
STATES = {
    "drafted": said("草稿"),
    "proposed": said("等另一人批"),
    "approved": said("批了，等生效"),
    "in_force": said("已经生效"),
    "declined": said("没批"),
    "withdrawn": said("撤回了"),
    "overtaken": said("没有生效"),
}
KINDS = {"split": said("分格"), "merge": said("并格"), "border": said("移边界"), "restore": said("恢复到此前")}
OPEN = ("drafted", "proposed", "approved")
LEVELS = ("grid", "cell")
MOST_POINTS, LONGEST = 500, 200
# In the morning of its day: by night no keeper is there, and what is open would go to the desks.
BEGINS = time(9)

NO_AREA = Refusal("没有这一格，或者它不是网格也不是楼栋格。回地图编辑页找一找", field="area")
NO_ADJUSTMENT = Refusal("没有这份网格调整，或者不归您看")
NO_REASON = Refusal("写为什么调整，最多200个字", field="reason")
NO_WORD = Refusal("写不批的原因，最多200个字", field="word")
NO_DAY = Refusal("写哪天生效", field="effective")
PAST_DAY = Refusal("生效日不能早于今天", field="effective")
SECOND_PERSON = Refusal("起草、提交过这份调整的人不能自己批，请另一位系统管理员或区调度员来批")
CHANGED_SINCE = said("{code}在这之后又改过了，照现在的网格重新起草")
GONE_SINCE = said("{code}已经不在了，照现在的网格重新起草")
TAKEN_SINCE = said("编码{code}已经被别的格用了，换一个编码重新起草")
NOTHING_TO_RESTORE = Refusal("只有已经生效的调整才能恢复")
NO_KEEPER = Refusal("这个人不是这个社区的网格员，从列表里选", field="keeper")
FULL = Refusal("一条线最多500个点", field="line")

POINT = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Operation:
    """What somebody asks for: a split along a line, a merger with a neighbour, or another border with it.

    keeper: who is to look after the grid that a split makes, by person; empty: its community's desk until there is a post.
    """

    kind: str
    area: str
    line: tuple[tuple[float, float], ...] = ()
    other: str = ""
    code: str = ""
    name: str = ""
    name_en: str = ""
    parent: str = ""
    swap: bool = False
    keeper: str = ""

    def kept(self) -> dict[str, Any]:
        """As it is stored and read back."""
        return asdict(self) | {"line": [list(point) for point in self.line]}


def operation(spec: Mapping[str, Any]) -> Operation:
    return Operation(**{**spec, "line": tuple((lon, lat) for lon, lat in spec["line"])})


def line_of(text: str) -> tuple[tuple[float, float], ...] | Refusal:
    """The points of a line as they were typed or drawn: longitude and latitude, a point a line."""
    found: list[tuple[float, float]] = []
    for number, row in enumerate(text.strip().splitlines(), start=1):
        if not row.strip():
            continue
        match = POINT.fullmatch(row.strip().strip("[]();；"))
        if match is None:
            return Refusal(
                "第{line}行“{text}”不是一个点：经度在前，如 114.030500, 22.660100", field="line", line=number, text=row.strip()[:40]
            )
        lon, lat = float(match[1]), float(match[2])
        if 3 <= lon <= 54 and 73 <= lat <= 136:
            return Refusal("第{line}行经度和纬度写反了，经度（114这样的）在前", field="line", line=number)
        if not (73 <= lon <= 136 and 3 <= lat <= 54):
            return Refusal("第{line}行的点不在中国，用WGS-84坐标", field="line", line=number)
        found.append((lon, lat))
    if len(found) < 2:
        return Refusal("写至少两个点，一行一个，经度在前，如 114.030500, 22.660100", field="line")
    return tuple(found) if len(found) <= MOST_POINTS else FULL


def shaped(sheet: shaping.Sheet, asked: Operation) -> shaping.Shaped:
    """What an operation makes of a community's map."""
    if asked.kind == "merge":
        return shaping.merge(sheet, asked.area, asked.other)
    if asked.kind == "border":
        return shaping.move_border(sheet, asked.area, asked.other, asked.line)
    new = shaping.Newcomer(asked.code, asked.name, asked.name_en, asked.parent)
    return shaping.split(sheet, asked.area, asked.line, new, swap=asked.swap)


def overtaken(
    before: Iterable[AreaRow], after: Iterable[AreaRow], now: Mapping[str, AreaRow], taken: Collection[str] = ()
) -> list[Refusal]:
    """What of the map is not as it was when this was drawn. now: the areas in force that it touches; taken: codes ever borne."""
    stood = {row.code: row for row in before}
    found = []
    for code, row in stood.items():
        if code not in now:
            found.append(Refusal(GONE_SINCE, code=code))
        elif _plain(now[code]) != _plain(row):
            found.append(Refusal(CHANGED_SINCE, code=code))
    found += [Refusal(TAKEN_SINCE, code=row.code) for row in after if row.code not in stood and (row.code in now or row.code in taken)]
    return found


def proposal_fault(reason: str, effective: date | None, today: date) -> Refusal | None:
    if not 0 < len(reason.strip()) <= LONGEST:
        return NO_REASON
    if effective is None:
        return NO_DAY
    return PAST_DAY if effective < today else None


def has_begun(effective: date, at: datetime) -> bool:
    """Whether the hour of a day has come at which an adjustment is in force."""
    return datetime.combine(effective, BEGINS, TOWN) <= at


def ruling_fault(hands: Collection[str], by: Actor) -> Refusal | None:
    """Nobody rules on what they had a hand in: by account and by person."""
    return SECOND_PERSON if {by.ref, f"person:{by.person}"} & set(hands) else None


def hand(by: Actor) -> list[str]:
    return [by.ref, *([f"person:{by.person}"] if by.person else [])]


def row_of(kept: Mapping[str, Any]) -> AreaRow:
    return AreaRow(**kept)


def kept_row(row: AreaRow) -> dict[str, Any]:
    return asdict(row)


def _plain(row: AreaRow) -> tuple[Any, ...]:
    return row.level, row.name, row.name_en, row.parent, row.rings
