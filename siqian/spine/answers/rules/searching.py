"""Finding the answer to a question: pairs of Chinese letters and English words, weighed by how rare they are. Pure.

Trigrams would miss the two-letter words of which Chinese mostly consists. A term of the question proves more than one of the
item's words, and that more than one of the answer's text, where many things are mentioned.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

ASKED, ITEM, TOLD = 1.0, 0.55, 0.3
# How much of what is asked is found, against how much of the question is asked.
SHARE, COVER = 0.6, 0.4
SAME_ITEM, SAME_CLASS = 0.15, 0.05
# Shown before anything is sent, only above; in a search, everything above the lower one.
# What is shown beside the best must come near it.
NEAR = 0.65
ENOUGH, FAINT = 0.27, 0.08
# A term that no answer holds counts less against one that does: people tell more than they ask.
UNKNOWN = 0.5
MOST_TERMS = 80
# Up to so many characters a message asks one thing.
SHORT = 80
RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that the search goes by; what each code is for is told in words.yaml."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """An answer in one language as it is searched: what it asks, what it tells, the words of its item."""

    id: int
    question: str
    text: str
    words: str
    item: str


@dataclass(frozen=True)
class Hit:
    """score: 0 to about 1.2; it orders, and it says whether to show at all."""

    id: int
    score: float


@dataclass(frozen=True)
class _Weighed:
    entry: Entry
    asked: frozenset[str]
    weights: dict[str, float] = field(hash=False, compare=False)


class Index:
    """Every answer that is live. Building takes a tenth of a second for two thousand, asking a few milliseconds at most."""

    def __init__(self, entries: Iterable[Entry], *, filler: Sequence[str] = (), stop: Iterable[str] = ()) -> None:
        # The longest first, so that no word is left over in pieces.
        self._filler = re.compile("|".join(map(re.escape, sorted(filler, key=len, reverse=True))) or r"(?!)")
        self._stop = frozenset(stop)
        self._known = [self._weigh(entry) for entry in entries]
        self._postings: dict[str, list[tuple[int, float, bool]]] = defaultdict(list)
        for place, known in enumerate(self._known):
            for term, weight in known.weights.items():
                self._postings[term].append((place, weight, term in known.asked))
        self._rare = {term: math.log(1 + len(self._known) / len(held)) for term, held in self._postings.items()}
        self._unknown = UNKNOWN * math.log(1 + len(self._known))
        self._whole = [sum(self._rare[term] for term in known.asked) or 1.0 for known in self._known]

    def find(self, text: str, *, item: str = "", least: float = FAINT, near: float = 0.0, most: int = 10) -> list[Hit]:
        """The best answers to a question, the best first.

        item: what was understood, which lifts answers about the same; least: the lowest score; near: the lowest part of the best one's.
        """
        wanted = self.terms(text)
        if len(wanted) > MOST_TERMS:
            wanted = set(sorted(wanted, key=lambda term: (-self._rare.get(term, 0.0), term))[:MOST_TERMS])
        found: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for term in wanted:
            rare = self._rare.get(term, 0.0)
            for place, weight, asked in self._postings.get(term, ()):
                found[place] += rare * weight
                if asked:
                    covered[place] += rare
        whole = sum(self._rare.get(term, self._unknown) for term in wanted) or 1.0
        best: dict[int, float] = {}
        for place in found:
            score = self._score(place, found[place] / whole, covered[place], item)
            id_ = self._known[place].entry.id
            if score >= max(least, best.get(id_, 0.0)):
                best[id_] = score
        enough = near * max(best.values(), default=0.0)
        return sorted((Hit(id_, score) for id_, score in best.items() if score >= enough), key=lambda hit: (-hit.score, hit.id))[:most]

    def terms(self, text: str) -> set[str]:
        """Pairs of Chinese letters and words in Latin letters or figures, what every question holds left out."""
        even = self._filler.sub(" ", unicodedata.normalize("NFKC", text).lower())
        found: set[str] = set()
        for run in RUN.findall(even):
            if run[0] >= "\u3400":
                found.update(run[at : at + 2] for at in range(len(run) - 1))
            elif run not in self._stop and len(run) > 1:
                found.add(run[:-1] if len(run) > 3 and run.endswith("s") else run)
        return found

    def _score(self, place: int, share: float, covered: float, item: str) -> float:
        score = SHARE * share + COVER * covered / self._whole[place]
        own = self._known[place].entry.item
        if item and own == item:
            return score + SAME_ITEM
        return score + SAME_CLASS if item and own.rpartition(".")[0] == item.rpartition(".")[0] else score

    def _weigh(self, entry: Entry) -> _Weighed:
        asked = self.terms(entry.question)
        weights = dict.fromkeys(self.terms(entry.text), TOLD)
        weights |= dict.fromkeys(self.terms(entry.words), ITEM)
        weights |= dict.fromkeys(asked, ASKED)
        return _Weighed(entry, frozenset(asked), weights)


def is_question(text: str, kind: str, *, kinds: Iterable[str], asks: Iterable[str], unless: Iterable[str]) -> bool:
    """Whether a message asks something that an answer may settle; 有没有人管 is no question, though it looks like one.

    A long letter of another kind asks much, and wants a person.
    """
    if kind in kinds:
        return True
    even = unicodedata.normalize("NFKC", text).lower()
    return len(text) <= SHORT and any(word in even for word in asks) and not any(word in even for word in unless)


def is_about(text: str, item: str, answered: str) -> bool:
    """Whether an answer about `answered` may be put before whoever tells `text`, understood as `item`.

    A long letter mentions many things on its way: only what it is about counts, down to the subclass.
    """
    return len(text) <= SHORT or item.rpartition(".")[0] == answered.rpartition(".")[0]
