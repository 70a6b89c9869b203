"""Lays visits: of homes that said yes when they are due, and first calls at homes that were never asked. No statement a household."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from siqian.kernel import journal, rows, store
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, NotFound, Thing, must
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import planned, rules
from .events import CallsLaid
from .models import Call, Home

TITLE = said("入户走访")
YEAR = timedelta(days=365)


@office_verb
def lay_due(*, most: int = 500, by: Actor, at: datetime) -> int:
    """Lay the visits of homes that said yes and are due before long; gives how many. Twice is once. Records home_calls.laid."""
    must(by, "lay", Thing("home", area="/"))
    store.lock("homes", "laying")
    open_ = Call.objects.filter(state="due").values("home")
    near = Home.objects.filter(stance="yes", ended=None, next_due__lte=rules.today(at) + rules.AHEAD).exclude(id__in=open_)
    found = list(near.order_by("next_due", "id")[:most])
    homes = [(home, home.plan, home.next_due) for home in found if home.next_due is not None and home.plan in planned.plans()]
    return _lay(homes, planned.visitors(at=at), by=by, at=at) if homes else 0


@office_verb
def lay_first(*, grid: str, post: str, most: int = rules.FIRST_CALLS, by: Actor, at: datetime) -> int:
    """Lay first calls of a grid for a day: new neighbours first, then homes never asked, so many; gives how many. Records home_calls.laid.

    A home that said no, or was called at within a year, is left in peace.
    """
    must(by, "lay", Thing("home", area=grid))
    store.lock("homes", "laying")
    today = rules.today(at)
    living = people.living_in(grid)
    homes = {
        (home.building, home.label, home.household): home
        for home in Home.objects.filter(building__in=sorted({key[0] for key in living}), ended=None)
    }
    lately = set(Call.objects.filter(home__in=[home.id for home in homes.values()], laid__gt=at - YEAR).values_list("home_id", flat=True))
    fresh = [one for key, one in living.items() if key not in homes or (homes[key].stance == "unasked" and homes[key].id not in lately)]
    firsts = [(one, *rules.first_plan(one.since, today, planned.plans())) for one in fresh]
    # Of many who were never asked, those of another building come up each day.
    firsts.sort(key=lambda first: (first[2], hash_of(first[0], today)))
    chosen = [first for first in firsts if planned.plans()[first[1]].newly]
    chosen += [first for first in firsts if not planned.plans()[first[1]].newly][: max(0, most - len(chosen))]
    made = _begun([one for one, _, _ in chosen if one.key not in homes], today) | homes
    return _lay([(made[one.key], plan, due) for one, plan, due in chosen], planned.visitors(at=at, within=grid), by=by, at=at)


@office_verb
def lay_now(*, home: int, by: Actor, at: datetime) -> int:
    """Whoever stands at the door without a visit that is due begins one; gives the open visit. Records home_calls.laid."""
    row = Home.objects.filter(id=home, ended=None).first()
    if row is None:
        raise NotFound(rules.NO_HOME)
    must(by, "record", Thing("home", f"home:{row.id}", area=row.path))
    store.lock("homes", "laying")
    known = Call.objects.filter(home=row, state="due").values_list("id", flat=True).first()
    if known is not None:
        return known
    plan = row.plan or next(plan.code for plan in planned.plans().values() if not plan.agreed and not plan.newly)
    _lay([(row, plan, rules.today(at))], planned.visitors(at=at, within=row.path), clocks=False, by=by, at=at, post=by.posts[0])
    rows.write_now()
    return Call.objects.values_list("id", flat=True).get(home=row, state="due")


def begin_home(building: str, label: str, number: int, *, at: datetime) -> Home:
    """The home behind a door; begun when there is none yet."""
    store.lock("home", building, label, number)
    known = Home.objects.filter(building=building, label=label, household=number, ended=None).first()
    household = people.household_at(building, label, number)
    if known is not None:
        return known
    if household is None:
        raise NotFound(rules.NO_HOME)
    return _begun([household], rules.today(at))[household.key]


def hash_of(household: people.Household, day: date) -> int:
    """An order of its own for each day, the same whenever it is asked for."""
    return sum(ord(letter) * (place + 7) for place, letter in enumerate(f"{household.building}{household.label}")) * day.toordinal() % 9973


def _begun(households: Sequence[people.Household], today: date) -> dict[tuple[str, str, int], Home]:
    made = []
    for one in households:
        place = places.at_building(one.building)
        if place is not None:
            seen = {"building": one.building, "label": one.label, "household": one.number, "name": one.name}
            made.append(Home(**seen, path=place.path, grid=place.fence, begun=today))
    Home.objects.bulk_create(made, batch_size=200)
    return {(home.building, home.label, home.household): home for home in made}


def _lay(
    homes: Sequence[tuple[Home, str, date]],
    visitors: planned.Visitors,
    *,
    clocks: bool = True,
    post: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Visits of these homes: (home, plan, due day). A clock runs for what was promised; of a first call nobody is waiting."""
    owned = [(home, planned.plans()[plan], due, owner) for home, plan, due in homes if (owner := _owner(visitors, home, plan, post))]
    if not owned:
        return 0
    (ids,) = rows.ids((Call, len(owned)))
    for id_, (home, plan, due, owner) in zip(ids, owned, strict=True):
        until = rules.evening(max(due, rules.today(at)) + timedelta(days=plan.within if plan.agreed else 0))
        placed = {"path": home.path, "grid": home.grid, "post": owner.post, "plan": plan.code}
        rows.put(Call, id=id_, home_id=home.id, laid=at, due=until, **placed)
        if clocks and (plan.agreed or plan.newly):
            _clock(id_, home, until, owner, by=by, at=at)
    journal.record(CallsLaid(f"home_calls:{ids[0]}-{ids[-1]}", ids[0], ids[-1], len(ids)), first=True, by=by, at=at)
    return len(ids)


def _owner(visitors: planned.Visitors, home: Home, plan: str, post: str) -> duty.Owner | None:
    return duty.Owner(post) if post else visitors.of(home.path, planned.plans()[plan].duty)


def _clock(id_: int, home: Home, due: datetime, owner: duty.Owner, *, by: Actor, at: datetime) -> None:
    place = places.at_building(home.building)
    shown: dict[str, Any] = {"path": home.path, "title": TITLE, "place": f"{place.words if place else ''}{home.label}", "said_by": ""}
    tasks.open_clocks(about=f"home_call:{id_}", dues={"call": due}, owner=owner, fresh=True, **shown, by=by, at=at)
