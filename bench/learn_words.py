"""How well and how fast words alone tell what a message is about, on real citizens' messages.

    python -m bench.learn_words --data DIR

DIR holds `classify.csv.gz` (7 first-level classes) and `topics.csv.gz`. The data is no part of the project.
Speed is also taken with the list blown up to 4,315 items and cut down to 40, which must make no difference.
"""

import argparse
import csv
import gzip
import json
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from siqian.spine.learn import queries as learn
from siqian.spine.learn.rules import Reader, Understanding
from siqian.spine.remit import queries as remit

HERE = Path(__file__).parent

# Our classes, or subclasses where a class is spread over several labels, by the label that the data gives them.
LABELS = {
    "城乡建设": ["1", "2", "3", "6", "7.1", "7.2", "7.3", "8.2", "8.3", "8.4", "8.5", "9", "17.2", "18.2.4"],
    "环境保护": ["4", "16"],
    "交通运输": ["5", "17.4"],
    "教育文体": ["12", "17.1"],
    "劳动和社会保障": ["11", "13.5.1", "13.5.2"],
    "商贸旅游": ["8.1", "10", "17.5", "7.4", "18.2"],
    "卫生计生": ["13"],
}
LABEL = {code: label for label, codes in LABELS.items() for code in codes}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=HERE / "results" / "learn_words.json")
    chosen = arguments.parse_args()
    labelled = [(row["label"], f"{row['title']}\n{row['detail']}") for row in _rows(chosen.data / "classify.csv.gz")]
    topics = [f"{row['留言主题']}\n{row['留言详情']}" for row in _rows(chosen.data / "topics.csv.gz")]
    texts = [text for _, text in labelled]
    reader = learn.reader()
    result = {
        "command": "python -m bench.learn_words --data ../shared/data/demands",
        "commit": _commit(),
        "version": reader.understand("").version,
        "items": len(remit.items()),
        "median_cpu_ms_a_text": _speed(reader.understand, texts),
        "median_cpu_ms_at_40_items": _speed(_sized(40).understand, texts),
        "median_cpu_ms_at_4315_items": _speed(_sized(4315).understand, texts),
        "median_letters": statistics.median(map(len, texts)),
        "classify": _agreement(labelled, reader),
        "topics": _shares([reader.understand(text) for text in topics]),
    }
    chosen.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _speed(understand: Callable[[str], Understanding], texts: list[str], rounds: int = 3) -> float:
    """CPU milliseconds a text, the median over rounds of 1,000 texts of the median over texts."""
    understand(texts[0])
    medians = []
    for turn in range(rounds):
        spent = []
        for text in texts[turn * 1000 : (turn + 1) * 1000]:
            start = time.process_time_ns()
            understand(text)
            spent.append((time.process_time_ns() - start) / 1e6)
        medians.append(statistics.median(spent))
    return round(statistics.median(medians), 3)


def _sized(size: int) -> Reader:
    """A reader over `size` items: ours, cut down, or filled up with items whose words are their own."""
    items = list(remit.items().values())[:size]
    model = items[0]
    stems = ("垃圾", "小区", "学校", "道路", "医院", "公司", "社区", "路灯")
    for number in range(len(items), size):
        words = tuple(f"{stem}{chr(0x4E00 + number)}" for stem in stems)
        items.append(msgspec.structs.replace(model, code=f"99.{number}.1", words=words))
    ours = learn.reader()
    return Reader(items, ours.duties, ours.cues)


def _agreement(labelled: list[tuple[str, str]], reader: Reader) -> dict[str, object]:
    """How often the class of the first guess carries the label; messages whose class has no label are told apart."""
    sure, first, hits, first_hits, outside = 0, 0, 0, 0, 0
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    read = [reader.understand(text) for _, text in labelled]
    for (label, _), understanding in zip(labelled, read, strict=True):
        if not understanding.guesses:
            continue
        ours = _label(understanding.guesses[0].item)
        if ours is None:
            outside += 1
            continue
        first += 1
        first_hits += ours == label
        if not understanding.unsure:
            sure += 1
            hits += ours == label
            seen[label] += 1
            right[label] += ours == label
    return {
        **_shares(read),
        "sure_with_label": sure,
        "agreement_sure": round(hits / sure, 3),
        "first_guess_with_label": first,
        "agreement_first_guess": round(first_hits / first, 3),
        "class_without_label": outside,
        "agreement_sure_by_label": {label: round(right[label] / seen[label], 3) for label in LABELS},
    }


def _label(item: str) -> str | None:
    top, sub, _ = item.split(".")
    return LABEL.get(item) or LABEL.get(f"{top}.{sub}") or LABEL.get(top)


def _shares(read: list[Understanding]) -> dict[str, float | int]:
    return {
        "texts": len(read),
        "share_unsure": round(sum(u.unsure for u in read) / len(read), 3),
        "share_without_guess": round(sum(not u.guesses for u in read) / len(read), 3),
        "share_with_risk": round(sum(bool(u.risks) for u in read) / len(read), 3),
        "share_with_emergency": round(sum(u.emergency for u in read) / len(read), 3),
    }


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False)
    return run.stdout.strip()


if __name__ == "__main__":
    main()
