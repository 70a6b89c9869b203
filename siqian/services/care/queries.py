"""What others may know of homes and visits: masked, behind the reader's fence; one's own in full. Values only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet

from siqian.kernel import links, store
from siqian.kernel.clock import TOWN
from siqian.kernel.permits import Actor, NotFound, NotYours, Refusal, Thing, may, must
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import queries as facts

from . import planned, rules
from .models import Call, Home

plans = planned.plans
PAGE = 40
SHOW = ("due", "late", "done", "all")


@dataclass(frozen=True)
class HomeLine:
    """A home as staff see it: masked. members: (reference, masked name, relation)."""

    id: int
    building: str
    label: str
    household: int
    name: str
    path: str
    stance: str
    how: str
    said_at: datetime | None
    said_to: str
    wish: int
    plan: rules.Plan | None
    last_met: date | None
    next_due: date | None

    @property
    def ref(self) -> str:
        return f"household:{self.id}"


@dataclass(frozen=True)
class CallLine:
    """A visit in a list. matter: the id of what came of it, None while nothing did."""

    id: int
    home: HomeLine
    plan: rules.Plan
    post: str
    due: datetime
    late: datetime | None
    state: str
    tries: int
    outcome: str
    by_name: str
    then: datetime | None
    at: datetime | None
    matter: int | None = None


@dataclass(frozen=True)
class Question:
    """What is asked at the door: of whom (masked name, empty for the household), whether known and to be confirmed."""

    ask: facts.Ask
    name: str


@dataclass(frozen=True)
class Door:
    """A visit as it lies in the walk of a day: where, who is masked, what is asked; nothing of why, nothing of what is known."""

    id: int
    building: str
    label: str
    name: str
    calm: str
    calm_en: str
    due: datetime
    tries: int
    unasked: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Mine:
    """One's own home: whether it is visited, when, by whom it was."""

    home: HomeLine | None
    calls: tuple[CallLine, ...]
    keeper: str


@dataclass(frozen=True)
class Referral:
    text: str
    building: str


def doors(*, seen_by: Actor, at: datetime, most: int = 40) -> list[Door]:
    """Visits that the actor's posts owe now, what is due first on top; in a fixed number of statements."""
    with store.reading(seen_by):
        rows = list(
            Call.objects.filter(Q(again=None) | Q(again__lte=at), post__in=seen_by.posts, state="due")
            .select_related("home")
            .order_by("due", "id")[:most]
        )
    households = people.households({row.home.building for row in rows}, seen_by=seen_by) if rows else {}
    members = {row.home_id: households.get((row.home.building, row.home.label, row.home.household)) for row in rows}
    where = {subject: row.path for row in rows for subject in _refs(row.home_id, members[row.home_id])}
    asked = facts.asks(where, rules.PURPOSE, seen_by=seen_by, at=at)
    return [_door(row, members[row.home_id], asked) for row in rows]


def find(
    *, seen_by: Actor, show: str = "due", path: str = "", words: str = "", page: int = 1, most: int = PAGE, at: datetime
) -> tuple[list[CallLine], bool]:
    """Visits below the actor's areas; (a page, whether there is more). Due ones by their time, others the newest first."""
    rows = _listed(seen_by, path, words)
    rows = rows.filter(_wanted(at)[show]) if show in _wanted(at) else rows
    rows = rows.order_by("due", "id") if show in ("due", "late") else rows.order_by("-laid", "-id")
    start = most * (page - 1)
    with store.reading_all():
        found = list(rows.select_related("home")[start : start + most + 1])
    return _lines(found[:most]), len(found) > most


def counts(*, seen_by: Actor, path: str = "", words: str = "", at: datetime) -> dict[str, int]:
    """How many visits stand behind each filter: as many as `find` lists."""
    rows = _listed(seen_by, path, words)
    with store.reading_all():
        # A name of its own for each count: a filter must not take one for the column of that name.
        found = rows.aggregate(n_all=Count("id"), **{f"n_{name}": Count("id", filter=wanted) for name, wanted in _wanted(at).items()})
    return {name: int(found[f"n_{name}"]) for name in SHOW}


