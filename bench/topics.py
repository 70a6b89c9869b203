"""How well hot topics agree with what people marked, and what one telling costs among 20,000. Writes bench/results/topics.json.

    .venv/bin/python -m bench.topics --data ../shared/data

The data is no part of the project; without it the made-up tellings alone are timed, by the processor's clock. The bounds of the night are
those of the understanding's average link; those for a telling as it comes were chosen on this data.
"""

import argparse
import csv
import gzip
import json
import os
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from demo import grammar
from siqian.insight.topics.rules import linking, nearest, same
from siqian.spine.learn import queries as learn
from siqian.spine.learn.trained import measures
from siqian.spine.remit import queries as remit

from .spine import ROOT, commit

SEED, MANY, TIMED, SHUFFLES = 20261201, 20_000, 500, 3


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    data = arguments.parse_args().data
    result = {
        "command": "python -m bench.topics --data ../shared/data",
        "commit": commit(),
        "cores": os.cpu_count(),
        "marked": _marked(data / "demands" / "topics.csv.gz") if data else None,
        "cost": _cost(),
    }
    (ROOT / "bench" / "results" / "topics.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


class Following:
    """As `actions.assign` gives topics, in memory."""

    def __init__(self) -> None:
        self.index, self.topic_of, self.sizes = nearest.Index(), dict[int, int](), Counter[int]()
        self.about: dict[int, str] = {}
        self.leader: dict[int, int] = {}
        self.opened = 0

    def put(self, id_: int, title: str, body: str, group: str) -> None:
        near = [(one, share) for one, share in self.index.near(title, body) if same.agree(group, self.about[one])]
        found = same.joins(near, self.topic_of, self.sizes)
        topic = found.topic
        if found.beside:
            self.opened += 1
            topic = self.topic_of[found.beside] = self.opened
            self.sizes[topic] = 1
        self.leader[id_] = found.leader or id_
        if not found.leader:
            self.index.add([id_], [title], [body])
            self.topic_of[id_], self.about[id_] = topic, group
            self.sizes[topic] += 1

    def topics(self) -> list[int]:
        """The topic of each telling in the order of ids; whoever stands alone has a number of its own below zero."""
        return [self.topic_of[leader] or -leader for _, leader in sorted(self.leader.items())]

    def at_night(self, words: dict[int, tuple[str, str]]) -> list[int]:
        ids = sorted(self.topic_of)
        silent = [""] * same.BESIDE
        pairs = learn.alike.pairs([words[id_][0] for id_ in ids] + silent, [words[id_][1] for id_ in ids] + silent, least=same.FAINT)
        links = [
            (ids[one], ids[other], share)
            for one, other, share in zip(pairs.one.tolist(), pairs.other.tolist(), pairs.alike.tolist(), strict=True)
            if same.agree(self.about[ids[one]], self.about[ids[other]])
        ]
        found: dict[int, int] = {}
        for number, group in enumerate(linking.clusters(ids, links, linking.Constraints(), near=same.NEAR), start=1):
            found |= dict.fromkeys(group, number)
        return [found[leader] for _, leader in sorted(self.leader.items())]


def _marked(table: Path) -> dict[str, object]:
    with gzip.open(table, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    words = {at: (row["留言主题"], row["留言详情"]) for at, row in enumerate(rows, start=1)}
    unsure = remit.unsure().code
    groups = {id_: same.group(learn.understand(f"{title}\n{body}").item, unsure) for id_, (title, body) in words.items()}
    known = np.array([row["topic"] or "" for row in rows])
    batch = learn.topics.topics([title for title, _ in words.values()], [body for _, body in words.values()])
    alone = [number or -at for at, number in enumerate(batch, start=1)]
    online, night = defaultdict(list), defaultdict(list)
    for shuffle in range(SHUFFLES):
        order = list(words)
        Random(SEED + shuffle).shuffle(order)
        following = Following()
        for id_ in order:
            following.put(id_, *words[id_], groups[id_])
        for kept, told in ((online, following.topics()), (night, following.at_night(words))):
            for name, value in _b_cubed(known, told).items():
                kept[name].append(value)
    return {
        "messages": len(rows),
        "marked": int((known != "").sum()),
        "orders": SHUFFLES,
        "online": {name: round(statistics.mean(values), 3) for name, values in online.items()},
        "night": {name: round(statistics.mean(values), 3) for name, values in night.items()},
        "batch": {name: round(value, 3) for name, value in _b_cubed(known, alone).items()},
    }


def _b_cubed(known: NDArray[np.str_], told: list[int]) -> dict[str, float]:
    marked = np.flatnonzero(known != "")
    found = measures.b_cubed(np.unique(known[marked], return_inverse=True)[1], np.array(told)[marked])
    return dict(zip(("precision", "recall", "f"), found, strict=True))


def _cost() -> dict[str, object]:
    """One more telling among twenty thousand that were all different enough to be compared."""
    chance, samples = Random(SEED), grammar.samples()
    texts = []
    for _ in range(MANY + TIMED):
        halves = [chance.choice(samples)[1] for _ in range(3)]
        texts.append("，".join(text[chance.randrange(0, 4) :] for text in halves))
    index = nearest.Index()
    began = time.process_time()
    index.add(range(MANY), [text[:20] for text in texts[:MANY]], texts[:MANY])
    built = time.process_time() - began
    spans = []
    for at in range(MANY, MANY + TIMED):
        began = time.process_time()
        index.near(texts[at][:20], texts[at])
        index.add([at], [texts[at][:20]], [texts[at]])
        spans.append(time.process_time() - began)
    return {
        "held": MANY,
        "letters": round(statistics.mean(map(len, texts)), 1),
        "built_cpu_seconds": round(built, 2),
        "median_cpu_ms": round(1000 * statistics.median(spans), 2),
        "p95_cpu_ms": round(1000 * sorted(spans)[int(0.95 * len(spans))], 2),
    }


if __name__ == "__main__":
    main()
