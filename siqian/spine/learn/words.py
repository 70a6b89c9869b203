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

    A word "甲+乙" is found where its parts stand near each other in any order; "甲|丙+乙" where either of two does beside the other.
    A word inside a longer word that was found does not count: 垃圾 says nothing beside 垃圾分类.
    """

    def __init__(self, words: Iterable[tuple[K, str]]) -> None:
        owners: dict[str, list[K]] = defaultdict(list)
        for key, word in words:
            owners[fold(word)[0]].append(key)
        self.owners = {word: tuple(keys) for word, keys in owners.items()}
        self._compounds: list[tuple[str, int]] = []  # a word in parts, and how many
        self._parts: dict[str, list[tuple[int, int]]] = defaultdict(list)  # what stands in a text -> (compound, its part)
        for word in self.owners:
            if not is_plain(word):
                parts = word.split("+")
                for at, part in enumerate(parts):
                    for said in part.split("|"):
                        self._parts[said].append((len(self._compounds), at))
                self._compounds.append((word, len(parts)))
        self._patterns = sorted({word for word in self.owners if is_plain(word)} | set(self._parts))
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
        found: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(dict)
        for said, at in places.items():
            for compound, part in self._parts.get(said, ()):
                found[compound].setdefault(part, []).extend(at)
        hits = []
        for compound, parts in found.items():
            word, count = self._compounds[compound]
            if len(parts) == count and (spans := _together([sorted(parts[at]) for at in range(count)])):
                hits.append(Hit(word, self.owners[word], spans))
        return hits


def is_plain(word: str) -> bool:
    """Whether a word stands in a text as it is written."""
    return "+" not in word and "|" not in word


def _together(parts: list[list[tuple[int, int]]]) -> tuple[tuple[int, int], ...]:
    """The first places of all parts that stand near each other without sharing a character, or nothing."""
    for start, end in parts[0]:
        chosen = [(start, end)]
        for spots in parts[1:]:
            spot = next((s for s in spots if _near(s, chosen)), None)
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
