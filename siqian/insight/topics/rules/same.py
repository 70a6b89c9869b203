"""When a message is of a topic: thresholds, and the choice that a new one makes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siqian.spine.learn.queries import topics

# Of the average pair of a topic, and what counts as not alike at all: as the nightly clusters take them.
NEAR, FAINT = topics.NEAR, topics.FAINT
# Of a new message and the nearest eight of a topic, on average. Of a topic that grew the average of all falls below any bound; one message
# alone is a chain. Chosen on real messages of one city in several orders, for the least that is wrongly put together (bench/topics.py).
BOUND, NEAREST = 0.09, 8
# As good as the same words: such a message stands with the one before it and is looked up no more by itself.
ECHO = 0.6
# As if so many messages more were there that say nothing of it: six that tell of one thing in a quiet week share words that are rare.
BESIDE = 100
# Less than that says nothing by which it could be compared: "谁来管管".
SHORTEST = 6


def group(item: str, unsure: str) -> str:
    """What an item is about, as two numbers of its code: "7.1"; empty where nobody knows."""
    return "" if item == unsure else ".".join(item.split(".")[:2])


def agree(one: str, other: str) -> bool:
    """Whether two groups may be one topic: what surely is about something else is not, whatever words it shares."""
    return not one or not other or one == other


@dataclass(frozen=True)
class Joins:
    """What a new message belongs to: a topic that there is, one that it begins with another lone message, or none.

    leader: the message with nearly the same words, with which it goes whatever becomes of that one; 0 when it leads itself.
    """

    topic: int = 0
    beside: int = 0
    leader: int = 0


def joins(near: Sequence[tuple[int, float]], topic_of: Mapping[int, int], sizes: Mapping[int, int]) -> Joins:
    """By what messages it is like: the topic of which the eight nearest messages are nearest on average, or else the nearest lone one.

    near: (message, how alike), the likest first; topic_of: of each message that leads others or itself, 0 for a lone one; what is
    not in it does not count. sizes: how many such messages a topic has.
    """
    known = [(message, share) for message, share in near if message in topic_of]
    if known and known[0][1] >= ECHO:
        message = known[0][0]
        topic = topic_of[message]
        return Joins(topic, 0 if topic else message, message)
    shares: dict[int, list[float]] = {}
    for message, share in known:
        shares.setdefault(topic_of[message], []).append(share)
    shares.pop(0, None)
    best = max(((sum(of[:NEAREST]) / min(NEAREST, sizes[topic]), -topic) for topic, of in shares.items()), default=(0.0, 0))
    lone = next(((share, message) for message, share in known if not topic_of[message]), (0.0, 0))
    if max(best[0], lone[0]) < BOUND:
        return Joins()
    return Joins(topic=-best[1]) if best[0] >= lone[0] else Joins(beside=lone[1])
