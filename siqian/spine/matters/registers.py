"""What is read across matters: what waits for a ruling and its precedents, the public long ledger, who is to be called back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from siqian.kernel import store
from siqian.kernel.permits import Actor, NotYours, Refusal, may
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks

from . import rules
from .models import Matter, Request, Step
from .rules import course, offers
from .seeing import visible
from .standing import standing

YEAR = timedelta(days=365)
# So many equal rulings within a year: the list itself should say so.
PROPOSED_FROM = 2
STAFF_ONLY = Refusal("判例给工作人员看，先登录")


@dataclass(frozen=True)
class Asking:
    """A request as others see it. due: when its ruling is due, while it waits."""

    id: int
    matter: int
    number: str
    title: str
    place: str
    kind: str
    state: str
    item: str
    reason: str
    unit: str
    clause: str
    amount: int
    until: datetime | None
    post: str
    by_name: str
    at: datetime
    ruled_name: str
    ruled_at: datetime | None
    ruling: str
    due: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """Equal rulings that the responsibility list does not know of yet."""

    item: str
    unit: str
    count: int
    last: datetime


@dataclass(frozen=True)
class Entry:
    """A line of the public long ledger: no teller, no address closer than the community."""

    number: str
    item: str
    community: str
    community_en: str
    since: datetime
    reason: str
    approver: str
    progress: str
    next: datetime
    reviews: int


@dataclass(frozen=True)
class Call:
    """A closed matter about which its teller is to be called, without the rank of whoever handled it."""

    number: str
    title: str
    place: str
    closed: datetime
    done: str
    calls: int
    last: datetime | None
    why_not: Refusal | None


def rulings(*, seen_by: Actor, at: datetime) -> list[Asking]:
    """What waits for a ruling and lies within the actor's reach, what is due first on top."""
    with store.reading(seen_by):
        rows = list(visible(Request.objects.filter(state="asked"), seen_by).select_related("matter").order_by("at")[:200])
    rows = [row for row in rows if may(seen_by, "rule", rules.thing(row.matter)) is None]
    clocks = tasks.clocks_of([f"matter:{row.matter_id}" for row in rows])
    due = {about: clock.due for about, ran in clocks.items() for clock in ran if clock.what == "rule" and clock.stopped is None}
    return [_asking(row, due.get(f"matter:{row.matter_id}")) for row in rows]


def rulings_waiting(*, seen_by: Actor) -> int:
    """How many requests wait for a ruling within the actor's reach."""
    with store.reading(seen_by):
        return visible(Request.objects.filter(state="asked"), seen_by).count()


def asked_about(matter: int, *, seen_by: Actor) -> list[Asking]:
    """Every request about one matter, the newest first."""
    with store.reading(seen_by):
        return [_asking(row) for row in Request.objects.filter(matter=matter).select_related("matter").order_by("-id")]


def open_of(unit: str) -> int:
    """How many open matters a unit leads: who rules sees who has a free hand."""
    with store.reading_all():
        return Matter.objects.filter(unit=unit, state__in=rules.OPEN).count()


def precedents(item: str, kind: str, *, seen_by: Actor, most: int = 6) -> list[Asking]:
    """How requests of one kind about one item were ruled before, anywhere in the district, the newest first; for staff.

    Names no teller, and nothing that was told in confidence.
    """
    if not seen_by.is_staff:
        raise NotYours(STAFF_ONLY)
    with store.reading_all():
        ruled = Request.objects.filter(item=item, kind=kind, state__in=("granted", "denied"), matter__discreet=False).select_related(
            "matter"
        )
        return [_asking(row) for row in ruled.order_by("-ruled_at")[:most]]


def proposals(*, at: datetime) -> list[Proposal]:
    """Items that were returned to one unit again and again within a year: a change of the list that the rulings propose."""
    with store.reading_all():
        ruled = Request.objects.filter(kind="return", state="granted", ruled_at__gte=at - YEAR)
        found = ruled.values_list("item", "unit").annotate(n=Count("id"), last=Max("ruled_at")).filter(n__gte=PROPOSED_FROM)
        return [Proposal(*row) for row in found.order_by("-n", "item")]


def ledger(*, after: int = 0, most: int = 30) -> tuple[list[Entry], int]:
    """The public long ledger, the newest first, and the id after which the next page begins (0 at the end)."""
    with store.reading_all():
        rows = Matter.objects.filter(state="shelved", discreet=False)
        rows = list((rows.filter(id__lt=after) if after else rows).order_by("-id")[: most + 1])
        ids = [row.id for row in rows[:most]]
        granted = {row.matter_id: row for row in Request.objects.filter(matter__in=ids, kind="ledger", state="granted").order_by("id")}
        said = list(Step.objects.filter(matter__in=ids, kind="reviewed").order_by("id").values_list("matter_id", "text"))
    progress, reviews = dict(said), Counter(matter for matter, _ in said)
    clocks = tasks.clocks_of([f"matter:{id_}" for id_ in ids])
    entries = []
    for row in rows[:most]:
        asked, path = granted[row.id], places.community_of(row.path) or row.path
        names = (places.both_names(path) or (("", ""),))[-1]
        next_ = next(clock.due for clock in reversed(clocks[f"matter:{row.id}"]) if clock.what == "review")
        number = rules.number(row.id, row.received)
        since = asked.ruled_at or asked.at
        entries.append(
            Entry(number, row.item, *names, since, asked.reason, asked.ruled_name, progress.get(row.id, ""), next_, reviews[row.id])
        )
    return entries, ids[-1] if len(rows) > most else 0


