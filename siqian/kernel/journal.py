"""The journal: what was decided, by whom, when; who has to hear of it. Verbs write here and nowhere else.

`@verb` opens the transaction, inner verbs join it. Their events are gathered as ink and written at the outermost verb's
end, in one go with the rows that were put (`rows`): entries (chained by hash within their subject) and one delivery for each
reader that acts.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar

import msgspec

from .permits import Actor

Ref = str
P = ParamSpec("P")
R = TypeVar("R")

_body = msgspec.json.Encoder()
EVENTS: dict[str, type["Event"]] = {}
READERS: dict[str, dict[str, Callable[..., None]]] = {}
# Readers that hear of some kinds of subjects only: reader -> kinds ("matter").
KINDS: dict[str, frozenset[str]] = {}


class Event:
    """Something that happened, as `noun.past`. Frozen dataclasses inherit; the first field is its subject."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, name: str) -> None:
        cls.name = name
        EVENTS[name] = cls

    @property
    def subject(self) -> Ref:
        return str(getattr(self, next(iter(self.__dataclass_fields__))))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    """An entry as it is read back."""

    id: int
    seq: int
    name: str
    at: datetime
    by: str
    body: dict[str, Any]


@dataclass(frozen=True)
class _Drop:
    event: Event
    by: str
    at: datetime
    first: bool


_ink: ContextVar[list[_Drop] | None] = ContextVar("ink", default=None)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a writer. It takes `by` (Actor) and `at` (aware datetime) by keyword; the outermost opens the transaction."""
    return _verb(function, whole=False)


def office_verb(function: Callable[P, R]) -> Callable[P, R]:
    """A verb that works behind the fence for whoever calls it: receiving a report must see the neighbours' reports."""
    return _verb(function, whole=True)


def _verb(function: Callable[P, R], *, whole: bool) -> Callable[P, R]:
    @wraps(function)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs["by"]
        if not isinstance(by, Actor):
            raise TypeError(f"{function.__qualname__}: by= takes an Actor")
        if _ink.get() is not None and not whole:
            return function(*args, **kwargs)
        with writing(by, whole=whole):
            return function(*args, **kwargs)

    return done


@contextmanager
def writing(by: Actor, *, whole: bool = False) -> Iterator[None]:
    """Run a verb's body in its transaction, inside the actor's fence, and write the ink before the commit."""
    from . import rows, store

    if _ink.get() is not None:
        with store.widened(whole):
            yield
        return
    with store.transaction(by, whole=whole), rows.gathered():
        token = _ink.set([])
        try:
            yield
            _write_ink(_ink.get() or [])
            rows.write_now()
        finally:
            _ink.reset(token)


@contextmanager
def savepoint() -> Iterator[None]:
    """Within a verb, a part that may fail alone: its rows and its ink are undone together, the rest stays."""
    from django.db import transaction

    from . import rows

    ink = _ink.get()
    if ink is None:
        raise RuntimeError("a savepoint is set outside a verb")
    # What was put before belongs to the part that stays.
    rows.write_now()
    length = len(ink)
    try:
        with transaction.atomic(), rows.undone_on_error():
            yield
    except BaseException:
        del ink[length:]
        raise


def in_verb() -> bool:
    return _ink.get() is not None


def record(event: Event, *, first: bool = False, by: Actor, at: datetime) -> None:
    """Say what happened; only inside a verb. first: its subject is new, so that no end of a chain has to be looked for."""
    ink = _ink.get()
    if ink is None:
        raise RuntimeError(f"{event.name} is recorded outside a verb")
    ink.append(_Drop(event, by.ref, at, first))


