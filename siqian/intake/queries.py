"""What others may know of the doors: how a report is read, and who acts when an outside system does."""

from siqian.kernel import store
from siqian.kernel.permits import BadInput, NotFound

from .models import Report
from .open311 import asking
from .open311.asking import Asked, Fields
from .open311.offered import services
from .reporting import system_actor
from .standing import may_read, troubles
from .systems.listed import systems
from .systems.signing import signature

__all__ = ["asked", "matter_of", "may_read", "signature", "system_actor", "systems", "troubles"]


def asked(fields: Fields) -> Asked:
    """A report through Open311 from its arguments; BadInput with the first fault."""
    service = services().get(asking.first(fields, "service_code"))
    if service is None:
        raise NotFound(asking.no_service(asking.first(fields, "service_code")))
    found, faults = asking.report(fields, service)
    for fault in faults[:1]:
        raise BadInput(fault)
    return found


def matter_of(report: int) -> int | None:
    """The matter that a report belongs to now; none of a trial."""
    with store.reading_all():
        return Report.objects.filter(id=report).values_list("telling__matter", flat=True).first()
