"""What others may know about adjustments of the grid. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from siqian.kernel import journal
from siqian.kernel.permits import Actor, NotFound, Refusal, Thing, may, must
from siqian.town.people import queries as people
from siqian.town.places import actions as places_actions, queries as places
from siqian.town.places.rules import LEVELS, AreaRow, shaping

from . import rules
from .models import Adjustment
from .previewing import Preview, preview

PAGE = 30
SHOWN = {"open": rules.OPEN, "done": ("in_force",), "over": ("declined", "withdrawn", "overtaken")}


@dataclass(frozen=True)
class Line:
    """An adjustment in a list."""

    id: int
    kind: str
    area: str
    name: str
    name_en: str
    state: str
    reason: str
    effective: date | None
    by_name: str
    at: datetime


@dataclass(frozen=True)
class View:
    """One adjustment. faults: what of the map is another than when it was drawn; verbs: what this reader may do now."""

    line: Line
    path: str
    spec: dict[str, Any]
    before: tuple[AreaRow, ...]
    after: tuple[AreaRow, ...]
    ended: dict[str, str]
    preview: Preview
    faults: tuple[Refusal, ...]
    verbs: frozenset[str]
    mine: bool
    ruled_name: str
    ruled_at: datetime | None
    word: str
    why: str
    done: datetime | None
    restores: int | None
    history: tuple[journal.Line, ...]


def thing(path: str, id_: int = 0) -> Thing:
    """For permits: below its community."""
    return Thing("adjustment", f"adjustment:{id_}" if id_ else "", area=path)


def reads(seen_by: Actor) -> bool:
    return any(may(seen_by, "read", thing(grant.area)) is None for grant in seen_by.grants if grant.area)


def edits(seen_by: Actor, path: str = "") -> bool:
    return any(may(seen_by, "draft", thing(path or grant.area)) is None for grant in seen_by.grants if grant.area)


def adjustments(*, seen_by: Actor, show: str = "open", words: str = "", page: int = 1, most: int = PAGE) -> tuple[list[Line], bool]:
    """(those of one page, the newest first, whether there are more) of the adjustments in the reader's areas."""
    rows = Adjustment.objects.filter(_below(seen_by), state__in=SHOWN.get(show, SHOWN["open"]))
    if words:
        codes = [spot.code for spot in places.named(words, most=40)]
        rows = rows.filter(Q(area__in=codes) | Q(area__icontains=words) | Q(reason__icontains=words) | Q(by_name__icontains=words))
    found = list(rows.order_by("-id")[(page - 1) * most : page * most + 1])
    return [_line(row) for row in found[:most]], len(found) > most


def waiting(*, seen_by: Actor) -> int:
    """How many wait for this reader's yes or no."""
    if not any(seen_by.has(role) for role in rules.RULING):
        return 0
    rows = Adjustment.objects.filter(_below(seen_by), state="proposed").values_list("hands", flat=True)
    return sum(rules.ruling_fault(hands, seen_by) is None for hands in rows)


def adjustment(id_: int, *, seen_by: Actor, at: datetime) -> View:
    """One of them with what it would do, or did. NotFound for whoever may not read it."""
    row = Adjustment.objects.filter(id=id_).first()
    if row is None or may(seen_by, "read", thing(row.path)) is not None:
        raise NotFound(rules.NO_ADJUSTMENT)
    before, after = rows_of(row)
    found = faults(row) if row.state in rules.OPEN else []
    shown = preview(before, after, row.ended, path=row.path, keeper=row.spec.get("keeper", ""), at=at)
    return View(
        _line(row),
        row.path,
        row.spec,
        before,
        after,
        row.ended,
        shown,
        tuple(found),
        frozenset(verb for verb in rules.ADJUSTMENT.verbs(row.state) if may(seen_by, verb, thing(row.path)) is None),
        rules.ruling_fault(row.hands, seen_by) is not None,
        row.ruled_name,
        row.ruled_at,
        row.word,
        row.why,
        row.done,
        row.restores_id,
        tuple(journal.of(f"adjustment:{row.id}")),
    )


