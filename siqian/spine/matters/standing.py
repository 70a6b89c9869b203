"""Where a matter stands for whoever would ask something about it: read by the verb that asks and by the page that offers."""

from siqian.spine.remit import queries as remit
from siqian.trades.tasks import queries as tasks
from siqian.trades.tasks.rules import term as term_of

from . import terms
from .models import Matter, Request, Step
from .rules import course, petition

# Steps by which somebody got it.
GIVEN = ("assigned", "reopened", "told_bad", "overturned")


def standing(row: Matter) -> course.Standing:
    """Where a matter stands for whoever would ask something about it."""
    given = Step.objects.filter(matter=row, kind__in=GIVEN).order_by("-at", "-id").values_list("at", flat=True)
    ruled = list(Request.objects.filter(matter=row).values_list("kind", "state", "amount"))
    settle = next((clock for clock in tasks.clocks(f"matter:{row.id}") if clock.what == "settle" and clock.stopped is None), None)
    extended = course.extended(ruled)
    term = term_of(settle.minutes, settle.working_days) if settle else None
    return course.Standing(
        given=given.first() or row.received,
        waiting=any(state == "asked" for _, state, _ in ruled),
        returned=any(kind == "return" and state in ("granted", "denied") for kind, state, _ in ruled),
        due=settle.due if settle else None,
        bound=course.bound(term, extended) if term else 0,
        extended=extended,
        state=row.state,
        appealed=any(kind == "appeal" for kind, _, _ in ruled),
        back_until=petition.ends(given.first() or row.received, terms.term("object"))
        if petition.led_by_law(remit.kind(row.kind))
        else None,
    )