def load_of_posts(*, since: datetime, seen_by: Actor) -> dict[str, tuple[int, int]]:
    """(open now, received since then) of every post that has any, within the actor's reach."""
    with store.reading(seen_by):
        rows = visible(Matter.objects.all(), seen_by)
        open_ = dict(rows.filter(state__in=rules.OPEN).values_list("post").annotate(n=Count("id")))
        came = dict(rows.filter(received__gte=since).values_list("post").annotate(n=Count("id")))
    return {post: (open_.get(post, 0), came.get(post, 0)) for post in {*open_, *came}}


def callbacks(*, seen_by: Actor, at: datetime, most: int = 60) -> list[Call]:
    """Whom to call: closed since a day, not rated, handled by somebody else, the longest first."""
    with store.reading(seen_by):
        rows = Matter.objects.filter(state="closed", closed__lte=at - course.CALL_AFTER)
        rows = list(visible(rows, seen_by).order_by("closed")[: most * 2])
        rows = [row for row in rows if may(seen_by, "call", rules.thing(row)) is None][:most]
        ids = [row.id for row in rows]
        called: dict[int, list[datetime]] = {}
        for matter, when in Step.objects.filter(matter__in=ids, kind="called").order_by("at").values_list("matter_id", "at"):
            called.setdefault(matter, []).append(when)
        done = dict(Step.objects.filter(matter__in=ids, kind__in=("closed", "submitted")).order_by("id").values_list("matter_id", "text"))
    return [_call(row, [when for when in called.get(row.id, ()) if when >= row.closed], done.get(row.id, ""), seen_by, at) for row in rows]


def offered(row: Matter, *, seen_by: Actor, at: datetime) -> dict[str, Refusal | None]:
    """Every verb that staff know, in the page's order: None when this actor can do it now, else why not."""
    now = standing(row)
    clocks = tasks.clocks(f"matter:{row.id}")
    running = [clock.what for clock in clocks if clock.stopped is None]
    found: dict[str, Refusal | None] = {}
    for verb in offers.OFFERED:
        refusal = may(seen_by, offers.PERMIT.get(verb, verb), rules.thing(row)) or offers.offer(verb, row.state, now, running, at)
        if refusal is None and verb == "check":
            refusal = course.checker_fault(row.person, row.post, seen_by)
        if refusal is None and verb == "retract":
            refusal = _retract_fault(row, seen_by)
        if refusal is None and verb == "take_back":
            last = Step.objects.filter(matter=row).exclude(kind="climbed").order_by("-at", "-id").values_list("kind", "by").first()
            kind, by = last or ("", "")
            refusal = course.take_back_fault(row.state, row.closed, kind, by, seen_by, at)
            # After a stage answer no settling clock is left to run on: the verb refuses, so the page does not offer it.
            if refusal is None and not any(clock.what == "settle" and clock.stopped == row.closed for clock in clocks):
                refusal = course.NOT_TAKEN_BACK
        if refusal is None and verb == "call":
            refusal = course.caller_fault(row.person, row.post, seen_by)
        if refusal is None and verb == "divide":
            refusal = rules.parts.divide_fault(remit.kind(row.kind), is_part=row.whole_id is not None, unplaced=row.unplaced)
        found[verb] = refusal
    return found


def _retract_fault(row: Matter, seen_by: Actor) -> Refusal | None:
    asked = Request.objects.filter(matter=row, state="asked").values_list("kind", "by").first()
    if asked is None or asked[0] == "appeal":
        return course.NOT_RETRACTED
    return None if asked[1] == seen_by.ref or row.post in seen_by.posts else course.NOT_ASKER


def _call(row: Matter, calls: list[datetime], done: str, seen_by: Actor, at: datetime) -> Call:
    last = calls[-1] if calls else None
    why_not = course.caller_fault(row.person, row.post, seen_by) or course.calls_fault(len(calls), last, at)
    number = rules.number(row.id, row.received)
    return Call(number, row.title, row.place, row.closed or at, done, len(calls), last, why_not)


def _asking(row: Request, due: datetime | None = None) -> Asking:
    matter = row.matter
    return Asking(
        row.id,
        matter.id,
        rules.number(matter.id, matter.received),
        matter.title,
        matter.place,
        row.kind,
        row.state,
        row.item,
        row.reason,
        row.unit,
        row.clause,
        row.amount,
        row.until,
        people.post_line(row.post)[0],
        row.by_name,
        row.at,
        row.ruled_name,
        row.ruled_at,
        row.ruling,
        due,
    )
