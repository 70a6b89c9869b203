"""Many policies as one program over bit sets, 64 people a word: each distinct condition once, TRUE and POSSIBLE together.

A fact stands as its rank among the cuts at which any condition changes its answer (0 when unknown), bit by bit in planes. A
condition is then "rank at least k", put together by AND, OR, NOT. The program is numbers: an edited policy compiles nothing anew.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import kleene
from .form import Fault, Faulty, Group, Household, Leaf, Policy, Tree

GE, AND, OR, XOR, NOT, ZERO, ONES, GIVEN, OUT_TRUE, OUT_POSSIBLE = range(10)
INFINITE = math.inf
Pair = tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """How a fact's values lie on a line. kind: int, float, day, text; cuts: rising; mentions: of texts, sorted."""

    fact: str
    kind: str
    cuts: tuple[float | int, ...]
    mentions: tuple[str, ...] = ()
    first_plane: int = 0

    @property
    def planes(self) -> int:
        return max(1, (len(self.cuts) + 1).bit_length())


@dataclass(frozen=True)
class Given:
    """A condition on a household, worked out before the program runs: its number among the inputs, and the tree it counts."""

    node: Household
    number: int
    value: Any


@dataclass(frozen=True)
class Program:
    """steps: rows of (op, to, a, b, c) over registers. GE: a first plane, b rank, c planes. GIVEN: a input, b 0 TRUE, 1 POSSIBLE.

    OUT_TRUE, OUT_POSSIBLE: to output, a register.
    """

    steps: tuple[tuple[int, int, int, int, int], ...]
    registers: int
    outputs: int
    planes: int


@dataclass
class Plan:
    """policies: those in force on the day, in the order of the outputs; levels: programs for what households count, before the main one."""

    policies: tuple[Policy, ...]
    day: date
    parameters: Mapping[str, Any]
    axes: dict[str, Axis]
    givens: list[Given] = field(default_factory=list)
    levels: list[tuple[list[Given], Program]] = field(default_factory=list)
    main: Program | None = None


def plan(policies: Sequence[Policy], parameters: Mapping[str, Any], day: date, kinds: Mapping[str, str]) -> Plan:
    """kinds: of the facts that there are, by name (int, float, day, text); a fact that is not among them is unknown of everybody."""
    good = tuple(policy for policy in policies if policy.in_force(day))
    made = Plan(good, day, parameters, _axes(good, parameters, day, kinds))
    made.givens = [Given(node, number, _value(node, parameters)) for number, node in enumerate(_households(good))]
    depth = {id(given.node): _depth(given.node) for given in made.givens}
    for level in sorted(set(depth.values())):
        here = [given for given in made.givens if depth[id(given.node)] == level]
        counted = [given for given in here if given.node.count is not None]
        made.levels.append((here, _Writer(made).program([given.node.count for given in counted if given.node.count is not None])))
    made.main = _Writer(made).program([policy.when for policy in good])
    return made


def true_only(made: Plan) -> Program:
    """The main program without what is merely possible: to measure what the second answer costs."""
    return _Writer(made).program([policy.when for policy in made.policies], possible=False)


def intervals(leaf: Leaf, value: Any, axis: Axis, day: date) -> tuple[tuple[float, float], ...]:
    """The half-open stretches of the axis in which the leaf holds."""
    if leaf.op in ("!=", "not_in"):
        same = intervals(Leaf(leaf.fact, "=" if leaf.op == "!=" else "in", age=leaf.age), value, axis, day)
        return _outside(same)
    if leaf.op == "in":
        return _joined([stretch for one in value for stretch in intervals(Leaf(leaf.fact, "=", age=leaf.age), one, axis, day)])
    low, high = value if leaf.op == "between" else (value, value)
    start = -INFINITE if leaf.op in ("<", "<=") else _cut(axis, low, day, leaf.age, after=leaf.op == ">")
    end = INFINITE if leaf.op in (">", ">=") else _cut(axis, high, day, leaf.age, after=leaf.op != "<")
    if leaf.age:
        # The older, the earlier the birth: the stretch is turned round.
        start, end = (-INFINITE if end == INFINITE else _age_cut(end, day)), (INFINITE if start == -INFINITE else _age_cut(start, day))
    return ((start, end),) if start < end else ()


