"""The stable outside form of a policy (JSON): read with every fault and its place, written again without loss."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

OPS = ("=", "!=", "<", "<=", ">", ">=", "in", "not_in", "between", "known")
GROUPS = {"all": "all", "any": "any", "not": "not", "at_least": "of"}
PARAMETERS = "parameters.json"
WHOLE = 2**63 - 1


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which file, at which place of it ("when.all[0].op")."""

    file: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}：{self.place}：{self.why}" if self.place else f"{self.file}：{self.why}"


class Faulty(ValueError):
    """Everything that is wrong with what was to be read."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Group:
    """all, any, not, at_least (k of them)."""

    kind: str
    of: tuple["Tree", ...]
    k: int = 0
    place: str = ""
    clause: Any = None


@dataclass(frozen=True)
class Leaf:
    """A fact compared. value: a plain value, a tuple for in, not_in, between; param: name of a dated parameter instead."""

    fact: str
    op: str
    value: Any = None
    param: str = ""
    age: bool = False
    place: str = ""
    clause: Any = None


@dataclass(frozen=True)
class Household:
    """Over all of the household, the subject included. count: how many a tree holds for; total: the fact that is summed."""

    op: str
    count: "Tree | None" = None
    total: str = ""
    value: Any = None
    param: str = ""
    place: str = ""
    clause: Any = None


Tree = Group | Leaf | Household


@dataclass(frozen=True)
class Amount:
    """kind: fen, param, rate, brackets. brackets: (above, rate), by threshold; a rate is (numerator, denominator)."""

    kind: str
    fen: int = 0
    param: str = ""
    fact: str = ""
    rate: tuple[int, int] = (0, 1)
    brackets: tuple[tuple[int, tuple[int, int]], ...] = ()


@dataclass(frozen=True)
class Policy:
    """raw: as it was written, for writing it again."""

    code: str
    when: Tree
    since: date | None
    until: date | None
    amount: Amount | None
    raw: Mapping[str, Any]

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Parameters:
    """Dated values by name, each valid until the next."""

    rows: Mapping[str, tuple[tuple[date, Any], ...]]
    raw: Mapping[str, Any]

    def at(self, day: date) -> dict[str, Any]:
        """What each is on a day; None before its first."""
        return {name: next((value for since, value in reversed(rows) if since <= day), None) for name, rows in self.rows.items()}


NONE = Parameters({}, {})


def read_folder(folder: Path) -> tuple[list[Policy], Parameters]:
    """Every policy of a folder, by code, and its parameters; Faulty with everything that is wrong in any file."""
    faults: list[Fault] = []
    parameters = NONE
    if (folder / PARAMETERS).exists():
        raw = _json(folder / PARAMETERS, faults)
        parameters = read_parameters(raw, PARAMETERS, faults) if raw is not None else NONE
    found: dict[str, Policy] = {}
    for path in sorted(folder.glob("*.json")):
        raw = _json(path, faults) if path.name != PARAMETERS else None
        if raw is None:
            continue
        policy = read_policy(raw, path.name, faults, names=parameters.rows)
        if policy is not None and policy.code in found:
            faults.append(Fault(path.name, "code", f"编号{policy.code}在另一个文件里已经有了，换一个"))
        elif policy is not None:
            found[policy.code] = policy
    if faults:
        raise Faulty(faults)
    return [found[code] for code in sorted(found)], parameters


def write_policy(policy: Policy) -> str:
    """The policy as JSON, as it was read."""
    return json.dumps(policy.raw, ensure_ascii=False, indent=2) + "\n"


def one(raw: object, names: Mapping[str, Any] | None = None) -> Policy:
    """One policy, or Faulty. names: of the parameters that there are; None leaves them unchecked."""
    faults: list[Fault] = []
    policy = read_policy(raw, "政策", faults, names=names)
    if policy is None or faults:
        raise Faulty(faults)
    return policy


def read_parameters(raw: object, file: str, faults: list[Fault]) -> Parameters:
    """Dated parameters; faults are added to the list."""
    rows: dict[str, tuple[tuple[date, Any], ...]] = {}
    if not isinstance(raw, dict):
        faults.append(Fault(file, "", "要写成一个对象：{名字: [{from: 日期, value: 值}]}"))
        return NONE
    for name, given in raw.items():
        found: list[tuple[date, Any]] = []
        if not isinstance(given, list):
            faults.append(Fault(file, name, "要写成一列，每行有from和value"))
            continue
        for number, row in enumerate(given):
            place = f"{name}[{number}]"
            if not isinstance(row, dict) or "value" not in row:
                faults.append(Fault(file, place, "每行要有from和value"))
                continue
            day = _day(row.get("from"), file, f"{place}.from", faults)
            value = row["value"]
            found.append((day or date.min, tuple(value) if isinstance(value, list) else value))
        days = [day for day, _ in found]
        if len(set(days)) < len(days):
            faults.append(Fault(file, name, "同一天只能有一个值"))
        rows[name] = tuple(sorted(found, key=lambda row: row[0]))
    return Parameters(rows, raw)


def read_policy(raw: object, file: str, faults: list[Fault], *, names: Mapping[str, Any] | None) -> Policy | None:
    """One policy; every fault is added to the list, and None given when there was one."""
    before = len(faults)
    if not isinstance(raw, dict):
        faults.append(Fault(file, "", "要写成一个对象，里面有code和when"))
        return None
    code = raw.get("code")
    if not isinstance(code, str) or not code:
        faults.append(Fault(file, "code", "要写政策的编号"))
    reader = _Reader(file, faults, names)
    since = _day(raw.get("from"), file, "from", faults) if raw.get("from") is not None else None
    until = _day(raw.get("to"), file, "to", faults) if raw.get("to") is not None else None
    if "when" not in raw:
        faults.append(Fault(file, "when", "要写条件"))
    when = reader.tree(raw.get("when"), "when") if "when" in raw else None
    amount = reader.amount(raw["amount"]) if raw.get("amount") is not None else None
    if len(faults) > before or when is None:
        return None
    return Policy(str(code), when, since, until, amount, raw)


class _Reader:
    """Reads trees of one file."""

    def __init__(self, file: str, faults: list[Fault], names: Mapping[str, Any] | None) -> None:
        self.file, self.faults, self.names = file, faults, names

    def wrong(self, place: str, why: str) -> None:
        self.faults.append(Fault(self.file, place, why))

    def tree(self, raw: object, place: str) -> Tree | None:
        if not isinstance(raw, dict):
            self.wrong(place, "条件要写成一个对象")
            return None
        kinds = [kind for kind in (*GROUPS, "fact", "household") if kind in raw]
        if len(kinds) != 1:
            self.wrong(place, "每个条件只能是all、any、not、at_least、fact、household里的一种")
            return None
        if kinds[0] == "fact":
            return self._leaf(raw, place)
        return self._household(raw, place) if kinds[0] == "household" else self._group(raw, kinds[0], place)

    def _group(self, raw: dict[str, Any], kind: str, place: str) -> Tree | None:
        field, k = GROUPS[kind], 0
        self._only(raw, {kind, field, "clause"}, place)
        if kind == "at_least":
            k = raw["at_least"]
            if isinstance(k, bool) or not isinstance(k, int) or k < 0:
                self.wrong(f"{place}.at_least", "至少几条，写0或更大的整数")
        given = [raw.get("not")] if kind == "not" else raw.get(field)
        if not isinstance(given, list):
            self.wrong(f"{place}.{field}", "要写成一列条件")
            return None
        named = [f"{place}.not"] if kind == "not" else [f"{place}.{field}[{number}]" for number in range(len(given))]
        found = [self.tree(one, where) for one, where in zip(given, named, strict=True)]
        return Group(kind, tuple(one for one in found if one is not None), k, place, raw.get("clause"))

    def _leaf(self, raw: dict[str, Any], place: str) -> Leaf | None:
        self._only(raw, {"fact", "op", "value", "param", "unit", "clause"}, place)
        fact, age = raw["fact"], raw.get("unit") == "age"
        if not isinstance(fact, str) or not fact:
            self.wrong(f"{place}.fact", "写情况的名字")
            return None
        op, value, param = self._compared(raw, place, number=age)
        return Leaf(fact, op, value, param, age, place, raw.get("clause"))

    def _household(self, raw: dict[str, Any], place: str) -> Household | None:
        self._only(raw, {"household", "op", "value", "param", "clause"}, place)
        over = raw["household"]
        op, value, param = self._compared(raw, place, number=True)
        if isinstance(over, dict) and set(over) == {"count"}:
            counted = self.tree(over["count"], f"{place}.household.count")
            return Household(op, counted, "", value, param, place, raw.get("clause")) if counted is not None else None
        if isinstance(over, dict) and set(over) == {"sum"} and isinstance(over["sum"], str) and over["sum"]:
            return Household(op, None, over["sum"], value, param, place, raw.get("clause"))
        self.wrong(f"{place}.household", "一家人的要写count（数几个人）或sum（加起来），只写一样")
        return None

    def _compared(self, raw: dict[str, Any], place: str, *, number: bool) -> tuple[str, Any, str]:
        op, param = raw.get("op"), raw.get("param")
        if op not in OPS:
            self.wrong(f"{place}.op", f"比较只能写{'、'.join(OPS)}")
            return "known", None, ""
        if op == "known":
            return op, None, ""
        if ("value" in raw) == (param is not None):
            self.wrong(place, "value和param写一样，不多不少")
            return op, None, ""
        if param is not None:
            if not isinstance(param, str) or (self.names is not None and param not in self.names):
                self.wrong(f"{place}.param", f"没有叫{param}的参数，写进{PARAMETERS}")
            return op, None, str(param)
        return op, self._value(op, raw["value"], f"{place}.value", number), ""

    def _value(self, op: str, value: Any, place: str, number: bool) -> Any:
        if op in ("in", "not_in", "between"):
            if not isinstance(value, list) or (op == "between" and len(value) != 2):
                self.wrong(place, "between要写两个值" if op == "between" else "要写成一列值")
                return ()
            for at, each in enumerate(value):
                self._plain(each, f"{place}[{at}]", number)
            return tuple(value)
        self._plain(value, place, number)
        return value

    def _plain(self, value: Any, place: str, number: bool) -> None:
        if not is_plain(value) or (number and not is_number(value)):
            self.wrong(place, "要写一个数" if number else "要写一个数、一段文字、一个日期或是非")

    def amount(self, raw: Any) -> Amount | None:
        keys = set(raw) if isinstance(raw, dict) else set()
        if keys == {"fen"} and isinstance(raw["fen"], int) and not isinstance(raw["fen"], bool):
            return Amount("fen", fen=raw["fen"])
        if keys == {"param"} and isinstance(raw["param"], str):
            if self.names is not None and raw["param"] not in self.names:
                self.wrong("amount.param", f"没有叫{raw['param']}的参数，写进{PARAMETERS}")
            return Amount("param", param=raw["param"])
        if keys == {"fact", "rate"} and isinstance(raw["fact"], str) and is_number(raw["rate"]):
            return Amount("rate", fact=raw["fact"], rate=ratio(raw["rate"]))
        if keys == {"fact", "brackets"} and isinstance(raw["fact"], str) and (steps := self._brackets(raw["brackets"])) is not None:
            return Amount("brackets", fact=raw["fact"], brackets=steps)
        self.wrong("amount", "金额写{fen}、{param}、{fact, rate}或{fact, brackets}里的一种，fen是整数")
        return None

    def _brackets(self, raw: Any) -> tuple[tuple[int, tuple[int, int]], ...] | None:
        good = isinstance(raw, list) and all(
            isinstance(one, dict) and isinstance(one.get("above"), int) and is_number(one.get("rate")) for one in raw
        )
        if not good:
            return None
        steps = sorted((one["above"], ratio(one["rate"])) for one in raw)
        if len({above for above, _ in steps}) < len(steps):
            self.wrong("amount.brackets", "同一个起点写了两次")
        return tuple(steps)

    def _only(self, raw: dict[str, Any], fields: set[str], place: str) -> None:
        for field in sorted(set(raw) - fields):
            self.wrong(f"{place}.{field}", "没有这一项，去掉或改正名字")


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def is_plain(value: object) -> bool:
    return isinstance(value, str | bool) or is_number(value)


def ratio(rate: float) -> tuple[int, int]:
    """A rate as it is written, exactly: 0.1 is a tenth, not the nearest double."""
    from fractions import Fraction

    exact = Fraction(str(rate))
    return exact.numerator, exact.denominator


def nodes(tree: Tree) -> Iterator[Tree]:
    """The tree's nodes, itself first; what is counted over a household among them."""
    yield tree
    below = tree.of if isinstance(tree, Group) else (tree.count,) if isinstance(tree, Household) and tree.count is not None else ()
    for child in below:
        yield from nodes(child)


def facts_of(policy: Policy) -> set[str]:
    """Every fact that the policy looks at, its amount's among them."""
    found = {node.fact for node in nodes(policy.when) if isinstance(node, Leaf)}
    found |= {node.total for node in nodes(policy.when) if isinstance(node, Household) and node.total}
    return found | ({policy.amount.fact} if policy.amount and policy.amount.fact else set())


def _day(raw: object, file: str, place: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else _no_day(file, place, faults)
    except ValueError:
        return _no_day(file, place, faults)


def _no_day(file: str, place: str, faults: list[Fault]) -> date | None:
    faults.append(Fault(file, place, "日期写成2026-07-01这样"))
    return None


def _json(path: Path, faults: list[Fault]) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        where = f"第{error.lineno}行" if isinstance(error, json.JSONDecodeError) else ""
        faults.append(Fault(path.name, where, "不是写对的JSON"))
        return None
