"""Policies as one SQL query, for DuckDB, SQLite and PostgreSQL: an independent way to the same answers, true, false or null.

SQL's own three values are Kleene's; what it lacks (at least so many, spans of households, ages) is written out.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from .form import Group, Household, Leaf, Policy, Tree
from .plan import INFINITE, Axis, alike, intervals

DIALECTS = ("duckdb", "sqlite", "postgresql")
UNKNOWN = "cast(null as boolean)"


def select(
    policies: Sequence[Policy], parameters: Mapping[str, Any], day: date, kinds: Mapping[str, str], dialect: str, table: str = "people"
) -> str:
    """A query with the id and a column for each policy in force, called by its code. kinds: of the columns that there are."""
    writer = _Writer(parameters, day, kinds, dialect)
    wanted = [policy for policy in policies if policy.in_force(day)]
    written = [f"{writer.tree(policy.when)} as {_name(policy.code)}" for policy in wanted]
    key = "'h:' || cast(household as varchar)" if dialect != "sqlite" else "'h:' || household"
    alone = "'i:' || cast(id as varchar)" if dialect != "sqlite" else "'i:' || id"
    parts = [f"l0 as (select *, coalesce({key}, {alone}) as home_ from {table})"]
    for number, totals in enumerate(writer.levels, 1):
        parts.append(f"l{number} as (select *, {', '.join(totals)} from l{number - 1})")
    columns = ", ".join(["id", *written])
    return f"with {', '.join(parts)} select {columns} from l{len(parts) - 1}"


class _Writer:
    def __init__(self, parameters: Mapping[str, Any], day: date, kinds: Mapping[str, str], dialect: str) -> None:
        self.parameters, self.day, self.kinds, self.dialect = parameters, day, kinds, dialect
        self.levels: list[list[str]] = []
        self.known: dict[Any, str] = {}

    def tree(self, tree: Tree) -> str:
        if isinstance(tree, Leaf):
            return self._leaf(tree)
        if isinstance(tree, Household):
            return self._household(tree)
        below = [self.tree(child) for child in tree.of]
        if tree.kind == "not":
            return f"(not {below[0]})"
        if tree.kind == "at_least":
            sure = " + ".join(f"case when {one} then 1 else 0 end" for one in below) or "0"
            could = " + ".join(f"case when not {one} then 0 else 1 end" for one in below) or "0"
            return f"(case when {sure} >= {tree.k} then true when {could} < {tree.k} then false else null end)"
        if not below:
            return "true" if tree.kind == "all" else "false"
        return f"({(' and ' if tree.kind == 'all' else ' or ').join(below)})"

    def _leaf(self, leaf: Leaf) -> str:
        if leaf.fact not in self.kinds:
            return "false" if leaf.op == "known" else UNKNOWN
        fact = _name(leaf.fact)
        if leaf.op == "known":
            return f"({fact} is not null)"
        value = self.parameters.get(leaf.param) if leaf.param else leaf.value
        if value is None:
            return UNKNOWN
        if leaf.age:
            return self._age(leaf, fact, value)
        text = f'{fact} collate "C"' if self.dialect == "postgresql" and self.kinds[leaf.fact] == "text" else fact
        if leaf.op in ("in", "not_in"):
            listed = ", ".join(self._value(leaf.fact, one) for one in value)
            return f"({fact} {'not ' if leaf.op == 'not_in' else ''}in ({listed}))" if value else self._always(fact, leaf.op == "not_in")
        if leaf.op == "between":
            return f"({text} between {self._value(leaf.fact, value[0])} and {self._value(leaf.fact, value[1])})"
        return f"({text} {'<>' if leaf.op == '!=' else leaf.op} {self._value(leaf.fact, value)})"

    def _age(self, leaf: Leaf, fact: str, value: Any) -> str:
        found = []
        for start, end in intervals(leaf, value, Axis(leaf.fact, "day", ()), self.day):
            sides = [f"{fact} >= {self._date(start)}"] if start != -INFINITE else []
            sides += [f"{fact} < {self._date(end)}"] if end != INFINITE else []
            found.append(f"({' and '.join(sides)})" if sides else self._always(fact, True))
        return f"({' or '.join(found)})" if found else self._always(fact, False)

    def _always(self, fact: str, state: bool) -> str:
        return f"(case when {fact} is null then null else {'true' if state else 'false'} end)"

    def _date(self, days: float) -> str:
        return self._day((date(1970, 1, 1) + timedelta(days=int(days))).isoformat())

    def _day(self, text: str) -> str:
        return f"'{text}'" if self.dialect == "sqlite" else f"date '{text}'"

    def _value(self, fact: str, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            quoted = value.replace("'", "''")
            return self._day(quoted) if self.kinds[fact] == "day" else f"'{quoted}'"
        return repr(value)

    def _household(self, node: Household) -> str:
        key = "household", alike(node.count) if node.count is not None else node.total
        if key not in self.known:
            # The name first: what is counted within gets one of its own.
            self.known[key] = f"t{len(self.known)}_"
            self._total(node, self.known[key])
        least, more = f"{self.known[key]}least", f"{self.known[key]}more"
        value = self.parameters.get(node.param) if node.param else node.value
        if node.op == "known":
            return f"({more} = 0)"
        if value is None:
            return UNKNOWN
        true, possible = _span(node.op, least, more, node.count is not None, value)
        return f"(case when {true} then true when not ({possible}) then false else null end)"

    def _total(self, node: Household, name: str) -> None:
        over = "over (partition by home_)"
        if node.count is not None:
            # What is counted is written first: a total within it stands on a level below.
            counted = self.tree(node.count)
            least, more = f"case when {counted} then 1 else 0 end", f"case when {counted} is null then 1 else 0 end"
        elif node.total in self.kinds:
            least, more = f"coalesce({_name(node.total)}, 0)", f"case when {_name(node.total)} is null then 1 else 0 end"
        else:
            least, more = "0", "1"
        level = _level(node)
        while len(self.levels) <= level:
            self.levels.append([])
        self.levels[level] += [f"sum({least}) {over} as {name}least", f"sum({more}) {over} as {name}more"]


def _level(node: Household) -> int:
    return 0 if node.count is None else max((1 + _level(one) for one in _inside(node.count)), default=0)


def _inside(tree: Tree) -> list[Household]:
    if isinstance(tree, Household):
        return [tree]
    return [found for child in tree.of for found in _inside(child)] if isinstance(tree, Group) else []


def _span(op: str, least: str, more: str, counted: bool, value: Any) -> tuple[str, str]:
    """(TRUE, POSSIBLE) of something between least and most; a sum with anything unknown has no most."""
    if op in ("!=", "not_in"):
        true, possible = _span("=" if op == "!=" else "in", least, more, counted, value)
        return f"(not ({possible}))", f"(not ({true}))"
    open_, most = ("(1 = 0)", f"({least} + {more})") if counted else (f"({more} > 0)", least)
    if op in ("=", "in"):
        listed = sorted({one for one in ((value,) if op == "=" else value)})
        inside = [f"({least} <= {one} and ({open_} or {most} >= {one}))" for one in listed]
        held = " + ".join(f"case when {one} then 1 else 0 end" for one, at in zip(inside, listed, strict=True) if at == int(at)) or "0"
        possible = f"({' or '.join(inside) or '1 = 0'})"
        return f"({possible} and not {open_} and ({least} = {most} or ({held}) = {most} - {least} + 1))", possible
    if op == "between":
        low, high = value
        true = f"({low} <= {least} and {most} <= {high} and not {open_})"
        return true, f"({least} <= {high} and ({open_} or {most} >= {low}) and {low} <= {high})"
    if op in (">", ">="):
        return f"({least} {op} {value})", f"({open_} or {most} {op} {value})"
    return f"({most} {op} {value} and not {open_})", f"({least} {op} {value})"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
