"""Conditions edited one at a time, as the clerk's page sends them; what a typed value means for a fact. Pure."""

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from ..engine.saying import Label

# What can be said of a fact of each kind, in words: (op, words). The second field is asked for by `between` alone.
OPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "age": ((">=", said("满")), ("<", said("不到")), ("between", said("满几岁，到几岁为止"))),
    "yesno": (("=", said("是")), ("!=", said("不是"))),
    "choice": (("in", said("是这里面的一种")), ("not_in", said("不是这里面的"))),
    "number": (
        (">=", said("不低于")),
        ("<=", said("不超过")),
        ("<", said("低于")),
        (">", said("高于")),
        ("=", said("正好是")),
        ("between", said("在两者之间")),
    ),
    "day": ((">=", said("不早于")), ("<=", said("不晚于")), ("between", said("在两者之间"))),
}
KINDS = {"money": "number", "text": "choice"}
NO_FACT = Refusal("没有这种情况，从列表里选", field="fact")
NO_OP = Refusal("“{fact}”不能这样比，从列表里选", field="op")
NO_PLACE = Refusal("这一条刚才改过了，刷新再改", field="at")
NO_VALUE = Refusal("写清楚要多少", field="value")
NO_NUMBER = Refusal("写一个整数，比如80", field="value")
NO_DAY = Refusal("日期写成2026-07-01这样", field="value")
NO_CHOICE = Refusal("至少选一种", field="value")
NO_CLAUSE = Refusal("写明依据哪一条，比如“第四条”", field="clause")
GROUPS = {"any": said("下面有一条就行"), "all": said("下面每一条都要"), "not": said("下面这些都不能有"), "at_least": said("下面至少有几条")}


def ops_of(label: Label, *, age: bool) -> tuple[tuple[str, str], ...]:
    return OPS["age" if age else KINDS.get(label.kind, label.kind)]


def leaf(fact: str, label: Label, sent: Mapping[str, Sequence[str]], *, age: bool) -> dict[str, Any] | Refusal:
    """A condition from what the page sent (op, value, value2, clause, whole), or why it is none."""
    op, clause = _one(sent, "op"), _one(sent, "clause")
    if op not in {known for known, _ in ops_of(label, age=age)}:
        return Refusal(NO_OP.template, field="op", fact=label.zh)
    if not clause:
        return NO_CLAUSE
    value = _value(op, label, sent, age=age)
    if isinstance(value, Refusal):
        return value
    if _one(sent, "whole") and label.kind in ("number", "money") and not age:
        return {"household": {"sum": fact}, "op": op, "value": value, "clause": clause[:60]}
    found = {"fact": fact, "op": op, "value": value, "clause": clause[:60]}
    return found | ({"unit": "age"} if age else {})


def _value(op: str, label: Label, sent: Mapping[str, Sequence[str]], *, age: bool) -> Any:
    if label.kind == "yesno":
        return True
    if label.kind == "choice":
        chosen = [one for one in sent.get("value", ()) if one in label.choices]
        return chosen or NO_CHOICE
    read = _day if label.kind == "day" and not age else _money if label.kind == "money" else _number
    first = read(_one(sent, "value"))
    if op != "between" or isinstance(first, Refusal):
        return first
    second = read(_one(sent, "value2"))
    return second if isinstance(second, Refusal) else [first, second]


def _number(text: str) -> int | Refusal:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_NUMBER


def _money(text: str) -> int | Refusal:
    found = _number(text)
    return found if isinstance(found, Refusal) else found * 100


def _day(text: str) -> str | Refusal:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else NO_DAY
    except ValueError:
        return NO_DAY


def _one(sent: Mapping[str, Sequence[str]], name: str) -> str:
    return (sent.get(name) or [""])[0].strip()


def whole(form: Mapping[str, Any]) -> dict[str, Any]:
    """A copy whose root is "every one of these", as the page shows it."""
    found = copy.deepcopy(dict(form))
    if not isinstance(found.get("when"), dict) or "all" not in found["when"]:
        found["when"] = {"all": [found["when"]] if found.get("when") else []}
    return found


def children(node: Mapping[str, Any]) -> list[Any] | None:
    """What lies below a node; None below a plain condition."""
    for kind in ("all", "any", "of"):
        if isinstance(node.get(kind), list):
            return list(node[kind])
    return [node["not"]] if "not" in node else None


def added(form: Mapping[str, Any], at: str, node: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    """The form with a condition more in the group at a place ("" the root, "2.0" the first of the third)."""
    found = whole(form)
    group = _at(found["when"], at)
    below = _list_of(group)
    if below is None:
        return NO_PLACE
    below.append(dict(node))
    return found


def changed(form: Mapping[str, Any], at: str, node: Mapping[str, Any] | None) -> dict[str, Any] | Refusal:
    """The form with another condition at a place; None takes it away, and an empty group with it."""
    found = whole(form)
    above, _, last = at.rpartition(".")
    below = _list_of(_at(found["when"], above))
    if below is None or not last.isdigit() or int(last) >= len(below):
        return NO_PLACE
    if node is not None:
        below[int(last)] = dict(node)
        return found
    below.pop(int(last))
    if not below and above:
        return changed(found, above, None)
    return found


def group(kind: str, k: int = 1) -> dict[str, Any] | Refusal:
    """An empty group. not: none of them."""
    if kind not in GROUPS:
        return NO_PLACE
    if kind == "not":
        return {"not": {"any": []}}
    return {"at_least": k, "of": []} if kind == "at_least" else {kind: []}


def _at(node: Any, at: str) -> Any:
    for step in at.split(".") if at else ():
        below = _list_of(node)
        if below is None or not step.isdigit() or int(step) >= len(below):
            return None
        node = below[int(step)]
    return node


def _list_of(node: Any) -> list[Any] | None:
    """The very list below a group, to be changed in place; of a negated group its members."""
    if not isinstance(node, dict):
        return None
    if isinstance(node.get("not"), dict):
        return _list_of(node["not"])
    return next((node[kind] for kind in ("all", "any", "of") if isinstance(node.get(kind), list)), None)


def node_at(form: Mapping[str, Any], at: str) -> Any:
    return _at(whole(form)["when"], at)
