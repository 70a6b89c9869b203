"""How many messages of danger are heard, and how many that only sound like it. Writes bench/results/duties.json.

    .venv/bin/python -m bench.duties

Two sets of messages: those by which the words were mended (siqian/spine/learn/tests/duties.yaml) and those by which nothing was
(bench/cases/duties.yaml), written by somebody who had not seen the words.
"""

import json
import statistics
import time
from pathlib import Path

import yaml

from siqian.spine.learn import queries

from .spine import ROOT, commit

SETS = {"mended_by": ROOT / "siqian" / "spine" / "learn" / "tests" / "duties.yaml", "unseen": ROOT / "bench" / "cases" / "duties.yaml"}


def main() -> None:
    result: dict[str, object] = {"command": "python -m bench.duties", "commit": commit()}
    result |= {name: _measured(path) for name, path in SETS.items()}
    (ROOT / "bench" / "results" / "duties.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _measured(path: Path) -> dict[str, object]:
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    heard, spent = {}, []
    calls = quiet = right = wrong = 0
    for case in cases:
        found = []
        for text in case["calls"]:
            began = time.process_time()
            found.append(bool(queries.reader().understand(text).duties & set(case["duty"])))
            spent.append((time.process_time() - began) * 1000)
        heard[case["duty"][0]] = round(sum(found) / len(found), 3)
        calls, right = calls + len(found), right + sum(found)
        quiet += len(case["quiet"])
        wrong += sum(bool(queries.reader().understand(text).risks) for text in case["quiet"])
    return {
        "calls": calls,
        "recall": round(right / calls, 3),
        "by_duty": heard,
        "quiet": quiet,
        "false": wrong,
        "median_cpu_ms": round(statistics.median(spent), 3),
    }


if __name__ == "__main__":
    main()
