"""What the responsibility list says: classes, items, units, and the rules that send an item to another unit.

Pure: the list is handed in, the moment is handed in. A rule names a class (or one item), an area and a time;
the closest rule wins, and where no rule speaks the item's own lead is responsible.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import combinations
from typing import Literal, get_args

import msgspec

from siqian.kernel.permits import Refusal

from .law import Legal as Legal
from .units import SENTENCE, Blame as Blame, Unit as Unit, blamed as blamed, heir as heir, overseer as overseer

UNSURE = "18.9.9"  # 待认定: a real item, because a matter without one would never find its twin

KIND = Literal["consult", "help", "complaint", "report", "suggestion", "praise", "petition", "dispute"]


class Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A top class ("4") or a subclass ("4.2")."""

    code: str
    zh: str
    en: str


class Term(msgspec.Struct, frozen=True):
    """How long until settled: so many hours by the clock, or so many working days. One of the two is 0."""

    hours: int = 0
    working_days: int = 0

    def __str__(self) -> str:
        return f"{self.working_days}个工作日" if self.working_days else f"{self.hours}小时"


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing somebody is responsible for: "4.2.7" is class 4, subclass 4.2."""

    code: str
    zh: str
    en: str
    lead: str  # unit code
    words: tuple[str, ...]  # as residents say them; "楼梯+灯": both, near each other; "公园?": a hint only
    sample: str  # one resident's message that must be understood as this item
    joint: tuple[str, ...] = ()  # unit codes
    hours: int = 0
    working_days: int = 0
    respond: int = 30  # minutes until somebody has answered
    basis: str = ""  # law or regulation
    needs: str = ""  # what the keeper needs from the resident
    not_ours: str = ""  # what is not ours, and who does it
    kind: KIND = "complaint"
    check: bool = False  # looked at on the spot by somebody other than the handler before it counts as closed

    @property
    def settle(self) -> Term:
        """24 hours unless the list says otherwise."""
        if self.working_days:
            return Term(working_days=self.working_days)
        return Term(hours=self.hours or 24)

    @property
    def top(self) -> str:
        """The code of its top class."""
        return self.code.partition(".")[0]

    @property
    def sub(self) -> str:
        """The code of its subclass."""
        return self.code.rpartition(".")[0]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a message is, apart from what it is about, and how a matter of this kind is led: the fields are told in kinds.yaml."""

    code: KIND
    zh: str
    en: str
    why: str
    respond: int = 30
    hours: int = 0
    working_days: int = 0
    closes: Literal["done", "answer"] = "done"
    rated: bool = True
    confided: bool = False
    names: bool = False
    withdrawn: bool = True
    teller: Literal["owner", "desk"] = "owner"
    keeps: int = 10
    basis: str = ""

    def settle(self, item: Item) -> Term:
        """How long until a matter of this kind about this item is settled."""
        if self.hours or self.working_days:
            return Term(self.hours, self.working_days)
        return item.settle

    def looked_at(self, item: Item) -> bool:
        """Whether somebody else looks on the spot before it counts as closed."""
        return item.check and self.closes == "done"


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is not settled here, by which words it shows, and the lawful door that is open for it: the fields are told in gate.yaml."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...]
    door: str
    door_en: str
    law: str
    unless: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`match` (a class, subclass or item code) in `area` during a time goes to `unit`.

    area: a path such as "longhua/minzhi", "" for everywhere; since/until: days, until not included;
    daily: "22:00-06:00", over midnight where the end is earlier; weekdays: 1 Monday to 7 Sunday.
    """

    code: str
    match: str
    unit: str
    why: str
    area: str = ""
    since: date | None = None
    until: date | None = None
    daily: str = ""
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row: its code, the field, and a sentence with the remedy."""

    code: str
    field: str
    refusal: Refusal

    @property
    def says(self) -> str:
        return self.refusal.why


@dataclass(frozen=True)
class Assignment:
    """The unit responsible, and the rule that says so (None: the item's own lead)."""

    unit: str
    rule: Rule | None

    @property
    def why(self) -> str:
        return self.rule.why if self.rule else "按责任清单主责单位"


def unit_for(item: Item, area: str, at: datetime, rules: Collection[Rule]) -> Assignment:
    """Say which unit answers for `item` in `area` at the local time `at`.

    Of the rules that speak, the closest wins: first by item, then by area, then the one with a time.
    """
    speaking = [r for r in rules if _covers(r.match, item.code, ".") and _covers(r.area, area, "/") and _in_time(r, at)]
    if not speaking:
        return Assignment(item.lead, None)
    rule = max(speaking, key=_closeness)
    return Assignment(rule.unit, rule)


