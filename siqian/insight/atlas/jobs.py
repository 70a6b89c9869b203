"""Timed work: the tiles follow the map."""

import logging
from datetime import datetime

from siqian.town.places import queries as places

from . import cutting

LOG = logging.getLogger("siqian.atlas")


def cut_what_was_redrawn(*, at: datetime) -> bool:
    """Cut the tiles anew when the map has another epoch; gives whether it did. When it fails the old ones stay, and the log says why."""
    number = places.epoch()
    if not number:
        return False
    try:
        return cutting.cut(str(number))
    except (cutting.NotCut, OSError) as error:
        LOG.warning("The tiles of the map could not be cut: %s", error)
        return False
