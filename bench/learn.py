"""How well and how fast the learned understanding works, on real citizens' messages. Writes bench/results/learn.json.

    .venv/bin/python -m bench.learn --data ../shared/data

The data is no part of the project, and no model trained on it is kept. Near-duplicates never stand on both sides. One part in
five is frozen: it is looked at once a run and nothing is chosen by it; thresholds and scales rest on the other four.
"""

import argparse
import csv
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siqian.spine.learn import jobs, queries
from siqian.spine.learn.trained import addresses, alike, calibration, measures, twins
from siqian.spine.learn.trained.classifier import Model, trained
from siqian.spine.learn.trained.topics import topics

from .spine import ROOT, commit

PARTS = 5
SINGLES = 300


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    data = arguments.parse_args().data
    rows = _rows(data / "demands" / "classify.csv.gz")
    titles, bodies = [row["title"] for row in rows], [row["detail"] or "" for row in rows]
    names, labels = np.unique([row["label"] for row in rows], return_inverse=True)
    groups = twins.groups([f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)])
    result = {
        "command": "python -m bench.learn --data ../shared/data",
        "commit": commit(),
        "cores": os.cpu_count(),
        "messages": len(rows),
        "classify": _classify(titles, bodies, labels, groups, len(names)),
        "training": _training(data / "demands" / "classify.csv.gz"),
        "topics": _topics(data / "demands" / "topics.csv.gz"),
        "addresses": _addresses(data / "addresses"),
        "redaction": _redaction(bodies),
        "replies": _replies(data / "demands" / "replies.csv.gz"),
    }
    (ROOT / "bench" / "results" / "learn.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _classify(
    titles: list[str], bodies: list[str], labels: NDArray[np.int64], groups: NDArray[np.int32], classes: int
) -> dict[str, object]:
    frozen = jobs.folds_of(groups, PARTS) == 0
    learn, test = np.flatnonzero(~frozen), np.flatnonzero(frozen)
    model, _ = trained(*_of(titles, bodies, learn), labels[learn].tolist(), folds=jobs.folds_of(groups[learn] + 1))
    heads, texts = _of(titles, bodies, test)
    whole = _told(model, heads, texts, labels[test], classes)
    twisted = {name: _told(model, *twist(heads, texts), labels[test], classes)["macro_f1"] for name, twist in TWISTS.items()}
    alone, _ = trained(_of(titles, bodies, learn)[0], [""] * len(learn), labels[learn].tolist(), folds=jobs.folds_of(groups[learn] + 1))
    began = time.process_time()
    model.answers(titles, bodies)
    bulk = len(titles) / (time.process_time() - began)
    return {
        "frozen_part": len(test),
        **whole,
        "titles_only_macro_f1": _told(model, heads, [""] * len(heads), labels[test], classes)["macro_f1"],
        "titles_only_trained_on_titles_macro_f1": _told(alone, heads, [""] * len(heads), labels[test], classes)["macro_f1"],
        "twisted_macro_f1": twisted,
        "texts_per_cpu_second_in_bulk": round(bulk),
        "median_cpu_ms_a_text": round(_one_by_one(lambda at: model.answers([titles[at]], [bodies[at]]), len(titles)), 3),
    }


def _told(model: Model, titles: Sequence[str], bodies: Sequence[str], own: NDArray[np.int64], classes: int) -> dict[str, float]:
    found = model.probabilities(titles, bodies)
    best, sure = found.argmax(1), found.max(1)
    right = best == own
    auto = sure >= model.threshold
    return {
        "macro_f1": round(float(measures.f1(own, best, classes).mean()), 4),
        "accuracy": round(float(right.mean()), 4),
        "calibration_error": round(calibration.error(sure, right), 4),
        "coverage_at_95": round(measures.coverage(sure, right, 0.95), 4),
        "automatic": round(float(auto.mean()), 4),
        "automatic_right": round(float(right[auto].mean()), 4) if auto.any() else 0.0,
    }


def _typos(titles: Sequence[str], bodies: Sequence[str]) -> tuple[list[str], list[str]]:
    """Every fifteenth character is another one, as a slip of the thumb."""

    def slip(text: str) -> str:
        return "".join(chr(0x4E00 + (ord(c) * 7919 + at) % 5000) if at % 15 == 7 else c for at, c in enumerate(text))

    return [slip(title) for title in titles], [slip(body) for body in bodies]


def _places(titles: Sequence[str], bodies: Sequence[str]) -> tuple[list[str], list[str]]:
    """Every city and county by its letter (A市, A3区) is another one."""
    turned = str.maketrans("ABCDEFGHIJKLM", "MLKJIHGFEDCBA")
    return [title.translate(turned) for title in titles], [body.translate(turned) for body in bodies]


