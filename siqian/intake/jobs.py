"""Bulk import through the same verb: with progress, resumable, every faulty row named, every good row taken."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection, connections

from siqian.kernel import sheets
from siqian.kernel.permits import OFFICE, BadInput, Refusal

from . import actions, rules
from .rules import Tally

# Rows that share one commit: enough to save the disk, few enough that other writers wait a quarter of a second.
TOGETHER = 250
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