def _covers(wide: str, narrow: str, joint: str) -> bool:
    # "4.1" covers "4.1.3" but not "4.11.3": a prefix counts only up to a joint.
    return not wide or narrow == wide or narrow.startswith(wide + joint)


def _in_time(rule: Rule, at: datetime) -> bool:
    day = at.date()
    if (rule.since and day < rule.since) or (rule.until and day >= rule.until):
        return False
    if rule.daily:
        start, end = _hours(rule.daily)
        now = at.time().replace(tzinfo=None)
        if not (start <= now < end if start < end else now >= start or now < end):
            return False
        if start > end and now < end:  # after midnight the night still belongs to the evening's weekday
            return not rule.weekdays or (at.isoweekday() - 2) % 7 + 1 in rule.weekdays
    return not rule.weekdays or at.isoweekday() in rule.weekdays


def _closeness(rule: Rule) -> tuple[int, int, bool, bool]:
    areas = len(rule.area.split("/")) if rule.area else 0
    return len(rule.match.split(".")), areas, bool(rule.daily or rule.weekdays), bool(rule.since or rule.until)


def _hours(daily: str) -> tuple[time, time]:
    start, _, end = daily.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def faults(
    classes: Mapping[str, Class],
    items: Mapping[str, Item],
    units: Mapping[str, Unit],
    rules: Mapping[str, Rule],
    areas: Collection[str] | None = None,
) -> list[Fault]:
    """Everything that is wrong with a responsibility list and its rules; an empty list means it may be saved.

    areas: every known area path; None where they are not known here.
    """
    wrong = (code for code in classes if not _CLASS.fullmatch(code))
    found = [Fault(code, "code", Refusal("编码应为一级“4”或二级“4.2”")) for code in wrong]
    if UNSURE not in items:
        found.append(Fault("", "code", Refusal("缺事项{unsure}“待认定”，认不出的诉求无处可放，请补上", unsure=UNSURE)))
    for item in items.values():
        found += _item_faults(item, classes, units)
    names: dict[str, str] = {}
    for item in items.values():
        if other := names.get(item.zh):
            found.append(Fault(item.code, "zh", Refusal("与{other}同名“{zh}”，请改一个名称", other=other, zh=item.zh)))
        names[item.zh] = item.code
    for rule in rules.values():
        found += _rule_faults(rule, classes, items, units, areas)
    return found + list(_clashes(list(rules.values())))


def kind_faults(kinds: Mapping[str, Kind]) -> Iterator[Fault]:
    """Everything that is wrong with the kinds: each one that is understood has a row, with one term at most."""
    for code in get_args(KIND):
        if code not in kinds:
            yield Fault(code, "code", Refusal("缺“{code}”这一种，认出来的诉求没有规则可循，请补上", code=code))
    for kind in kinds.values():
        if kind.hours and kind.working_days:
            yield Fault(kind.code, "hours", Refusal("小时和工作日只能写一个，请删去一个"))
        if kind.hours < 0 or kind.working_days < 0 or kind.respond <= 0:
            yield Fault(kind.code, "hours", Refusal("时限应大于0"))
        if not kind.why.strip():
            yield Fault(kind.code, "why", Refusal("请写明为什么这样办"))


def doors(text: str, gates: Collection[Gate]) -> list[Gate]:
    """The doors that a message speaks of, sentence by sentence: a hint to whoever tells, never a decision."""
    sentences = [part for part in SENTENCE.split(text) if part.strip()]
    return [gate for gate in gates if any(_speaks_of(gate, part) for part in sentences)]


def _speaks_of(gate: Gate, sentence: str) -> bool:
    if any(word in sentence for word in gate.unless):
        return False
    return any(all(part in sentence for part in word.split("+")) for word in gate.words)


def gate_faults(gates: Mapping[str, Gate]) -> Iterator[Fault]:
    """Everything that is wrong with the doors: each says where to go, and by which law."""
    for gate in gates.values():
        for name in ("zh", "en", "door", "door_en", "law"):
            if not getattr(gate, name).strip():
                yield Fault(gate.code, name, Refusal("不能为空，不予受理要告诉人该去哪里、凭什么"))


def unit_faults(units: Mapping[str, Unit]) -> Iterator[Fault]:
    """Everything that is wrong with the units' overseers and mergers: each leads to another unit that is there."""
    for unit in units.values():
        for name in ("overseer", "became"):
            code = getattr(unit, name)
            if code and (code not in units or code == unit.code):
                yield Fault(unit.code, name, Refusal("没有编码为{code}的另一个单位，请改正", code=code))
        if unit.became and units.get(heir(unit.code, units), unit).became:
            yield Fault(unit.code, "became", Refusal("合并来合并去又回到自己，请改正"))