def by_grid(*, seen_by: Actor, path: str = "", at: datetime) -> list[tuple[str, int, int]]:
    """(grid's path, due, of them late) of the actor's areas, where most is late first."""
    tally: dict[str, list[int]] = {}
    with store.reading_all():
        rows = (
            Call.objects.filter(_below(overlooks(seen_by)), path__startswith=path or "/", state="due")
            .values("path")
            .annotate(n=Count("id"), n_late=Count("id", filter=Q(due__lt=at)))
        )
        for row in rows:
            grid = "".join(f"{code}/" for code in row["path"].split("/")[:6])
            both = tally.setdefault(grid, [0, 0])
            both[0], both[1] = both[0] + row["n"], both[1] + row["n_late"]
    return sorted(((grid, n, late) for grid, (n, late) in tally.items()), key=lambda line: (-line[2], -line[1], line[0]))


def visits_in(actor: Actor) -> list[str]:
    """The areas whose homes the actor visits, and sees by their masked names."""
    return sorted({grant.area for grant in actor.grants if grant.area and grant.role in rules.VISITORS})


def may_visit(path: str, *, seen_by: Actor) -> bool:
    """Whether the actor visits homes here."""
    return may(seen_by, "record", Thing("home", area=path)) is None


def overlooks(actor: Actor) -> list[str]:
    """The areas of which the actor sees how many visits are due in each grid; whose they are, not everybody of these sees."""
    return sorted({grant.area for grant in actor.grants if grant.area and grant.role in rules.OVERSEERS})


def home(id_: int, *, seen_by: Actor) -> HomeLine:
    """One home, masked."""
    with store.reading_all():
        row = Home.objects.filter(id=id_, ended=None).first()
    if row is None:
        raise NotFound(rules.NO_HOME)
    must(seen_by, "read", thing(row))
    return _home(row)


def home_at(building: str, label: str, number: int, *, seen_by: Actor) -> HomeLine | None:
    """The home behind a door, None while nobody has begun one; refused where the actor reads no homes."""
    with store.reading_all():
        row = Home.objects.filter(building=building, label=label, household=number, ended=None).first()
    if row is None:
        return None
    if may(seen_by, "read", thing(row)) is not None:
        raise NotYours(rules.NO_HOME)
    return _home(row)


def calls_of(home: int, *, seen_by: Actor, most: int = 12) -> list[CallLine]:
    """The visits of one home, the newest first; for whoever reads the home, or lives there."""
    with store.reading_all():
        row = Home.objects.filter(id=home).first()
        if row is None or may(seen_by, "read", thing(row)) is not None:
            raise NotFound(rules.NO_HOME)
        return _lines(list(Call.objects.filter(home=row).select_related("home").order_by("-laid", "-id")[:most]))


def call(id_: int, *, seen_by: Actor) -> CallLine:
    with store.reading_all():
        row = Call.objects.select_related("home").filter(id=id_).first()
    if row is None or may(seen_by, "read", thing(row.home)) is not None:
        raise NotFound(rules.NO_CALL)
    return _lines([row])[0]


def mine(actor: Actor, *, at: datetime) -> Mine | None:
    """One's own home; None for whoever is in no register."""
    kept = people.mine(actor)
    if kept is None:
        return None
    line = kept.line
    with store.reading_all():
        row = Home.objects.filter(building=line.building, label=line.label, household=line.household, ended=None).first()
        calls = list(Call.objects.filter(home=row).exclude(state="dropped").select_related("home").order_by("-laid")[:12]) if row else []
    return Mine(_home(row) if row else None, tuple(_lines(calls)), "")


def with_home(actor: Actor, *, at: datetime) -> Actor:
    """The same actor, to whom the own household is own as well."""
    found = mine(actor, at=at)
    if found is None or found.home is None:
        return actor
    return people.with_own(actor, frozenset([f"home:{found.home.id}", found.home.ref]), ())


def members(line: HomeLine, *, seen_by: Actor) -> list[people.Member]:
    """Who lives in a home now, masked, for whoever reads the home."""
    must(seen_by, "read", Thing("home", f"home:{line.id}", area=line.path))
    found = people.household_at(line.building, line.label, line.household)
    return list(found.members) if found else []


def referral(id_: int) -> Referral:
    """What is needed from somebody else, for the office that hands it on."""
    with store.reading_all():
        row = Call.objects.select_related("home").get(id=id_)
    return Referral(row.text, row.home.building)


