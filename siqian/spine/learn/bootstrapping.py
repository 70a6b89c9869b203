"""Starting without history: classes from a lexicon and a table of one's own texts, with the labels that some of them may have. Pure."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import yaml
from numpy.typing import NDArray

from siqian.kernel.permits import BadInput, Refusal
from siqian.spine.remit import queries as remit

from . import tables
from .trained import bootstrap, calibration, measures, twins
from .trained.classifier import Model, trained
from .trained.grams import Floats

FOLDS, FEWEST = 3, 20
EVIDENCE = 50  # labelled messages below which no threshold is drawn: then a person looks at everything
Told = Callable[[Refusal], None]
Rows = NDArray[np.int64]


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. labelled: messages with a label of a person, the only ones by which it is measured; 0: nothing is known yet."""

    messages: int
    classes: int
    passed_over: int
    silent: int  # of which the lexicon says nothing
    labelled: int
    macro_f1: float
    accuracy: float
    threshold: float
    automatic: float
    f1: dict[str, float]
    seconds: float


def start(source: Path, *, title: str, body: str, label: str, lexicon: Path | None, told: Told) -> tuple[Model, Start]:
    """A model of what the lexicon says of one's own texts, and how good it is where somebody has labelled some."""
    began = time.monotonic()
    words = lexicon_of(lexicon) if lexicon else list_lexicon()
    titles, bodies, labels, passed = _read(source, title, body, label, words, told)
    names = list(words)
    spoken = bootstrap.scores(words, titles, bodies)
    gold = {row: names.index(name) for row, name in enumerate(labels) if name}
    if len({*spoken.argmax(1)[spoken.max(1) > 0].tolist(), *gold.values()}) < 2:
        raise BadInput(Refusal("按词表这些消息都是一类，学不出区别。给别的类也写上词"))
    classes = [names[at] for at in bootstrap.believed(spoken, titles, bodies, gold).tolist()]
    groups = twins.groups([f"{head}\n{text}" for head, text in zip(titles, bodies, strict=True)])
    model, found = trained(titles, bodies, classes, folds=twins.parts(groups, FOLDS))
    rows = np.array(sorted(gold), np.int64)
    limit = _threshold(model, found, rows, labels)
    model = replace(model, threshold=limit)
    quality = _quality(model, found, rows, labels, limit)
    counts: dict[str, Any] = {
        "messages": len(titles),
        "classes": len(model.labels),
        "passed_over": passed,
        "silent": int((spoken.max(1) == 0).sum()),
    }
    return model, Start(**counts, **quality, threshold=round(limit, 4), labelled=len(gold), seconds=round(time.monotonic() - began, 1))


def list_lexicon() -> dict[str, list[str]]:
    """The top classes of the responsibility list, with the words of their items."""
    classes, words = remit.classes(), dict[str, list[str]]()
    for item in remit.items().values():
        if item.words:
            words.setdefault(classes[item.top].zh, []).extend(item.words)
    return {name: list(dict.fromkeys(said)) for name, said in words.items()}


def lexicon_of(file: Path) -> dict[str, list[str]]:
    """A lexicon in YAML: a class a line, its words with 、 between them or as a list. Raises BadInput naming the class."""
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        raise BadInput(
            Refusal("{file}第{row}行读不懂，一类一行写成“类别: 词、词”", file=file.name, row=where.line + 1 if where else 1)
        ) from error
    if not isinstance(read, dict) or len(read) < 2:
        raise BadInput(Refusal("{file}里至少要写两类，一类一行写成“类别: 词、词”", file=file.name))
    found: dict[str, list[str]] = {}
    for name, said in read.items():
        words = [str(word).strip() for word in (said if isinstance(said, list) else str(said or "").split("、"))]
        found[str(name)] = [word for word in words if word.strip("?+")]
        if not found[str(name)]:
            raise BadInput(Refusal("{file}里“{name}”一类没有写词", file=file.name, name=str(name)))
    return found


def _read(
    source: Path, title: str, body: str, label: str, words: Mapping[str, Sequence[str]], told: Told
) -> tuple[list[str], list[str], list[str], int]:
    titles, bodies, labels, passed = [], [], [], 0
    with tables.opened(source) as table:
        head, text, named = table.place(title), table.place(body), table.place(label) if label else -1
        for line in table.lines:
            name = line.cells[named].strip() if named >= 0 and line.fault is None else ""
            fault = line.fault or _fault(line, head, text, name, words)
            if fault is not None:
                told(fault)
                passed += 1
                continue
            titles.append(line.cells[head])
            bodies.append(line.cells[text])
            labels.append(name)
    if len(titles) < FEWEST:
        raise BadInput(Refusal("{file}里能学的只有{rows}行，至少要20行", file=source.name, rows=len(titles)))
    return titles, bodies, labels, passed


def _fault(line: tables.Line, head: int, text: int, name: str, words: Mapping[str, Sequence[str]]) -> Refusal | None:
    if not (line.cells[head].strip() or line.cells[text].strip()):
        return Refusal("第{row}行标题和内容都是空的，跳过", row=line.number)
    if name and name not in words:
        return Refusal("第{row}行标的“{name}”词表里没有，跳过", row=line.number, name=name)
    return None


def _threshold(model: Model, found: Floats, rows: Rows, labels: Sequence[str]) -> float:
    """By what people labelled alone: that a machine agrees with a lexicon proves nothing."""
    if len(rows) < EVIDENCE:
        return 1.01
    return calibration.threshold(found[rows].max(1), _right(model, found, rows, labels))


def _right(model: Model, found: Floats, rows: Rows, labels: Sequence[str]) -> NDArray[np.bool_]:
    told = found[rows].argmax(1).tolist()
    return np.array([model.labels[at] == labels[row] for at, row in zip(told, rows.tolist(), strict=True)], bool)


def _quality(model: Model, found: Floats, rows: Rows, labels: Sequence[str], limit: float) -> dict[str, Any]:
    if not len(rows):
        return {"macro_f1": 0.0, "accuracy": 0.0, "automatic": 0.0, "f1": {}}
    names = sorted({*model.labels, *(labels[row] for row in rows.tolist())})
    true = np.array([names.index(labels[row]) for row in rows.tolist()], np.int64)
    told = np.array([names.index(model.labels[at]) for at in found[rows].argmax(1).tolist()], np.int64)
    there = Counter(labels[row] for row in rows.tolist())
    f1 = {name: round(float(value), 4) for name, value in zip(names, measures.f1(true, told, len(names)), strict=True) if there[name]}
    return {
        "macro_f1": round(sum(f1.values()) / len(f1), 4),
        "accuracy": round(float((true == told).mean()), 4),
        "automatic": round(float((found.max(1) >= limit).mean()), 4),
        "f1": f1,
    }
