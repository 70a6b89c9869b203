"""What is read of a matter in parts: which are open, what a page shows of them, what was told under the same receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.permits import Actor, may, recused
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks

from . import rules
from .models import Matter, Telling


@dataclass(frozen=True)
class PartLine:
    """A part, or the whole of one, as the other's page shows it. due: until when it is to be settled, None when nothing runs.

    shown: whether the reader may open its page.
    """

    id: int
    number: str
    state: str
    title: str
    place: str
    item: str
    unsure: bool
    urgent: bool
    keeper: str
    due: datetime | None
    shown: bool

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def is_over(self) -> bool:
        return rules.parts.is_over(self.state)


def open_of(whole: int) -> list[rules.parts.Open]:
    """The parts of a matter that are not over yet, for the verb that would close it."""
    rows = Matter.objects.filter(whole=whole, state__in=rules.OWED).order_by("id")
    return [rules.parts.Open(rules.number(row.id, row.received), _keeper(row)) for row in rows]


def rated_alone(row: Matter) -> bool:
    """Whether anybody waits for this part who does not rate the whole."""
    return rules.parts.rated_alone(_first_tellings(row.id), _first_tellings(row.whole_id or 0))


def of_whole(whole: int, *, seen_by: Actor) -> list[PartLine]:
    """Every part of a matter that the actor may read, for whoever answers for the whole; less those about the reader."""
    with store.reading_all():
        rows = list(Matter.objects.filter(whole=whole).order_by("id"))
    return _lines([row for row in rows if recused(seen_by, rules.thing(row)) is None], seen_by)


def whole_of(part: int, *, seen_by: Actor) -> PartLine | None:
    """The matter that a part belongs to, for staff and for who told it; None when it is nobody's part, or about the reader.

    Whoever joined the part alone hears nothing of what else the other one told.
    """
    with store.reading_all():
        row = Matter.objects.filter(id__in=Matter.objects.filter(id=part).values("whole")).first()
    if row is None or recused(seen_by, rules.thing(row)) is not None:
        return None
    (line,) = _lines([row], seen_by)
    if seen_by.is_staff and row.discreet and not line.shown:
        return replace(line, title="")
    return line if line.shown or seen_by.is_staff else None


def gatherable(part: int, *, seen_by: Actor, at: datetime) -> bool:
    """Whether this actor may take a part back now."""
    with store.reading_all():
        row = Matter.objects.select_related("whole").get(id=part)
        whole = row.whole
        if whole is None or any(may(seen_by, "divide", rules.thing(one)) is not None for one in (row, whole)):
            return False
        is_open, alone = whole.state in rules.OPEN, rated_alone(row)
    return rules.parts.gather_fault(row.state, row.received, at, is_part=True, whole_open=is_open, alone=alone) is None


def told_together(matter: int, *, seen_by: Actor) -> list[PartLine]:
    """What this teller has told under one receipt with this matter, and what became of it, in the order of their words."""
    with store.reading_all():
        mine = [row for row in Telling.objects.filter(matter=matter) if is_mine(row, seen_by)]
        first = {row.told_with_id or row.id for row in mine}
        ids = Telling.objects.filter(told_with__in=first).order_by("id").values_list("matter_id", flat=True)
        heads = Telling.objects.filter(id__in=first).values_list("matter_id", flat=True)
        wanted = [id_ for id_ in dict.fromkeys([*heads, *ids]) if id_ != matter and f"matter:{id_}" in seen_by.own]
        rows = {row.id: row for row in Matter.objects.filter(id__in=wanted)}
    return _lines([rows[id_] for id_ in wanted if id_ in rows], seen_by)


def is_mine(row: Telling, seen_by: Actor) -> bool:
    """Whether this actor told it: by account, or by the receipt kept in this browser, which opens all that came with it."""
    kept = {f"telling:{row.id}", f"telling:{row.told_with_id}"}
    return bool(kept & seen_by.own) or (bool(row.account) and row.account == seen_by.ref)


def _first_tellings(matter: int) -> set[int]:
    return {first or own for own, first in Telling.objects.filter(matter=matter).values_list("id", "told_with_id")}


def _keeper(row: Matter) -> str:
    return people.person_name(row.person) or people.post_line(row.post)[0]


def _lines(rows: Sequence[Matter], seen_by: Actor) -> list[PartLine]:
    running = tasks.clocks_of([f"matter:{row.id}" for row in rows]) if rows else {}
    found = []
    for row in rows:
        clocks = {clock.what: clock for clock in running.get(f"matter:{row.id}", ()) if clock.stopped is None}
        clock = clocks.get("settle") or clocks.get("stage") or clocks.get("review")
        shown = f"matter:{row.id}" in seen_by.own or may(seen_by, "read", rules.thing(row)) is None
        found.append(
            PartLine(
                row.id,
                rules.number(row.id, row.received),
                row.state,
                row.title,
                row.place,
                row.item,
                row.unsure,
                row.urgent,
                _keeper(row),
                clock.due if clock else None,
                shown,
            )
        )
    return found
