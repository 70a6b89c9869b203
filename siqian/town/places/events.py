"""What the town hears about places."""

from dataclasses import dataclass
from datetime import date

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
class AreasMoved(Event, name="areas.moved"):
    """Areas lie below others than before, or ended. paths: where they lay -> where they lie, or what took them in."""

    district: Ref
    paths: dict[str, str]


@dataclass(frozen=True)
class DrawingPlanned(Event, name="drawing.planned"):
    """Areas were brought in that are to come into force on a later day."""

    drawing: Ref
    day: date
    areas: int


@dataclass(frozen=True)
class DrawingWithdrawn(Event, name="drawing.withdrawn"):
    drawing: Ref
    day: date


@dataclass(frozen=True)
class DrawingDone(Event, name="drawing.done"):
    """A planned drawing came into force."""

    drawing: Ref
    day: date
    changed: int
    added: int


@dataclass(frozen=True)
class DrawingRefused(Event, name="drawing.refused"):
    """A planned drawing did not fit the map of its day: so many faults, and nothing was changed."""

    drawing: Ref
    day: date
    faults: int


@dataclass(frozen=True)
class UnitsLaid(Event, name="units.laid"):
    """Units of buildings were added, changed in use, or ended. One event for the whole change."""

    district: Ref
    buildings: int
    added: int
    changed: int
    ended: int
