"""Bulk import through the same verb: with progress, resumable, every faulty row named, every good row taken."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection, connections

from siqian.kernel import sheets
from siqian.kernel.journal import savepoint, writing
from siqian.kernel.permits import OFFICE, BadInput, Refusal
from siqian.spine.matters import actions as matters, queries
from siqian.spine.matters.rules.lives import Life, Unlawful

from . import actions, history, rules
from .posting import send_letters, watch_systems
from .rules import Tally

__all__ = ["send_letters", "watch_systems"]

# Rows that share one commit: enough to save the disk, few enough that other writers wait a quarter of a second.
TOGETHER = 250
# Lives that share one commit: a quarter of a second.
LIVES = 200
# From so many rows on, it is worth starting processes; SQLite has one writer anyway.
MANY = 5000
Numbered = list[tuple[int, sheets.Row | Refusal]]


def run(path: Path, *, channel: str, at: Callable[[], datetime], told: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Import a file; a file that was cut off half-way goes on with the chunks that are not done."""
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    numbered, where = _columns(sheets.read(path.name, raw))
    batch = actions.begin_batch(sha256=digest, name=path.name, channel=channel, rows=TOGETHER, by=OFFICE, at=at())
    chunks = enumerate(_chunks(numbered, batch.rows))
    count = Tally()
    for tally in _taken(batch.id, chunks, where, at):
        count.join(tally)
        told(count)
    actions.end_batch(batch=batch.id, by=OFFICE, at=at())
    count.faults.sort()
    return count


@dataclass
class Taken:
    """How a history stands. faults: each with its life, which is the line of the file."""

    lines: int = 0
    made: int = 0
    faults: list[Refusal] = field(default_factory=list)


def chronicle(path: Path, *, at: Callable[[], datetime], write: bool, told: Callable[[Taken], None] = lambda taken: None) -> Taken:
    """Take over a file of lives, one JSON object a line, in chunks of one transaction; what was taken before is not taken again.

    A chunk with a fault is not taken; the others are, and every fault names its line. write: otherwise all is taken and undone.
    """
    count = Taken()
    rows = sheets.read(path.name, path.read_bytes())
    while chunk := list(islice(rows, LIVES)):
        read = [(number, row if isinstance(row, Refusal) else history.life(row)) for number, row in chunk]
        wrong = [Refusal("第{life}件：{what}", life=number, what=found.why) for number, found in read if isinstance(found, Refusal)]
        lives = [(number, found) for number, found in read if not isinstance(found, Refusal)]
        if lives and not wrong:
            wrong = _chronicled(lives, count, write, at())
        count.lines += len(chunk)
        count.faults += wrong
        told(count)
    return count


class _Undone(Exception):
    """Takes back what was only tried."""


def _chronicled(lives: Sequence[tuple[int, Life]], count: Taken, write: bool, at: datetime) -> list[Refusal]:
    newest = next((line.id for line in queries.find(seen_by=OFFICE, most=1)), 0)
    try:
        with suppress(_Undone), writing(OFFICE, whole=True), savepoint():
            ids = matters.chronicle(lives=[life for _, life in lives], by=OFFICE, at=at)
            count.made += sum(id_ > newest for id_ in set(ids))
            if not write:
                raise _Undone
    except Unlawful as error:
        # The verb counts lives of a batch; a person counts lines of the file.
        lines = [number for number, _ in lives]
        return [Refusal(fault.template, **fault.values | {"life": lines[fault.values["life"] - 1]}) for fault in error.faults]
    return []


def _taken(batch: int, chunks: Iterator[tuple[int, Numbered]], where: dict[str, str], at: Callable[[], datetime]) -> Iterator[Tally]:
    first = list(islice(chunks, MANY // TOGETHER))
    more = next(chunks, None)
    if connection.vendor == "sqlite" or more is None:
        for number, rows in chain(first, [more] if more else [], chunks):
            yield actions.take_chunk(batch=batch, number=number, numbered=rows, where=where, by=OFFICE, at=at())
        return
    yield from _by_processes(batch, chain(first, [more], chunks), where, at)


def _by_processes(batch: int, chunks: Iterator[tuple[int, Numbered]], where: dict[str, str], at: Callable[[], datetime]) -> Iterator[Tally]:
    """One process a core. Whoever meets another's neighbourhood waits for its commit, and then sees its matters."""
    workers = os.cpu_count() or 1
    connections.close_all()
    waiting: deque[Future[Tally]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        for number, rows in chunks:
            waiting.append(pool.submit(_take_one, batch, number, rows, where, at()))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _take_one(batch: int, number: int, rows: Numbered, where: dict[str, str], at: datetime) -> Tally:
    return actions.take_chunk(batch=batch, number=number, numbered=rows, where=where, by=OFFICE, at=at)


def _columns(rows: Iterator[tuple[int, sheets.Row | Refusal]]) -> tuple[Iterator[tuple[int, sheets.Row | Refusal]], dict[str, str]]:
    """The rows, and which heading holds which field: known from the first row that can be read at all."""
    before: Numbered = []
    for number, row in rows:
        before.append((number, row))
        if not isinstance(row, Refusal):
            break
    heads = next((list(row) for _, row in before if not isinstance(row, Refusal)), None)
    found = rules.columns(heads) if heads is not None else {}
    if isinstance(found, Refusal):
        raise BadInput(found)
    return chain(before, rows), found


def _chunks(rows: Iterator[tuple[int, sheets.Row | Refusal]], length: int) -> Iterator[Numbered]:
    while chunk := list(islice(rows, length)):
        yield chunk
