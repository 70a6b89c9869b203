"""Bulk import through the same verb: with progress, resumable, every faulty row named, every good row taken."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from siqian.kernel.journal import savepoint, writing
from siqian.kernel.permits import OFFICE, BadInput, Refusal, Refused

from . import actions, rules
from .channels import file
from .models import Batch

# Rows that share one commit: enough to save the disk, few enough that other writers wait a quarter of a second.
TOGETHER = 25
MOST_FAULTS = 1000


@dataclass
class Count:
    """How an import stands. total = taken + joined + again + faulty, always."""

    total: int = 0
    taken: int = 0
    joined: int = 0
    again: int = 0
    faulty: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def run(path: Path, *, channel: str, at: Callable[[], datetime], told: Callable[[Count], None] = lambda count: None) -> Count:
    """Import a file; a file that was cut off half-way goes on after its last committed row."""
    raw = path.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    rows = file.read(path.name, raw)
    batch = actions.begin_batch(sha256=digest, name=path.name, channel=channel, by=OFFICE, at=at())
    count = _standing(batch)
    numbered = list(islice(rows, batch.done, None)) if batch.done else rows
    where: dict[str, str] | None = None
    for chunk in _chunks(iter(numbered)):
        if where is None:
            where = _columns(chunk)
        with writing(OFFICE, whole=True):
            for number, row in chunk:
                _one(row, number, where, channel, digest, count, at())
            _keep(batch, count, len(chunk), at=at())
        told(count)
    batch.ended = at()
    _keep(batch, count, 0, at=at())
    return count


def _one(row: file.Row | Refusal, number: int, where: dict[str, str], channel: str, digest: str, count: Count, at: datetime) -> None:
    count.total += 1
    message = row if isinstance(row, Refusal) else rules.from_row(row, where, channel=channel, fallback_id=f"{digest[:20]}:{number}")
    if isinstance(message, Refusal):
        _fault(count, number, message)
        return
    try:
        with savepoint():
            receipt = actions.take(message=message, by=OFFICE, at=at)
    except Refused as error:
        _fault(count, number, error.refusal)
        return
    if receipt.again:
        count.again += 1
    elif receipt.joined:
        count.joined += 1
    else:
        count.taken += 1


def _fault(count: Count, number: int, refusal: Refusal) -> None:
    count.faulty += 1
    if len(count.faults) < MOST_FAULTS:
        count.faults.append((number, refusal.why))


def _columns(chunk: list[tuple[int, file.Row | Refusal]]) -> dict[str, str]:
    heads = next((list(row) for _, row in chunk if not isinstance(row, Refusal)), [])
    found = rules.columns(heads)
    if isinstance(found, Refusal):
        raise BadInput(found)
    return found


def _chunks(rows: Iterator[tuple[int, file.Row | Refusal]]) -> Iterator[list[tuple[int, file.Row | Refusal]]]:
    while chunk := list(islice(rows, TOGETHER)):
        yield chunk


def _standing(batch: Batch) -> Count:
    faults = [(int(number), str(why)) for number, why in batch.faults]
    return Count(batch.done, batch.taken, batch.joined, batch.again, batch.done - batch.taken - batch.joined - batch.again, faults)


def _keep(batch: Batch, count: Count, rows: int, *, at: datetime) -> None:
    batch.done, batch.taken, batch.joined, batch.again, batch.faults = (
        batch.done + rows,
        count.taken,
        count.joined,
        count.again,
        count.faults,
    )
    actions.keep_batch(batch=batch, by=OFFICE, at=at)
