"""What the clerk's page shows of a policy: its tree as sentences with counts beside, what to look out for, what a form asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from siqian.kernel.journal import Ref
from siqian.kernel.permits import NotFound, Refusal
from siqian.town.people import queries as people
from siqian.trades.dossier import queries as facts

from . import actions, catalogued, previewing, queries, rules, snapshot
from .engine import form as forms, linting, saying
from .engine.form import Group, Household, Leaf, Policy, Tree
from .rules import authoring

LETTERS = "甲乙丙丁戊己庚辛壬癸"
# Ten years: what was said once and does not change.
LONG = 120


@dataclass(frozen=True)
class Node:
    """at: its place for the forms ("2.0"); before, value, after: the sentence, value the part that is most often changed."""

    at: str
    number: str
    kind: str
    before: str = ""
    value: str = ""
    after: str = ""
    clause: str = ""
    source: str = ""
    part: previewing.Part | None = None
    share: tuple[float, float] = (0, 0)
    k: int = 0
    below: tuple["Node", ...] = ()


def policy(line: queries.EditionLine, before: queries.EditionLine | None, day: date, *, writes: bool) -> dict[str, Any]:
    """Everything that the page shows; a form that cannot be read is shown by its faults alone."""
    shown: dict[str, Any] = {"line": line, "writes": writes, "labels": labels_by_group(), "cited": cited(line), "yuan": _yuan(line)}
    shown |= {"form_json": json.dumps(line.form, ensure_ascii=False, indent=2)}
    try:
        read = replace(line, form=authoring.whole(line.form)).policy()
    except forms.Faulty as error:
        return shown | {"faults": error.faults, "nodes": (), "preview": None, "lint": [], "examples": []}
    values = queries.parameters().at(day)
    whole = replace(line, form=authoring.whole(line.form))
    seen = previewing.preview(whole, before, day) if authoring.children(whole.form["when"]) else None
    examples = [(one, actions.example_holds(read, one, values, day), example_said(one)) for one in line.examples]
    return shown | {
        "nodes": _nodes(read, values, seen),
        "preview": seen,
        "stops": sorted(seen.parts, key=lambda part: -part.stops)[:3] if seen else [],
        "most": max((part.stops for part in seen.parts), default=0) if seen else 0,
        "lint": _lint(read, values, day, seen) if seen else [],
        "examples": examples,
        "example_facts": [
            (code, catalogued.labels()[code], facts.kinds()[code]) for code in sorted(forms.facts_of(read)) if code in catalogued.labels()
        ],
        "amount": saying.amount_said(read.amount, values, catalogued.labels()),
        "full": bool(seen and line.budget and seen.fen_most > line.budget),
    }


def labels_by_group() -> list[tuple[str, list[tuple[str, saying.Label]]]]:
    """Every fact that a condition may ask about, as the builder lists it."""
    found: dict[str, list[tuple[str, saying.Label]]] = {}
    for code, wording in catalogued.wordings().items():
        if code in catalogued.labels():
            found.setdefault(wording.group, []).append((code, catalogued.labels()[code]))
    return list(found.items())


def cited(line: queries.EditionLine) -> list[rules.Law]:
    return [catalogued.laws()[code] for code in line.basis if code in catalogued.laws()]


def printed(line: queries.EditionLine, day: date) -> Sequence[tuple[str, str, int]]:
    values = queries.parameters().at(day)
    return saying.printed(replace(line, form=authoring.whole(line.form)).policy(), catalogued.labels(), values)


def asked(line: queries.EditionLine, sent: Mapping[str, str]) -> dict[str, Any]:
    """The form that was asked for: a new condition of a fact in a group, or a condition to be changed."""
    if "edit" in sent:
        node = authoring.node_at(line.form, sent["edit"])
        return _asked(sent["edit"], node, "change") if isinstance(node, dict) and authoring.children(node) is None else {}
    code = sent.get("fact", "")
    if code in catalogued.labels():
        return _form(code, sent.get("at", ""), "add", age=code == "born" and sent.get("as") != "day", node={})
    return {}


def _asked(at: str, node: Mapping[str, Any], do: str) -> dict[str, Any]:
    over = node.get("household")
    code = str(node.get("fact") or (over.get("sum", "") if isinstance(over, dict) else ""))
    if code not in catalogued.labels() or "param" in node:
        return {}
    return _form(code, at, do, age=node.get("unit") == "age", node=node)


def _form(code: str, at: str, do: str, *, age: bool, node: Mapping[str, Any]) -> dict[str, Any]:
    label, value = catalogued.labels()[code], node.get("value")
    first, second = value if node.get("op") == "between" and isinstance(value, list) else (value, None)
    if label.kind == "money":
        first, second = (None if one is None else one // 100 for one in (first, second))
    return {
        "fact": code,
        "label": label,
        "at": at,
        "do": do,
        "age": age,
        "ops": authoring.ops_of(label, age=age),
        "op": node.get("op", ""),
        "first": "" if first is None or isinstance(first, bool | list) else first,
        "second": "" if second is None else second,
        "chosen": value if isinstance(value, list) else [],
        "clause": node.get("clause", ""),
        "whole": "household" in node,
        "kind": facts.kinds()[code],
    }


def example_said(example: Mapping[str, Any]) -> str:
    """An example in words, as its facts say it."""
    labels = catalogued.labels()
    told = [_fact_said(saying.label(labels, code), value) for code, value in example.get("facts", {}).items()]
    return "，".join(told) or _("什么都不知道")


def _fact_said(label: saying.Label, value: Any) -> str:
    if isinstance(value, bool):
        return (label.yes if value else label.no) or f"{label.zh}{saying.value_said(label, value)}"
    return f"{label.zh}{saying.value_said(label, value)}"


def examples_of(line: queries.EditionLine, sent: Any) -> list[Mapping[str, Any]] | Refusal:
    """The examples with one more, or without one."""
    kept = list(line.examples)
    if (gone := sent.get("drop", "")).isdigit() and int(gone) < len(kept):
        kept.pop(int(gone))
        return kept
    expect, known = sent.get("expect", ""), {}
    if expect not in ("true", "false", "unknown"):
        return Refusal("选这个人该不该得", field="expect")
    for code in sorted(forms.facts_of(line.policy())):
        text = sent.get(f"fact/{code}", "").strip()
        if not text:
            continue
        kind = facts.kinds().get(code)
        if kind is None or (value := snapshot.typed(code, f"{text}00" if kind.type == "money" else text)) is None:
            return Refusal("“{fact}”写得不对，照着格式写", field=code, fact=saying.label(catalogued.labels(), code).zh)
        known[code] = value
    return [*kept, {"who": sent.get("who", "").strip()[:40], "facts": known, "expect": expect}]


def fits(line: queries.Line, step: str) -> bool:
    """Whether a step can be made now: nothing is confirmed before whoever must agree has agreed."""
    return not (step == "confirm" and line.state == "told" and line.mode != "free")


def called(subject: Ref) -> str:
    """How somebody is called, masked."""
    try:
        living = people.household_of(int(subject.partition(":")[2]))
    except NotFound:
        return ""
    return next((one.name for one in living.members if f"resident:{one.id}" == subject), "")


def _nodes(read: Policy, values: Mapping[str, Any], seen: previewing.Preview | None) -> tuple[Node, ...]:
    top = read.when.of if isinstance(read.when, Group) else (read.when,)
    parts = seen.parts if seen else ()
    return tuple(_node(tree, str(at), str(at + 1), values, parts[at] if at < len(parts) else None, seen) for at, tree in enumerate(top))


def _node(
    tree: Tree, at: str, number: str, values: Mapping[str, Any], part: previewing.Part | None, seen: previewing.Preview | None
) -> Node:
    share = _share(part)
    if isinstance(tree, Group):
        below, inner = (tree.of, at) if tree.kind != "not" else (_inside(tree.of[0]), at)
        nodes = tuple(
            _node(child, f"{inner}.{step}", f"{number}{LETTERS[step % 10]}", values, None, seen) for step, child in enumerate(below)
        )
        return Node(at, number, tree.kind, part=part, share=share, k=tree.k, below=nodes)
    said, value = saying.tree_said(tree, catalogued.labels(), values), _value_said(tree, values)
    before, found, after = said.partition(value) if value else ("", said, "")
    if not found:
        before, found, after = "", said, ""
    source = _source(tree)
    return Node(at, number, "leaf", before, found, after, str(tree.clause or ""), source, part, share)


def _inside(tree: Tree) -> tuple[Tree, ...]:
    return tree.of if isinstance(tree, Group) else (tree,)


def _share(part: previewing.Part | None) -> tuple[float, float]:
    """Of whom the conditions above left: what per cent stay surely, what per cent perhaps."""
    if part is None or part.left + part.dropped == 0:
        return 0, 0
    whole = part.left + part.dropped
    return round(100 * (part.left - part.unknown) / whole, 1), round(100 * part.unknown / whole, 1)


def _value_said(tree: Tree, values: Mapping[str, Any]) -> str:
    if isinstance(tree, Group):
        return ""
    value = values.get(tree.param) if tree.param else tree.value
    if value is None or isinstance(value, bool):
        return ""
    label = saying.label(catalogued.labels(), tree.fact if isinstance(tree, Leaf) else tree.total)
    one = value[0] if isinstance(value, tuple) and value else value
    if isinstance(tree, Leaf):
        return saying.value_said(label, value if tree.op != "between" else one, age=tree.age and tree.op != "between")
    return saying.money(one) if label.kind == "money" and tree.total else str(one)


def _source(tree: Leaf | Household) -> str:
    """Where the fact comes from and how long it holds."""
    code = tree.fact if isinstance(tree, Leaf) else tree.total
    kind = facts.kinds().get(code)
    if kind is None:
        return ""
    months = kind.confirm_months
    return _("本人说的，长期有效") if months >= LONG else _("本人说的，{months}个月内有效").format(months=months)


def _lint(read: Policy, values: Mapping[str, Any], day: date, seen: previewing.Preview) -> list[tuple[str, str, str]]:
    """(state, kind, number of the condition) of what to look out for."""
    timeless = Policy(read.code, read.when, None, None, None, {})
    found = [
        ("late" if one.kind == "never" else "soon", one.kind, _numbered(one.place))
        for one in linting.lint(timeless, values, day, snapshot.kinds())
    ]
    if seen.unknown > max(seen.true, 5):
        heavy = max(range(len(seen.parts)), key=lambda at: seen.parts[at].unknown)
        found.append(("soon", "unknown", str(heavy + 1)))
    return found


def _numbered(place: str) -> str:
    """ "when.all[2].any[0]" is condition 3甲."""
    steps = [int(step.partition("]")[0]) for step in place.split("[")[1:]]
    if not steps:
        return ""
    return str(steps[0] + 1) + "".join(LETTERS[step % 10] for step in steps[1:])


def _yuan(line: queries.EditionLine) -> str:
    amount = line.form.get("amount") or {}
    return str(amount["fen"] // 100) if set(amount) == {"fen"} else ""


__all__ = ["asked", "called", "cited", "examples_of", "fits", "labels_by_group", "policy", "printed"]
