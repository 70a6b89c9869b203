"""What the checks of areas share: the map laid flat, a fault with its place, and the bounds below which nothing is said. Pure."""

from dataclasses import dataclass
from typing import Any

from siqian.kernel.permits import Refusal

from .drafts import AreaRow
from .plane import Plane

# Where they come from: town surveys at 1:500 are true to 5 cm (CJJ/T 8), so that what is thinner says nothing, nor does a square metre.
TOUCH_M, LEAST_M2 = 0.05, 1.0
# Area by perimeter squared: a square has 0.0625, a strip of 1:24 a hundredth. What is thinner is two drawings of one line.
THIN = 0.01
# Two areas that share so much of either are one area, drawn twice.
THE_SAME = 0.99


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row. area_m2: how much ground; lon, lat: a point of it, None where it has no place.

    shape: that ground in WGS-84; beside: codes of the areas that a picture shows with it.
    """

    row: int
    code: str
    kind: str
    why: Refusal
    repair: Refusal
    area_m2: float = 0.0
    lon: float | None = None
    lat: float | None = None
    shape: Any = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Map:
    """The map as it would be. row 0: stands already; flat: on the plane, without what is no outline or crosses itself.

    unsure: ground on the plane that may be covered by an area whose own outline is at fault; it is not called a gap on top of that.
    """

    rows: list[AreaRow]
    shapes: dict[str, Any]
    flat: dict[str, Any]
    plane: Plane
    unsure: tuple[Any, ...] = ()
