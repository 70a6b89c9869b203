"""Which messages are about the same thing: average-link clusters over how alike they are. Pure.

Average link (Sokal and Michener 1958) and not single link: a chain of small likenesses joins no two things.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence

from .alike import Pairs, pairs

NEAR = 0.068  # of the average pair in a topic; chosen on real messages of one city, where B-cubed F and topic F1 were best together
FAINT = 0.01  # what is less alike counts as not alike at all


def topics(titles: Sequence[str], bodies: Sequence[str], *, near: float = NEAR) -> list[int]:
    """The number of its topic for each message, from 1, the largest first; 0 where a message stands alone."""
    found = clusters(len(titles), pairs(titles, bodies, least=FAINT), near=near)
    ranked = sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), group[0]))
    numbers = [0] * len(titles)
    for number, group in enumerate(ranked, start=1):
        for message in group:
            numbers[message] = number
    return numbers


def clusters(count: int, found: Pairs, *, near: float) -> list[list[int]]:
    """Groups of 0 to count - 1: the two nearest are joined as long as their average pair is at least so near."""
    groups: dict[int, list[int]] = {number: [number] for number in range(count)}
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    for one, other, alike in zip(found.one.tolist(), found.other.tolist(), found.alike.tolist(), strict=True):
        sums[one][other] = sums[other][one] = alike
    heap = [(-alike, one, other) for one, row in sums.items() for other, alike in row.items() if one < other and alike >= near]
    heapq.heapify(heap)
    fresh = count
    while heap:
        _, one, other = heapq.heappop(heap)
        # Whoever was joined meanwhile is no group any more.
        if one not in groups or other not in groups:
            continue
        groups[fresh] = groups.pop(one) + groups.pop(other)
        left, right = sums.pop(one), sums.pop(other)
        joined = {group: left.get(group, 0.0) + right.get(group, 0.0) for group in (left.keys() | right.keys()) - {one, other}}
        sums[fresh] = joined
        for group, total in joined.items():
            row = sums[group]
            row.pop(one, None)
            row.pop(other, None)
            row[fresh] = total
            average = total / (len(groups[fresh]) * len(groups[group]))
            if average >= near:
                heapq.heappush(heap, (-average, group, fresh))
        fresh += 1
    return [sorted(group) for group in groups.values()]
