"""Parts of an address by a linear-chain CRF: trained by CRFsuite (Lafferty et al. 2001; Okazaki 2007), answered by NumPy alone.

Marks are BIO, one a character. The weights lie in one .npz: for each trait of a character its labels and their weights, and the
weight of each label after each other.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .grams import Floats

VERSION = "crf-1"
ROUNDS = 100
SPARSE, SMALL = 0.1, 0.05  # pull of weights to none at all, and to small ones
# Where a part often ends: 省 市 区 of a district, 路 号 of a road, 栋 单元 室 of a house.
ENDINGS = frozenset("省市区县旗州盟镇乡村街道路巷弄里坊号幢栋座楼层单元室户园苑城府庭湾厦场店院校厂司铺")
COUNTING = frozenset("〇零一二三四五六七八九十百两")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address, end not included."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Parser:
    """What was learned. traits ascend; the weights of trait n are those from starts[n] to starts[n + 1]."""

    labels: tuple[str, ...]
    traits: NDArray[np.uint32]
    starts: NDArray[np.int64]
    label: NDArray[np.int16]
    weight: Floats
    moves: Floats

    def parts(self, address: str) -> list[Part]:
        """The parts of an address in order; characters outside all parts are in none."""
        return parts_of(self.marks(address))

    def marks(self, address: str) -> list[str]:
        """The likeliest mark of each character (Viterbi)."""
        if not address:
            return []
        scores = self._scores(address)
        best, back = scores[0], np.zeros((len(address), len(self.labels)), np.int16)
        for at in range(1, len(address)):
            ways = best[:, None] + self.moves
            back[at] = ways.argmax(0)
            best = ways.max(0) + scores[at]
        chosen = [int(best.argmax())]
        for at in range(len(address) - 1, 0, -1):
            chosen.append(int(back[at, chosen[-1]]))
        return [self.labels[number] for number in reversed(chosen)]

    def _scores(self, address: str) -> Floats:
        found = np.zeros((len(address), len(self.labels)), np.float32)
        for at, traits in enumerate(traits_of(address)):
            codes = np.fromiter((_code(trait) for trait in traits), np.uint32, len(traits))
            spots = np.minimum(np.searchsorted(self.traits, codes), len(self.traits) - 1)
            for spot in spots[self.traits[spots] == codes].tolist():
                low, high = self.starts[spot], self.starts[spot + 1]
                found[at, self.label[low:high]] += self.weight[low:high]
        return found

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with part.open("wb") as out:
            np.savez_compressed(
                out,
                version=np.array(VERSION),
                labels=np.array(self.labels),
                traits=self.traits,
                starts=self.starts,
                label=self.label,
                weight=self.weight.astype(np.float16),
                moves=self.moves,
            )
        part.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Parser":
        """Raises ValueError where the file is of another version."""
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["version"]) != VERSION:
                raise ValueError(f"{file}是版本{kept['version']}的模型，这里认{VERSION}，重新训练")
            labels = tuple(str(label) for label in kept["labels"])
            return cls(labels, kept["traits"], kept["starts"], kept["label"], kept["weight"].astype(np.float32), kept["moves"])


def trained(marked: Iterable[Sequence[tuple[str, str]]], scratch: Path) -> Parser:
    """A parser from marked addresses: (character, mark) pairs. scratch: a file that CRFsuite may write and that is left there."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for address in marked:
        trainer.append(traits_of("".join(letter for letter, _ in address)), [mark for _, mark in address])
    trainer.set_params({"c1": SPARSE, "c2": SMALL, "max_iterations": ROUNDS, "feature.possible_transitions": True})
    trainer.train(str(scratch))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(scratch))
    return _kept(tagger.info(), tagger.labels())


def traits_of(address: str) -> list[list[str]]:
    """What is told of each character: itself and its neighbours, what kind they are, where parts often end around it."""
    around = f"###{address}####"
    kinds = "".join(_kind(letter) for letter in around)
    ahead, behind = _endings(address)
    found = []
    for at, letter in enumerate(address):
        n = at + 3
        found.append(
            [
                f"0{letter}",
                *(f"{way}{around[n + way]}" for way in (-3, -2, -1, 1, 2, 3)),
                f"b{around[n - 1 : n + 1]}",
                f"c{around[n : n + 2]}",
                f"d{around[n - 2 : n]}",
                f"e{around[n + 1 : n + 3]}",
                f"f{around[n - 1 : n + 2]}",
                f"g{around[n - 1]}{around[n + 1]}",
                f"h{around[n - 1]}{around[n + 2]}",
                f"i{around[n - 2]}{around[n + 1]}",
                f"j{around[n : n + 3]}",
                f"k{around[n - 2 : n + 1]}",
                f"l{around[n : n + 4]}",
                f"m{around[n - 3 : n + 1]}",
                f"n{kinds[n - 1 : n + 2]}",
                f"o{kinds[n - 2 : n + 3]}",
                f"p{kinds[n - 3 : n + 4]}",
                f"q{letter}{kinds[n - 2 : n]}{kinds[n + 1 : n + 3]}",
                f"r{ahead[at]}",
                f"s{behind[at]}",
                f"t{ahead[at]}{behind[at]}",
                f"u{min(at, 6)}",
                f"v{min(len(address) - 1 - at, 4)}",
            ]
        )
    return found


def parts_of(marks: Sequence[str]) -> list[Part]:
    """BIO marks as parts; an I that follows no part of its label begins one."""
    found: list[Part] = []
    for at, mark in enumerate(marks):
        label = mark[1:].lstrip("-") if mark[:1] in "BI" else ""
        if not label:
            continue
        last = found[-1] if found else None
        if mark[0] == "I" and last is not None and last.end == at and last.label == label:
            found[-1] = Part(last.start, at + 1, label)
        else:
            found.append(Part(at, at + 1, label))
    return found


def _endings(address: str) -> tuple[list[str], list[str]]:
    """The next ending at or after each character and the last before it, each with how far it is."""
    ahead, behind = [""] * len(address), [""] * len(address)
    last, far = "$", 9
    for at in range(len(address) - 1, -1, -1):
        if address[at] in ENDINGS:
            last, far = address[at], 0
        ahead[at] = f"{last}{min(far, 4)}"
        far += 1
    last, far = "^", 9
    for at, letter in enumerate(address):
        behind[at] = f"{last}{min(far, 5)}"
        if letter in ENDINGS:
            last, far = letter, 0
        far += 1
    return ahead, behind


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "0"
    if letter in COUNTING:
        return "n"
    if letter.isascii() and letter.isalpha():
        return "a"
    return "w" if "一" <= letter <= "鿿" else letter


def _code(trait: str) -> int:
    return zlib.crc32(trait.encode())


def _kept(info, labels: list[str]) -> Parser:  # type: ignore[no-untyped-def]
    """The weights of CRFsuite's own file, by the code of each trait."""
    number = {label: at for at, label in enumerate(labels)}
    rows = sorted((_code(trait), number[label], weight) for (trait, label), weight in info.state_features.items())
    traits, starts = np.unique(np.array([code for code, _, _ in rows], np.uint32), return_index=True)
    moves = np.zeros((len(labels), len(labels)), np.float32)
    for (one, other), weight in info.transitions.items():
        moves[number[one], number[other]] = weight
    return Parser(
        tuple(labels),
        traits,
        np.append(starts, len(rows)).astype(np.int64),
        np.array([label for _, label, _ in rows], np.int16),
        np.array([weight for _, _, weight in rows], np.float32),
        moves,
    )