def _cut(titles: Sequence[str], bodies: Sequence[str]) -> tuple[list[str], list[str]]:
    """Only the first third of the text arrived."""
    return list(titles), [body[: len(body) // 3] for body in bodies]


TWISTS: dict[str, Callable[[Sequence[str], Sequence[str]], tuple[list[str], list[str]]]] = {"typos": _typos, "places": _places, "cut": _cut}


def _training(table: Path) -> dict[str, float]:
    """The whole table by the command, in a process of its own: its seconds, its memory, its file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "siqian",
            "learn",
            "train",
            str(table),
            "--title",
            "title",
            "--body",
            "detail",
            "--label",
            "label",
            "--out",
            folder,
        ]
        began = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        return {
            "seconds": round(seconds, 1),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
            "model_mb": round((Path(folder) / jobs.WEIGHTS).stat().st_size / 1e6, 1),
        }


def _topics(table: Path) -> dict[str, object]:
    rows = _rows(table)
    titles, bodies = [row["留言主题"] for row in rows], [row["留言详情"] for row in rows]
    known = np.array([row["topic"] or "" for row in rows])
    began = time.monotonic()
    numbers = np.array(topics(titles, bodies))
    seconds = time.monotonic() - began
    # Whoever stands alone is a topic of its own.
    told = np.where(numbers > 0, numbers, -np.arange(1, len(rows) + 1))
    marked = np.flatnonzero(known != "")
    precision, recall, f = measures.b_cubed(np.unique(known[marked], return_inverse=True)[1], told[marked])
    return {
        "messages": len(rows),
        "marked": len(marked),
        "b_cubed": {"precision": round(precision, 3), "recall": round(recall, 3), "f": round(f, 3)},
        "topic_f1": round(statistics.mean(_best(known == name, told) for name in set(known[marked].tolist())), 3),
        "seconds": round(seconds, 1),
        "similar_hit_at_5": round(_hits(titles, bodies, known, marked), 4),
    }


def _best(own: NDArray[np.bool_], told: NDArray[np.int64]) -> float:
    """F1 of the told topic that fits best; what is in it beside counts against it."""
    return max(2 * (own & (told == topic)).sum() / (own.sum() + (told == topic).sum()) for topic in np.unique(told[own]))


def _hits(titles: list[str], bodies: list[str], known: NDArray[np.str_], marked: NDArray[np.int64]) -> float:
    """The share of marked messages with another of their topic among the five most like them."""
    head, whole = alike.fields(titles, bodies)
    found = 0
    for at in marked.tolist():
        text = f"{titles[at]}。{bodies[at]}"
        near = head.to(text, **alike.TITLE) + whole.to(text, **alike.WHOLE)
        near[at] = -1
        found += bool((known[np.argsort(-near)[:5]] == known[at]).any())
    return found / len(marked)


def _addresses(folder: Path) -> dict[str, float]:
    train, dev = (list(jobs.marked(folder / name, told=lambda fault: None)) for name in ("train.txt", "dev.txt"))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        parser = addresses.trained(train, Path(scratch) / "crf")
    seconds = time.monotonic() - began
    hits = told = true = 0
    began = time.process_time()
    for address in dev:
        found = set(parser.parts("".join(letter for letter, _ in address)))
        own = set(addresses.parts_of([mark for _, mark in address]))
        hits, told, true = hits + len(found & own), told + len(found), true + len(own)
    each = (time.process_time() - began) / len(dev) * 1000
    return {
        "dev": len(dev),
        "f1": round(2 * hits / (told + true), 4),
        "training_seconds": round(seconds),
        "cpu_ms_an_address": round(each, 2),
    }


def _redaction(bodies: list[str]) -> dict[str, object]:
    """How much of ordinary messages is taken out, masked as they are: what is found in them are false alarms and old names."""
    clean, texts = queries.redactor(), [body for body in bodies if body]
    letters = sum(map(len, texts))
    found = {strength: [spot for text in texts for spot in clean.find(text, strength)] for strength in ("display", "export")}
    each = {
        name: {strength: sum(spot.what == name for spot in spots) for strength, spots in found.items()}
        for name in ("name", "room", "number", "phone")
    }
    return {
        "letters": letters,
        "found": each,
        "names_in_1000_letters": {strength: round(each["name"][strength] / letters * 1000, 2) for strength in found},
        "median_cpu_ms_a_text": round(_one_by_one(lambda at: clean.find(texts[at], "export"), len(texts)), 3),
    }


def _replies(table: Path) -> dict[str, object]:
    """What the rubric of replies finds in real ones: (what, share of replies)."""
    rows = _rows(table)
    told = [f"{row['留言主题']}。{row['留言详情']}" for row in rows]
    found = [queries.advise([ask.bare for ask in queries.asks(text)], row["答复意见"]) for text, row in zip(told, rows, strict=True)]
    whats = ("received", "passed", "open", "when", "how-much")
    shares = {what: round(sum(any(hint.what == what for hint in hints) for hints in found) / len(rows), 4) for what in whats}
    return {
        "replies": len(rows),
        "shares": shares,
        "median_cpu_ms": round(_one_by_one(lambda at: queries.advise([told[at]], rows[at]["答复意见"]), len(rows)), 3),
    }


def _one_by_one(step: Callable[[int], object], count: int) -> float:
    """Median CPU ms over messages spread evenly."""
    spent = []
    for at in range(0, count, max(count // SINGLES, 1)):
        began = time.process_time()
        step(at)
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def _of(titles: list[str], bodies: list[str], rows: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    return [titles[at] for at in rows], [bodies[at] for at in rows]


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


if __name__ == "__main__":
    main()
