"""What others may ask of the understanding. The catalogues are read at the first message, not at import."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from siqian.kernel import catalogue
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import Item

from .governing import Taught, Thought
from .outsider import Adviser as Adviser, Endpoint as Endpoint, Kept as Kept, NoAnswer as NoAnswer
from .redacting import Names, Redactor, Strength
from .replying import Hint, hints
from .rules import Cue, Duty, Reader, Understanding, title as cut_title
from .splitting import Ask, split
from .summing import summed
from .trained import alike as alike, grams as grams, topics as topics

__all__ = [
    "Hint",
    "Taught",
    "Thought",
    "advise",
    "asks",
    "dangers",
    "reader",
    "reader_of",
    "redact",
    "redactor",
    "summary",
    "title",
    "understand",
]

if TYPE_CHECKING:
    from .refitting import Served

HERE = Path(__file__).parent / "catalogue"
BEGINNING = 80  # characters from which a title is cut
# 我叫〔姓名〕，电话〔电话〕， says who tells, not what.
WHO_ONE_IS = re.compile(
    r"^(?:(?:您好|你好)?[，,]?(?:我叫|我是|本人|姓名|电话|手机|联系电话|身份证号?)?[:：是为]?〔(?:姓名|电话|证件号)〕[，,。；\s]*)+"
)
# Whoever keeps the models says here how the one in force is asked for; without tables there is none.
_source: list[Callable[[], Served | None]] = []
_kept: list[tuple[Mapping[str, Item], Reader]] = []


def follow(source: Callable[[], Served | None] | None) -> None:
    """Understand by what `source` gives as well, asked at every message; by words alone where it gives nothing."""
    _source[:] = [source] if source else []


def understand(text: str) -> Understanding:
    """Read one message: kind, item or unsure with guesses, dangers, title; each with its places in `text`."""
    words, model = reader().understand(text), served()
    return replace(model.understand(words, text) if model else words, title=title(text))


def title(text: str) -> str:
    """At most 20 characters of a message that others may read: without personal data, which neighbours and lists have no part in."""
    clean = redact(text[:BEGINNING]) + text[BEGINNING:]
    return cut_title(WHO_ONE_IS.sub("", clean) or clean)


def summary(text: str, read: Understanding, *, where: str) -> str:
    """The line of a message in lists: its own first words, or where, what and how bad in 24 characters where those were cut off."""
    item = remit.items().get(read.item)
    what = "" if read.unsure or item is None else item.zh
    return summed(read.title, text, where=where, what=what, dangers=[risk.zh for risk in read.risks])


def asks(text: str) -> tuple[Ask, ...]:
    """What is asked in one message, each thing with its own words; one thing where it is one."""
    return split(text, reader().hear)


def advise(asked: Sequence[str], reply: str, *, others: Sequence[tuple[str, str]] = ()) -> list[Hint]:
    """What a reply leaves open of what was asked; others: (number, reply) of other matters, of which it may be a copy."""
    return hints(asked, reply, others=others)


def checked() -> bool:
    """Whether what is understood in this district was last found right often enough to be called checked."""
    from . import standing

    return standing.checked()


def lessons() -> list[Taught]:
    """What was last confirmed of each thing, the oldest first; at most the newest 6,000."""
    from . import standing

    return standing.lessons()


def taught(about: str) -> str:
    """The item that was last confirmed of a thing; empty where none was."""
    from . import standing

    return standing.taught(about)


def served() -> Served | None:
    """The model that takes part now, at most a second old; nothing where words stand alone."""
    return _source[0]() if _source else None


def night_is_due(*, at: datetime) -> bool:
    """Whether somebody should try to learn anew: once a day in the small hours, and as soon as there is enough for a first try."""
    from . import standing

    return standing.night_is_due(at=at)


def rise(*, at: datetime) -> tuple[int, float, int, int] | None:
    """(model, floor, messages, right) where its threshold has to rise by what went out lately; mostly nothing."""
    from . import standing

    return standing.floor_now(at=at)


def reader() -> Reader:
    """The reader of this process, built from the responsibility list and the duties in force; anew once the list is another."""
    items, kept = remit.items(), _kept[:1]
    # The list gives the same mapping as long as it stays as it is.
    if not kept or kept[0][0] is not items:
        kept = [(items, reader_of(items))]
        _kept[:] = kept
    return kept[0][1]


def reader_of(items: Mapping[str, Item]) -> Reader:
    """How messages would be read by another responsibility list."""
    return Reader(items.values(), _duties().values(), _cues().values())


def redact(text: str, *, strength: Strength = "display") -> str:
    """A text without personal data: what surely is some (display), or all that may be (export)."""
    return redactor().redacted(text, strength)


@cache
def redactor() -> Redactor:
    """By the lists of names in force."""
    return Redactor(catalogue.load(HERE, Names, files="names*.yaml", overlay=catalogue.overlay("learn")).latest.rows)


@cache
def _cues() -> Mapping[str, Cue]:
    return catalogue.load(HERE, Cue, files="kinds*.yaml", overlay=catalogue.overlay("learn")).latest.rows


@cache
def dangers() -> dict[str, str]:
    """The English name of every danger, by its Chinese one."""
    return {duty.zh: duty.en for duty in _duties().values()}


@cache
def _duties() -> Mapping[str, Duty]:
    return catalogue.load(HERE, Duty, files="duties*.yaml", overlay=catalogue.overlay("learn")).latest.rows
