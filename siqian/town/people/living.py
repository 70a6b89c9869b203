"""Households as the register has them: who lives behind one door together, masked. For whoever reads the register there, or the office."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from siqian.kernel import store
from siqian.kernel.permits import OFFICE, Actor, NotFound, NotYours, Refusal, Thing, may
from siqian.town.places import queries as places

from .models import Resident


@dataclass(frozen=True)
class Member:
    """Somebody of a household; name: masked."""

    id: int
    name: str
    relation: str
    objected: bool


@dataclass(frozen=True)
class Household:
    """Behind one door: building, room (empty when it is not known), number within it. since: when the last of them moved in."""

    building: str
    label: str
    number: int
    grid: int
    members: tuple[Member, ...]
    since: date | None

    @property
    def key(self) -> tuple[str, str, int]:
        return self.building, self.label, self.number

    @property
    def name(self) -> str:
        """The masked name of its head, or of whoever was written down first."""
        named = [member for member in self.members if member.name]
        return next((member.name for member in named if member.relation == "head"), named[0].name if named else "")


def households(buildings: Collection[str], *, seen_by: Actor) -> dict[tuple[str, str, int], Household]:
    """Every household of these buildings that lives there now, in two statements however many they are."""
    for code in buildings:
        place = places.at_building(code)
        if place is None or may(seen_by, "read", Thing("resident", area=place.path)) is not None:
            raise NotYours(Refusal("住户只给管这一片的人看"))
    with store.reading(seen_by):
        rows = Resident.objects.filter(building__in=list(buildings), moved_out=None).select_related("unit").order_by("id")
        return _gathered(rows)


def household_of(resident: int) -> Household:
    """The household in which somebody lives, for the office's own use; NotFound when they moved away."""
    with store.reading_all():
        row = Resident.objects.select_related("unit").filter(id=resident, moved_out=None).first()
        if row is None:
            raise NotFound(Refusal("居民名册里没有这个人，可能已经搬走"))
        rows = Resident.objects.filter(building=row.building, unit=row.unit, household=row.household, moved_out=None)
        found = _gathered(rows.select_related("unit").order_by("id"))
    return next(iter(found.values()))


def household_at(building: str, label: str, number: int) -> Household | None:
    """The household behind a door, for the office's own use; None when nobody lives there."""
    with store.reading_all():
        unit = {"unit__label": label} if label else {"unit": None}
        rows = Resident.objects.filter(building=building, household=number, moved_out=None, **unit).select_related("unit")
        return next(iter(_gathered(rows.order_by("id")).values()), None)


def where_lived(resident: int) -> tuple[str, str, int] | None:
    """Building, room and number of the household of somebody, also when they have moved away; for the office's own use."""
    with store.reading_all():
        row = Resident.objects.filter(id=resident).values_list("building", "unit__label", "household").first()
    return (row[0], row[1] or "", row[2]) if row else None


def doors_of(residents: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Where each of these lives now: building, room, number of the household; for the office's own use."""
    with store.reading_all():
        rows = Resident.objects.filter(id__in=list(residents), moved_out=None, forgotten=None)
        return {
            id_: (building, label or "", number)
            for id_, building, label, number in rows.values_list("id", "building", "unit__label", "household")
        }


def accounts_of(residents: Collection[int]) -> dict[int, str]:
    """The account of each of these who has one; for the office's own notices."""
    with store.reading_all():
        rows = Resident.objects.filter(id__in=list(residents), moved_out=None).exclude(own=0).values_list("id", "own")
        return {id_: f"account:{-own}" for id_, own in rows}


def living_in(within: str) -> dict[tuple[str, str, int], Household]:
    """Every household of a grid, for the office's own plans."""
    return households([line.code for line in places.buildings(within=within)], seen_by=OFFICE)


def _gathered(rows: Iterable[Resident]) -> dict[tuple[str, str, int], Household]:
    """Whoever asked to be forgotten is no member any more: nobody visits a shell."""
    gathered: dict[tuple[str, str, int], list[Resident]] = {}
    for row in rows:
        if row.forgotten is None:
            gathered.setdefault((row.building, row.unit.label if row.unit else "", row.household), []).append(row)
    return {key: _household(key, members) for key, members in gathered.items()}


def _household(key: tuple[str, str, int], rows: list[Resident]) -> Household:
    members = tuple(Member(row.id, row.name_masked, row.relation, row.objected is not None) for row in rows)
    return Household(*key, rows[0].grid, members, max((row.moved_in for row in rows if row.moved_in), default=None))
