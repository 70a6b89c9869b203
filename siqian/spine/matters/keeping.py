"""The row of a matter while a verb holds it: find and lock it, move it on, write on its thread, give it to somebody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from siqian.kernel.journal import record
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Refused, must, or_refuse
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks, queries as task_queries

from . import recusal, rules
from .events import RequestRuled
from .models import Adoption, Behalf, Glance, Matter, Petition, Request, Step, Summoned, Summons, Telling
from .receiving import start_clocks

# Where a telephone says that it is, WGS-84 degrees east and north; None when it did not say.
Spot = tuple[float, float] | None


def locked(matter: int, by: Actor, verb_: str) -> Matter:
    rows = Matter.objects.select_for_update() if connection.vendor == "postgresql" else Matter.objects
    row = rows.filter(id=matter).first()
    if row is None:
        raise NotFound(rules.NO_SUCH)
    must(by, verb_, rules.thing(row))
    if row.state == "archived":
        raise Refused(rules.ARCHIVED)
    return row


def go(row: Matter, verb_: str, **changes: object) -> None:
    row.state = or_refuse(rules.MATTER.then(row.state, verb_))
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])


def write(
    row: Matter,
    kind: str,
    text: str = "",
    *,
    public: bool = True,
    photos: Sequence[str] = (),
    values: dict[str, object] | None = None,
    by: Actor,
    at: datetime,
) -> Step:
    return Step.objects.create(
        matter=row,
        grid=row.grid,
        kind=kind,
        public=public,
        text=text,
        values=values or {},
        photos=list(photos),
        by=by.ref,
        by_name=by.name,
        at=at,
    )


def on_the_spot(row: Matter, stood: Spot) -> dict[str, object]:
    """Where somebody stood who says what was done, and how far from the place it was: one point, and no track."""
    if stood is None:
        return {}
    lon, lat = round(stood[0], 5), round(stood[1], 5)
    found: dict[str, object] = {"lon": lon, "lat": lat}
    if row.lon is not None and row.lat is not None:
        found["metres"] = rules.joint.metres(row.lon, row.lat, lon, lat)
    return found


def done_then(then: datetime | None, at: datetime) -> dict[str, object]:
    """When it was done by the telephone that kept it until there was a network. Shown beside the time at which it came in, by
    which alone every clock counts: nobody makes a promise kept by a telephone whose clock is set back.
    """
    late = then is not None and rules.ONE_TAP < at - then <= rules.KEPT_BY_A_TELEPHONE
    return {"then": rules.course.stamp(then)} if late and then is not None else {}


def twice(row: Matter, kind: str, text: str, photos: Sequence[str] = (), *, by: Actor, at: datetime) -> bool:
    """Whether this was said a moment ago by the same person: a button that was tapped twice, a request that was sent again."""
    last = Step.objects.filter(matter=row).order_by("-id").first()
    said = last is not None and (last.kind, last.text, last.photos, last.by) == (kind, text.strip(), list(photos), by.ref)
    return said and last is not None and abs(at - last.at) <= rules.ONE_TAP


def give(row: Matter, owner: duty.Owner, why: str = "", *, by: Actor, at: datetime) -> None:
    about = f"matter:{row.id}"
    tasks.stop(about=about, what="assign", by=by, at=at)
    tasks.hand_over(about=about, owner=owner, path=row.path, place=row.place, but=rules.BESIDE, by=by, at=at)
    if not answered(row):
        start_clocks(row, owner, said_by(row), by=by, at=at)
    write(row, "assigned", why, values={"keeper": called(owner), "item": row.item, "place": row.place}, by=by, at=at)


def taker(row: Matter, post: str, *, at: datetime) -> duty.Owner:
    """Whoever sits on a post that is to take a matter over; never somebody whom the matter is about."""
    if not people.post_line(post)[0]:
        raise BadInput(Refusal("没有这个岗位，从名单里选", field="post"))
    card = people.card_of(post, at=at)
    if recusal.concerns(row.against, card.person if card else "", post):
        raise BadInput(rules.ABOUT_THEM)
    return duty.Owner(post, card.person if card and card.on else "")


def owner_here(row: Matter, *but: str, at: datetime) -> duty.Owner:
    """Who owns work at a matter's place: nobody whom it is about, and none of these, while there is anybody else."""
    return owner_but(people.Watch(row.path, at=at), {*row.against, *but})


