"""A plane in metres on which areas are those of the ellipsoid, to check drawings on. Pure; numpy and shapely.

Lambert's cylindrical equal-area projection of the WGS-84 ellipsoid, true to scale along a parallel of the map itself: areas are exact
anywhere, lengths within a thousandth over a district. The formulas are those of Snyder, Map Projections (USGS 1395), section 10.
"""

from typing import Any

AXIS, SQUARED = 6378137.0, 0.0066943799901413165
ONCE_MORE = 6


class Plane:
    """lat: of the middle of the map, in degrees."""

    def __init__(self, lat: float) -> None:
        import numpy as np

        sine = np.sin(np.radians(lat))
        self.scale = float(np.cos(np.radians(lat)) / np.sqrt(1 - SQUARED * sine**2))

    def flat(self, shapes: Any) -> Any:
        """Shapes in WGS-84 on the plane."""
        import numpy as np
        import shapely

        def there(at: Any) -> Any:
            return np.column_stack([AXIS * self.scale * np.radians(at[:, 0]), AXIS * _q(np.radians(at[:, 1])) / (2 * self.scale)])

        return shapely.transform(shapes, there)

    def back(self, shape: Any) -> Any:
        """A shape of the plane in WGS-84."""
        import numpy as np
        import shapely

        def there(at: Any) -> Any:
            wanted = 2 * self.scale * at[:, 1] / AXIS
            lat = np.arcsin(np.clip(wanted / 2, -1, 1))
            for _ in range(ONCE_MORE):
                lat = lat + (wanted - _q(lat)) * (1 - SQUARED * np.sin(lat) ** 2) ** 2 / (2 * (1 - SQUARED) * np.cos(lat))
            return np.column_stack([np.degrees(at[:, 0] / (AXIS * self.scale)), np.degrees(lat)])

        return shapely.transform(shape, there)


def plane_of(shapes: Any) -> Plane:
    """The plane for these shapes."""
    import numpy as np
    import shapely

    bounds = shapely.total_bounds(shapes) if len(shapes) else np.zeros(4)
    middle = float(bounds[1] + bounds[3]) / 2
    return Plane(middle if abs(middle) < 85 else 0.0)


def _q(lat: Any) -> Any:
    import numpy as np

    e, sine = np.sqrt(SQUARED), np.sin(lat)
    return (1 - SQUARED) * (sine / (1 - SQUARED * sine**2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e))
