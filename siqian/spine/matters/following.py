"""The verbs by which open matters follow a reorganisation: their building lies in another grid, their unit became another one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from siqian.kernel import epochs
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor
from siqian.town.people import actions as people_actions, queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.town.places.queries import Place
from siqian.trades.tasks import actions as tasks

from . import recusal, rules
from .events import MatterAssigned
from .keeping import give, laid, owner_here, write
from .models import Matter


@office_verb
def follow_map(*, buildings: Sequence[str], by: Actor, at: datetime) -> int:
    """What is not over in these buildings goes with them: behind the other grid's fence, to the post that is there now, clocks going on.

    Whoever covers the new place as well keeps it: a desk above both grids, a unit's own people. Gives how many went. Records
    matter.assigned of each that changed hands.
    """
    # This process may remember the old map for another second.
    epochs.forget()
    went = 0
    for code in buildings:
        place = places.at_building(code)
        if place is None:
            continue
        for row in Matter.objects.filter(building=code).exclude(state__in=rules.ENDED).exclude(path=place.path).order_by("id"):
            _go_along(row, place, by=by, at=at)
            went += 1
    return went


@office_verb
def follow_units(*, units: Mapping[str, str], most: int = 500, by: Actor, at: datetime) -> int:
    """What is not over of units that were merged (old code -> new) goes on under the new one: so many at once; gives how many went.

    Ownership goes by post: where the new unit has a post of its own for the place it takes over what the old one's post had; elsewhere
    the old post is the new unit's from now on and keeps what it has. Clocks go on. Records matter.assigned of each.
    """
    rows = list(Matter.objects.filter(unit__in=units).exclude(state__in=rules.ENDED).order_by("id")[:most])
    for row in rows:
        _merge(row, units, by=by, at=at)
    if not rows:
        people_actions.pass_on_posts(units=units, by=by, at=at)
    return len(rows)


def _merge(row: Matter, units: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    was, became = row.unit, units[row.unit]
    held_by_it = people.unit_of(row.post) == was
    owner = people.Watch(row.path, at=at).of_unit(became) if held_by_it else None
    row.unit = became
    row.save(update_fields=["unit"])
    write(row, "unit_merged", values={"former": was, "unit": became}, by=by, at=at)
    if owner is not None and not recusal.concerns(row.against, owner.person, owner.post):
        row.post, row.person = owner.post, owner.person
        row.save(update_fields=["post", "person"])
        give(row, owner, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, row.post, "merged"), by=by, at=at)


def _go_along(row: Matter, place: Place, *, by: Actor, at: datetime) -> None:
    covers = people.post_line(row.post)[2]
    for name, value in laid(row, place).items():
        setattr(row, name, value)
    row.save(update_fields=["building", "lon", "lat", "path", "place", "grid"])
    if covers and place.path.startswith(covers):
        owner = duty.Owner(row.post, row.person)
        tasks.hand_over(about=f"matter:{row.id}", owner=owner, path=row.path, place=row.place, but=rules.BESIDE, by=by, at=at)
        return
    owner = owner_here(row, at=at)
    row.post, row.person = owner.post, owner.person
    row.save(update_fields=["post", "person"])
    give(row, owner, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, owner.post, "redrawn"), by=by, at=at)
