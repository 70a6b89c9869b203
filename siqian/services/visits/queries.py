"""What others may know about visits. Values only. Who comes, and what came of it, is public; what was said word for word is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Count, Q, QuerySet

from siqian.kernel import catalogue, links, store
from siqian.kernel.permits import OFFICE, Actor, NotFound, Thing, may
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places, rules as map_rules

from . import rules
from .models import Item, Reach, Step, Visit
from .reaching import SCOPES, Coverage, coming_to, coverage, coverages, goer, goers, last_reached, officials, spot, taken_days

__all__ = ["SCOPES", "Coverage", "coming_to", "coverage", "coverages", "goer", "goers", "last_reached", "officials", "spot", "taken_days"]

PAGE = 30
WATCHING = (*rules.PLANNERS, "inspector", "caller")
NOTHING = ("", "", False)
COMMUNITY = map_rules.LEVELS.index("community")


@dataclass(frozen=True)
class VisitLine:
    """A visit in a list; items: what was raised, settled: of it, what has its answer."""

    id: int
    kind: rules.Kind
    topic: str
    place: str
    building: str
    path: str
    starts: datetime
    ends: datetime
    post: str
    person: str
    along: str
    state: str
    begun: datetime | None
    heard: Mapping[str, int]
    note: str
    batch: str
    items: int = 0
    settled: int = 0

    @property
    def people(self) -> int:
        return sum(self.heard.values())

    @property
    def announced(self) -> bool:
        """Whether everybody may read of it."""
        return self.state == "held" or self.kind.announced

    def unrecorded(self, at: datetime) -> bool:
        return self.state == "planned" and self.ends < at


@dataclass(frozen=True)
class ItemLine:
    """Something that was raised. title is empty for whoever may not read of it, text for whoever may not read it word for word.

    matter, matter_state: what it became, and how that stands; late: its day is over without an answer.
    """

    id: int
    number: int
    title: str
    text: str
    way: str
    state: str
    post: str
    owner: str
    due: datetime | None
    answer: str
    answered: datetime | None
    shown: bool
    path: str
    visit: int
    matter: str = ""
    matter_state: str = ""
    matter_over: bool = False
    verbs: frozenset[str] = frozenset()

    def late(self, at: datetime) -> bool:
        return self.state == "open" and self.due is not None and self.due < at

    @property
    def settled(self) -> bool:
        return self.state == "answered" or self.matter_over


@dataclass(frozen=True)
class StepLine:
    what: str
    item: int
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class View:
    """A whole visit as one person may see it; cells: (path, name, English name, reached)."""

    line: VisitLine
    items: tuple[ItemLine, ...]
    steps: tuple[StepLine, ...]
    cells: tuple[tuple[str, str, str, bool], ...]
    verbs: frozenset[str]


@dataclass(frozen=True)
class Referral:
    """What a raised item says, for the office that hands it on."""

    text: str
    building: str
    place: str
    community: str


@cache
def kinds() -> Mapping[str, rules.Kind]:
    """What a visit is for, by code; the district's own kinds stand above ours."""
    return catalogue.load(
        Path(__file__).parent / "catalogue", rules.Kind, files="kinds*.yaml", overlay=catalogue.overlay("visits")
    ).latest.rows


def public(*, within: str = "/", when: str = "past", words: str = "", page: int = 1, at: datetime) -> tuple[list[VisitLine], bool]:
    """Visits that everybody may read of, below an area or at one above it; (a page, whether there is more). Coming: the next first."""
    rows = Visit.objects.filter(_at_or_around(within))
    if when == "coming":
        open_kinds = [kind.code for kind in kinds().values() if kind.announced]
        rows = rows.filter(state="planned", ends__gte=at, kind__in=open_kinds).order_by("starts", "id")
    else:
        rows = rows.filter(state="held").order_by("-starts", "-id")
    if words:
        rows = rows.filter(_words(words))
    return _page(rows, page)


