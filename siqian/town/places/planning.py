"""Maps that come into force on a later day: planned, then drawn on that day, or withdrawn, or refused because the map is another now."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, must, or_refuse
from siqian.kernel.said import said

from .drafts import DRAWING, AreaRow
from .events import DrawingDone, DrawingPlanned, DrawingRefused, DrawingWithdrawn
from .models import Area, Drawing
from .redrawing import check_redraw, redraw

MOST_SAID = 20
LATER = said("生效日期要写今天以后的一天；今天起用的，不写 --effective")
NO_MAP = said("还没有地图，先导入一份今天起用的，再排以后的")
NO_DRAWING = said("没有第{number}份待生效的网格，用 siqian places plans 看有哪些")


@office_verb
def plan_areas(*, areas: Sequence[AreaRow], day: date, file: str, by: Actor, at: datetime) -> int:
    """Keep a drawing for a later day; gives its number. The same rows for the same day are kept once. Records drawing.planned."""
    must(by, "draw", Thing("map", area="/"))
    if day <= local(at).date():
        raise BadInput(Refusal(LATER, field="effective"))
    if not Area.objects.filter(valid_to=None).exists():
        raise BadInput(Refusal(NO_MAP, field="effective"))
    rows = [asdict(area) for area in areas]
    for known in Drawing.objects.filter(state="planned", day=day):
        if known.rows == rows:
            return known.id
    drawing = Drawing.objects.create(day=day, file=file[:200], rows=rows)
    record(DrawingPlanned(f"drawing:{drawing.id}", day, len(rows)), by=by, at=at)
    return drawing.id


@office_verb
def withdraw_drawing(*, drawing: int, by: Actor, at: datetime) -> None:
    """Take a planned drawing back before its day. Records drawing.withdrawn."""
    must(by, "draw", Thing("map", area="/"))
    row = _locked(drawing)
    _go(row, "withdraw")
    record(DrawingWithdrawn(f"drawing:{row.id}", row.day), by=by, at=at)


@office_verb
def draw_planned(*, drawing: int, by: Actor, at: datetime) -> bool:
    """Draw what was planned, once its day has come; whether it was drawn. What does not fit the map of that day is refused whole.

    Whoever comes second, another worker or the same once more, finds it done. Records drawing.done or drawing.refused.
    """
    must(by, "draw", Thing("map", area="/"))
    row = _locked(drawing)
    if row.state != "planned" or row.day > local(at).date():
        return False
    areas = [AreaRow(**kept) for kept in row.rows]
    found = check_redraw(areas=areas)
    if found:
        row.why = "；".join(fault.why for fault in found[:MOST_SAID])
        _go(row, "refuse")
        record(DrawingRefused(f"drawing:{row.id}", row.day, len(found)), by=by, at=at)
        return False
    done = redraw(areas=areas, by=by, at=at)
    _go(row, "draw")
    record(DrawingDone(f"drawing:{row.id}", row.day, done.changed, done.added), by=by, at=at)
    return True


def _locked(drawing: int) -> Drawing:
    row = Drawing.objects.select_for_update().filter(id=drawing).first()
    if row is None:
        raise NotFound(Refusal(NO_DRAWING, number=drawing))
    return row


def _go(row: Drawing, verb: str) -> None:
    row.state = or_refuse(DRAWING.then(row.state, verb))
    row.save(update_fields=["state", "why"])
