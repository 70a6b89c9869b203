"""Which class a message is of: trained from labelled messages, answered from one file of weights by NumPy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import calibration
from .calibration import Scale
from .grams import BITS, Floats, Rows, counted
from .linear import fit, times

VERSION = "linear-1"
FIELDS = 2  # the title for itself, and all that was written
RARE = 2  # an n-gram of fewer messages is a name or a slip
COST = 0.7
SMOOTH, CLIP = 0.05, 4.0  # of the log ratios by which an n-gram weighs more the more it tells classes apart
BLOCK = 16  # classes trained together
ROOM = 16 << 20  # bytes of weights at most; with many classes only the n-grams that weigh most are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest class and the next one; auto: sure enough that no person need look."""

    label: str
    probability: float
    second: str
    second_probability: float
    auto: bool


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: `columns` ascend; `worth` and `weights` lie beside them."""

    labels: tuple[str, ...]
    columns: NDArray[np.int32]
    worth: Floats
    weights: NDArray[np.float16]
    scale: Scale
    threshold: float
    version: str = VERSION

    def probabilities(self, titles: Sequence[str], bodies: Sequence[str]) -> Floats:
        """messages x classes."""
        return self.scale.probabilities(times(weighed(joined(titles, bodies), self.columns, self.worth), self.weights))

    def answers(self, titles: Sequence[str], bodies: Sequence[str]) -> list[Answer]:
        """One answer a message; an empty message is told the likeliest class as unsure as it is."""
        found = self.probabilities(titles, bodies)
        order = np.argsort(-found, axis=1, kind="stable")[:, :2]
        sure = np.take_along_axis(found, order, 1)
        return [
            Answer(self.labels[first], float(p), self.labels[second], float(q), bool(p >= self.threshold))
            for (first, second), (p, q) in zip(order.tolist(), sure.tolist(), strict=True)
        ]

    def save(self, file: Path) -> None:
        """Write the weights to one .npz; the same model gives the same bytes."""
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with part.open("wb") as out:
            np.savez_compressed(
                out,
                version=np.array(self.version),
                labels=np.array(self.labels),
                columns=self.columns,
                worth=self.worth.astype(np.float16),
                weights=self.weights,
                scale=np.append(self.scale.lean, np.float32(self.scale.steep)),
                threshold=np.array(self.threshold),
            )
        part.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Model":
        """Raises ValueError where the file is of another version; nothing in it is ever run."""
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["version"]) != VERSION:
                raise ValueError(f"{file}是版本{kept['version']}的模型，这里认{VERSION}，重新训练")
            scale = Scale(float(kept["scale"][-1]), kept["scale"][:-1])
            labels = tuple(str(label) for label in kept["labels"])
            return cls(labels, kept["columns"], kept["worth"].astype(np.float32), kept["weights"], scale, float(kept["threshold"]))


def trained(titles: Sequence[str], bodies: Sequence[str], labels: Sequence[str], *, folds: NDArray[np.int64]) -> tuple[Model, Floats]:
    """A model of all messages, and the probabilities that models which had not seen a message gave it (messages x classes).

    folds: the number of the part in which each message is tested; near-duplicates must share one. Scale and threshold rest on
    the tested parts alone. Needs at least two classes.
    """
    names, own = np.unique(np.asarray(labels), return_inverse=True)
    whole = joined(titles, bodies)
    # A title that comes alone is read as well when titles were trained alone too (0.9 points of macro-F1 on real messages).
    told = np.flatnonzero([bool(title.strip() and body.strip()) for title, body in zip(titles, bodies, strict=True)])
    short = joined([titles[at] for at in told.tolist()], [""] * len(told))
    margins = np.zeros((len(own), len(names)), np.float32)
    for fold in np.unique(folds):
        learn, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        learnt = machine(
            whole.take(learn), own[learn], short.take(np.flatnonzero(folds[told] != fold)), own[told][folds[told] != fold], len(names)
        )
        margins[test] = times(weighed(whole.take(test), *learnt[:2]), learnt[2])
    scale = calibration.fitted(margins, own)
    found = scale.probabilities(margins)
    limit = calibration.threshold(found.max(1), found.argmax(1) == own)
    columns, worth, weights = machine(whole, own, short, own[told], len(names))
    kept = _kept(worth, weights)
    model = Model(
        tuple(str(name) for name in names),
        columns[kept],
        # As it will be read again: what is answered before saving is answered after.
        worth[kept].astype(np.float16).astype(np.float32),
        weights[kept].astype(np.float16),
        scale,
        limit,
    )
    return model, found


def joined(titles: Sequence[str], bodies: Sequence[str]) -> Rows:
    """Both fields beside each other as counted n-grams: columns of the second lie behind those of the first."""
    head = counted(titles, salt=1) if any(titles) else _none(len(titles))
    whole = counted([f"{title}。{body}" for title, body in zip(titles, bodies, strict=True)])
    rows = np.concatenate((head.of_row(), whole.of_row()))
    order = np.argsort(rows, kind="stable")
    columns = np.concatenate((head.columns, whole.columns + (1 << BITS)))
    return Rows(head.starts + whole.starts, columns[order], np.concatenate((head.values, whole.values))[order])


def _none(rows: int) -> Rows:
    return Rows(np.zeros(rows + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


def machine(
    whole: Rows, own: NDArray[np.int64], short: Rows, short_own: NDArray[np.int64], classes: int
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """(columns, worth, weights) of a machine over these rows and, beside them, the titles alone."""
    columns, worth = _worth(whole, own, classes)
    rows = _stacked(weighed(whole, columns, worth), weighed(short, columns, worth))
    labels = np.concatenate((own, short_own))
    weights = np.zeros((len(columns), classes), np.float32)
    for low in range(0, classes, BLOCK):
        signs = np.where(labels[:, None] == np.arange(low, min(low + BLOCK, classes)), 1, -1).astype(np.float32)
        weights[:, low : low + BLOCK] = fit(rows, len(columns), signs, cost=COST)
    return columns, worth, weights


def _worth(rows: Rows, own: NDArray[np.int64], classes: int) -> tuple[NDArray[np.int32], Floats]:
    """The columns that are not rare, and what each is worth: how rare it is and how much it tells the classes apart.

    The second is the root mean square over classes of the log ratio of its share in a class to its share elsewhere (after
    Wang and Manning, ACL 2012, whose ratio is of one class).
    """
    width = FIELDS << BITS
    often = np.bincount(rows.columns, minlength=width)
    columns = np.flatnonzero(often >= RARE).astype(np.int32)
    rare = np.log((1 + len(rows)) / (1 + often[columns])) + 1
    flat = weighed(rows, columns, rare.astype(np.float32))
    total = np.bincount(flat.columns, flat.values, len(columns))
    owner = own[flat.of_row()]
    spread = np.zeros(len(columns))
    for number in range(classes):
        of_it = owner == number
        inside = np.bincount(flat.columns[of_it], flat.values[of_it], len(columns))
        share, elsewhere = inside + SMOOTH, total - inside + SMOOTH
        spread += np.clip(np.log(share / share.sum()) - np.log(elsewhere / elsewhere.sum()), -CLIP, CLIP) ** 2
    return columns, (rare * np.sqrt(spread / classes)).astype(np.float32)


def weighed(rows: Rows, columns: NDArray[np.int32], worth: Floats) -> Rows:
    """Known columns alone, numbered by their place among them; each by its worth, each field of each row of length 1."""
    spots = np.minimum(np.searchsorted(columns, rows.columns), len(columns) - 1).astype(np.int32)
    known = columns[spots] == rows.columns
    owner, found, spots = rows.of_row()[known], rows.columns[known], spots[known]
    values = (1 + np.log(rows.values[known])) * worth[spots]
    part = owner.astype(np.int64) * FIELDS + (found >> BITS)
    length = np.sqrt(np.bincount(part, values.astype(np.float64) ** 2, len(rows) * FIELDS))
    values /= np.maximum(length, 1e-12)[part].astype(np.float32)
    starts = np.concatenate(([0], np.cumsum(known)))[rows.starts]
    return Rows(starts, spots, values.astype(np.float32))


def _stacked(above: Rows, below: Rows) -> Rows:
    starts = np.concatenate((above.starts, below.starts[1:] + above.starts[-1]))
    return Rows(starts, np.concatenate((above.columns, below.columns)), np.concatenate((above.values, below.values)))


def _kept(worth: Floats, weights: Floats) -> NDArray[np.int64]:
    """The columns that are worth their room, in order."""
    most = ROOM // (6 + 2 * weights.shape[1])
    if len(worth) <= most:
        return np.arange(len(worth))
    weight = worth * np.sqrt(np.einsum("ij,ij->i", weights, weights))
    return np.sort(np.argpartition(-weight, most)[:most])
