"""What the house itself asks of a matter when it tells others of it: whom, what, where. Behind no fence, shown to nobody as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from siqian.kernel import store
from siqian.town.people import queries as people
from siqian.town.places import queries as places

from . import rules
from .models import Behalf, Matter, Step, Telling


@dataclass(frozen=True)
class Audience:
    """Everybody who told of a matter, as notices call them: their account, else their telling."""

    number: str
    title: str
    urgent: bool
    keeper: str
    tellers: tuple[str, ...]


def audience(matter: int) -> Audience | None:
    """Whom a matter's course is told to; for the office, which names nobody by it."""
    row = Matter.objects.filter(id=matter).first()
    if row is None:
        return None
    tellings = Telling.objects.filter(matter=matter).order_by("id").values_list("id", "account", "told_with_id")
    # Who agreed to hear of it did so once for all that they asked.
    readers = [account or f"telling:{first or id_}" for id_, account, first in tellings]
    # Whoever is spoken for is told as well as who speaks.
    spoken_for = Behalf.objects.filter(matter=matter).order_by("telling").values_list("telling", "telling__told_with")
    readers += [rules.proxy.reader(first or id_) for id_, first in spoken_for]
    keeper = people.person_name(row.person) or people.post_line(row.post)[0]
    return Audience(rules.number(row.id, row.received), row.title, row.urgent, keeper, tuple(dict.fromkeys(readers)))


def post_of(matter: int) -> str:
    """Who answers for a matter."""
    return Matter.objects.filter(id=matter).values_list("post", flat=True).first() or ""


def settled_as_part(matter: int) -> bool:
    """Whether it was settled with its closing, as part of a whole that is rated instead."""
    return Matter.objects.filter(id=matter, state="settled", rating="", whole__isnull=False).exists()


def paths_now(ids: Sequence[int]) -> dict[int, str]:
    """Where matters lie on the map as it is now: with their building, or where they were placed while they have none."""
    with store.reading_all():
        rows = list(Matter.objects.filter(id__among=list(ids)).values_list("id", "building", "path"))
    paths = {code: place.path for code in {code for _, code, _ in rows if code} if (place := places.at_building(code)) is not None}
    return {id_: paths.get(building, path) for id_, building, path in rows}


@dataclass(frozen=True)
class Emergency:
    """What an emergency service is told: where, and what was said, in the teller's words."""

    number: str
    title: str
    place: str
    path: str
    text: str


def emergency(telling: str) -> Emergency:
    """Of one telling (telling:N); for the office, which hands it over."""
    row = Telling.objects.select_related("matter").get(id=int(telling.removeprefix("telling:")))
    return Emergency(rules.number(row.matter.id, row.matter.received), row.matter.title, row.matter.place, row.matter.path, row.text)


def step_text(step: str) -> str:
    """What was written in a step (step:N)."""
    return Step.objects.filter(id=int(step.removeprefix("step:"))).values_list("text", flat=True).first() or ""
