"""What the town hears about places."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class MapChanged(Event, name="map.changed"):
    """Areas or buildings were added or redrawn. One event for the whole change."""

    district: Ref
    areas: int
    sites: int
    buildings: int


@dataclass(frozen=True)
class BuildingsMoved(Event, name="buildings.moved"):
    """Buildings lie in other building grids than before, because areas were drawn anew."""

    district: Ref
    codes: list[str]


@dataclass(frozen=True)
class UnitsLaid(Event, name="units.laid"):
    """Units of buildings were added, changed in use, or ended. One event for the whole change."""

    district: Ref
    buildings: int
    added: int
    changed: int
    ended: int