def _cut(axis: Axis, value: Any, day: date, age: bool, *, after: bool) -> float | int:
    """The first point of the axis that is at, or after, a value."""
    if axis.kind == "text":
        return 2 * bisect_left(axis.mentions, value) + 1 + after
    if axis.kind == "day" and not age:
        return _ordinal(value) + after
    if axis.kind == "float":
        point: float = value
        return math.nextafter(point, INFINITE) if after else point
    whole: int = math.floor(value) + 1 if after else math.ceil(value)
    return whole


def _age_cut(years: float, day: date) -> float | int:
    """Births from this day on have fewer completed years."""
    latest = kleene.latest_birth(int(years), day)
    return (latest.toordinal() + 1 - EPOCH) if latest else (-INFINITE if years > 0 else INFINITE)


EPOCH = date(1970, 1, 1).toordinal()


def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


def _outside(stretches: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    edges = [-INFINITE, *(edge for stretch in stretches for edge in stretch), INFINITE]
    return tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)


def _joined(stretches: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    found: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def _axes(policies: Sequence[Policy], parameters: Mapping[str, Any], day: date, kinds: Mapping[str, str]) -> dict[str, Axis]:
    leaves = [leaf for policy in policies for leaf in _leaves(policy.when) if leaf.fact in kinds]
    found: dict[str, Axis] = {}
    for fact in sorted({leaf.fact for leaf in leaves}):
        kind, here = kinds[fact], [leaf for leaf in leaves if leaf.fact == fact]
        values = [(leaf, value) for leaf in here if leaf.op != "known" and (value := _value(leaf, parameters)) is not None]
        for leaf, value in values:
            _check(leaf, value, kind)
        mentions = sorted({one for _, value in values for one in _each(value)}) if kind == "text" else []
        axis = Axis(fact, kind, (), tuple(mentions))
        cuts = {edge for leaf, value in values for stretch in intervals(leaf, value, axis, day) for edge in stretch}
        found[fact] = Axis(fact, kind, tuple(sorted(cuts - {INFINITE, -INFINITE})), tuple(mentions))
    at = 0
    for fact, axis in found.items():
        found[fact] = Axis(fact, axis.kind, axis.cuts, axis.mentions, at)
        at += axis.planes
    return found


def _check(leaf: Leaf, value: Any, kind: str) -> None:
    """Text with text, days with days, numbers with numbers; otherwise a fault with its place."""
    texts = kind == "text" or (kind == "day" and not leaf.age)
    if leaf.age and kind != "day":
        raise Faulty([Fault(leaf.fact, leaf.place, f"情况{leaf.fact}不是出生日期，算不出年龄")])
    for one in _each(value):
        if (kleene.kind_of(one) == "text") != texts:
            raise Faulty([Fault(leaf.fact, leaf.place, f"情况{leaf.fact}不能和“{one}”比：一个是文字或日期，一个是数")])
        if kind == "day" and not leaf.age:
            _ordinal(one)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _value(node: Leaf | Household, parameters: Mapping[str, Any]) -> Any:
    return parameters.get(node.param) if node.param else node.value


def _leaves(tree: Tree) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    elif isinstance(tree, Group):
        for child in tree.of:
            yield from _leaves(child)
    elif tree.count is not None:
        yield from _leaves(tree.count)


def _households(policies: Sequence[Policy]) -> list[Household]:
    """Every distinct condition on a household, once."""
    found: dict[Any, Household] = {}

    def walk(tree: Tree) -> None:
        if isinstance(tree, Group):
            for child in tree.of:
                walk(child)
        elif isinstance(tree, Household):
            if tree.count is not None:
                walk(tree.count)
            found.setdefault(alike(tree), tree)

    for policy in policies:
        walk(policy.when)
    return list(found.values())


def _depth(node: Household) -> int:
    if node.count is None:
        return 0
    return max((1 + _depth(one) for one in _inside(node.count)), default=0)


def _inside(tree: Tree) -> list[Household]:
    if isinstance(tree, Household):
        return [tree]
    return [found for child in tree.of for found in _inside(child)] if isinstance(tree, Group) else []


def alike(tree: Tree) -> Any:
    """What two conditions have in common when they say the same, wherever they stand."""
    if isinstance(tree, Group):
        return tree.kind, tree.k, tuple(alike(child) for child in tree.of)
    # 1 and True are equal, and so are the answers that they give.
    if isinstance(tree, Leaf):
        return tree.fact, tree.op, tree.value, tree.param, tree.age
    return "household", alike(tree.count) if tree.count is not None else tree.total, tree.op, tree.value, tree.param


class _Writer:
    """Writes one program; equal steps are written once, registers are used again when nobody reads them any more."""

    def __init__(self, made: Plan) -> None:
        self.plan = made
        self.steps: list[tuple[int, int, int, int]] = []
        self.known: dict[tuple[int, int, int, int], int] = {}
        self.trees: dict[Any, Pair] = {}
        self.given = {alike(given.node): given.number for given in made.givens}

    def program(self, trees: Sequence[Tree], *, possible: bool = True) -> Program:
        outputs = [self.pair(tree) for tree in trees]
        for number, (sure, could) in enumerate(outputs):
            self._out(OUT_TRUE, number, sure)
            if possible:
                self._out(OUT_POSSIBLE, number, could)
        planes = sum(axis.planes for axis in self.plan.axes.values())
        steps, registers = _packed(self._near_their_use())
        return Program(tuple(steps), registers, len(outputs), planes)

    def pair(self, tree: Tree) -> Pair:
        """Steps that give (TRUE, POSSIBLE) of a tree."""
        key = alike(tree)
        if key not in self.trees:
            self.trees[key] = self._pair(tree)
        return self.trees[key]

    def _pair(self, tree: Tree) -> Pair:
        if isinstance(tree, Leaf):
            return self._leaf(tree)
        if isinstance(tree, Household):
            number = self.given[alike(tree)]
            return self._step(GIVEN, number, 0), self._step(GIVEN, number, 1)
        below = [self.pair(child) for child in tree.of]
        if tree.kind == "not":
            return self._not(below[0][1]), self._not(below[0][0])
        if tree.kind == "at_least":
            return self._at_least(tree.k, [true for true, _ in below]), self._at_least(tree.k, [possible for _, possible in below])
        op = AND if tree.kind == "all" else OR
        return self._many(op, [true for true, _ in below]), self._many(op, [possible for _, possible in below])

    def _leaf(self, leaf: Leaf) -> Pair:
        axis = self.plan.axes.get(leaf.fact)
        if axis is None:
            return (self._step(ZERO), self._step(ZERO)) if leaf.op == "known" else (self._step(ZERO), self._step(ONES))
        known = self._at(axis, 1)
        if leaf.op == "known":
            return known, known
        value = _value(leaf, self.plan.parameters)
        if value is None:
            return self._step(ZERO), self._step(ONES)
        true = self._many(OR, [self._stretch(axis, *stretch) for stretch in intervals(leaf, value, axis, self.plan.day)])
        return true, self._step(OR, true, self._not(known))

    def _stretch(self, axis: Axis, start: float, end: float) -> int:
        low = self._at(axis, 1 if start == -INFINITE else axis.cuts.index(start) + 2)
        if end == INFINITE:
            return low
        return self._step(AND, low, self._not(self._at(axis, axis.cuts.index(end) + 2)))

    def _at(self, axis: Axis, rank: int) -> int:
        return self._step(GE, axis.first_plane, rank, axis.planes)

    def _at_least(self, k: int, bits: Sequence[int]) -> int:
        """A counter in bits: each set is added to it, and the sum compared with k."""
        if k <= 0 or k > len(bits):
            return self._step(ONES if k <= 0 else ZERO)
        sums: list[int] = []
        for bit in bits:
            carry = bit
            for at, digit in enumerate(sums):
                sums[at], carry = self._step(XOR, digit, carry), self._step(AND, digit, carry)
            sums.append(carry)
        found = self._step(ONES)
        for at, digit in enumerate(sums):
            found = self._step(AND if (k >> at) & 1 else OR, digit, found)
        return found

    def _many(self, op: int, bits: Sequence[int]) -> int:
        if not bits:
            return self._step(ONES if op == AND else ZERO)
        found = bits[0]
        for bit in bits[1:]:
            found = self._step(op, found, bit)
        return found

    def _not(self, bits: int) -> int:
        op, inner, *_ = self.steps[bits]
        if op == NOT:
            return inner
        return self._step(ZERO if op == ONES else ONES if op == ZERO else NOT, *(() if op in (ONES, ZERO) else (bits,)))

    def _step(self, op: int, a: int = 0, b: int = 0, c: int = 0) -> int:
        if op in (AND, OR, XOR):
            a, b = min(a, b), max(a, b)
            if (simple := self._simple(op, a, b)) is not None:
                return simple
        key = (op, a, b, c)
        if key not in self.known:
            self.known[key] = len(self.steps)
            self.steps.append(key)
        return self.known[key]

    def _simple(self, op: int, a: int, b: int) -> int | None:
        if a == b and op != XOR:
            return a
        kinds = self.steps[a][0], self.steps[b][0]
        if op == XOR or not {ZERO, ONES} & set(kinds):
            return None
        rest, constant = (b, kinds[0]) if kinds[0] in (ZERO, ONES) else (a, kinds[1])
        keeps = constant == (ONES if op == AND else ZERO)
        return rest if keeps else self._step(constant)

    def _out(self, op: int, number: int, bits: int) -> None:
        self.steps.append((op, bits, number, 0))

    def _near_their_use(self) -> list[tuple[int, int, tuple[int, int, int]]]:
        """(own number, op, operands) in an order in which each stands just before its first reader, so that few registers are live."""
        done: set[int] = set()
        found: list[tuple[int, int, tuple[int, int, int]]] = []
        for out in [number for number, step in enumerate(self.steps) if step[0] in (OUT_TRUE, OUT_POSSIBLE)]:
            stack = [(out, False)]
            while stack:
                at, ready = stack.pop()
                if at in done:
                    continue
                if ready:
                    done.add(at)
                    found.append((at, self.steps[at][0], self.steps[at][1:]))
                    continue
                stack.append((at, True))
                stack += [(reads, False) for reads in _reads(self.steps[at]) if reads not in done]
        return found


def _reads(step: tuple[int, int, int, int]) -> tuple[int, ...]:
    op, a, b, _ = step
    return (a, b) if op in (AND, OR, XOR) else (a,) if op in (NOT, OUT_TRUE, OUT_POSSIBLE) else ()


def _packed(order: list[tuple[int, int, tuple[int, int, int]]]) -> tuple[list[tuple[int, int, int, int, int]], int]:
    """Registers for steps, each free again after its last reader."""
    last = {reads: at for at, (_, op, operands) in enumerate(order) for reads in _reads((op, *operands))}
    place: dict[int, int] = {}
    free: list[int] = []
    used = 0
    found: list[tuple[int, int, int, int, int]] = []
    for at, (own, op, (a, b, c)) in enumerate(order):
        reads = _reads((op, a, b, c))
        operands = [place[one] for one in reads]
        free += [place[one] for one in dict.fromkeys(reads) if last[one] == at]
        if op in (OUT_TRUE, OUT_POSSIBLE):
            found.append((op, b, operands[0], 0, 0))
            continue
        if not free:
            free.append(used)
            used += 1
        place[own] = free.pop()
        if operands:
            a, b = operands[0], operands[-1] if op != NOT else 0
        found.append((op, place[own], a, b, c))
    return found, used
