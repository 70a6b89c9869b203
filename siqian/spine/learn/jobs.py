"""Learning by command or by night: whole tables in, a model or a table out. The only room that is entered for training."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from siqian.kernel.permits import BadInput, Refusal

from . import queries, tables
from .bootstrapping import EVIDENCE as EVIDENCE, Start as Start, start
from .refitting import Evaluation as Evaluation, Lesson as Lesson, refit as refit
from .trained import addresses, alike, calibration, measures, topics as clustering, twins
from .trained.classifier import VERSION, Model, trained
from .trained.grams import Floats

FOLDS = 3  # each message is tested once by a model of the other two thirds
FEWEST = 20  # messages below which nothing can be learned that deserves the name
WEIGHTS, CARD, PARSER, INDEX = "model.npz", "card.json", "address.npz", "messages.jsonl"
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
    labelled: int | None = None  # messages that a person labelled, by which alone it was measured; None: all


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is like another. row: in its table, the head being 1; alike: 0 to 1."""

    row: int
    title: str
    body: str
    label: str = ""
    alike: float = 0.0


@dataclass(frozen=True, slots=True)
class _Messages:
    titles: list[str]
    bodies: list[str]
    labels: list[str]
    passed: int
    rows: list[int]


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
    _keep_index(out, seen)
    (out / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
    return card


def bootstrap(source: Path, out: Path, *, title: str, body: str, label: str = "", lexicon: Path | None = None, told: Told) -> Start:
    """Begin without labels: a lexicon, or the responsibility list, and one's own texts; label: a column in which some have theirs.

    Without labels of people nothing is known of how good it is: then no message is answered automatically.
    """
    model, begun = start(source, title=title, body=body, label=label, lexicon=lexicon, told=told)
    model.save(out / WEIGHTS)
    quality = {name: getattr(begun, name) for name in ("messages", "passed_over", "macro_f1", "accuracy", "f1", "threshold", "automatic")}
    card = Card(
        version=VERSION,
        title=title,
        body=body,
        label=label,
        sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
        title_only=0,
        near_duplicates=0,
        calibration_error=0.0,
        coverage={},
        seconds=begun.seconds,
        bytes=(out / WEIGHTS).stat().st_size,
        labelled=begun.labelled,
        **quality,
    )
    (out / CARD).write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n")
    return begun


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
        with tables.written(out, [*table.heads, *added]) as write:
            for lines in tables.chunks(table.lines):
                good = [line for line in lines if line.fault is None]
                answers = iter(model.answers([line.cells[head] for line in good], [line.cells[text] for line in good]))
                for line in lines:
                    if line.fault is not None:
                        told(line.fault)
                        write([*line.cells, "", "", "", "", ""])
                        continue
                    a = next(answers)
                    auto = "true" if a.auto else "false"
                    write([*line.cells, a.label, f"{a.probability:.4f}", a.second, f"{a.second_probability:.4f}", auto])
                written += len(lines)
    return written


def topics(source: Path, out: Path, *, id_: str, title: str, body: str, when: str = "", told: Told) -> int:
    """Add the number of its topic to each message, empty where it stands alone; gives how many topics there are.

    Topic 1 is the largest. A row that cannot be read is told, and stands in the answer without a topic.
    """
    with tables.opened(source) as table:
        for column in filter(None, (id_, when)):
            table.place(column)
        head, text, lines = table.place(title), table.place(body), list(table.lines)
        heads = [*table.heads, "topic"]
    good = [line for line in lines if line.fault is None]
    numbers = iter(clustering.topics([line.cells[head] for line in good], [line.cells[text] for line in good]))
    most = 0
    with tables.written(out, heads) as write:
        for line in lines:
            if line.fault is not None:
                told(line.fault)
            number = 0 if line.fault is not None else next(numbers)
            most = max(most, number)
            write([*line.cells, number or ""])
    return most


def similar(source: Path, text: str, *, most: int, title: str = "", body: str = "", told: Told) -> list[Near]:
    """The messages of a table, or of those that a model learned from, that are most like a text, the likest first."""
    kept = _index(source) if source.is_dir() else _indexed(source, title, body, told)
    if not kept:
        raise BadInput(Refusal("{file}里没有能比的消息", file=source.name))
    head, whole = alike.fields([one.title for one in kept], [one.body for one in kept])
    near = (head.to(text, **alike.TITLE) + whole.to(text, **alike.WHOLE)) / 2
    best = np.argsort(-near, kind="stable")[:most]
    return [msgspec.structs.replace(kept[at], alike=round(float(near[at]), 4)) for at in best.tolist() if near[at] > 0]


def train_addresses(source: Path, out: Path, *, told: Told) -> int:
    """Learn the parts of addresses from a file with a character and its mark a line, a blank line between addresses."""
    known = list(marked(source, told=told))
    if len(known) < FEWEST:
        raise BadInput(Refusal("{file}里只有{count}个地址，至少要20个", file=source.name, count=len(known)))
    out.mkdir(parents=True, exist_ok=True)
    scratch = out / "address.crfsuite"
    try:
        addresses.trained(known, scratch).save(out / PARSER)
    finally:
        scratch.unlink(missing_ok=True)
    return len(known)


def parser(folder: Path) -> addresses.Parser:
    """A trained parser; raises BadInput where the folder holds none."""
    try:
        return addresses.Parser.load(folder / PARSER)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(Refusal("{folder}里没有能用的地址模型，先运行 siqian learn train-address", folder=str(folder))) from error


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
    titles, bodies, labels, rows, passed = [], [], [], [], 0
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
            rows.append(line.number)
    if len(labels) < FEWEST or len(set(labels)) < 2:
        fault = Refusal(
            "{file}里能学的只有{rows}行、{kinds}类，至少要20行、2类", file=source.name, rows=len(labels), kinds=len(set(labels))
        )
        raise BadInput(fault)
    return _Messages(titles, bodies, labels, passed, rows)


def _fault(line: tables.Line, head: int, text: int, named: int) -> Refusal | None:
    if not line.cells[named].strip():
        return Refusal("第{row}行没有标类别，跳过", row=line.number)
    if not (line.cells[head].strip() or line.cells[text].strip()):
        return Refusal("第{row}行标题和内容都是空的，跳过", row=line.number)
    return None


def _quality(found: Floats, own: NDArray[np.int64], model: Model) -> dict[str, Any]:
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


def _keep_index(out: Path, seen: _Messages) -> None:
    """The messages beside the model, so that similar ones are found: without personal data, at export strength."""
    encode, part = msgspec.json.encode, out / f"{INDEX}.part"
    clean = queries.redactor().redacted
    with part.open("wb") as file:
        for row, title, body, label in zip(seen.rows, seen.titles, seen.bodies, seen.labels, strict=True):
            file.write(encode(Near(row=row, title=clean(title, "export"), body=clean(body, "export"), label=label)) + b"\n")
    part.replace(out / INDEX)


def _index(folder: Path) -> list[Near]:
    try:
        return [msgspec.json.decode(line, type=Near) for line in (folder / INDEX).read_bytes().splitlines()]
    except (OSError, msgspec.MsgspecError) as error:
        raise BadInput(Refusal("{folder}里没有消息可比，先运行 siqian learn train", folder=str(folder))) from error


def _indexed(source: Path, title: str, body: str, told: Told) -> list[Near]:
    """The messages of a table; without a word of which columns, the two with most in them, the shorter one the title."""
    with tables.opened(source) as table:
        lines = []
        for line in table.lines:
            if line.fault is None:
                lines.append(line)
            else:
                told(line.fault)
        if not (title and body):
            longest = sorted(range(len(table.heads)), key=lambda at: -sum(len(line.cells[at]) for line in lines))
            texts = [at for at in longest if sum(len(line.cells[at]) for line in lines)][:2]
            whole = table.place(body) if body else texts[0] if texts else 0
            head = table.place(title) if title else texts[1] if len(texts) > 1 else whole
        else:
            head, whole = table.place(title), table.place(body)
    return [Near(row=line.number, title=line.cells[head], body=line.cells[whole] if whole != head else "") for line in lines]


def marked(source: Path, *, told: Told) -> Iterator[list[tuple[str, str]]]:
    """Addresses of a marked file; one with a line that cannot be read is told and passed over whole."""
    address: list[tuple[str, str]] = []
    broken = False
    with source.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate([*lines, ""], start=1):
            cells = line.rstrip("\n").rsplit(maxsplit=1) if line.strip() else []
            if not cells:
                if address and not broken:
                    yield address
                address, broken = [], False
            elif _is_mark(cells[-1]):
                # A blank may be a character of an address, too: then its mark stands alone.
                address += _spread(cells[0] if len(cells) == 2 else " ", cells[-1])
            else:
                told(Refusal("第{row}行要写一个字、一个空格、一个标记，比如“路 I-road”，这个地址跳过", row=number))
                broken = True


def _spread(letters: str, mark: str) -> list[tuple[str, str]]:
    """A number or a word on one line is as many characters: the first has the mark, the others go on with it."""
    return [(letters[0], mark), *((letter, mark.replace("B", "I", 1) if mark[0] == "B" else mark) for letter in letters[1:])]


def _is_mark(written: str) -> bool:
    return written == "O" or (len(written) > 1 and written[0] in "BI")