def rows_of(row: Adjustment) -> tuple[tuple[AreaRow, ...], tuple[AreaRow, ...]]:
    """(as they stood, as they would be) of the areas that it touches."""
    return tuple(map(rules.row_of, row.before)), tuple(map(rules.row_of, row.after))


def faults(row: Adjustment, *, whole: bool = False) -> list[Refusal]:
    """What stands against it by the map of now; whole: with everything that drawing it would say."""
    before, after = rows_of(row)
    now = places.areas_named([*{one.code for one in (*before, *after)}])
    found = rules.overtaken(before, after, now)
    return found or (places_actions.check_reshape(areas=after, ended=row.ended) if whole else [])


def sheet_of(code: str, *, seen_by: Actor) -> tuple[shaping.Sheet, places.Place]:
    """The map of the community of a grid or building grid, for whoever may cut it. NotFound otherwise."""
    place = places.at_area(code)
    level = LEVELS[len(place.names) - 1] if place is not None else ""
    if place is None or level not in rules.LEVELS:
        raise NotFound(rules.NO_AREA)
    must(seen_by, "draft", thing(place.path))
    return places.sheet(place.path), place


def keepers(path: str) -> list[tuple[str, str]]:
    """(person, name) of everybody who holds a keeper's post in the community of a path."""
    posts = people.keeper_posts(within=community_path(path))
    persons = dict.fromkeys(person for post in posts for person in people.holders(post))
    return [(person, people.person_name(person)) for person in persons]


def suggested(sheet: shaping.Sheet, code: str) -> tuple[str, str, str]:
    """(code, name, English name) that are free, for a piece of an area."""
    row = sheet.rows[code]
    number = next(n for n in range(2, 1000) if f"{code[:20]}-{n}" not in sheet.taken)
    return f"{code[:20]}-{number}", f"{row.name[:55]}之{number}", f"{row.name_en[:70]} part {number}"


def community_path(path: str) -> str:
    """Of the community in which an area lies."""
    return "/" + "/".join(path.strip("/").split("/")[:3]) + "/"


def _below(seen_by: Actor) -> Q:
    """Adjustments in the areas of the grants by which one may read them."""
    found = Q(pk__in=[])
    for grant in seen_by.grants:
        if grant.area and may(seen_by, "read", thing(grant.area)) is None:
            found |= Q(path__startswith=grant.area)
    return found


def _line(row: Adjustment) -> Line:
    kept: Mapping[str, Any] = next((one for one in (*row.before, *row.after) if one["code"] == row.area), {"name": row.area, "name_en": ""})
    return Line(row.id, row.kind, row.area, kept["name"], kept["name_en"], row.state, row.reason, row.effective, row.by_name, row.at)


def due(at: datetime) -> list[int]:
    """Approved adjustments whose hour has come, in order of day."""
    rows = Adjustment.objects.filter(state="approved").order_by("effective", "id").values_list("id", "effective")
    return [id_ for id_, day in rows if day is not None and rules.has_begun(day, at)]


def features(view: View) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(properties, geometry) of what an adjustment touches. when: before, after; into: what takes in an area that ends."""
    moved = [house.code for house in view.preview.houses]
    found = []
    for when, rows in (("before", view.before), ("after", view.after)):
        for row in rows:
            told = {
                "adjustment": view.line.id,
                "when": when,
                "code": row.code,
                "level": row.level,
                "name": row.name,
                "name_en": row.name_en,
            }
            told |= {
                "parent": row.parent,
                "into": view.ended.get(row.code, ""),
                "houses_moved": moved if row.code == view.line.area else [],
            }
            found.append((told, {"type": "Polygon", "coordinates": row.rings}))
    return found
