"""CPU time to understand one message in a request, by words alone and with what was learned. Writes bench/results/served.json.

    .venv/bin/python -m bench.served --data ../shared/data

The model is learned from 2,000 citizens' messages that are no part of the project, and not kept.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from siqian.spine.learn import jobs, queries
from siqian.spine.learn.blending import Limits
from siqian.spine.learn.refitting import Served
from siqian.spine.learn.trained import twins
from siqian.spine.learn.trained.classifier import Model, trained

from .learn import _rows as rows_of
from .spine import ROOT, commit

LEARNED, SINGLES, LENGTHS = 2_000, 500, (30, 100, 300)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    rows = rows_of(arguments.parse_args().data / "demands" / "classify.csv.gz")
    told = [f"{row['title']}，{row['detail'] or ''}" for row in rows]
    learn = rows[::3][:LEARNED]
    texts = [text[:300] for text in told[::3][:LEARNED]]
    model, _ = trained([""] * LEARNED, texts, [row["label"] for row in learn], folds=jobs.folds_of(twins.groups(texts)))
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "m.npz")
        served = Served(Model.load(Path(folder) / "m.npz"), Limits(), 1)
    result: dict[str, object] = {"command": "python -m bench.served --data ../shared/data", "commit": commit(), "grams": len(model.columns)}
    for length in LENGTHS:
        asked = [text[:length] for text in told[1::3][:SINGLES]]
        result[f"letters_{length}"] = {"words": _median(asked, None), "both": _median(asked, served)}
    (ROOT / "bench" / "results" / "served.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _median(texts: list[str], served: Served | None) -> float:
    """CPU ms, the median of single messages."""
    queries.follow((lambda: served) if served else None)
    queries.understand(texts[0])
    spent = []
    for text in texts:
        began = time.process_time()
        queries.understand(text)
        spent.append((time.process_time() - began) * 1000)
    queries.follow(None)
    return round(statistics.median(spent), 3)


if __name__ == "__main__":
    main()
