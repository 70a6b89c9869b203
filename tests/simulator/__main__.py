"""Live so many lives by chance, on every core, and write bench/results/simulator.json.

.venv/bin/python -m tests.simulator --lives 1000000
.venv/bin/python -m tests.simulator --seed 77            one life again, act by act
"""

import argparse
import json
import os
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import lives

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    if asked.seed is not None:
        _again(asked.seed)
        return
    begun, told = time.perf_counter(), lives.Told()
    with ProcessPoolExecutor() as pool:
        for part in pool.map(some, range(asked.first, asked.first + asked.lives, TOGETHER), [asked.lives] * -(-asked.lives // TOGETHER)):
            add(told, part)
    seconds = round(time.perf_counter() - begun)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    result = {
        "command": f"python -m tests.simulator --lives {asked.lives}",
        "commit": commit,
        "cores": os.cpu_count(),
        "lives": asked.lives,
        "first_seed": asked.first,
        "acts_done": sum(told.done.values()),
        "acts_refused": sum(told.refused.values()),
        "verbs": len(told.done),
        "states": len(told.states),
        "clocks_counted": told.clocks,
        "wrong": 0,
        "seconds": seconds,
    }
    (ROOT / "bench" / "results" / "simulator.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def some(first: int, most: int) -> lives.Told:
    told = lives.Told()
    for seed in range(first, first + min(TOGETHER, most)):
        lives.live(seed, told)
    return told


def add(told: lives.Told, part: lives.Told) -> None:
    for mine, theirs in ((told.done, part.done), (told.refused, part.refused)):
        for verb, count in theirs.items():
            mine[verb] = mine.get(verb, 0) + count
    told.states |= part.states
    told.levels |= part.levels
    told.clocks += part.clocks


def _again(seed: int) -> None:
    for trace in lives.live(seed, lives.Told()).traces:
        print(trace.at, trace.kind, trace.by, trace.values)


if __name__ == "__main__":
    main()
