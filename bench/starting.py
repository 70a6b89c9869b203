"""How far one comes without history: a lexicon and a table of texts, and what a hundred labels add. Writes bench/results/starting.json.

    .venv/bin/python -m bench.starting --data ../shared/data

The lexicon (bench/lexicons/letters.yaml) was written from what the classes are about, then once improved by looking at 1,200 messages
drawn by chance; all that is measured here is measured on the others. The data is no part of the project.
"""

import argparse
import csv
import json
import os
import statistics
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siqian.spine.learn import bootstrapping, jobs
from siqian.spine.learn.trained import bootstrap, measures

from .learn import _rows as rows_of
from .spine import ROOT, commit

LOOKED_AT, DRAWN, LABELS, TRIES = 1_200, 7, 100, 3
LEXICON = ROOT / "bench" / "lexicons" / "letters.yaml"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    rows = rows_of(arguments.parse_args().data / "demands" / "classify.csv.gz")
    titles, bodies, labels = ([row[name] or "" for row in rows] for name in ("title", "detail", "label"))
    names = list(bootstrapping.lexicon_of(LEXICON))
    own = np.array([names.index(label) for label in labels], np.int64)
    fresh = np.ones(len(own), bool)
    fresh[np.random.default_rng(DRAWN).choice(len(own), LOOKED_AT, replace=False)] = False
    spoken = bootstrap.scores(bootstrapping.lexicon_of(LEXICON), titles, bodies)
    with tempfile.TemporaryDirectory() as folder:
        none = _begun(Path(folder), titles, bodies, [""] * len(own), names)
        some = [_with_labels(Path(folder), titles, bodies, labels, names, own, fresh, seed) for seed in range(TRIES)]
        result = {
            "command": "python -m bench.starting --data ../shared/data",
            "commit": commit(),
            "cores": os.cpu_count(),
            "messages": int(fresh.sum()),
            "lexicon_words": sum(map(len, bootstrapping.lexicon_of(LEXICON).values())),
            "lexicon_alone": _f1(own[fresh], spoken.argmax(1)[fresh], names),
            "no_labels": _f1(own[fresh], none[fresh], names),
            "labels": LABELS,
            "with_labels": statistics.median(some),
            "with_labels_all": some,
        }
    (ROOT / "bench" / "results" / "starting.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _begun(folder: Path, titles: list[str], bodies: list[str], labels: list[str], names: list[str]) -> NDArray[np.int64]:
    """What the model says of each message, as the commands make and ask it."""
    table = folder / "own.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["title", "body", "label"], *zip(titles, bodies, labels, strict=True)])
    jobs.bootstrap(table, folder / "model", title="title", body="body", label="label", lexicon=LEXICON, told=print)
    model, _ = jobs.loaded(folder / "model")
    return np.array([names.index(answer.label) for answer in model.answers(titles, bodies)], np.int64)


def _with_labels(
    folder: Path,
    titles: list[str],
    bodies: list[str],
    labels: list[str],
    names: list[str],
    own: NDArray[np.int64],
    fresh: NDArray[np.bool_],
    seed: int,
) -> float:
    """The same with labels of a hundred messages drawn by chance, which are not counted."""
    known = np.random.default_rng(100 + seed).choice(len(own), LABELS, replace=False)
    told = _begun(folder, titles, bodies, [label if at in set(known.tolist()) else "" for at, label in enumerate(labels)], names)
    rest = fresh.copy()
    rest[known] = False
    return _f1(own[rest], told[rest], names)


def _f1(true: NDArray[np.int64], told: NDArray[np.int64], names: list[str]) -> float:
    return round(float(measures.f1(true, np.asarray(told, np.int64), len(names)).mean()), 4)


if __name__ == "__main__":
    main()
