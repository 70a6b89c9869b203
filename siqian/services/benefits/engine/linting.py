"""What is wrong with conditions, found by trying every combination of answers that can make a difference (or very many, by a seed)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np

from . import columns as cols, numpy_run, running
from .columns import Column
from .form import Group, Household, Leaf, Policy, Tree, nodes
from .plan import Axis, Plan, plan

MOST = 40_000


@dataclass(frozen=True)
class Finding:
    """kind: never, always, needless, no_clause. place: of the condition, "when.all[2]"."""

    kind: str
    place: str


def lint(policy: Policy, parameters: Mapping[str, Any], day: date, kinds: Mapping[str, str]) -> list[Finding]:
    found = [Finding("no_clause", node.place) for node in nodes(policy.when) if not isinstance(node, Group) and not node.clause]
    if any(isinstance(node, Household) for node in nodes(policy.when)) or not list(nodes(policy.when)):
        return found
    parts = policy.when.of if isinstance(policy.when, Group) and policy.when.kind == "all" else (policy.when,)
    tried = [_alone(policy, part) for part in parts]
    made = plan([_alone(policy, policy.when), *tried], parameters, day, kinds)
    if len(made.policies) != len(tried) + 1:
        return found
    rows, columns = _answers(made)
    if not rows:
        return found
    true, _ = running.bits_of(made, columns, rows, run=numpy_run.run)
    flags = [cols.flags(true[number], rows) for number in range(len(made.policies))]
    if not flags[0].any():
        found.append(Finding("never", "when"))
    elif flags[0].all():
        found.append(Finding("always", "when"))
    else:
        found += [Finding("needless", part.place) for part, one in zip(parts, _needless(flags[1:]), strict=True) if one]
    return found


def _alone(policy: Policy, tree: Tree) -> Policy:
    return Policy(policy.code, tree, None, None, None, {})


def _needless(parts: list[Any]) -> list[bool]:
    """Which parts never stop anybody whom the others let through."""
    found = []
    for at in range(len(parts)):
        others = [one for number, one in enumerate(parts) if number != at]
        found.append(bool(others) and not (np.all(others, axis=0) & ~parts[at]).any())
    return found


def _answers(made: Plan) -> tuple[int, dict[str, Column]]:
    """One value from every stretch of every fact, in every combination where they are few enough, else chosen by a seed."""
    axes = list(made.axes.values())
    choices = [_points(axis) for axis in axes]
    count = int(np.prod([float(len(one)) for one in choices])) if choices else 0
    if not choices:
        return 0, {}
    if count <= MOST:
        table = np.array(list(product(*choices)))
    else:
        chance = np.random.default_rng(4000)
        table = np.stack([chance.choice(one, MOST) for one in choices], axis=1)
    found = {}
    for at, axis in enumerate(axes):
        kind = "int" if axis.kind == "text" else axis.kind
        found[axis.fact] = Column(kind, table[:, at].astype(float if axis.kind == "float" else np.int64))
    return len(table), found


def _points(axis: Axis) -> list[float]:
    """A value below the first cut, and one at each. Texts stand as points of their axis; of yes and no there are two."""
    if not axis.cuts:
        return [0]
    return [axis.cuts[0] - 1, *axis.cuts]


def leaves(policy: Policy) -> list[Leaf]:
    return [node for node in nodes(policy.when) if isinstance(node, Leaf)]