def on(event: type[Event], *, of: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """React to an event of somebody else: `def reader(event, *, by, at)`. Told twice must be done once.

    of: only when its subject is of these kinds ("matter" for "matter:7"); nothing is delivered of the others.
    """

    def register(reader: Callable[..., None]) -> Callable[..., None]:
        name = f"{reader.__module__}:{reader.__name__}"
        READERS.setdefault(event.name, {})[name] = reader
        if of:
            KINDS[name] = frozenset(of)
        return reader

    return register


def of(subject: Ref) -> list[Line]:
    """Everything that the journal holds about one subject, oldest first."""
    from .models import Entry

    rows = Entry.objects.filter(subject=subject).order_by("seq")
    return [Line(row.id, row.seq, row.name, row.at, row.by, json.loads(row.body)) for row in rows]


def newest(
    *names: str, since: datetime | None = None, until: datetime | None = None, before: int = 0, most: int = 100
) -> list[tuple[Ref, Line]]:
    """(subject, entry) of the newest entries of these events, the newest first, from an instant and before another.

    before: the last id of the page before.
    """
    from .models import Entry

    wanted = {"at__gte": since, "at__lt": until, "id__lt": before}
    narrowed = {column: value for column, value in wanted.items() if value}
    # Asked event by event: each is few or lies near the end, while all of them together are a search through everything.
    found = [row for name in names for row in Entry.objects.filter(name=name, **narrowed).order_by("-id")[:most]]
    found.sort(key=lambda row: -row.id)
    return [(row.subject, Line(row.id, row.seq, row.name, row.at, row.by, json.loads(row.body))) for row in found[:most]]


def latest() -> str:
    """What a live page compares: it differs once a verb has recorded anything."""
    from . import store

    return store.version()


def names_of(subject: Ref) -> list[str]:
    return [line.name for line in of(subject)]


def digest(prev: str, subject: Ref, seq: int, name: str, at: datetime, by: str, body: str) -> str:
    """The hash of one entry over the one before it."""
    text = "\n".join((prev, subject, str(seq), name, at.astimezone(UTC).isoformat(), by, body))
    return hashlib.sha256(text.encode()).hexdigest()


def revive(name: str, body: str) -> Event:
    """An event from its entry."""
    return msgspec.convert(json.loads(body), EVENTS[name])


def _write_ink(drops: list[_Drop]) -> None:
    from . import rows, store
    from .models import Delivery, Entry

    if not drops:
        return
    # What is new has no chain yet; of two that would both begin one, the database lets one through.
    known = {drop.event.subject for drop in drops} - {drop.event.subject for drop in drops if drop.first}
    if known:
        store.lock_chains(known)
    heads = _heads(known) if known else {}
    # A delivery names its entry, which therefore must know its id beforehand.
    heard = any(_readers(drop.event) for drop in drops)
    numbers = iter(rows.ids((Entry, len(drops)))[0] if heard else ())
    for drop in drops:
        event, readers = drop.event, _readers(drop.event)
        seq, prev = heads.get(event.subject, (0, ""))
        body = _body.encode(event).decode()
        hash_ = digest(prev, event.subject, seq + 1, event.name, drop.at, drop.by, body)
        heads[event.subject] = (seq + 1, hash_)
        own = {"id": next(numbers)} if heard else {}
        line = {"subject": event.subject, "seq": seq + 1, "name": event.name, "at": drop.at, "by": drop.by, "body": body}
        rows.put(Entry, **line, prev=prev, hash=hash_, **own)
        for reader in readers:
            rows.put(Delivery, reader=reader, entry_id=own["id"], subject=event.subject, due=drop.at)


def _readers(event: Event) -> list[str]:
    """Who has to hear of it."""
    kind = event.subject.partition(":")[0]
    return [name for name in READERS.get(event.name, ()) if name not in KINDS or kind in KINDS[name]]


def _heads(subjects: set[Ref]) -> dict[Ref, tuple[int, str]]:
    from django.db.models import Max

    from .models import Entry

    last = Entry.objects.filter(subject__in=subjects).values("subject").annotate(last=Max("id")).values("last")
    return {row.subject: (row.seq, row.hash) for row in Entry.objects.filter(id__in=last)}
