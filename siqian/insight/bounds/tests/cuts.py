"""Where areas of the small town are cut."""

from siqian.testing import SOUTH, STEP, WEST


def at(x, y):
    """A place by building grids: (0, 0) is the south-western corner of 榕荫."""
    return round(WEST + STEP * x, 6), round(SOUTH + STEP * y, 6)


# Between 松涛苑3栋 and 4栋, which stand in one building grid.
BETWEEN = (at(-0.1, 1.3), at(1.1, 1.3))
