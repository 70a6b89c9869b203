"""The editions in the tables: which are in force, and how one looks to whoever edits it. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from siqian.kernel import epochs
from siqian.kernel.permits import Actor, NotFound, Thing, must
from siqian.town.places import queries as places

from . import editing, queries, rules
from .editing import Made, made_of
from .models import Edition, InForce

EPOCH = "remit"


@dataclass(frozen=True)
class EditionLine:
    """An edition in a list."""

    id: int
    version: str
    effective: date
    state: str
    reason: str
    precedent: str
    by: str
    by_name: str
    at: datetime
    changes: int
    approved_name: str
    approved_at: datetime | None


@dataclass(frozen=True)
class EditionView:
    """One with its rows, as they are kept, and everybody who had a hand in them."""

    line: EditionLine
    rows: Mapping[str, Any]
    hands: tuple[str, ...]
    digest: str

    @property
    def made(self) -> Made:
        return made_of(self.line.version, self.line.effective, self.rows)


def made() -> tuple[Made, ...]:
    """What is in force or will be, in the order in which it was approved; at most a second old."""
    return epochs.held(EPOCH, _load)


def district() -> Thing:
    """Where the list lies: with the district as a whole."""
    place = places.district()
    return Thing("remit", area=place.path if place else "/")


def editions(*, seen_by: Actor, most: int = 100) -> list[EditionLine]:
    """Every edition, the newest first."""
    must(seen_by, "read", district())
    rows = list(Edition.objects.order_by("-id")[:most])
    approved = {row.edition_id: row for row in InForce.objects.filter(edition__in=[row.id for row in rows])}
    return [_line(row, approved.get(row.id)) for row in rows]


def edition(number: int, *, seen_by: Actor) -> EditionView:
    """One edition; NotFound when there is none."""
    must(seen_by, "read", district())
    row = Edition.objects.filter(id=number).first()
    if row is None:
        raise NotFound(editing.NO_EDITION)
    approved = InForce.objects.filter(edition=row).first()
    return EditionView(_line(row, approved), row.rows, tuple(row.hands), approved.digest if approved else "")


def faults(version: str, effective: date, kept: Mapping[str, Any]) -> list[rules.Fault]:
    """Everything for which an edition cannot be put in force: each with its row, its field and what to do."""
    if not kept["items"] and not kept["rules"]:
        return [rules.Fault("", "", editing.EMPTY)]
    made = made_of(version, effective, kept)
    areas = frozenset(area.path.strip("/") for area in places.areas(rings=False))
    found = queries.faults_of(made, areas)
    late = editing.overtaken(kept, queries.items(effective), queries.rule_table(effective))
    return [*found, *(rules.Fault(code, "code", editing.OVERTAKEN) for _part, code in late)]


def _load() -> tuple[Made, ...]:
    rows = InForce.objects.filter(edition__state="in_force").order_by("id")
    return tuple(made_of(row.version, row.effective, row.rows) for row in rows)


def _line(row: Edition, approved: InForce | None) -> EditionLine:
    changes = sum(len(row.rows[part]) for part in ("items", "rules"))
    columns = (row.id, row.version, row.effective, row.state, row.reason, row.precedent, row.by, row.by_name, row.at, changes)
    return EditionLine(*columns, approved.by_name if approved else "", approved.at if approved else None)
