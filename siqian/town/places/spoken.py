"""What a message says about places, by the district's own register and map."""

from collections.abc import Sequence

from siqian.kernel import epochs

from . import index, naming
from .held import Held, cells
from .naming import Named as Named, Said as Said, kept as kept, settled as settled


def said(text: str, *, near: str = "", home: str = "") -> Said:
    """Every place that a text names and which is meant; near: a community's code, home: a building's."""
    held = _held()
    return naming.understand(text, held.register, held.communities, near=near, home=home)


def around(buildings: Sequence[str]) -> tuple[str, int] | None:
    """(code of the smallest area that holds these buildings and what is beside them, over how many grids that spreads); None of none."""
    held = _held()
    houses = [held.buildings[code] for code in buildings if code in held.buildings]
    if not houses:
        return None
    map_ = index.at_epoch(epochs.current("map"), cells)
    beside = map_.cells(
        [house.lon + east for house in houses for east, _ in naming.BESIDES],
        [house.lat + north for house in houses for _, north in naming.BESIDES],
    )
    return held.holding({house.area for house in houses} | (set(beside.tolist()) - {0}))


def _held() -> Held:
    return epochs.held("places", Held, of=("map",))
