"""The nightly grouping: average link that keeps what staff decided, and topics that keep their numbers. Pure.

Average link (Sokal and Michener 1958) over the likeness of all pairs; must-link and cannot-link as constraints (Wagstaff 2000).
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Link = tuple[int, int, float]


@dataclass(frozen=True)
class Decision:
    """What staff decided, in order of time: `one` and `other` are together (merge), or `one` is apart from `other` (split)."""

    together: bool
    one: frozenset[int]
    other: frozenset[int]


@dataclass(frozen=True)
class Constraints:
    """together: groups that stay whole; apart: pairs of groups of which none of one is ever with any of the other."""

    together: tuple[frozenset[int], ...] = ()
    apart: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()

    @property
    def named(self) -> frozenset[int]:
        """Every message that a decision names."""
        return frozenset().union(*self.together, *(one | other for one, other in self.apart))


def constraints(decisions: Sequence[Decision]) -> Constraints:
    """What follows from all decisions, the oldest first: where two contradict each other the later one holds."""
    together: list[frozenset[int]] = []
    apart: list[tuple[frozenset[int], frozenset[int]]] = []
    for at, decision in enumerate(decisions):
        later = decisions[at + 1 :]
        if decision.together:
            together += _parted(decision.one | decision.other, [found for found in later if not found.together])
        else:
            together += _parted(decision.one, [found for found in later if not found.together])
            one, other = _not_joined(decision, later)
            apart += [(one, other)] if one and other else []
    # The newest first: what it puts together nothing older keeps apart.
    return Constraints(tuple(group for group in reversed(together) if len(group) > 1), tuple(apart))


def _parted(group: frozenset[int], later: Iterable[Decision]) -> list[frozenset[int]]:
    """A group that stayed together until later splits took parts out of it."""
    parts = [group]
    for split in later:
        if any(part & split.other for part in parts):
            parts = [piece for part in parts for piece in (part & split.one, part - split.one) if piece]
    return parts


def _not_joined(split: Decision, later: Iterable[Decision]) -> tuple[frozenset[int], frozenset[int]]:
    """What is still apart after later decisions put some of it together again."""
    one, other = split.one, split.other
    for decision in later:
        back = decision.one | decision.other if decision.together else decision.one
        if back & one and back & other:
            one = one - back
    return one, other


def clusters(items: Sequence[int], links: Iterable[Link], kept: Constraints, *, near: float) -> list[list[int]]:
    """Groups of the items: the two nearest are joined as long as their average pair is at least so near and nothing forbids it."""
    return _Joining(items, links, kept, near).groups_found()


class _Joining:
    """Groups by their first item's place, what each pair of groups shares, and which must not meet."""

    def __init__(self, items: Sequence[int], links: Iterable[Link], kept: Constraints, near: float) -> None:
        self.near, self.fresh = near, len(items)
        place = {item: at for at, item in enumerate(items)}
        self.items = items
        self.groups: dict[int, list[int]] = {at: [at] for at in range(len(items))}
        self.sums: dict[int, dict[int, float]] = defaultdict(dict)
        for one, other, share in links:
            self.sums[place[one]][place[other]] = self.sums[place[other]][place[one]] = share
        self.foes: dict[int, set[int]] = defaultdict(set)
        for left, right in kept.apart:
            here, there = ([place[item] for item in side if item in place] for side in (left, right))
            for one in here:
                self.foes[one] |= set(there)
            for other in there:
                self.foes[other] |= set(here)
        self.heap: list[tuple[float, int, int]] = []
        self.first = [[place[item] for item in sorted(group) if item in place] for group in kept.together]

    def groups_found(self) -> list[list[int]]:
        holder = {at: at for at in self.groups}
        for group in self.first:
            for other in group[1:]:
                one, two = _now(holder, group[0]), _now(holder, other)
                if one != two and two not in self.foes[one]:
                    fresh = self._join(one, two)
                    holder[one] = holder[two] = holder[fresh] = fresh
        self._offer_all()
        while self.heap:
            _, one, other = heapq.heappop(self.heap)
            # Whoever was joined meanwhile is no group any more.
            if one in self.groups and other in self.groups:
                self._offer(self._join(one, other))
        return [sorted(self.items[at] for at in group) for group in self.groups.values()]

    def _offer_all(self) -> None:
        for one in list(self.groups):
            self._offer(one, above=True)

    def _offer(self, one: int, *, above: bool = False) -> None:
        for other, total in self.sums[one].items():
            average = total / (len(self.groups[one]) * len(self.groups[other]))
            if average >= self.near and other not in self.foes[one] and not (above and other < one):
                heapq.heappush(self.heap, (-average, min(one, other), max(one, other)))

    def _join(self, one: int, other: int) -> int:
        fresh, self.fresh = self.fresh, self.fresh + 1
        self.groups[fresh] = self.groups.pop(one) + self.groups.pop(other)
        left, right = self.sums.pop(one, {}), self.sums.pop(other, {})
        self.sums[fresh] = {group: left.get(group, 0.0) + right.get(group, 0.0) for group in (left.keys() | right.keys()) - {one, other}}
        for group, total in self.sums[fresh].items():
            row = self.sums[group]
            row.pop(one, None)
            row.pop(other, None)
            row[fresh] = total
        self.foes[fresh] = self.foes.pop(one, set()) | self.foes.pop(other, set())
        for foe in self.foes[fresh]:
            self.foes[foe] = (self.foes[foe] - {one, other}) | {fresh}
        return fresh


def _now(holder: dict[int, int], at: int) -> int:
    while holder[at] != at:
        at = holder[at]
    return at


def numbered(
    groups: Sequence[Collection[int]], before: Mapping[int, int], *, firm: Collection[int] = ()
) -> tuple[list[int], dict[int, int]]:
    """The number that each group keeps, 0 for a new one, and what became of numbers that no group keeps (-> a group's place).

    before: the topic of each message until now. The largest overlap keeps the number; a topic in `firm` (staff laid hands on it) goes
    before all others; of two alike the older.
    """
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for at, group in enumerate(groups):
        for message in group:
            if topic := before.get(message, 0):
                shared[topic, at] += 1
    kept, given = [0] * len(groups), {}
    for (topic, at), _ in sorted(shared.items(), key=lambda pair: (pair[0][0] not in firm, -pair[1], pair[0])):
        if topic not in given and not kept[at]:
            kept[at], given[topic] = topic, at
    most: dict[int, tuple[int, int]] = {}
    for (topic, at), count in shared.items():
        if topic not in given:
            most[topic] = max(most.get(topic, (0, 0)), (count, -at))
    return kept, {topic: -at for topic, (_, at) in most.items()}
