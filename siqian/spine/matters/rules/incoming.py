"""What is wrong with a life as it comes in, before anybody asks whether it can have been lived. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import KIND

from . import phone_fault, text_fault
from .lives import Life, Voice
from .living import Book

# How many letters the tables hold.
LONGEST = {"by": 64, "name": 30, "channel": 16, "external": 64, "account": 64}


def first_faults(life: Life, book: Book) -> list[Refusal]:
    """Unknown item, kind, places or posts; a telling without text; times without a zone; words that are too long."""
    found = [fault for voice in life.voices for fault in _voice_faults(voice)]
    if book.item(life.item) is None:
        found.append(Refusal("责任清单里没有{item}，从列表里选", field="item", item=life.item))
    if life.kind not in get_args(KIND):
        found.append(Refusal("没有{kind}这一种，写{known}之一", field="kind", kind=life.kind, known="、".join(get_args(KIND))))
    found += [
        Refusal("没有这个地方{path}，核对网格编码", field="spot", path=spot.path)
        for spot in life.spots
        if book.paths.get(spot.path) != spot.grid
    ]
    found += [Refusal("没有岗位{post}，从名单里选", field="holder", post=post) for post in sorted(life.posts - book.posts)]
    if any(
        _is_naive(at)
        for at in (life.first.at, *(act.at for act in life.acts), *(act.promised for act in life.acts), *(act.until for act in life.acts))
    ):
        found.append(Refusal("有的时间没写时区，写全，例如2026-07-13T09:00+08:00", field="at"))
    return found + [fault for act in life.acts for fault in _length_faults(act)]


def _voice_faults(voice: Voice) -> Iterator[Refusal]:
    fault = text_fault(voice.text)
    if fault is not None:
        yield fault
    if (fault := phone_fault(voice.phone)) is not None:
        yield fault
    yield from _length_faults(voice)


def _length_faults(part: object) -> Iterator[Refusal]:
    for name, longest in LONGEST.items():
        text = getattr(part, name, "")
        if len(text) > longest:
            yield Refusal("{name}“{text}…”太长，最多{longest}个字符，缩短", field=name, name=name, text=text[:20], longest=longest)


def _is_naive(at: datetime | None) -> bool:
    return at is not None and at.tzinfo is None
