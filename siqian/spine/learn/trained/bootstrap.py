"""Learning without labels: a lexicon says what some messages surely are, a machine learns from these and reads on. Pure NumPy.

Self-training (Yarowsky, ACL 1995): of every class the surest part is believed, each round a larger one. What a person has labelled
is believed whatever the lexicon says.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..words import Finder, fold
from . import calibration
from .classifier import joined, machine, weighed
from .grams import Floats, Rows
from .linear import times

HINT = "?"  # ends a word that is said of other things too
FAINT, HEAD = 0.35, 3.0  # what a hint weighs; what a word in the title weighs
GROUND = 2.0  # evidence that any message might show by chance
ROUNDS = (0.4, 0.5, 0.65, 0.8)  # the part of each class that is believed
STEEP, TRUST = 1.5, 0.3  # of margins as probabilities; how much the lexicon counts beside the machine
FLOOR = 0.1  # of a class of which the lexicon says nothing
GOLD = 5  # times that a labelled message is learned, so that it outweighs what was only believed


def scores(lexicon: Mapping[str, Sequence[str]], titles: Sequence[str], bodies: Sequence[str]) -> Floats:
    """How much the words speak for each class: messages x classes, the classes in the lexicon's order."""
    names = list(lexicon)
    finder = Finder((name, word.rstrip(HINT)) for name in names for word in lexicon[name])
    hints = {(name, fold(word.rstrip(HINT))[0]) for name in names for word in lexicon[name] if word.endswith(HINT)}
    place = {name: at for at, name in enumerate(names)}
    found = np.zeros((len(titles), len(names)), np.float32)
    for row, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        for text, weight in ((title, HEAD), (body, 1.0)):
            told: Counter[str] = Counter()
            for hit in finder.find(fold(text)[0]):
                told[hit.word] += 1
                # A word in several classes proves little of each, the third time little more than the first.
                worth = weight * min(len(hit.word.replace("+", "")), 6) ** 0.5 / told[hit.word] ** 2 / len(hit.keys)
                for name in hit.keys:
                    found[row, place[name]] += worth * (FAINT if (name, hit.word) in hints else 1.0)
    return found


def believed(spoken: Floats, titles: Sequence[str], bodies: Sequence[str], gold: Mapping[int, int]) -> NDArray[np.int64]:
    """The class of each message. spoken: messages x classes of `scores`; gold: message -> class, where a person has said so."""
    strength = spoken.max(1, keepdims=True)
    prior = spoken / np.maximum(spoken.sum(1, keepdims=True), 1e-9)
    sure, whole = prior * strength / (strength + GROUND), joined(titles, bodies)
    for part in ROUNDS:
        labels, keep = _surest(sure, part, gold)
        rows = np.concatenate([np.flatnonzero(keep), np.repeat(np.array(sorted(gold), np.int64), GOLD)])
        soft = calibration.soft(STEEP * _read_on(whole, rows, labels, spoken.shape[1], titles))
        mixed = soft ** (1 - TRUST) * (FLOOR + prior) ** TRUST
        sure = mixed / mixed.sum(1, keepdims=True)
    return _surest(sure, 1.0, gold)[0]


def _read_on(whole: Rows, rows: NDArray[np.int64], labels: NDArray[np.int64], classes: int, titles: Sequence[str]) -> Floats:
    """The margins of all messages by a machine that learned from these rows, their titles alone as well."""
    short = joined([titles[at] for at in rows.tolist()], [""] * len(rows))
    columns, worth, weights = machine(whole.take(rows), labels[rows], short, labels[rows], classes)
    return times(weighed(whole, columns, worth), weights)


def _surest(sure: Floats, part: float, gold: Mapping[int, int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The likeliest class of each message, and which are believed: of each class this part, by how far the next one stays behind."""
    labels = sure.argmax(1).astype(np.int64)
    ordered = np.sort(sure, 1)
    ahead = ordered[:, -1] - ordered[:, -2]
    keep = np.zeros(len(labels), bool)
    for number in range(sure.shape[1]):
        own = np.flatnonzero((labels == number) & (ordered[:, -1] > 0))
        keep[own[np.argsort(-ahead[own], kind="stable")[: int(np.ceil(len(own) * part))]]] = True
    for row, label in gold.items():
        labels[row], keep[row] = label, False
    return labels, keep
