"""What words say and what was learned, brought together: one first guess, and whether it is sure enough that no person need look. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from siqian.kernel.said import said

from .rules import Guess, Span, Understanding

SURE = 0.95  # of what goes out without a person so much was right, unless the district asks for more
SHOWN = 3
LEAST = 0.02  # a guess below this is none
Stratum = Literal["agree", "differ", "silent"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Above which probability nobody need look: where the words say the same, say another thing, or say nothing. Above 1: never.

    floor: raised by itself when what went out lately was wrong too often; it holds for all three.
    doubted: items of which the words were certain and mostly wrong, so that they are not believed alone.
    """

    agree: float = 0.0
    differ: float = 1.01
    silent: float = 1.01
    floor: float = 0.0
    doubted: tuple[str, ...] = ()

    def of(self, stratum: Stratum) -> float:
        return max(float(getattr(self, stratum)), self.floor)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model thinks: its likeliest items with their probabilities, the likeliest first, and the words on which the first rests."""

    likely: tuple[tuple[str, float], ...]
    spans: tuple[tuple[int, int], ...]


def stratum(words: Understanding, top: str) -> Stratum:
    """How the words stand to the item that the model thinks likeliest."""
    if words.unsure:
        return "silent"
    return "agree" if words.item == top else "differ"


def blended(words: Understanding, opinion: Opinion, limits: Limits, *, known: Collection[str], version: str) -> Understanding:
    """An understanding by both. known: the items of which the model ever saw one; of the others it cannot think.

    Kind and dangers stay those of the words: no weight silences a danger.
    """
    if not opinion.likely:
        return words
    top, sureness = opinion.likely[0]
    told = {guess.item: guess for guess in words.guesses}
    if sureness >= limits.of(stratum(words, top)):
        order = [top, *(item for item, _ in opinion.likely[1:])]
        return replace(words, guesses=_guesses(order, told, opinion), unsure=False, why="", version=version)
    if not words.unsure and words.item not in known and words.item not in limits.doubted:
        # Nobody ever confirmed one of these, so that only the list itself speaks for it.
        order = [words.item, *(item for item, _ in opinion.likely)]
        return replace(words, guesses=_guesses(order, told, opinion), version=version)
    # What the words say for certain stays on the list of what a person chooses from, second where the model thinks otherwise.
    own = [] if words.unsure else [words.item]
    order = [top, *own, *(item for item, _ in opinion.likely[1:]), *told]
    return replace(words, guesses=_guesses(order, told, opinion), unsure=True, why=_why(words, top), version=version)


def _why(words: Understanding, top: str) -> str:
    if words.unsure:
        return said("词表和学到的都拿不准，请人工选择")
    return said("学到的还不够有把握，请人工确认") if words.item == top else said("词表和学到的说法不一样，请人工选择")


def _guesses(order: Sequence[str], told: dict[str, Guess], opinion: Opinion) -> tuple[Guess, ...]:
    """Each item once, with its probability and the words for it: those of the list where it has some, else those that were learned."""
    sure = dict(opinion.likely)
    found: list[Guess] = []
    for item in dict.fromkeys(order):
        share = sure.get(item, 0.0)
        if found and share < LEAST and item not in told:
            continue
        spans = told[item].spans if item in told else ()
        if not spans and item == opinion.likely[0][0]:
            spans = tuple(Span(start, end, "class") for start, end in opinion.spans)
        found.append(Guess(item, round(share, 3), spans))
    return tuple(found[:SHOWN])
