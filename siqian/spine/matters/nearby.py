"""Open matters near what is being told: read once for all tellings of a verb, and added to while it goes on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from . import rules


@dataclass
class Neighbour:
    """An open matter that a telling may be about. row: the row as it was put, when it is not written yet."""

    candidate: rules.Candidate
    grid: int
    post: str
    person: str
    tellings: int
    kind: str
    row: dict[str, Any] | None = None
    held: bool = False
    joined: int = 0


@dataclass
class Open:
    """Neighbours by (grid, item), the newest first."""

    found: dict[tuple[int, str], list[Neighbour]] = field(default_factory=dict)

    def near(self, grid: int, item: str) -> list[Neighbour]:
        return self.found.get((grid, item), [])

    def add(self, row: dict[str, Any], text: str) -> None:
        """A matter that this verb has just begun is a neighbour of the next telling."""
        candidate = rules.Candidate(row["id"], row["item"], row["building"], text, row["received"])
        own = Neighbour(candidate, row["grid"], row["post"], row["person"], 1, row["kind"], row)
        self.found.setdefault((own.grid, candidate.item), []).insert(0, own)

    def joined(self) -> Iterator[Neighbour]:
        return (row for rows in self.found.values() for row in rows if row.joined)


# The states stand in the text itself: only then does the database take the index of open matters.
STATES = ", ".join(f"'{state}'" for state in rules.OPEN)
OPEN = f"matter.state in ({STATES}) and not matter.discreet and matter.received > %s"
COLUMNS = ("id", "item", "building", "received", "grid", "post", "person", "tellings", "kind", "text")
# Pair by pair, whatever the planner believes of tables that grow: with a join it once read all of them for one report.
EACH = f"""
select matter.*, telling.text
from unnest(%s::int[], %s::text[]) as wanted(grid, item)
cross join lateral (
  select {", ".join(COLUMNS[:-1])} from matters_matter as matter
  where matter.grid = wanted.grid and matter.item = wanted.item and {OPEN}
  order by matter.received desc limit %s
) as matter
cross join lateral (select text from matters_telling as first where first.matter_id = matter.id and first.how = 'first' limit 1) as telling
"""  # noqa: S608
AT_ONCE = f"""
select {", ".join(f"matter.{column}" for column in COLUMNS[:-1])}, telling.text
from matters_matter as matter join matters_telling as telling on telling.matter_id = matter.id and telling.how = 'first'
where {OPEN} and (matter.grid, matter.item) in (values {{pairs}})
order by matter.received desc
"""  # noqa: S608
MOST = 50


def open_in(pairs: Collection[tuple[int, str]], *, at: datetime) -> Open:
    """What is open in these grids about these items, told within the time in which two tellings can be one matter."""
    wanted = sorted(set(pairs))
    if not wanted:
        return Open()
    since = at - rules.TWIN_WINDOW
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            grids, items = zip(*wanted, strict=True)
            cursor.execute(EACH, [list(grids), list(items), since, MOST])
        else:
            question = AT_ONCE.format(pairs=", ".join("(%s, %s)" for _ in wanted))
            cursor.execute(question, [connection.ops.adapt_datetimefield_value(since), *(part for pair in wanted for part in pair)])
        found = Open()
        for row in cursor.fetchall():
            _keep(found, dict(zip(COLUMNS, row, strict=True)))
    return found


def _keep(found: Open, row: Mapping[str, Any]) -> None:
    near = found.found.setdefault((row["grid"], row["item"]), [])
    if len(near) < MOST:
        # SQLite keeps instants in UTC and does not say so.
        received = row["received"] if row["received"].tzinfo else row["received"].replace(tzinfo=UTC)
        candidate = rules.Candidate(row["id"], row["item"], row["building"], row["text"], received)
        near.append(Neighbour(candidate, row["grid"], row["post"], row["person"], row["tellings"], row["kind"]))
