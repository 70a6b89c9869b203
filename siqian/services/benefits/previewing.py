"""Whom a policy would reach as things stand: counts, which condition stops most, what it costs, what changes against the one in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from siqian.kernel import clock

from . import catalogued, queries, rules, snapshot
from .engine import columns as cols, form as forms, plan, running, saying
from .engine.form import Policy, Tree

# A page is asked for again and again while somebody writes; what is known changes slower than that.
FRESH = 60.0
FEWEST = 5
_held: list[tuple[float, date, snapshot.Snapshot]] = []


@dataclass(frozen=True)
class Part:
    """One condition of the first row. left, unknown, dropped: of whom the ones above it left; stops: how many it stops in all.

    alone: whom nothing else stops.
    """

    sentence: str
    left: int
    unknown: int
    dropped: int
    stops: int
    alone: int


@dataclass(frozen=True)
class Preview:
    """people: how many were looked at; gained, lost: against the edition in force (None where there is none); fen: a year."""

    people: int
    true: int
    unknown: int
    gained: int | None
    lost: int | None
    fen: int
    fen_most: int
    parts: tuple[Part, ...]
    samples: tuple[tuple[str, tuple[str, ...]], ...]


def preview(line: queries.EditionLine, before: queries.EditionLine | None, day: date) -> Preview:
    """As it would be on a day, with what is known now."""
    seen, policy = standing(day), line.policy()
    values = queries.parameters().at(day)
    parts = _parts(policy)
    wanted = [_alone(policy, policy.when), *(_alone(policy, part) for part in parts)]
    if before is not None:
        wanted.append(_alone(before.policy(), before.policy().when))
    made = plan.plan(wanted, values, day, cols.kinds(seen.columns))
    true, possible = running.bits_of(made, seen.columns, seen.rows, seen.home, seen.homes)
    sure = [cols.flags(one, seen.rows) for one in true]
    could = [cols.flags(one, seen.rows) for one in possible]
    was = sure[-1] if before is not None else None
    fen = _cost(policy, line.period, made, seen, sure[0])
    more = _cost(policy, line.period, made, seen, could[0] & ~sure[0])
    told = [saying.tree_said(part, catalogued.labels(), values) for part in parts]
    return Preview(
        people=seen.rows,
        true=int(sure[0].sum()),
        unknown=int((could[0] & ~sure[0]).sum()),
        gained=int((sure[0] & ~was).sum()) if was is not None else None,
        lost=int((was & ~sure[0]).sum()) if was is not None else None,
        fen=fen,
        fen_most=fen + more,
        parts=_funnel(told, sure[1 : len(parts) + 1], could[1 : len(parts) + 1]),
        samples=_samples(policy, seen, sure[0], could[0], day),
    )


def standing(day: date) -> snapshot.Snapshot:
    """What is known of everybody, not older than a minute."""
    now = clock.ticks()
    if not _held or now - _held[0][0] > FRESH or _held[0][1] != day:
        _held[:] = [(now, day, snapshot.whole())]
    return _held[0][2]


def forget() -> None:
    """Look anew at once: for tests, and after a change that one wants to see."""
    _held.clear()


def _parts(policy: Policy) -> Sequence[Tree]:
    when = policy.when
    return when.of if isinstance(when, forms.Group) and when.kind == "all" else (when,)


def _alone(policy: Policy, tree: Tree) -> Policy:
    return Policy(policy.code, tree, None, None, policy.amount, {})


def _funnel(told: Sequence[str], sure: Sequence[Any], could: Sequence[Any]) -> tuple[Part, ...]:
    found: list[Part] = []
    left = np.ones(len(could[0]), dtype=bool) if could else None
    for at, (words, true, possible) in enumerate(zip(told, sure, could, strict=True)):
        assert left is not None
        others = [one for number, one in enumerate(sure) if number != at]
        alone = ~possible & (np.all(others, axis=0) if others else True)
        found.append(
            Part(
                words,
                int((left & possible).sum()),
                int((left & possible & ~true).sum()),
                int((left & ~possible).sum()),
                int((~possible).sum()),
                int(alone.sum()),
            )
        )
        left = left & possible
    return tuple(found)


def _cost(policy: Policy, period: str, made: plan.Plan, seen: snapshot.Snapshot, whom: Any) -> int:
    amounts, known = running.amounts(policy.amount, made, seen.columns, np.flatnonzero(whom))
    return int(amounts[known].sum()) * rules.PER_YEAR[period]


def _samples(policy: Policy, seen: snapshot.Snapshot, sure: Any, could: Any, day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """One of each answer, in what the policy looks at and nothing else; where there are fewer than five of them, nobody is shown."""
    chosen: list[tuple[str, tuple[str, ...]]] = []
    for state, flags in (("true", sure), ("unknown", could & ~sure), ("false", ~could)):
        rows = np.flatnonzero(flags)
        if len(rows) >= FEWEST:
            chosen.append((state, _coarse(policy, seen, int(rows[len(rows) // 2]), day)))
    return tuple(chosen)


def _coarse(policy: Policy, seen: snapshot.Snapshot, row: int, day: date) -> tuple[str, ...]:
    """A person's answers, coarse enough that nobody is known by them: decades and thousands."""
    labels, found = catalogued.labels(), []
    for fact in sorted(forms.facts_of(policy)):
        column, label = seen.columns.get(fact), saying.label(labels, fact)
        if column is None or column.known is None or not column.known[row]:
            found.append(f"{label.zh}不知道")
            continue
        value: Any = column.words[column.values[row]] if column.kind == "text" else int(column.values[row])
        found.append(_about(label, value, day))
    return tuple(found)


def _about(label: saying.Label, value: Any, day: date) -> str:
    if label.kind == "day":
        years = day.year - date.fromordinal(int(value) + snapshot.EPOCH).year
        return f"{years // 10 * 10}多岁" if years >= 10 else "不到10岁"
    if label.kind == "yesno":
        return (label.yes or label.zh) if value else (label.no or f"没有{label.zh}")
    if label.kind == "money":
        return f"{label.zh}{int(value) // 100000 * 1000}多元"
    return f"{label.zh}{saying.value_said(label, value)}"


def day_of(at: datetime) -> date:
    return clock.local(at).date()
