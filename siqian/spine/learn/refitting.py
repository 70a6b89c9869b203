"""The nightly refit: learn from what was confirmed, and compare with what stands, on messages that neither learned from.

Pure: messages in, a model and its evaluation out. It is promoted only where it is better and no item pays for it.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from siqian.kernel.permits import BadInput, Refusal
from siqian.kernel.said import said

from .blending import SURE, Limits, Opinion, blended, stratum
from .rules import Reader, Understanding
from .trained import calibration, evidence, measures, twins
from .trained.classifier import Model, trained

FEWEST, OF_ITEM, ITEMS = 40, 3, 2  # lessons in all, of one item, items: with less nothing can be learned that deserves the name
FOLDS = 2
SAME = 0.9  # share of their n-grams from which two short messages count as one sent twice
FROZEN = 5  # one message of so many is never learned from, on no night
LATELY, PART = timedelta(days=7), 5  # the last days are held back as well, at most one message of so many
LOSS = 0.02  # of F1 that an item may lose
TESTED = 5  # messages of an item below which its F1 says nothing
EVIDENCE = 20  # messages below which no threshold is drawn
CURVE = (0.90, 0.93, 0.95, 0.97, 0.99)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message of which somebody has confirmed what it is about. text: without personal data."""

    about: str
    text: str
    item: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """What is in force: a model with its limits."""

    model: Model
    limits: Limits
    number: int

    def likely(self, texts: Sequence[str]) -> list[tuple[tuple[str, float], ...]]:
        """The three likeliest items of each message."""
        return _likely(self.model, texts)

    def understand(self, words: Understanding, text: str) -> Understanding:
        """Words and model together. Only where the list has no words for the model's first guess are its own looked for."""
        likely = self.likely([text])[0]
        shown = any(guess.item == likely[0][0] and guess.spans for guess in words.guesses)
        spans = () if shown else tuple(evidence.spans(self.model, text, likely[0][0]))
        return blended(words, Opinion(likely, spans), self.limits, known=self.model.labels, version=f"{words.version}+{self.number}")


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How good an understanding was on messages that it had not learned from. sent: share that no person need have looked at."""

    messages: int
    first: float  # share of which the first guess was right
    macro_f1: float
    sent: float
    sent_right: float


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The card of a model: of what, how good beside what stood, and why it was promoted or held back."""

    lessons: int
    learned: int
    items: int
    items_too_few: int
    near_duplicates: int
    sha256: str  # of the lessons, in their order
    began: str
    until: str
    frozen: Measured
    frozen_before: Measured
    lately: Measured
    lately_before: Measured
    f1: dict[str, float]
    lost: dict[str, float]
    calibration_error: float
    coverage: dict[str, float]
    limits: Limits
    seconds: float
    milliseconds: float  # of the processor, a message
    bytes: int
    weights: str  # sha256 of the file
    passed: bool
    why: str  # a code of WHY


TOO_FEW = said("确认过的消息能学的只有{n}条、{k}类，至少要{most}条、{kinds}类。接着用规则，办结和裁定会一条条攒起来")
WHY = ("better", "not_better", "an_item_lost", "too_often_wrong")


@dataclass(frozen=True, slots=True)
class _Parts:
    learn: NDArray[np.int64]
    frozen: NDArray[np.int64]
    lately: NDArray[np.int64]
    groups: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Trial:
    """All that an evaluation rests on. own and found lie beside learn; words beside lessons."""

    lessons: Sequence[Lesson]
    parts: _Parts
    learn: NDArray[np.int64]
    own: Sequence[str]
    words: Sequence[Understanding]
    fresh: Served
    found: NDArray[np.float32]
    standing: Served | None


def refit(lessons: Sequence[Lesson], standing: Served | None, reader: Reader, out: Path, *, at: datetime) -> Evaluation:
    """Learn and compare; the weights lie in `out` afterwards. The same lessons give the same weights. Raises BadInput: too few."""
    began = time.monotonic()
    lessons = sorted(lessons, key=lambda lesson: (lesson.at, lesson.about))
    if len(lessons) < FEWEST:
        raise BadInput(Refusal(TOO_FEW, n=len(lessons), k=len({lesson.item for lesson in lessons}), most=FEWEST, kinds=ITEMS))
    parts = _parts(lessons, at)
    often = Counter(lessons[spot].item for spot in parts.learn.tolist())
    learn = np.array([spot for spot in parts.learn.tolist() if often[lessons[spot].item] >= OF_ITEM], np.int64)
    items = {lessons[spot].item for spot in learn.tolist()}
    if len(learn) < FEWEST or len(items) < ITEMS:
        raise BadInput(Refusal(TOO_FEW, n=len(learn), k=len(items), most=FEWEST, kinds=ITEMS))
    own = [lessons[spot].item for spot in learn.tolist()]
    model, found = trained(*_columns([lessons[spot].text for spot in learn.tolist()]), own, folds=twins.parts(parts.groups[learn], FOLDS))
    words = [reader.understand(lesson.text) for lesson in lessons]
    limits = _limits(found, model.labels, own, [words[spot] for spot in learn.tolist()])
    model.save(out)
    trial = _Trial(lessons, parts, learn, own, words, Served(model, limits, 0), found, standing)
    made: dict[str, Any] = {"seconds": round(time.monotonic() - began, 1), "bytes": out.stat().st_size, "weights": _sum(out.read_bytes())}
    return Evaluation(**_of_what(trial), **_compared(trial), **_calibrated(trial), limits=limits, **made)


