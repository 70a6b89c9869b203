"""The night's work of learning: lessons and their words are brought together, a model is made, compared and kept."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from siqian.kernel import clock, files
from siqian.kernel.permits import OFFICE, BadInput, Refusal
from siqian.spine.learn import actions, jobs, queries
from siqian.spine.matters import queries as matters

_running: list[subprocess.Popen[bytes]] = []


def tonight(*, at: datetime) -> None:
    """Begin the day's try in a process of its own, so that nothing waits for it; raise the threshold where it has to rise."""
    _running[:] = [child for child in _running if child.poll() is None]
    if not _running and queries.night_is_due(at=at):
        raise_threshold(at=at)
        _running.append(subprocess.Popen(["nice", sys.executable, "-m", "siqian", "learn", "refit", "--quiet"]))


def leave() -> None:
    """The worker ends: a try that runs is cut off, and taken up again by whoever works next."""
    for child in _running:
        child.terminate()
    for child in _running:
        child.wait(10)
    _running.clear()


def refit(*, anew: bool = False) -> jobs.Evaluation | Refusal | None:
    """Make a model of what was confirmed and keep it with its card; else why there is none. None: today's try was made already."""
    at = clock.now()
    night = actions.begin_night(by=OFFICE, at=at, anew=anew)
    if night is None:
        return None
    home = Path(settings.SIQIAN_HOME) / "files"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        weights = Path(folder) / "model.npz"
        try:
            made = jobs.refit(list(_lessons()), queries.served(), queries.reader(), weights, at=at)
        except BadInput as error:
            actions.end_night(night=night, why=error.refusal, by=OFFICE, at=clock.now())
            return error.refusal
        # The file lies there before any row names it.
        place = files.place(made.weights)
        place.parent.mkdir(parents=True, exist_ok=True)
        weights.replace(place)
    actions.end_night(night=night, made=made, by=OFFICE, at=clock.now())
    return made


def raise_threshold(*, at: datetime) -> None:
    """What went out lately without a person was wrong too often: less goes out from now on."""
    rise = queries.rise(at=at)
    if rise is not None:
        model, floor, messages, right = rise
        actions.raise_floor(model=model, floor=floor, messages=messages, right=right, by=OFFICE, at=at)


def _lessons() -> Iterator[jobs.Lesson]:
    taught = [lesson for lesson in queries.lessons() if lesson.about.startswith("matter:")]
    texts = matters.texts_of({_number(lesson.about) for lesson in taught})
    for lesson in taught:
        if text := texts.get(_number(lesson.about)):
            yield jobs.Lesson(lesson.about, text, lesson.item, lesson.at)


def _number(about: str) -> int:
    return int(about.removeprefix("matter:"))
