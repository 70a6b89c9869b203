"""Conditions and verdicts as Chinese sentences: what the clerk writes, what the resident reads, one wording for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import kleene
from .form import Amount, Group, Household, Leaf, Policy, Tree
from .reference import Step, Verdict

IS, IS_NOT = "是", "不是"


@dataclass(frozen=True)
class Label:
    """How a fact is called. kind: yesno, choice, number, money (fen), day, text; yes, no: how a yes and a no are said."""

    zh: str
    kind: str = ""
    unit: str = ""
    yes: str = ""
    no: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


Labels = Mapping[str, Label]


def label(labels: Labels, fact: str) -> Label:
    return labels.get(fact) or Label(f"“{fact}”")


def value_said(known: Label, value: Any, *, age: bool = False) -> str:
    """A value in words: 300元, 1946年7月2日, 80周岁."""
    if isinstance(value, tuple):
        return "、".join(value_said(known, one, age=age) for one in value)
    if age:
        return f"{value}周岁"
    if isinstance(value, bool):
        return IS if value else IS_NOT
    if known.kind == "money" and not isinstance(value, str):
        return money(value)
    if isinstance(value, str):
        return known.choices.get(value) or _day(value)
    return f"{value}{known.unit}"


def money(fen: int | float) -> str:
    yuan = f"{fen / 100:,.2f}".removesuffix(".00")
    return f"{yuan}元"


def _day(text: str) -> str:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        found = None
    return f"{found.year}年{found.month}月{found.day}日" if found else text


def leaf_said(leaf: Leaf, labels: Labels, value: Any = None) -> str:
    """A condition as one says it: 年龄满80周岁; 户口是本区户籍."""
    known, given = label(labels, leaf.fact), leaf.value if value is None else value
    if leaf.op == "known":
        return f"{known.zh}已经知道"
    if given is None:
        return f"{known.zh}{_op(leaf.op)}{leaf.param}"
    if isinstance(given, bool) and leaf.op in ("=", "!="):
        wanted = given if leaf.op == "=" else not given
        return (known.yes or f"{known.zh}：{IS}") if wanted else (known.no or f"{known.zh}：{IS_NOT}")
    if leaf.age:
        return _age_said(leaf.op, given)
    if leaf.op == "between":
        return f"{known.zh}在{value_said(known, given[0])}到{value_said(known, given[1])}之间"
    return f"{known.zh}{_op(leaf.op, day=known.kind == 'day')}{value_said(known, given)}"


def _age_said(op: str, value: Any) -> str:
    if op == "between":
        return f"年龄满{value[0]}周岁，不到{value[1] + 1}周岁"
    if op in (">=", "<"):
        return f"年龄{'满' if op == '>=' else '不到'}{value}周岁"
    said = "、".join(map(str, value)) if isinstance(value, tuple) else value
    return f"年龄{_op(op)}{said}周岁"


def _op(op: str, *, day: bool = False) -> str:
    if day and op in ("<", "<=", ">", ">="):
        return {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}[op]
    return {"=": "是", "!=": "不是", "<": "低于", "<=": "不超过", ">": "高于", ">=": "不低于", "in": "是", "not_in": "不是"}[op]


def tree_said(tree: Tree, labels: Labels, parameters: Mapping[str, Any]) -> str:
    """A whole tree in one sentence."""
    if isinstance(tree, Leaf):
        return leaf_said(tree, labels, parameters.get(tree.param) if tree.param else None)
    if isinstance(tree, Household):
        return household_said(tree, labels, parameters)
    if tree.kind == "not":
        return f"不能是：{tree_said(tree.of[0], labels, parameters)}"
    told = [
        f"（{tree_said(one, labels, parameters)}）" if isinstance(one, Group) else tree_said(one, labels, parameters) for one in tree.of
    ]
    if tree.kind == "at_least":
        return f"下面至少{tree.k}条：{'；'.join(told)}"
    return ("，".join(told) if tree.kind == "all" else "，或者".join(told)) or ("没有条件" if tree.kind == "all" else "一条也没有")


def household_said(node: Household, labels: Labels, parameters: Mapping[str, Any]) -> str:
    value = parameters.get(node.param) if node.param else node.value
    if node.count is not None:
        counted = tree_said(node.count, labels, parameters)
        return f"一家人里“{counted}”的人数{_number(node.op, value, '人', node.param)}"
    known = label(labels, node.total)
    if known.kind == "money" and value is not None:
        value = tuple(money(one) for one in value) if isinstance(value, tuple) else money(value)
    return f"一家人的{known.zh}加起来{_number(node.op, value, '', node.param)}"


def _number(op: str, value: Any, unit: str, param: str) -> str:
    if op == "known":
        return "已经知道"
    if value is None:
        return f"{_op(op)}{param}" if op != "between" else f"在{param}之间"
    if op == "between":
        return f"在{value[0]}到{value[1]}{unit}之间"
    return f"{_op(op)}{'、'.join(map(str, value)) if isinstance(value, tuple) else value}{unit}"


def amount_said(amount: Amount | None, parameters: Mapping[str, Any], labels: Labels) -> str:
    if amount is None:
        return ""
    if amount.fact:
        return f"按{label(labels, amount.fact).zh}算"
    fen = kleene.amount_of(amount, {}, parameters)
    return money(fen) if fen is not None else f"按“{amount.param}”"


def why(verdict: Verdict, labels: Labels, day: date) -> str:
    """The verdict in one sentence, with what decided it."""
    if verdict.step is None:
        since = verdict.policy.since
        return f"这项政策{_day(str(since))}起才施行。" if since and day < since else "这项政策已经不再施行。"
    if verdict.state == "unknown":
        return f"还差{'、'.join(label(labels, fact).zh for fact in verdict.missing)}没有弄清，弄清了自动再看，不会因此拒绝。"
    told = reasons(verdict.step, labels, day)
    if verdict.state == "true":
        return f"符合：{'；'.join(told)}。" if told else "符合：没有另外的条件。"
    return f"现在不符合：{'；'.join(told) or '条件没有一条成立'}。"


def reasons(step: Step, labels: Labels, day: date) -> list[str]:
    """What decided it, each once: of a yes what holds, of a no what stands against it."""
    return list(dict.fromkeys(_reasons(step, False, labels, day)))


def _reasons(step: Step, turned: bool, labels: Labels, day: date) -> list[str]:
    """turned: below a "not", where what does not hold is what speaks for it."""
    node = step.node
    if isinstance(node, Leaf):
        return [_turned_reason(step, node, labels) if turned and step.state is False else _leaf_reason(step, node, labels, day)]
    if isinstance(node, Household):
        return [_household_reason(step, node, labels)]
    if node.kind == "not":
        return _reasons(step.below[0], not turned, labels, day)
    deciding = [one for one in step.below if one.state is step.state]
    if node.kind == "any" and step.state is True:
        deciding = deciding[:1]
    return [said for one in deciding for said in _reasons(one, turned, labels, day)]


def _turned_reason(step: Step, leaf: Leaf, labels: Labels) -> str:
    """What is so, of a condition that must not hold and does not."""
    known = label(labels, leaf.fact)
    if isinstance(step.known, bool):
        return (known.yes or f"{known.zh}：{IS}") if step.known else (known.no or f"{known.zh}：{IS_NOT}")
    if leaf.op in ("in", "=") and not leaf.age:
        return f"{known.zh}{IS_NOT}{value_said(known, step.value)}"
    return f"{known.zh}{IS}{value_said(known, step.known)}"


def _leaf_reason(step: Step, leaf: Leaf, labels: Labels, day: date) -> str:
    known = label(labels, leaf.fact)
    if leaf.op == "known" or step.known is None:
        return f"{known.zh}{'已经知道' if step.known is not None else '还不知道'}"
    if step.state is True:
        return f"{known.zh}{IS}{value_said(known, step.known)}" if leaf.op in ("in", "not_in") else leaf_said(leaf, labels, step.value)
    if leaf.age:
        wanted = step.value[0] if leaf.op == "between" else step.value if leaf.op == ">=" else None
        if step.born is not None and isinstance(wanted, int) and step.known == wanted - 1:
            left = (kleene.reached(step.born, wanted) - day).days
            return f"差{left}天满{wanted}周岁，到那天会自己来"
        return f"今年{step.known}周岁，要{leaf_said(leaf, labels, step.value).removeprefix('年龄')}"
    if leaf.op in ("in", "not_in", "=", "!=") and not isinstance(step.known, bool):
        wanted = "要的是" if leaf.op in ("in", "=") else "要的不是"
        return f"{known.zh}{IS}{value_said(known, step.known)}，{wanted}{value_said(known, step.value)}"
    if isinstance(step.known, bool):
        return (known.yes or f"{known.zh}：{IS}") if step.known else (known.no or f"{known.zh}：{IS_NOT}")
    return f"{known.zh}{IS}{value_said(known, step.known)}，要{leaf_said(leaf, labels, step.value).removeprefix(known.zh)}"


def _household_reason(step: Step, node: Household, labels: Labels) -> str:
    least, most = step.known
    said = household_said(node, labels, {node.param: step.value} if node.param else {})
    if step.state is True:
        return said
    unit, known = ("人" if node.count is not None else ""), label(labels, node.total)
    told = money(least) if known.kind == "money" and node.total else f"{least}{unit}"
    return f"{said}，现在{'至少' if most is None or most != least else ''}{told}"


def printed(policy: Policy, labels: Labels, parameters: Mapping[str, Any]) -> Sequence[tuple[str, str, int]]:
    """The tree as numbered lines to print: (number, sentence, depth)."""
    return [*_lines(policy.when, "", 0, labels, parameters)]


def _lines(tree: Tree, number: str, depth: int, labels: Labels, parameters: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    if not isinstance(tree, Group):
        return [(number, tree_said(tree, labels, parameters), depth)]
    head = {"all": "下面每一条都要", "any": "下面有一条就行", "not": "下面这条不能有", "at_least": f"下面至少{tree.k}条"}[tree.kind]
    found = [(number, head, depth)]
    for at, child in enumerate(tree.of, 1):
        found += _lines(child, f"{number}.{at}" if number else str(at), depth + 1, labels, parameters)
    return found
