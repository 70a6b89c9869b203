"""Answers of the demo: written by somebody at the district's desk, published by the dispatcher, through the verbs."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE, Actor
from siqian.spine.answers import actions, jobs, queries
from siqian.spine.answers.rules import Draft
from siqian.town.people import queries as people
from siqian.town.places import queries as places

HERE = Path(__file__).parent
LIVE, WAITING, RETIRED = ("home-and-neighbours.yaml", "papers-and-work.yaml"), "drafts.yaml", "retired.yaml"
# Somebody looked at each of them this long before its next review.
TERM = timedelta(days=180)
# (words of the question, what is said better in a version that still waits)
BETTER = (
    "学位",
    (
        "住房、居住证、社保尽量提前办好，别等到报名那几天。",
        "住房、居住证、社保最好提前半年办好。差材料的，报名前先来问社区，能补的一起补。",
    ),
)
# (words of the question, browsers that said it did not help, days ago of the last)
MISSED = (("学位", 6, 1), ("押金", 3, 2), ("异地看病", 2, 0), ("维修资金", 1, 5))


@dataclass(frozen=True)
class Row:
    """One answer of a file. review: days from now until somebody looks at it again."""

    item: str
    unit: str
    review: int
    question: str
    text: str
    question_en: str = ""
    text_en: str = ""
    basis: str = field(default="")

    def draft(self, path: str, at: datetime) -> Draft:
        words: dict[str, Any] = {
            name: getattr(self, name) for name in ("question", "text", "item", "unit", "question_en", "text_en", "basis")
        }
        return Draft(path=path, review=clock.local(at).date() + timedelta(days=self.review), **words)


def rows(file: str) -> list[Row]:
    """The answers of one file, in its order."""
    return [Row(**row) for row in yaml.safe_load((HERE / file).read_text(encoding="utf-8"))]


def publish(at: datetime) -> int:
    """Enter them all, once; gives how many are live."""
    top = places.district()
    if top is None or queries.topics():
        return 0
    writer, publisher = _role("hotline agent", at), _role("dispatcher", at)
    count = 0
    for number, row in enumerate(row for file in LIVE for row in rows(file)):
        # What was written for longer than the usual term was written lately.
        written = at + timedelta(days=row.review) - TERM if row.review < 170 else at - timedelta(days=9 + number, hours=number % 7)
        answer = actions.write(draft=row.draft(top.path, at), once=f"demo-{number}", by=writer, at=written)
        actions.publish(answer=answer, version=1, by=publisher, at=min(at, written + timedelta(hours=3)))
        count += 1
    for number, row in enumerate(rows(WAITING)):
        at_then = at - timedelta(hours=5 + 20 * number)
        actions.write(draft=row.draft(top.path, at), once=f"demo-draft-{number}", by=writer, at=at_then)
    _retire(top.path, writer, publisher, at)
    _miss(at)
    _better(writer, at)
    jobs.remind(at=at)
    return count


def _miss(at: datetime) -> None:
    for words, browsers, ago in MISSED:
        found = next((line for line in queries.lines(words=words, seen_by=OFFICE, at=at)), None)
        for number in range(browsers if found else 0):
            then = at - timedelta(days=ago + number // 2, minutes=7 * number)
            actions.mark_not_helped(answer=found.id, mark=f"browser:demo-{number}", by=OFFICE, at=then)  # type: ignore[union-attr]


def _better(writer: Actor, at: datetime) -> None:
    """What so many were not helped by has been written anew, and waits for somebody to read it."""
    found = next((line for line in queries.lines(words=BETTER[0], seen_by=OFFICE, at=at)), None)
    if found is not None:
        draft = queries.view(found.id, seen_by=OFFICE, at=at).newest.draft
        draft = replace(draft, text=draft.text.replace(*BETTER[1]), review=clock.local(at).date() + TERM)
        actions.write(draft=draft, answer=found.id, seen=1, once="demo-better", by=writer, at=at - timedelta(hours=2))


def _retire(path: str, writer: Actor, publisher: Actor, at: datetime) -> None:
    """What held once and no longer does."""
    for number, row in enumerate(rows(RETIRED)):
        begun = at - timedelta(days=200)
        answer = actions.write(draft=row.draft(path, begun), once=f"demo-old-{number}", by=writer, at=begun)
        actions.publish(answer=answer, version=1, by=publisher, at=begun + timedelta(hours=2))
        actions.retire(answer=answer, note="规定改了，另写了一条", by=publisher, at=at - timedelta(days=150))


def _role(role: str, at: datetime) -> Actor:
    return next(people.actor(row.account, at=at) for row in people.roles() if row.role == role)
