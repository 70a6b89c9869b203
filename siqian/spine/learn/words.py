"""Words found in a text, all in one pass, with the places where they stand."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

K = TypeVar("K")
NEAR = 14  # characters from the first part of "楼梯+灯" to the end of its last; a spoken clause is seldom longer


@dataclass(frozen=True, slots=True)
class Hit(Generic[K]):
    """One word in the text: for whom it speaks and where it stands (a word in parts stands in several places)."""

    word: str
    keys: tuple[K, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    def within(self, others: list["Hit[K]"]) -> bool:
        """Whether other hits cover it wholly: 生活困难 is not said twice because 生活+困难 is a word too."""
        said = [span for other in others for span in other.spans]
        return all(any(a <= start and end <= b for a, b in said) for start, end in self.spans)


class Finder(Generic[K]):
    """Finds the words of many owners at once; the time depends on the text and its hits, not on the number of words.

    A word "甲+乙" is found where its parts stand near each other in any order. A word inside a longer word that
    was found does not count: 垃圾 says nothing beside 垃圾分类.
    """

    def __init__(self, words: Iterable[tuple[K, str]]) -> None:
        owners: dict[str, list[K]] = defaultdict(list)
        for key, word in words:
            owners[fold(word)[0]].append(key)
        self.owners = {word: tuple(keys) for word, keys in owners.items()}
        self._compounds: dict[str, list[tuple[str, ...]]] = defaultdict(list)  # last part -> all parts
        parts: set[str] = set()
        for word in self.owners:
            if "+" in word:
                split = tuple(word.split("+"))
                parts.update(split)
                self._compounds[split[-1]].append(split)
        self._patterns = sorted({word for word in self.owners if "+" not in word} | parts)
        # Overlapping rather than leftmost-longest: of 楼道灯坏了 both 楼道灯 and 灯坏了 are evidence.
        self._automaton = AhoCorasick(self._patterns)

    def find(self, text: str) -> list[Hit[K]]:
        """Every hit in `text`, which must be folded."""
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            places[self._patterns[pattern]].append((start, end))
        return self._plain(places) + self._in_parts(places)

    def _plain(self, places: dict[str, list[tuple[int, int]]]) -> list[Hit[K]]:
        spots = [(start, -end, word) for word, at in places.items() if word in self.owners for start, end in at]
        spots.sort()
        hits, reach = [], -1
        for start, minus_end, word in spots:
            if -minus_end > reach:
                reach = -minus_end
                hits.append(Hit(word, self.owners[word], ((start, reach),)))
        return hits

    def _in_parts(self, places: dict[str, list[tuple[int, int]]]) -> list[Hit[K]]:
        hits = []
        for last in places.keys() & self._compounds.keys():
            for parts in self._compounds[last]:
                if all(part in places for part in parts) and (spans := _together(parts, places)):
                    word = "+".join(parts)
                    hits.append(Hit(word, self.owners[word], spans))
        return hits


def _together(parts: tuple[str, ...], places: dict[str, list[tuple[int, int]]]) -> tuple[tuple[int, int], ...]:
    """The first places of all parts that stand near each other without sharing a character, or nothing."""
    for start, end in places[parts[0]]:
        chosen = [(start, end)]
        for part in parts[1:]:
            spot = next((s for s in places[part] if _near(s, chosen)), None)
            if spot is None:
                break
            chosen.append(spot)
        else:
            return tuple(sorted(chosen))
    return ()


def _near(spot: tuple[int, int], chosen: list[tuple[int, int]]) -> bool:
    if any(spot[0] < end and start < spot[1] for start, end in chosen):
        return False
    everything = [*chosen, spot]
    return max(end for _, end in everything) - min(start for start, _ in everything) <= NEAR


# One character for one, so that a place in the folded text is a place in the original.
_FOLD = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {upper: upper + 32 for upper in range(65, 91)}
_FOLD |= {wide: wide - 0xFEE0 + 32 for wide in range(0xFF21, 0xFF3B)}
_BLANK = re.compile(r"[\s\u3000\u200b]+")


def fold(text: str) -> tuple[str, list[int] | None]:
    """`text` in half width and small letters without blanks, and the original place of each character.

    The places are None where nothing was taken out: they are the same.
    """
    even = text.translate(_FOLD)
    if not _BLANK.search(even):
        return even, None
    kept = [place for place, letter in enumerate(even) if not _BLANK.match(letter)]
    return "".join(even[place] for place in kept), kept