def find(
    *, seen_by: Actor, show: str = "mine", words: str = "", kind: str = "", path: str = "", page: int = 1, most: int = PAGE, at: datetime
) -> tuple[list[VisitLine], bool]:
    """Visits at the desk: those one still owes, those that are coming or over in one's areas, those of which nobody wrote."""
    rows = Visit.objects.filter(Q(post__in=seen_by.posts) if show == "mine" else _below(seen_by), path__startswith=path or "/")
    if show == "mine":
        rows = rows.filter(state="planned").order_by("starts", "id")
    elif show == "coming":
        rows = rows.filter(state="planned", ends__gte=at).order_by("starts", "id")
    elif show == "unrecorded":
        rows = rows.filter(state="planned", ends__lt=at).order_by("starts", "id")
    elif show == "cancelled":
        rows = rows.filter(state="cancelled").order_by("-starts", "-id")
    else:
        rows = rows.filter(state="held").order_by("-starts", "-id")
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(_words(words))
    return _page(rows, page, most)


def counts(*, seen_by: Actor, at: datetime) -> dict[str, int]:
    """How many visits stand behind each filter of the desk."""
    mine = Q(post__in=seen_by.posts, state="planned")
    coming, late = Q(state="planned", ends__gte=at), Q(state="planned", ends__lt=at)
    found = Visit.objects.filter(_below(seen_by)).aggregate(
        mine=Count("id", filter=mine),
        coming=Count("id", filter=coming),
        unrecorded=Count("id", filter=late),
        held=Count("id", filter=Q(state="held")),
        cancelled=Count("id", filter=Q(state="cancelled")),
    )
    return {name: int(count) for name, count in found.items()}


def view(number: int, *, seen_by: Actor, at: datetime) -> View:
    """One visit with what came of it; NotFound while it is nobody's to know of."""
    row = Visit.objects.filter(id=number).first()
    if row is None:
        raise NotFound(rules.NO_VISIT)
    (line,) = _lines([row])
    verbs = frozenset(verb for verb in rules.VISIT.verbs(row.state) if may(seen_by, verb, thing(row)) is None)
    knows = may(seen_by, "read", thing(row)) is None
    if not line.announced and not knows:
        raise NotFound(rules.NO_VISIT)
    steps = Step.objects.filter(visit=row).order_by("at", "id").values_list("what", "item", "note", "by_name", "at")
    reached = Reach.objects.filter(visit=row).order_by("cell").values_list("cell", "held")
    cells = tuple((cell, *names[-1], held) for cell, held in reached if (names := places.both_names(cell)))
    return View(
        line,
        tuple(_items(Item.objects.filter(visit=row).order_by("number"), seen_by)),
        tuple(StepLine(*step) for step in steps),
        cells,
        verbs,
    )


def owed(*, seen_by: Actor, page: int = 1) -> tuple[list[ItemLine], bool]:
    """What was promised an answer and has none, of one's own posts and in one's areas, what is due first on top."""
    rows = Item.objects.filter(_below(seen_by), state="open").order_by("due", "id")
    start = PAGE * (page - 1)
    with store.reading_all():
        ids = list(rows.values_list("id", flat=True)[start : start + PAGE + 1])
    return _items(Item.objects.filter(id__in=ids[:PAGE]).order_by("due", "id"), seen_by), len(ids) > PAGE


def owed_count(*, seen_by: Actor) -> int:
    """How many of those there are."""
    with store.reading_all():
        return Item.objects.filter(_below(seen_by), state="open").count()


def item(number: int, *, seen_by: Actor) -> ItemLine:
    found = _items(Item.objects.filter(id=number), seen_by)
    if not found:
        raise NotFound(rules.NO_ITEM)
    return found[0]


def visit_of(item: int) -> int:
    """The visit on which something was raised."""
    with store.reading_all():
        found = Item.objects.filter(id=item).values_list("visit_id", flat=True).first()
    if found is None:
        raise NotFound(rules.NO_ITEM)
    return found


def referral(item: int) -> Referral:
    """What a raised item says, for the office that hands it on."""
    with store.reading_all():
        row = Item.objects.select_related("visit").get(id=item)
    codes = row.path.strip("/").split("/")
    community = codes[COMMUNITY] if len(codes) > COMMUNITY else ""
    return Referral(row.text, row.visit.building, row.visit.place, community)


