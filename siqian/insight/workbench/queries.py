"""What others may ask of the workbench: a dry run of an edition, filters that were kept, hand-overs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from siqian.kernel.permits import Actor
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit

from . import rules
from .manning import reach
from .rules import Listing, Moved
from .shifts import filters, handover, lately, next_due, next_on, open_on, waiting

__all__ = ["dry_run", "filters", "handover", "lately", "next_due", "next_on", "open_on", "reach", "waiting"]
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class DryRun:
    """How many matters were asked again, how many would go elsewhere by what differs, and the newest of those."""

    asked: int
    moved: int
    counts: dict[str, int]
    shown: list[Moved]
    capped: bool


def dry_run(edition: int, *, seen_by: Actor, at: datetime, most: int = rules.MOST) -> DryRun:
    """Which of the last thirty days' matters would go to another item, unit or term under an edition."""
    view = remit.edition(edition, seen_by=seen_by)
    day = view.line.effective
    items, table = remit.with_edition(view.made)
    # As the list stands on that day without it: what others put in force meanwhile is none of its doing.
    was = _listing(remit.items(day), remit.rule_table(day))
    told = matters.told(at - MONTH, at, seen_by=seen_by, most=most)
    moved = rules.rehearse(told, was, _listing(items, table), remit.kinds())
    counts = Counter(name for one in moved for name in one.differs)
    return DryRun(len(told), len(moved), {name: counts[name] for name in ("item", "unit", "term")}, moved[: rules.SHOWN], len(told) == most)


def _listing(items, table) -> Listing:  # type: ignore[no-untyped-def]
    reader = learn.reader_of(items)
    unsure = remit.unsure().code
    return Listing(items, table.values(), lambda text: reader.understand(text).item or unsure)