def owner_but(watch: people.Watch, persons: Iterable[str]) -> duty.Owner:
    """Who owns work where somebody watches, while there is anybody else than these."""
    others = set(persons) - {""}
    return (watch.other_than(*others) if others else None) or watch.owner()


def called(owner: duty.Owner) -> str:
    """What the thread calls an owner: the person, or the post while nobody sits there."""
    return people.person_name(owner.person) or people.post_line(owner.post)[0]


def own_telling(row: Matter, by: Actor) -> int:
    """Which of a matter's tellings is this teller's; 0 when none is known."""
    kept = [int(ref.removeprefix("telling:")) for ref in by.own if ref.startswith("telling:")]
    mine = Telling.objects.filter(Q(id__in=kept) | Q(told_with__in=kept) | Q(account=by.ref), matter=row)
    return mine.values_list("id", flat=True).first() or 0


def laid(row: Matter, place: places.Place) -> dict[str, Any]:
    """The columns of a matter at another place; all that belongs to it goes behind that place's fence."""
    for table in (Telling, Step, Request, Petition, Glance, Behalf, Summons, Summoned, Adoption):
        table.objects.filter(matter=row).update(grid=place.fence)
    columns = {name: getattr(place, name) for name in ("building", "lon", "lat", "path")}
    return columns | {"place": place.words, "grid": place.fence}


def answered(row: Matter) -> bool:
    """A contact that was logged stays logged: moving a matter never starts the 30 minutes again."""
    return Step.objects.filter(matter=row, kind__in=("phone", "visit", "message")).exists()


def owes_answer(row: Matter) -> bool:
    """Whether the owner has still to speak with the teller: after a reopening once more."""
    return any(clock.what == "respond" and clock.stopped is None for clock in task_queries.clocks(f"matter:{row.id}"))


def said_by(row: Matter) -> str:
    first = Telling.objects.filter(matter=row, how="first").values_list("name_masked", "channel").first()
    return (first[0] or first[1]) if first else ""


def owe(row: Matter, what: str, until: datetime, owner: duty.Owner, *, by: Actor, at: datetime) -> None:
    """Start a clock of its own beside the settling one: a ruling, a check, a plan, a review, a supervision."""
    tasks.open_clocks(
        about=f"matter:{row.id}",
        dues={what: until},
        owner=owner,
        path=row.path,
        title=row.title,
        place=row.place,
        said_by="",
        urgent=row.urgent,
        by=by,
        at=at,
    )


def desk_of(row: Matter, level: int, *, at: datetime) -> duty.Owner:
    """The desk of an area level above a matter; where that level has none, the next one up; its owner where there is none at all."""
    watch = people.Watch(row.path, at=at)
    desks = (watch.desk(above) for above in range(level, -1, -1))
    return next((desk for desk in desks if desk is not None), duty.Owner(row.post, row.person))


def waiting(row: Matter) -> Request | None:
    """The request about a matter that nobody has ruled yet."""
    return Request.objects.filter(matter=row, state="asked").first()


def drop(row: Matter, *, by: Actor, at: datetime) -> None:
    """What waits for a ruling when its matter ends needs none any more."""
    asked = waiting(row)
    if asked is not None:
        rule_on(asked, "drop", "", by=by, at=at)


def rule_on(asked: Request, verb_: str, ruling: str, *, by: Actor, at: datetime) -> None:
    """Move a request on, stop the clock of whoever owed the ruling, record request.ruled."""
    asked.state = or_refuse(rules.REQUEST.then(asked.state, verb_))
    asked.ruled_by, asked.ruled_name, asked.ruled_at, asked.ruling = by.ref, by.name, at, ruling
    asked.save(update_fields=["state", "ruled_by", "ruled_name", "ruled_at", "ruling"])
    about = f"matter:{asked.matter_id}"
    tasks.stop(about=about, what="rule", by=by, at=at)
    record(RequestRuled(about, f"request:{asked.id}", asked.kind, asked.state), by=by, at=at)
