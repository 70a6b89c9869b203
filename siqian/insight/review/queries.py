"""What others may know of the weekly sheets: the figures for all staff, the matters behind them for whoever may see those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from siqian.kernel import store
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, may, must
from siqian.spine.matters import queries as matters
from siqian.spine.matters.queries import MatterLine
from siqian.spine.matters.rules.measures import MEASURES, Fact, Measure
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import rules
from .assembling import DIMENSIONS, REDRAWN, as_now
from .models import Correction, Counted, Exclusion, Issue, Sheet

PARTS = ("part", "rest", "whole")
COLUMN = {"community": "community", "street": "street", "unit": "unit", "class": "klass"}


@dataclass(frozen=True)
class WeekLine:
    """A week in the list: its newest version, whether one is issued."""

    week: str
    since: datetime
    until: datetime
    version: int
    at: datetime
    issued: bool
    volume: int
    sayings: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class SheetView:
    """One version of a week's sheet, with who drew it up and who issued it."""

    id: int
    week: str
    since: datetime
    until: datetime
    version: int
    versions: tuple[int, ...]
    rules: str
    numbers: dict[str, Any]
    digest: str
    words: str
    drafted_by: str
    drafted_name: str
    at: datetime
    issued_name: str
    issued_at: datetime | None
    # As things are now: street, community and unit of each of its matters. Empty: as they were.
    now: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def district(self) -> dict[str, Any]:
        return dict(self.numbers["lines"]["district"][0])

    @property
    def is_newest(self) -> bool:
        return self.version == self.versions[-1]

    def line(self, by: str, key: str) -> dict[str, Any] | None:
        return next((one for one in self.numbers["lines"].get(by, ()) if one["key"] == key), None)


@dataclass(frozen=True)
class Behind:
    """A page of the matters behind a figure: those that the viewer may see; count: all of them; after: where the next page begins."""

    count: int | None
    lines: tuple[MatterLine, ...]
    after: int


@dataclass(frozen=True)
class ExclusionLine:
    id: int
    week: str
    matter: int
    number: str
    state: str
    reason: str
    by_name: str
    at: datetime
    ruled_name: str
    ruled_at: datetime | None
    ruling: str
    why_not: Refusal | None


@dataclass(frozen=True)
class CorrectionLine:
    id: int
    week: str
    text: str
    proof: str
    post: str
    post_name: str
    owner: str
    until: datetime
    by_name: str
    at: datetime
    done: datetime | None
    done_name: str
    outcome: str
    may_finish: bool


def weeks(*, seen_by: Actor, most: int = 60) -> list[WeekLine]:
    """Weeks that were drawn up, the newest first: the version issued last, or else the newest draft."""
    must(seen_by, "read", of_district())
    issued = set(Issue.objects.values_list("sheet_id", flat=True))
    found: dict[str, Sheet] = {}
    for row in Sheet.objects.order_by("-week", "-version")[: most * 4]:
        known = found.setdefault(row.week, row)
        if known.id not in issued and row.id in issued:
            found[row.week] = row
    return [_week_line(row, row.id in issued) for row in list(found.values())[:most]]


def sheet(week: str, version: int = 0, *, seen_by: Actor) -> SheetView:
    """A week's sheet: this version, or the one issued last, or else the newest draft. NotFound with a sentence."""
    must(seen_by, "read", of_district())
    span_of(week)
    rows = {row.version: row for row in Sheet.objects.filter(week=week).order_by("version").defer("numbers")}
    issues = {row.sheet_id: row for row in Issue.objects.filter(sheet__week=week)}
    wanted = version or max((number for number, row in rows.items() if row.id in issues), default=max(rows, default=0))
    if wanted not in rows:
        raise NotFound(rules.NO_SHEET)
    return _view(rows[wanted], tuple(rows), issues.get(rows[wanted].id))


def redrawn(view: SheetView, *, seen_by: Actor) -> SheetView:
    """The same sheet by streets and communities as they are drawn now, by units as they are merged now: counted anew, by the same marks.

    What was issued stays as it was. Medians are not kept of each matter and are left out.
    """
    must(seen_by, "read", of_district())
    with store.reading_all():
        counted = list(Counted.objects.filter(sheet=view.id).values_list("matter", "grid", "unit", "klass", "marks"))
    paths = matters.paths_now([matter for matter, *_ in counted])
    facts = [Fact(matter, grid, paths.get(matter, ""), unit, klass, marks) for matter, grid, unit, klass, marks in counted]
    now, lines = as_now(facts)
    return replace(view, numbers={**view.numbers, "lines": {**view.numbers["lines"], **lines}}, now=now)


def behind(view: SheetView, measure: str, *, by: str, key: str, part: str, after: int = 0, most: int = 50, seen_by: Actor) -> Behind:
    """The matters that a sheet counted for one figure, the newest first; `after` is the last id of the page before.

    part: part (the numerator), whole (the denominator) or rest (one without the other); by and key: which line, by="" for all.
    """
    must(seen_by, "read", of_district())
    meant = MEASURES.get(measure)
    if meant is None or part not in PARTS or (by and by not in DIMENSIONS):
        raise BadInput(Refusal("没有这个数，从表里点进来", field="measure"))
    with store.reading(seen_by):
        rows = _visible(Counted.objects.filter(sheet=view.id), seen_by)
        rows = _marked(_line_of(rows, view, by, key), meant, part)
        rows = rows.filter(matter__lt=after) if after else rows
        ids = list(rows.order_by("-matter").values_list("matter", flat=True)[: most + 1])
    lines = matters.lines(ids[:most], seen_by=seen_by)
    return Behind(
        _count(view, meant, by, key, part), tuple(lines[id_] for id_ in ids[:most] if id_ in lines), ids[most - 1] if len(ids) > most else 0
    )


