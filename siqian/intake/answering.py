"""Answers before anything is sent: what may settle a question at once, and what came of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from siqian.kernel.permits import Actor
from siqian.spine.answers import actions, queries
from siqian.spine.answers.queries import Shown
from siqian.spine.learn.rules import Understanding

MOST = 3


def offered(text: str, understood: Understanding, *, but: Collection[int] = ()) -> list[Shown]:
    """The answers to show first, the best first; none where something is dangerous. but: those that did not help before."""
    if understood.calls:
        return []
    return [line for line in queries.offered(text, understood.kind, understood.item, most=MOST + len(but)) if line.id not in but][:MOST]


def note_not_helped(numbers: Iterable[int], *, telling: int, by: Actor, at: datetime) -> None:
    """These did not help whoever told this. Sent again it counts once."""
    for number in list(dict.fromkeys(numbers))[:MOST]:
        actions.mark_not_helped(answer=number, mark=f"telling:{telling}", telling=f"telling:{telling}", by=by, at=at)


def numbers_in(text: str) -> list[int]:
    """The answers that a form names: "3,7"."""
    return [int(part) for part in text.split(",")[:MOST] if part.isdigit() and len(part) < 10]
