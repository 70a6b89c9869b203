"""Timed work of passes: keys turned over, passes that ended forgotten, visits erased after their term."""

from datetime import datetime

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE

from . import actions

_swept: list[tuple[int, int]] = []


def tidy(*, at: datetime) -> int:
    """Once an hour: sweep, erase, rotate; gives how many rows went. Safe to run as often as one likes."""
    hour = (local(at).toordinal(), local(at).hour)
    if _swept and _swept[-1] == hour:
        return 0
    _swept[:] = [hour]
    actions.rotate(by=OFFICE, at=at)
    actions.tell_opened(by=OFFICE, at=at)
    return actions.sweep(by=OFFICE, at=at) + actions.erase_old(by=OFFICE, at=at)