def exclusions(week: str, *, seen_by: Actor) -> list[ExclusionLine]:
    """What was asked to be left out of a week, what waits first."""
    must(seen_by, "read", of_district())
    refusal = may(seen_by, "rule", of_district())
    found = []
    for row in Exclusion.objects.filter(week=week).order_by("-state", "-id")[:200]:
        why_not = refusal or (rules.ASKED_YOURSELF if row.by == seen_by.ref else None)
        values = (row.id, row.week, row.matter, row.number, row.state, row.reason, row.by_name, row.at)
        found.append(ExclusionLine(*values, row.ruled_name, row.ruled_at, row.ruling, why_not))
    return sorted(found, key=lambda line: line.state != "asked")


def corrections(week: str, *, seen_by: Actor, at: datetime) -> list[CorrectionLine]:
    """What has to be changed after a week, what is due first on top."""
    must(seen_by, "read", of_district())
    rows = Correction.objects.filter(sheet__week=week).select_related("sheet").defer("sheet__numbers").order_by("until", "id")
    return [_correction(row, seen_by, at) for row in rows]


def correction(id_: int, *, seen_by: Actor, at: datetime) -> CorrectionLine:
    """One thing that has to be changed; NotFound with a sentence."""
    must(seen_by, "read", of_district())
    row = Correction.objects.filter(id=id_).select_related("sheet").defer("sheet__numbers").first()
    if row is None:
        raise NotFound(rules.NO_CORRECTION)
    return _correction(row, seen_by, at)


def numbers_before(week: str, count: int = 2) -> list[dict[str, Any]]:
    """Numbers of the weeks before, the nearest first, up to the first that was never drawn up: issued ones before drafts."""
    found = []
    for back in range(1, count + 1):
        rows = Sheet.objects.filter(week=rules.before(week, back)).order_by("-version")
        row = rows.filter(id__in=Issue.objects.values("sheet")).first() or rows.first()
        if row is None:
            break
        found.append(row.numbers)
    return found


def span_of(week: str) -> tuple[datetime, datetime]:
    """(since, until) of a week; NotFound when there is no such week."""
    found = rules.span(week)
    if found is None:
        raise NotFound(rules.NO_WEEK)
    return found


def of_district() -> Thing:
    """The district's weekly review, as permits look at it."""
    top = places.district()
    return Thing("review", ref="review", area=top.path if top else "/")


def may_draw(*, seen_by: Actor) -> bool:
    """Whether this actor may draw up, issue, rule and give corrections."""
    return may(seen_by, "draft", of_district()) is None


def may_ask(*, seen_by: Actor) -> bool:
    """Whether this actor may ask anywhere to leave a matter out."""
    return any(seen_by.has(role) for role in rules.ASKING)


def is_drawn(week: str) -> bool:
    return Sheet.objects.filter(week=week).exists()


def _line_of(rows, view: SheetView, by: str, key: str):
    """The rows of one line of a sheet; those of all when no line is named."""
    if not by:
        return rows
    if view.now and by in REDRAWN:
        at = REDRAWN.index(by)
        return rows.filter(matter__among=[matter for matter, places_ in view.now.items() if places_[at] == key])
    return rows.filter(**{COLUMN[by]: key})


def _marked(rows, measure: Measure, part: str):
    """Rows in the numerator, the denominator, or the rest, by their marks."""
    over, but = int(measure.over), int(measure.but)
    hits = int(measure.has | measure.over)
    rows = rows.annotate(held=F("marks").bitand(over | but)).filter(held=over)
    if part == "whole":
        return rows
    rows = rows.annotate(hit=F("marks").bitand(hits | int(measure.lacks)))
    return rows.filter(hit=hits) if part == "part" else rows.exclude(hit=hits)


def _count(view: SheetView, measure: Measure, by: str, key: str, part: str) -> int | None:
    line = view.line(by or "district", key if by else "")
    count = line["counts"][measure.code] if line else [0, 0]
    if count is None:
        return None
    return {"part": count[0], "whole": count[1], "rest": count[1] - count[0]}[part]


def _visible(rows, seen_by: Actor):
    if seen_by.fence.everything:
        return rows
    return rows.filter(Q(grid__in=seen_by.fence.grids) | Q(matter__in=seen_by.fence.own))


def _week_line(row: Sheet, issued: bool) -> WeekLine:
    since, until = span_of(row.week)
    volume = row.numbers["lines"]["district"][0]["counts"]["volume"][0]
    return WeekLine(row.week, since, until, row.version, row.at, issued, volume, row.numbers["changes"])


def _view(row: Sheet, versions: tuple[int, ...], issued: Issue | None) -> SheetView:
    since, until = span_of(row.week)
    values = (row.version, versions, row.rules, row.numbers, row.digest, row.words, row.drafted_by, row.drafted_name, row.at)
    return SheetView(row.id, row.week, since, until, *values, issued.by_name if issued else "", issued.at if issued else None)


def _correction(row: Correction, seen_by: Actor, at: datetime) -> CorrectionLine:
    name, _, path = people.post_line(row.post)
    card = people.card_of(row.post, at=at)
    thing = Thing("review", area=path or "/", posts=frozenset({row.post}))
    values = (row.id, row.sheet.week, row.text, row.proof, row.post, name, card.name if card else "", row.until, row.by_name, row.at)
    return CorrectionLine(*values, row.done, row.done_name, row.outcome, row.done is None and may(seen_by, "finish", thing) is None)