def unrecorded(*, at: datetime, most: int = 200) -> list[int]:
    """Visits whose day is near or over and of which their post has not been reminded."""
    rows = Visit.objects.filter(state="planned", due_told=False, starts__lte=at + timedelta(days=1))
    return list(rows.order_by("starts", "id").values_list("id", flat=True)[:most])


def thing(row: Visit) -> Thing:
    return Thing("visit", f"visit:{row.id}", area=row.path, posts=frozenset([row.post]))


def item_thing(row: Item) -> Thing:
    return Thing("visit", f"visit_item:{row.id}", area=row.path, posts=frozenset([row.post] if row.post else []))


def _at_or_around(path: str) -> Q:
    """Below an area, or at one of those that hold it: what is for a whole street is for each of its houses."""
    around = Q(path__startswith=path)
    codes = path.strip("/").split("/")
    above = ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]
    return around | Q(path__in=above)


def _words(words: str) -> Q:
    return Q(topic__contains=words) | Q(place__contains=words) | Q(note__contains=words, state="held")


def _below(actor: Actor) -> Q:
    """What is of one's own posts, or lies in an area over which one watches."""
    below = Q(post__in=actor.posts)
    for area in sorted({grant.area for grant in actor.grants if grant.area and grant.role in WATCHING}):
        below |= Q(path__startswith=area)
    return below


def _page(rows: QuerySet[Visit], page: int, most: int = PAGE) -> tuple[list[VisitLine], bool]:
    start = most * (page - 1)
    found = list(rows[start : start + most + 1])
    return _lines(found[:most]), len(found) > most


def _lines(rows: Sequence[Visit]) -> list[VisitLine]:
    ids = [row.id for row in rows]
    tally: dict[int, list[tuple[int, str]]] = {}
    with store.reading_all():
        for id_, visit, state in Item.objects.filter(visit__in=ids).values_list("id", "visit_id", "state"):
            tally.setdefault(visit, []).append((id_, state))
    became = _became([id_ for items in tally.values() for id_, state in items if state == "referred"])
    found = []
    for row in rows:
        items = tally.get(row.id, [])
        settled = sum(state == "answered" or became.get(id_, NOTHING)[2] for id_, state in items)
        columns = (row.topic, row.place, row.building, row.path, row.starts, row.ends, row.post, people.person_name(row.person))
        kind = kinds().get(row.kind) or next(iter(kinds().values()))
        found.append(
            VisitLine(row.id, kind, *columns, row.along, row.state, row.begun, row.heard, row.note, row.batch, len(items), settled)
        )
    return found


def _items(rows: QuerySet[Item], seen_by: Actor) -> list[ItemLine]:
    with store.reading_all():
        found = list(rows.select_related("visit"))
    became = _became([row.id for row in found if row.state == "referred"])
    return [_item(row, became.get(row.id, NOTHING), seen_by) for row in found]


def _item(row: Item, became: tuple[str, str, bool], seen_by: Actor) -> ItemLine:
    verbs = frozenset(verb for verb in rules.ITEM.verbs(row.state) if may(seen_by, verb, item_thing(row)) is None)
    reads = may(seen_by, "read", item_thing(row)) is None or may(seen_by, "read", thing(row.visit)) is None
    title = row.title if row.shown or reads else ""
    text, answer = (row.text if reads else ""), (row.answer if row.shown or reads else "")
    owner = people.person_name(row.person) or people.post_line(row.post)[0] if row.post else ""
    placed = (row.shown, row.path, row.visit_id, *became)
    return ItemLine(row.id, row.number, title, text, row.way, row.state, row.post, owner, row.due, answer, row.answered, *placed, verbs)


def _became(items: Sequence[int]) -> dict[int, tuple[str, str, bool]]:
    """Referred item -> (number, state, whether it is over) of the matter that came of it; missing while intake has it still."""
    refs = {f"visit_item:{id_}": id_ for id_ in items}
    tied = {refs[source]: int(target.removeprefix("matter:")) for source, target in links.came_of_each(list(refs), "referred")}
    lines = matters.lines(list(tied.values()), seen_by=OFFICE) if tied else {}
    return {id_: (lines[matter].number, lines[matter].became, lines[matter].is_over) for id_, matter in tied.items() if matter in lines}
