"""A town before it is laid in: rows for the doors of places and people."""

from dataclasses import dataclass, field
from datetime import timedelta

from siqian.town.people.actions import AccountRow, PersonRow, SeatRow
from siqian.town.places.actions import BuildingRow, SiteRow
from siqian.town.places.rules import AreaRow

Ring = list[list[float]]


@dataclass(frozen=True)
class Away:
    """A leave, from and to as seen from the demo's now; stand_in is empty when nobody takes over."""

    person: str
    stand_in: str
    since: timedelta
    until: timedelta


@dataclass
class Town:
    """Everything that is laid in, before it is laid in."""

    areas: list[AreaRow] = field(default_factory=list)
    sites: list[SiteRow] = field(default_factory=list)
    buildings: list[BuildingRow] = field(default_factory=list)
    persons: list[PersonRow] = field(default_factory=list)
    seats: list[SeatRow] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)
    leaves: list[Away] = field(default_factory=list)

    def area(self, code: str, level: str, name: str, name_en: str, parent: str, rings: list[Ring]) -> None:
        self.areas.append(AreaRow(len(self.areas) + 1, code, level, name, name_en, parent, rings))
