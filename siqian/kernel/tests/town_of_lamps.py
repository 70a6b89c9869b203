"""Events of a lamp, for tests of what the kernel does with any event."""

from dataclasses import dataclass

from siqian.kernel import links
from siqian.kernel.journal import Event, record, verb
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine


@dataclass(frozen=True)
class LampLit(Event, name="lamp.lit"):
    lamp: str
    watts: int = 40


@verb
def light(*, lamp, watts=40, by=OFFICE, at=monday_nine):
    """Light a lamp: one row and one event."""
    links.tie(lamp, "lit", f"watts:{watts}", at=at)
    record(LampLit(lamp, watts), by=by, at=at)


def act():
    return {"by": OFFICE, "at": monday_nine}
