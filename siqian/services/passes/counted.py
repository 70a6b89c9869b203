"""Visits counted by gate and hour; cells under five are not shown."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.clock import local

from . import rules
from .models import Tally, Visit


@dataclass(frozen=True)
class Hours:
    """A gate's day: (hour, visits, refused), None where a cell is too small to be shown. reasons: why it was no, the commonest first."""

    gate: str
    hours: tuple[tuple[int, int | None, int | None], ...]
    reasons: tuple[tuple[str, int], ...]
    visits: int | None
    refused: int | None


def hours_of(compound: int, *, at: datetime, days: int = 7) -> list[Hours]:
    """By hour of the day over the last days, each gate that saw anybody. For whoever reads the compound."""
    since = at - timedelta(days=days)
    rows = [
        (row["gate__name"], local(row["bucket"]).hour, row["decision"], row["reason"], 1)
        for row in Visit.objects.filter(compound_id=compound, bucket__gte=since).values("gate__name", "bucket", "decision", "reason")
    ]
    old = Tally.objects.filter(compound_id=compound, hour__gte=since)
    rows += [(one.gate.name, local(one.hour).hour, one.decision, one.reason, one.count) for one in old.select_related("gate")]
    gates: dict[str, list[tuple[int, str, str, int]]] = {}
    for gate, *rest in rows:
        gates.setdefault(gate, []).append((rest[0], rest[1], rest[2], rest[3]))
    return [_hours(gate, found) for gate, found in sorted(gates.items())]


def _hours(gate: str, rows: list[tuple[int, str, str, int]]) -> Hours:
    visits: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    reasons: Counter[str] = Counter()
    for hour, decision, reason, count in rows:
        visits[hour] += count
        if decision != rules.GREEN:
            refused[hour] += count
            reasons[reason] += count
    lines = tuple((hour, rules.visible(visits[hour]), rules.visible(refused[hour])) for hour in range(24) if visits[hour])
    why = tuple((reason, count) for reason, count in reasons.most_common() if rules.visible(count) is not None)
    return Hours(gate, lines, why, rules.visible(visits.total()), rules.visible(refused.total()))