def verdict(pairs: Sequence[tuple[Measured, Measured]], lost: dict[str, float]) -> str:
    """A code of WHY, by pairs of (now, before): better on one and worse on none; where one holds no message, the other decides."""
    there = [(now, before) for now, before in pairs if now.messages]
    if not any(now.macro_f1 > before.macro_f1 for now, before in there) or any(now.macro_f1 < before.macro_f1 for now, before in there):
        return "not_better"
    if lost:
        return "an_item_lost"
    # What goes out without a person may be right less often than before only where it still is right often enough.
    wrong = any(now.sent and now.sent_right < min(before.sent_right, SURE) for now, before in there)
    return "too_often_wrong" if wrong else "better"


def rises(outcomes: Sequence[tuple[float, bool]], limits: Limits, *, wanted: float = SURE, least: int = 50) -> float:
    """The floor that should hold from what went out lately: (probability, was right) of each. It rises by itself, and only rises."""
    if len(outcomes) < least:
        return limits.floor
    sure, right = np.array([share for share, _ in outcomes], np.float32), np.array([good for _, good in outcomes])
    if right.mean() >= wanted:
        return limits.floor
    return max(limits.floor, round(calibration.threshold(sure, right, wanted=wanted), 4))


def _parts(lessons: Sequence[Lesson], at: datetime) -> _Parts:
    """What is learned from, what never is, and the last days. Who was told nearly the same as something learned is not compared on it."""
    groups = twins.groups([lesson.text for lesson in lessons], alike=SAME)
    frozen = np.array([_mark(lesson.about) % FROZEN == 0 for lesson in lessons])
    late = np.array([at - lesson.at <= LATELY for lesson in lessons])
    late[: len(lessons) - max(len(lessons) // PART, 1)] = False
    learn = ~(frozen | late)
    fresh = ~np.isin(groups, groups[learn])
    return _Parts(np.flatnonzero(learn), np.flatnonzero(frozen & fresh), np.flatnonzero(late & ~frozen & fresh), groups)


def _mark(about: str) -> int:
    return int.from_bytes(hashlib.sha256(about.encode()).digest()[:8])


def _columns(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """No titles: what a resident tells has none but the one that is cut from it."""
    return [""] * len(texts), list(texts)


def _likely(model: Model, texts: Sequence[str]) -> list[tuple[tuple[str, float], ...]]:
    found = model.probabilities(*_columns(texts))
    order = np.argsort(-found, axis=1, kind="stable")[:, :3]
    share = np.take_along_axis(found, order, 1)
    return [
        tuple((model.labels[at], float(p)) for at, p in zip(row, sure, strict=True))
        for row, sure in zip(order.tolist(), share.tolist(), strict=True)
    ]


def _limits(found: NDArray[np.float32], labels: Sequence[str], own: Sequence[str], words: Sequence[Understanding]) -> Limits:
    """For each way in which words and model stand to each other, the least probability above which so much was right."""
    best, sure = found.argmax(1), found.max(1)
    right = np.array([labels[at] == item for at, item in zip(best.tolist(), own, strict=True)])
    ways = np.array([stratum(read, labels[at]) for at, read in zip(best.tolist(), words, strict=True)])
    drawn: dict[str, float] = {}
    for way in ("agree", "differ", "silent"):
        there = ways == way
        limit = calibration.threshold(sure[there], right[there]) if there.sum() >= EVIDENCE else 2.0
        if limit <= 1 and (sure[there] >= limit).sum() >= EVIDENCE:
            # Where all of them may go out nothing speaks against less; then the probability has to say itself what is wanted.
            drawn[way] = round(float(min(limit, SURE) if limit <= sure[there].min() else limit), 4)
    return Limits(**drawn, doubted=_doubted(own, words))


def _doubted(own: Sequence[str], words: Sequence[Understanding]) -> tuple[str, ...]:
    """Items of which the words were certain, often enough, and were mostly wrong."""
    said = Counter(read.item for read in words if not read.unsure)
    wrong = Counter(read.item for read, item in zip(words, own, strict=True) if not read.unsure and read.item != item)
    return tuple(sorted(item for item, count in said.items() if count >= OF_ITEM and wrong[item] * 2 > count))


def _of_what(trial: _Trial) -> dict[str, Any]:
    lessons, groups = trial.lessons, trial.parts.groups
    items = set(trial.own)
    said = "".join(f"{lesson.about}\x1f{lesson.item}\x1f{lesson.text}\x1e" for lesson in lessons)
    return {
        "lessons": len(lessons),
        "learned": len(trial.learn),
        "items": len(items),
        "items_too_few": len({lesson.item for lesson in lessons} - items),
        "near_duplicates": len(groups) - len(np.unique(groups)),
        "sha256": _sum(said.encode()),
        "began": lessons[0].at.isoformat(),
        "until": lessons[-1].at.isoformat(),
    }


def _compared(trial: _Trial) -> dict[str, Any]:
    """Old and new on what neither learned from, and what follows."""
    held = np.concatenate((trial.parts.frozen, trial.parts.lately)).tolist()
    words, texts = [trial.words[at] for at in held], [trial.lessons[at].text for at in held]
    spent = time.process_time()
    now = _understood(trial.fresh, words, texts)
    spent = (time.process_time() - spent) * 1000 / max(len(held), 1)
    before, true = _understood(trial.standing, words, texts), [trial.lessons[at].item for at in held]
    frozen, lately = slice(len(trial.parts.frozen)), slice(len(trial.parts.frozen), None)
    f1, f1_before = _f1(true, now), _f1(true, before)
    tested = sorted(item for item, count in Counter(true).items() if count >= TESTED)
    lost = {item: round(f1_before[item] - f1[item], 4) for item in tested if f1_before[item] - f1[item] > LOSS}
    measured = [_measured(true[part], read[part]) for part in (frozen, lately) for read in (now, before)]
    why = verdict([(measured[0], measured[1]), (measured[2], measured[3])], lost)
    return dict(zip(("frozen", "frozen_before", "lately", "lately_before"), measured, strict=True)) | {
        "f1": {item: round(f1[item], 4) for item in tested},
        "lost": lost,
        "milliseconds": round(spent, 2),
        "passed": why == "better",
        "why": why,
    }


def _calibrated(trial: _Trial) -> dict[str, Any]:
    """Of the messages that were learned from, by models that had not seen them."""
    labels, best = trial.fresh.model.labels, trial.found.argmax(1).tolist()
    sure, right = trial.found.max(1), np.array([labels[at] == item for at, item in zip(best, trial.own, strict=True)])
    return {
        "calibration_error": round(calibration.error(sure, right), 4),
        "coverage": {f"{wanted:.2f}": round(measures.coverage(sure, right, wanted), 4) for wanted in CURVE},
    }


def _understood(served: Served | None, words: Sequence[Understanding], texts: Sequence[str]) -> list[Understanding]:
    if served is None or not texts:
        return list(words)
    known, version = served.model.labels, f"{words[0].version}+{served.number}"
    return [
        blended(read, Opinion(likely, ()), served.limits, known=known, version=version)
        for read, likely in zip(words, served.likely(texts), strict=True)
    ]


def _first(read: Understanding) -> str:
    return read.guesses[0].item if read.guesses else ""


def _f1(true: Sequence[str], read: Sequence[Understanding]) -> dict[str, float]:
    told = [_first(one) for one in read]
    names = sorted({*true, *told})
    at = {name: number for number, name in enumerate(names)}
    each = measures.f1(np.array([at[name] for name in true], np.int64), np.array([at[name] for name in told], np.int64), len(names))
    return dict(zip(names, each.tolist(), strict=True))


def _measured(true: Sequence[str], read: Sequence[Understanding]) -> Measured:
    right = [_first(one) == item for one, item in zip(read, true, strict=True)]
    sent = [good for good, one in zip(right, read, strict=True) if not one.unsure]
    f1 = _f1(true, read)
    there = set(true)
    return Measured(
        messages=len(true),
        first=_share(right),
        macro_f1=round(sum(f1[item] for item in there) / len(there), 4) if there else 0.0,
        sent=round(len(sent) / len(true), 4) if true else 0.0,
        sent_right=_share(sent),
    )


def _share(good: Sequence[bool]) -> float:
    return round(sum(good) / len(good), 4) if good else 0.0


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
