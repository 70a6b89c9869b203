"""Everybody's facts in columns for matching, without names: row numbers, codes, nothing else. Read by the office alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from siqian.kernel.journal import Ref
from siqian.kernel.permits import OFFICE
from siqian.town.people import queries as people
from siqian.trades.dossier import queries as facts

from . import rules
from .catalogued import labels
from .engine import columns as cols
from .engine.columns import Column

KINDS = {"yesno": "int", "choice": "text", "text": "text", "number": "int", "money": "int", "day": "day"}
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Snapshot:
    """subjects: whose rows they are, held by the worker only while it matches; home: a number for each household."""

    columns: Mapping[str, Column]
    home: Any
    homes: int
    rows: int
    subjects: tuple[Ref, ...] = ()


def kinds() -> dict[str, str]:
    """Of every fact that a policy may ask about, how it lies in columns."""
    return {code: KINDS[label.kind] for code, label in labels().items()}


def typed(code: str, value: str) -> Any:
    """What was said, as policies compare it; None when it cannot be (the kind has changed since)."""
    kind = labels()[code].kind
    if kind == "yesno":
        return {"yes": True, "no": False}.get(value)
    if kind in ("number", "money"):
        return int(value) if value.isdigit() else None
    return value


def known(subjects: Collection[Ref]) -> dict[Ref, dict[str, Any]]:
    """What may be used of these now, by subject: fact -> value."""
    found: dict[Ref, dict[str, Any]] = {}
    for subject, values in facts.weighed(subjects, list(labels()), rules.PURPOSE).items():
        found[subject] = {code: typed(code, value) for code, value in values.items()}
    return found


def households(subjects: Collection[Ref]) -> dict[Ref, tuple[Ref, ...]]:
    """With whom each of these lives, themselves among them; whoever has moved away is not in it."""
    doors = people.doors_of([int(subject.removeprefix("resident:")) for subject in subjects])
    found: dict[Ref, tuple[Ref, ...]] = {}
    together = people.households({building for building, _, _ in doors.values()}, seen_by=OFFICE) if doors else {}
    for id_, door in doors.items():
        living = together.get(door)
        found[f"resident:{id_}"] = tuple(f"resident:{one.id}" for one in living.members) if living else (f"resident:{id_}",)
    return {subject: found[subject] for subject in subjects if subject in found}


def household(subject: Ref) -> tuple[Ref, ...]:
    """With whom one person lives, themselves among them; empty for whoever has moved away."""
    door = next(iter(people.doors_of([int(subject.removeprefix("resident:"))]).values()), None)
    living = people.household_at(*door) if door else None
    return tuple(f"resident:{one.id}" for one in living.members) if living else (subject,) if door else ()


def whole() -> Snapshot:
    """Everybody of whom anything is known, and all with whom they live."""
    subjects = [one for one in facts.holders(rules.PURPOSE) if one.startswith("resident:")]
    living = households(subjects)
    everybody = sorted({member for members in living.values() for member in members}, key=lambda one: int(one.partition(":")[2]))
    numbers: dict[tuple[Ref, ...], int] = {}
    home = {member: numbers.setdefault(members, len(numbers)) for members in living.values() for member in members}
    return table(everybody, known(everybody), [home[one] for one in everybody], len(numbers))


def table(subjects: Sequence[Ref], values: Mapping[Ref, Mapping[str, Any]], home: Sequence[int], homes: int) -> Snapshot:
    rows = [values.get(subject, {}) for subject in subjects]
    columns = {code: column(kind, [row.get(code) for row in rows]) for code, kind in kinds().items()}
    return Snapshot(columns, np.array(home, dtype=np.int64), homes, len(rows), tuple(subjects))


def column(kind: str, values: Sequence[Any]) -> Column:
    there = np.array([value is not None for value in values], dtype=bool)
    if kind == "text":
        words = tuple(sorted({value for value in values if value is not None}))
        numbers = {word: number for number, word in enumerate(words)}
        return Column(kind, np.array([numbers.get(value, 0) for value in values], dtype=np.int64), there, words)
    if kind == "day":
        return Column(kind, np.array([_days(value) for value in values], dtype=np.int64), there)
    return Column(kind, np.array([int(value) if value is not None else 0 for value in values], dtype=np.int64), there)


def _days(value: Any) -> int:
    return date.fromisoformat(value).toordinal() - EPOCH if value else 0


__all__ = ["Snapshot", "cols", "column", "household", "households", "kinds", "known", "table", "typed", "whole"]
