"""Learning by command or by night: whole tables in, a model or a table out. The only room that is entered for training."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from siqian.kernel.permits import BadInput, Refusal

from . import tables
from .trained import calibration, measures, twins
from .trained.classifier import VERSION, Model, trained
from .trained.grams import Floats

FOLDS = 3  # each message is tested once by a model of the other two thirds
FEWEST = 20  # messages below which nothing can be learned that deserves the name
WEIGHTS, CARD = "model.npz", "card.json"
Told = Callable[[Refusal], None]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a model was made of and how good it was on messages that it had not seen. Everything a reviewer asks first."""

    version: str
    title: str
    body: str
    label: str
    sha256: str  # of the table
    messages: int
    passed_over: int
    title_only: int
    near_duplicates: int
    macro_f1: float
    accuracy: float
    f1: dict[str, float]
    calibration_error: float
    threshold: float
    automatic: float  # share of messages above the threshold
    coverage: dict[str, float]  # share that can be answered at this accuracy
    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class _Messages:
    titles: list[str]
    bodies: list[str]
    labels: list[str]
    passed: int


def train(source: Path, out: Path, *, title: str, body: str, label: str, told: Told) -> Card:
    """Learn classes from a labelled table into a folder of weights and card. told: hears of each row that is passed over."""
    began = time.monotonic()
    seen = _labelled(source, title, body, label, told)
    groups = twins.groups([f"{head}\n{text}" for head, text in zip(seen.titles, seen.bodies, strict=True)])
    model, found = trained(seen.titles, seen.bodies, seen.labels, folds=folds_of(groups))
    model.save(out / WEIGHTS)
    card = Card(
        version=VERSION,
        title=title,
        body=body,
        label=label,
        sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
        messages=len(seen.labels),
        passed_over=seen.passed,
        title_only=sum(not text.strip() for text in seen.bodies),
        near_duplicates=len(groups) - len(np.unique(groups)),
        seconds=round(time.monotonic() - began, 1),
        bytes=(out / WEIGHTS).stat().st_size,
        threshold=round(model.threshold, 4),
        **_quality(found, np.searchsorted(model.labels, seen.labels), model),
    )
    (out / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
    return card


def predict(folder: Path, source: Path, out: Path, *, title: str = "", body: str = "", told: Told) -> int:
    """Add label, probability, second, second_probability and auto to a table, row by row; gives how many rows there were.

    title, body: columns where they are called otherwise than in the table that was learned from. A row that cannot be read is
    told, and stands in the answer with empty cells. Columns of the same names that were there stay, before the new ones.
    """
    model, card = loaded(folder)
    written = 0
    with tables.opened(source) as table:
        head, text = table.place(title or card.title), table.place(body or card.body)
        added = ("label", "probability", "second", "second_probability", "auto")
        with tables.written(out, [*table.heads, *added]) as writer:
            for lines in tables.chunks(table.lines):
                good = [line for line in lines if line.fault is None]
                answers = iter(model.answers([line.cells[head] for line in good], [line.cells[text] for line in good]))
                for line in lines:
                    if line.fault is not None:
                        told(line.fault)
                        writer.writerow([*line.cells, "", "", "", "", ""])
                        continue
                    a = next(answers)
                    auto = "true" if a.auto else "false"
                    writer.writerow([*line.cells, a.label, f"{a.probability:.4f}", a.second, f"{a.second_probability:.4f}", auto])
                written += len(lines)
    return written


def loaded(folder: Path) -> tuple[Model, Card]:
    """A model with its card; raises BadInput where the folder holds none."""
    try:
        return Model.load(folder / WEIGHTS), msgspec.json.decode((folder / CARD).read_bytes(), type=Card)
    except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
        raise BadInput(Refusal("{folder}里没有能用的模型，先运行 siqian learn train", folder=str(folder))) from error


def folds_of(groups: NDArray[np.int32], folds: int = FOLDS) -> NDArray[np.int64]:
    """The part in which each message is tested: by its group alone, so that the same table is always parted alike."""
    mixed = groups.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(40)) % np.uint64(folds)).astype(np.int64)


def _labelled(source: Path, title: str, body: str, label: str, told: Told) -> _Messages:
    titles, bodies, labels, passed = [], [], [], 0
    with tables.opened(source) as table:
        head, text, named = table.place(title), table.place(body), table.place(label)
        for line in table.lines:
            fault = line.fault or _fault(line, head, text, named)
            if fault is not None:
                told(fault)
                passed += 1
                continue
            titles.append(line.cells[head])
            bodies.append(line.cells[text])
            labels.append(line.cells[named].strip())
    if len(labels) < FEWEST or len(set(labels)) < 2:
        fault = Refusal("{file}里能学的只有{rows}行、{kinds}类，至少要20行、2类", file=source.name, rows=len(labels), kinds=len(set(labels)))
        raise BadInput(fault)
    return _Messages(titles, bodies, labels, passed)


def _fault(line: tables.Line, head: int, text: int, named: int) -> Refusal | None:
    if not line.cells[named].strip():
        return Refusal("第{row}行没有标类别，跳过", row=line.number)
    if not (line.cells[head].strip() or line.cells[text].strip()):
        return Refusal("第{row}行标题和内容都是空的，跳过", row=line.number)
    return None


def _quality(found: Floats, own: NDArray[np.int64], model: Model) -> dict[str, object]:
    best, sure = found.argmax(1), found.max(1)
    right = best == own
    each = measures.f1(own, best, len(model.labels))
    return {
        "macro_f1": round(float(each.mean()), 4),
        "accuracy": round(float(right.mean()), 4),
        "f1": {name: round(float(value), 4) for name, value in zip(model.labels, each, strict=True)},
        "calibration_error": round(calibration.error(sure, right), 4),
        "automatic": round(float((sure >= model.threshold).mean()), 4),
        "coverage": {f"{wanted:.2f}": round(measures.coverage(sure, right, wanted), 4) for wanted in (0.90, 0.93, 0.95, 0.97, 0.99)},
    }