def called_for(day: date) -> set[str]:
    """The posts whose first calls of a day are laid."""
    begin = datetime.combine(day, time(), tzinfo=TOWN)
    firsts = [plan.code for plan in plans().values() if not plan.agreed]
    with store.reading_all():
        return set(Call.objects.filter(laid__gte=begin, plan__in=firsts).values_list("post", flat=True))


def faults() -> list[Refusal]:
    """What cannot be so: a home behind another grid's fence, a visit to a home that does not want it, an ended home with a name."""
    with store.reading_all():
        found = [
            Refusal("{building}的走访记在别的网格里，运行 siqian worker，让它跟上新网格", building=building)
            for building, grid in Home.objects.filter(ended=None).order_by("building").values_list("building", "grid").distinct()
            if (place := places.at_building(building)) is None or place.fence != grid
        ]
        unwanted = Call.objects.filter(Q(home__stance="no") | ~Q(home__ended=None), state="due").values_list("id", flat=True)
        found += [Refusal("走访{id}排给了不要走访的一户，撤下它", id=id_) for id_ in unwanted]
        left = Home.objects.exclude(ended=None).exclude(name="").values_list("id", flat=True)
    return found + [Refusal("第{id}户已经没有人，还留着称呼，再删一次", id=id_) for id_ in left]


def subjects_of(home: Home) -> list[str]:
    """Of whom facts are kept in a home: the household and each who lives there."""
    return _refs(home.id, people.household_at(home.building, home.label, home.household))


def thing(row: Home) -> Thing:
    return Thing("home", f"home:{row.id}", area=row.path)


def _wanted(at: datetime) -> Mapping[str, Q]:
    return {"due": Q(state="due"), "late": Q(state="due", due__lt=at), "done": Q(state="done")}


def _listed(seen_by: Actor, path: str, words: str) -> QuerySet[Call]:
    rows = Call.objects.filter(_below(visits_in(seen_by)), path__startswith=path or "/").exclude(state="dropped")
    if not words:
        return rows
    houses = [line.code for line in places.find(words)]
    return rows.filter(Q(home__label__contains=words) | Q(home__name__startswith=words) | Q(home__building__in=houses))


def _below(areas: Collection[str]) -> Q:
    if not areas:
        return Q(id=None)
    found = Q()
    for area in areas:
        found |= Q(path__startswith=area)
    return found


def _door(row: Call, household: people.Household | None, asked: Mapping[str, Sequence[facts.Ask]]) -> Door:
    plan, names = _plan(row.plan), {f"resident:{one.id}": one.name for one in household.members} if household else {}
    grown = [f"resident:{one.id}" for one in household.members if one.relation != "child" and not one.objected] if household else []
    lines = [line for subject in (*grown, f"household:{row.home_id}") for line in asked.get(subject, ()) if line.need != "known"]
    lines.sort(key=lambda line: facts.ORDER.index(line.need))
    questions = tuple(Question(line, names.get(line.subject, "")) for line in lines[: rules.MOST_FACTS])
    where, unasked = (row.id, row.home.building, row.home.label, row.home.name), row.home.stance == "unasked"
    return Door(*where, plan.calm, plan.calm_en, row.due, row.tries, unasked, questions)


def _refs(home: int, household: people.Household | None) -> list[str]:
    return [f"household:{home}", *(f"resident:{one.id}" for one in (household.members if household else ()))]


def _plan(code: str) -> rules.Plan:
    return plans().get(code) or rules.Plan(
        code=code, zh=code, en=code, calm="走访", calm_en="Visit", every=0, within=0, agreed=True, duty=()
    )


def _home(row: Home) -> HomeLine:
    where = (row.id, row.building, row.label, row.household, row.name, row.path)
    return HomeLine(*where, row.stance, row.how, row.said_at, row.said_to, row.wish, plans().get(row.plan), row.last_met, row.next_due)


def _lines(rows: Collection[Call]) -> list[CallLine]:
    came = links.came_of_each([f"home_call:{row.id}" for row in rows if row.text], "referred")
    matters = {source: int(target.removeprefix("matter:")) for source, target in came}
    return [
        CallLine(
            row.id,
            _home(row.home),
            _plan(row.plan),
            row.post,
            row.due,
            row.late,
            row.state,
            row.tries,
            row.outcome,
            row.by_name,
            row.then,
            row.at,
            matters.get(f"home_call:{row.id}"),
        )
        for row in rows
    ]
