"""How fast the answer to a question is found, and whether it is the right one. Writes bench/results/answers.json.

    .venv/bin/python -m bench.answers

The index is made of the demo's answers in both languages and of made-up ones about the items of the responsibility list: one
about each item to see whether the right answer is found among them, five about each, 2,000 in all, to see how fast. Asked are
the questions of `demo/tests/test_answers.py`, each a line of people's own wording, and letters of some 200 characters that end
in one of them. Times are CPU milliseconds on one core; the item is understood beforehand.
"""

import json
import os
import statistics
import tempfile
import time

import django

os.environ |= {"SIQIAN_HOME": tempfile.mkdtemp(prefix="siqian-bench-"), "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
django.setup()

from demo import answers  # noqa: E402
from demo.tests.test_answers import ASKED  # noqa: E402
from siqian.spine.answers import queries  # noqa: E402
from siqian.spine.answers.rules import Entry, Index  # noqa: E402
from siqian.spine.learn import queries as learn  # noqa: E402
from siqian.spine.remit import queries as remit  # noqa: E402

from .spine import ROOT, commit  # noqa: E402

WANTED, ROUNDS = 2_000, 5
OTHERS = ("{zh}归谁管", "{zh}要多久", "遇到{zh}怎么办，找谁", "{zh}要带什么材料", "哪些{zh}可以申请")
LETTER = (
    "我是这里的老住户，住了十几年，一直觉得社区挺好的，大家见面都打招呼，物业的师傅也认得。最近家里出了点事，想了很久，还是写下来。" * 3
)


def main() -> None:
    rows = [row for file in answers.LIVE for row in answers.rows(file)]
    begun = time.process_time()
    index = _index(rows, OTHERS)
    built, small = time.process_time() - begun, _index(rows, OTHERS[:1])
    asked = [(text, learn.understand(text).item, words) for text, words in ASKED.items()]
    letters = [(LETTER + text, item, words) for text, item, words in asked]
    result = {
        "command": "python -m bench.answers",
        "commit": commit(),
        "cores": os.cpu_count(),
        "answers": WANTED,
        "build_s": round(built, 2),
        "questions": _found(small, rows, asked) | _spent(index, asked),
        "letters": _found(small, rows, letters) | _spent(index, letters),
        "answers_found_among": len(rows) + len(remit.items()),
    }
    (ROOT / "bench" / "results" / "answers.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))


def _index(rows: list[answers.Row], others: tuple[str, ...]) -> Index:
    return Index(_entries(rows, others), filler=queries._words("filler"), stop=queries._words("stop"))


def _entries(rows: list[answers.Row], others: tuple[str, ...]) -> list[Entry]:
    items = remit.items()
    made = []
    for number, row in enumerate(rows):
        item = items[row.item]
        made.append(Entry(number, row.question, row.text, " ".join((item.zh, *item.words)), row.item))
        made.append(Entry(number, row.question_en, row.text_en, item.en, row.item))
    about = [(item, words) for words in others for item in items.values()]
    for number, (item, words) in enumerate(about[: WANTED - len(rows)], len(rows)):
        text = f"{item.sample}。{item.needs}。{item.not_ours}。由{item.lead}负责。" * 2
        made.append(Entry(number, words.format(zh=item.zh), text, " ".join((item.zh, *item.words)), item.code))
    return made


Asked = list[tuple[str, str, str]]


def _found(index: Index, rows: list[answers.Row], asked: Asked) -> dict[str, int]:
    first = third = 0
    for text, item, words in asked:
        places = [place for place, hit in enumerate(index.find(text, item=item, most=3)) if _is(rows, hit.id, words)]
        first, third = first + (places[:1] == [0]), third + bool(places)
    return {"asked": len(asked), "first": first, "among_three": third}


def _spent(index: Index, asked: Asked) -> dict[str, float]:
    spent = []
    for _ in range(ROUNDS):
        for text, item, _words in asked:
            begun = time.process_time_ns()
            index.find(text, item=item, most=3)
            spent.append((time.process_time_ns() - begun) / 1e6)
    length = round(statistics.median(len(text) for text, _, _ in asked))
    return {"letters": length, "ms": round(statistics.median(spent), 2), "ms_p99": round(statistics.quantiles(spent, n=100)[98], 2)}


def _is(rows: list[answers.Row], number: int, words: str) -> bool:
    return number < len(rows) and words in rows[number].question


if __name__ == "__main__":
    main()
