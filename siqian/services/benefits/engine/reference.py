"""The meaning: one person judged by one policy, three-valued, with the whole way to the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from . import kleene
from .form import Fault, Faulty, Group, Household, Leaf, Policy, Tree
from .kleene import State

Facts = Mapping[str, Any]
NAMES = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True)
class Step:
    """A node of the tree with what it came to. known: the fact, the age, or (least, most) of a household; value: compared with.

    below: of a group its children, of a counted household one for each of its people.
    """

    node: Tree
    state: State
    known: Any = None
    value: Any = None
    below: tuple["Step", ...] = ()
    born: date | None = None


@dataclass(frozen=True)
class Verdict:
    """state: true, false, unknown; missing: the facts that would decide it, not empty when unknown; step: None out of force."""

    policy: Policy
    state: str
    missing: tuple[str, ...]
    amount: int | None
    step: Step | None


def judge(policy: Policy, person: Facts, household: Sequence[Facts], parameters: Mapping[str, Any], day: date) -> Verdict:
    """household: all who live together, the person among them. parameters: as they are on the day."""
    if not policy.in_force(day):
        return Verdict(policy, "false", (), None, None)
    step = _Judge(household, parameters, day).of(policy.when, person)
    missing = tuple(dict.fromkeys(_missing(step))) if step.state is None else ()
    amount = kleene.amount_of(policy.amount, person, parameters) if step.state is not False else None
    return Verdict(policy, NAMES[step.state], missing, amount, step)


@dataclass(frozen=True)
class _Judge:
    household: Sequence[Facts]
    parameters: Mapping[str, Any]
    day: date

    def of(self, node: Tree, person: Facts) -> Step:
        if isinstance(node, Group):
            below = tuple(self.of(child, person) for child in node.of)
            return Step(node, _grouped(node, [step.state for step in below]), below=below)
        return self._leaf(node, person) if isinstance(node, Leaf) else self._household(node)

    def _leaf(self, leaf: Leaf, person: Facts) -> Step:
        known = plain(person.get(leaf.fact))
        born = _born(leaf, known) if leaf.age and known is not None else None
        if born is not None:
            known = kleene.age_on(born, self.day)
        if leaf.op == "known":
            return Step(leaf, known is not None, known)
        value = self.parameters.get(leaf.param) if leaf.param else leaf.value
        if known is None or value is None:
            return Step(leaf, None, known, value)
        _comparable(leaf, known, value)
        return Step(leaf, kleene.compare(leaf.op, known, value), known, value, born=born)

    def _household(self, node: Household) -> Step:
        below: tuple[Step, ...] = ()
        most: Any
        if node.count is not None:
            below = tuple(self.of(node.count, one) for one in self.household)
            least: Any = sum(step.state is True for step in below)
            most = least + sum(step.state is None for step in below)
        else:
            given = [plain(one.get(node.total)) for one in self.household]
            least = sum(one for one in given if one is not None)
            most = None if None in given else least
        value = self.parameters.get(node.param) if node.param else node.value
        if value is None and node.op != "known":
            return Step(node, None, (least, most), None, below)
        return Step(node, kleene.compare_span(node.op, least, most, value), (least, most), value, below)


def plain(value: Any) -> Any:
    """As policies write it: a date as its ISO text; no number at all (NaN) is unknown."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None or value != value else value


def _grouped(node: Group, states: list[State]) -> State:
    if node.kind == "all":
        return kleene.all_of(states)
    if node.kind == "any":
        return kleene.any_of(states)
    return kleene.negated(states[0]) if node.kind == "not" else kleene.at_least(node.k, states)


def _missing(step: Step) -> list[str]:
    """The unknown facts below what is unknown: what is decided already asks for nothing."""
    node = step.node
    if step.state is not None:
        return []
    if isinstance(node, Leaf):
        return [node.fact] if step.known is None else [node.param]
    if isinstance(node, Household) and node.total:
        return [node.param] if step.value is None and node.param else [node.total]
    found = [fact for below in step.below for fact in _missing(below)]
    return found or ([node.param] if isinstance(node, Household) and node.param else found)


def _born(leaf: Leaf, known: Any) -> date:
    try:
        return date.fromisoformat(str(known)[:10])
    except ValueError:
        raise Faulty([Fault(leaf.fact, leaf.place, f"情况{leaf.fact}不是出生日期，算不出年龄")]) from None


def _comparable(leaf: Leaf, known: Any, value: Any) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        if kleene.kind_of(one) != kleene.kind_of(known):
            raise Faulty([Fault(leaf.fact, leaf.place, f"情况{leaf.fact}不能和“{one}”比：一个是文字，一个是数")])