_CLASS = re.compile(r"\d+(\.\d+)?")
_ITEM = re.compile(r"\d+\.\d+\.\d+")
_DAILY = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def _item_faults(item: Item, classes: Mapping[str, Class], units: Mapping[str, Unit]) -> Iterator[Fault]:
    if not _ITEM.fullmatch(item.code):
        yield Fault(item.code, "code", Refusal("编码应为三级，例如“4.2.7”"))
    elif item.top not in classes or item.sub not in classes:
        yield Fault(item.code, "code", Refusal("没有大类{top}或小类{sub}，请先在classes.yaml里写上", top=item.top, sub=item.sub))
    for name in ("zh", "en", "sample"):
        if not getattr(item, name).strip():
            yield Fault(item.code, name, Refusal("不能为空，请补上"))
    if not item.words and item.code != UNSURE:
        yield Fault(item.code, "words", Refusal("至少写一个居民常说的词，否则谁的话也认不到这里"))
    if item.hours and item.working_days:
        yield Fault(item.code, "hours", Refusal("小时和工作日只能写一个，请删去一个"))
    if item.hours < 0 or item.working_days < 0 or item.respond <= 0:
        yield Fault(item.code, "hours", Refusal("时限应大于0"))
    for name, code in [("lead", item.lead), *(("joint", code) for code in item.joint)]:
        if code not in units:
            yield Fault(item.code, name, Refusal("没有编码为{code}的单位，请改正或先在units.yaml里写上", code=code))
    if item.lead in item.joint:
        yield Fault(item.code, "joint", Refusal("主责单位{lead}不必再列为配合单位，请删去", lead=item.lead))


def _rule_faults(
    rule: Rule,
    classes: Mapping[str, Class],
    items: Mapping[str, Item],
    units: Mapping[str, Unit],
    areas: Collection[str] | None,
) -> Iterator[Fault]:
    if rule.match not in classes and rule.match not in items:
        yield Fault(rule.code, "match", Refusal("没有编码为{match}的类或事项，请改正", match=rule.match))
    if rule.unit not in units:
        yield Fault(rule.code, "unit", Refusal("没有编码为{unit}的单位，请改正或先在units.yaml里写上", unit=rule.unit))
    if not rule.why.strip():
        yield Fault(rule.code, "why", Refusal("请写明为什么由这个单位负责，收到的人会看到这句话"))
    if rule.area != rule.area.strip("/"):
        yield Fault(rule.code, "area", Refusal("区域路径首尾不要写“/”，全区请留空"))
    elif areas is not None and rule.area and rule.area not in areas:
        yield Fault(rule.code, "area", Refusal("没有区域{area}，请改正；全区请留空", area=rule.area))
    if rule.since and rule.until and rule.since >= rule.until:
        yield Fault(
            rule.code, "until", Refusal("结束日{until}不晚于开始日{since}，规则永远不会生效，请改正", until=rule.until, since=rule.since)
        )
    if rule.daily and not _DAILY.fullmatch(rule.daily):
        yield Fault(rule.code, "daily", Refusal("时段应写成“22:00-06:00”"))
    elif rule.daily and len(set(rule.daily.split("-"))) == 1:
        yield Fault(rule.code, "daily", Refusal("起止时刻相同；全天请留空"))
    if not set(rule.weekdays) <= set(range(1, 8)):
        yield Fault(rule.code, "weekdays", Refusal("星期应为1（周一）到7（周日）"))


def _clashes(rules: list[Rule]) -> Iterator[Fault]:
    """Two rules equally close that could speak at one moment and name different units: nobody could say which wins."""
    for one, other in combinations(rules, 2):
        same = one.match == other.match and one.area == other.area and _closeness(one) == _closeness(other)
        if same and one.unit != other.unit and _meet(one, other):
            why = Refusal("与规则{code}同类、同区域、同时段，却指向不同单位；请改时段或删去一条", code=one.code)
            yield Fault(other.code, "unit", why)


def _meet(one: Rule, other: Rule) -> bool:
    start = max(one.since or date.min, other.since or date.min)
    if start >= min(one.until or date.max, other.until or date.max):
        return False
    if one.weekdays and other.weekdays and not set(one.weekdays) & set(other.weekdays):
        return False
    if not (one.daily and other.daily and _DAILY.fullmatch(one.daily) and _DAILY.fullmatch(other.daily)):
        return True
    return _touches(_hours(one.daily), _hours(other.daily)) or _touches(_hours(other.daily), _hours(one.daily))


def _touches(window: tuple[time, time], other: tuple[time, time]) -> bool:
    """Whether `other` begins inside `window`."""
    start, end = window
    begins = other[0]
    return start <= begins < end if start < end else begins >= start or begins < end
