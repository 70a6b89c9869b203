"""Reads every matter with all that belongs to it and says what cannot be so. Takes seconds for ten thousand."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Model

from siqian.kernel import store
from siqian.kernel.permits import Actor, Refusal
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks
from siqian.trades.tasks.rules import Stop, term

from . import rules
from .cases import case_faults
from .models import Adoption, Matter, Petition, Request, Step, Summoned, Summons, Telling
from .rules.whole import Pace, Ran, Whole, faults, orphans
from .seeing import visible
from .summonses import joint_faults

TOGETHER = 500
# Rows that belong to a matter.
TABLES: dict[str, type[Model]] = {
    "telling:": Telling,
    "step:": Step,
    "request:": Request,
    "petition:": Petition,
    "summons:": Summons,
    "summoned:": Summoned,
    "adoption:": Adoption,
}
COLUMNS = ("id", "received", "state", "post", "item", "guesses", "tellings", "kind", "whole_id")


def every_fault(most: int) -> list[Refusal]:
    """The first so many faults of all matters, oldest matter first; then rows and clocks that belong to none."""
    found: list[Refusal] = []
    with store.reading_all():
        for fault in _faults():
            found.append(fault)
            if len(found) >= most:
                break
    return found


def _faults() -> Iterator[Refusal]:
    items = remit.items()

    after = 0
    while rows := list(Matter.objects.filter(id__gt=after).order_by("id").values_list(*COLUMNS)[:TOGETHER]):
        posts = people.known_posts({row[3] for row in rows})
        for whole in _wholes(rows):
            yield from faults(whole, whole.post in posts, items.get)
        after = rows[-1][0]
    yield from _lost()


def _wholes(rows: Sequence[tuple]) -> Iterator[Whole]:
    ids = [row[0] for row in rows]
    told: dict[int, list[str]] = defaultdict(list)
    for matter, how in Telling.objects.filter(matter__in=ids).values_list("matter_id", "how"):
        told[matter].append(how)
    steps: dict[int, list[Pace]] = defaultdict(list)
    for matter, kind, at, values in Step.objects.filter(matter__in=ids).order_by("id").values_list("matter_id", "kind", "at", "values"):
        steps[matter].append(Pace(kind, at, values.get("item", ""), values.get("kind", "")))
    abouts, known = [f"matter:{id_}" for id_ in ids], remit.kinds()
    clocks, pauses = tasks.clocks_of(abouts), tasks.pauses_of(abouts)
    asked: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for matter, *request in Request.objects.filter(matter__in=ids).order_by("id").values_list("matter_id", "kind", "state", "amount"):
        asked[matter].append((request[0], request[1], request[2]))
    petitions = set(Petition.objects.filter(matter__in=ids).values_list("matter_id", flat=True))
    parts: dict[int, list[str]] = defaultdict(list)
    returned = Request.objects.filter(kind="appeal").values("matter")
    for whole, state in Matter.objects.filter(whole__in=ids).exclude(id__in=returned).values_list("whole_id", "state"):
        parts[whole].append(state)
    for id_, received, state, post, item, guesses, tellings, kind, leads in rows:
        about = f"matter:{id_}"
        ran = tuple(_ran(clock) for clock in clocks.get(about, ()))
        stops = tuple((still.what, Stop(still.since, still.limit, still.until)) for still in pauses.get(about, ()))
        had = {item, *(guess["item"] for guess in guesses), *(step.item for step in steps[id_] if step.item)}
        yield Whole(
            rules.number(id_, received),
            state,
            post,
            frozenset(had),
            frozenset(known[code] for code in (kind, *(step.called for step in steps[id_])) if code in known),
            tellings,
            len(told[id_]),
            told[id_].count("first"),
            ran,
            tuple(steps[id_]),
            stops,
            tuple(asked[id_]),
            id_ in petitions,
            tuple(parts[id_]),
            leads is not None and bool(parts[id_]),
        )


def _ran(clock: tasks.Clock) -> Ran:
    return Ran(clock.what, clock.started, clock.due, clock.stopped, term(clock.minutes, clock.working_days))


def _lost() -> Iterator[Refusal]:
    known = Matter.objects.values("id")
    for what, table in TABLES.items():
        yield from orphans(what, list(table._default_manager.exclude(matter_id__in=known).values_list("id", flat=True)[:TOGETHER]))
    running = {int(about.removeprefix("matter:")) for about in tasks.running("matter:")}
    there = set(Matter.objects.exclude(state__in=rules.ENDED).values_list("id", flat=True))
    yield from orphans("task:matter:", [str(id_) for id_ in sorted(running - there)])
    yield from joint_faults()
    yield from case_faults()


def census(*, seen_by: Actor) -> dict[str, int]:
    """Counts that add up: every matter is classed or unsure, placed or not, and all have an owner and clocks."""
    with store.reading(seen_by):
        rows = visible(Matter.objects.all(), seen_by)
        unclocked = rows.filter(state__in=rules.OPEN).exclude(id__in=tasks.running_matters())
        return {
            "事": rows.count(),
            "已分类": rows.filter(unsure=False).count(),
            "待认定（附两个猜测）": rows.filter(unsure=True).count(),
            "已定位": rows.filter(unplaced="").count(),
            "未定位（附原因）": rows.exclude(unplaced="").count(),
            "没有责任岗位": rows.filter(post="").count(),
            "在办却没有时限": unclocked.count(),
        }
