"""What is counted of matters, as data: each measure says whom it is counted over and who of them counts. Pure.

A matter's week is a set of marks. Everything is counted in the week in which it was received (volume, repeats, returns) or in
which its promise fell due (clocks, ratings): then all of it is known, and every matter counts once for each of its promises.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, auto
from statistics import median

CLOCKS = ("assign", "accept", "respond", "settle", "rate")
# The same thing at the same place again so soon after it was closed: it was not settled for good.
AGAIN_WITHIN = timedelta(days=30)
# Closed, and not good after all within so long: the closing did not keep the promise.
BOUNCED_WITHIN = timedelta(hours=24)


class Mark(IntEnum):
    """One thing that is true of a matter in a week: one bit. Together they are a plain number, the quickest set there is."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:
        return 1 << count

    RECEIVED = auto()
    WITHDRAWN = auto()
    LEFT_OUT = auto()
    ASSIGN = auto()
    ASSIGN_LATE = auto()
    ACCEPT = auto()
    ACCEPT_LATE = auto()
    RESPOND = auto()
    RESPOND_LATE = auto()
    SETTLE = auto()
    SETTLE_LATE = auto()
    RATE = auto()
    RATED = auto()
    GOOD = auto()
    REACHED = auto()
    TOLD_GOOD = auto()
    SILENT = auto()
    REOPENED = auto()
    REPEAT = auto()
    RETURNED = auto()
    EXTENDED = auto()
    SHELVED = auto()
    BOUNCED = auto()
    JOINED = auto()
    RECLASSED = auto()
    HELD = auto()
    UNSPOKEN = auto()
    SELF_RATED = auto()
    UNWEIGHED = auto()
    REFUSED = auto()


NONE = 0


@dataclass(frozen=True)
class Measure:
    """`part` of `whole`: whole has all of `over` and none of `but`; the part also all of `has` and none of `lacks`.

    better: whether more or fewer is better, or neither; gaming: whether it watches over the other measures.
    """

    code: str
    over: int
    has: int = NONE
    lacks: int = NONE
    but: int = NONE
    better: str = ""
    gaming: bool = False

    def counts(self, marks: int) -> bool:
        """Whether such a matter stands in the denominator."""
        return marks & self.over == self.over and not marks & self.but

    def hits(self, marks: int) -> bool:
        """Whether such a matter stands in the numerator."""
        return self.counts(marks) and marks & self.has == self.has and not marks & self.lacks


OUT = Mark.LEFT_OUT
_ALL = (
    Measure("volume", Mark.RECEIVED),
    Measure("assign", Mark.ASSIGN, lacks=Mark.ASSIGN_LATE, but=OUT, better="more"),
    Measure("accept", Mark.ACCEPT, lacks=Mark.ACCEPT_LATE, but=OUT, better="more"),
    Measure("respond", Mark.RESPOND, lacks=Mark.RESPOND_LATE, but=OUT, better="more"),
    # What was closed and soon reopened had not been settled: closing early does not pay.
    Measure("settle", Mark.SETTLE, lacks=Mark.SETTLE_LATE | Mark.BOUNCED, but=OUT, better="more"),
    # Who handled a thing does not also say that it was good; who says nothing is not satisfied; of some kinds nobody is asked to be.
    Measure("satisfied", Mark.RATED, has=Mark.GOOD, but=OUT | Mark.SELF_RATED | Mark.UNWEIGHED, better="more"),
    Measure("told", Mark.REACHED, has=Mark.TOLD_GOOD, but=OUT | Mark.UNWEIGHED, better="more"),
    Measure("silent", Mark.RATE, has=Mark.SILENT),
    Measure("reopened", Mark.RATE, has=Mark.REOPENED, better="fewer"),
    Measure("repeat", Mark.RECEIVED, has=Mark.REPEAT, better="fewer"),
    Measure("returned", Mark.RECEIVED, has=Mark.RETURNED, better="fewer"),
    Measure("extended", Mark.SETTLE, has=Mark.EXTENDED, better="fewer"),
    Measure("shelved", Mark.SETTLE, has=Mark.SHELVED, better="fewer"),
    Measure("refused", Mark.RECEIVED, has=Mark.REFUSED, better="fewer"),
    Measure("withdrawn", Mark.RECEIVED, has=Mark.WITHDRAWN),
    Measure("left_out", OUT),
    Measure("bounced", Mark.SETTLE, has=Mark.BOUNCED, better="fewer", gaming=True),
    Measure("joined", Mark.SETTLE, has=Mark.JOINED, better="fewer", gaming=True),
    Measure("reclassed", Mark.SETTLE, has=Mark.RECLASSED, better="fewer", gaming=True),
    Measure("held", Mark.SETTLE, has=Mark.HELD, better="fewer", gaming=True),
    Measure("unspoken", Mark.SETTLE, has=Mark.UNSPOKEN, better="fewer", gaming=True),
    Measure("self_rated", Mark.RATED, has=Mark.SELF_RATED, better="fewer", gaming=True),
)
MEASURES: Mapping[str, Measure] = {measure.code: measure for measure in _ALL}
GAMING = tuple(measure.code for measure in _ALL if measure.gaming)


@dataclass(frozen=True, slots=True)
class Fact:
    """One matter in one week. contact and settle: minutes until somebody spoke with the teller, until it was closed."""

    matter: int
    grid: int
    path: str
    unit: str
    item: str
    marks: int
    contact: int | None = None
    settle: int | None = None


@dataclass(frozen=True)
class Figures:
    """counts: measure -> (part, whole); medians in minutes; apart: how many matters the medians are of."""

    counts: dict[str, tuple[int, int]]
    contact: int | None = None
    settle: int | None = None
    apart: dict[str, int] = field(default_factory=dict)


def figures(facts: Iterable[Fact], by: Callable[[Fact], str]) -> dict[str, Figures]:
    """Every measure for each key that `by` gives, in one pass."""
    facts = list(facts)
    keys = [by(fact) for fact in facts]
    marks: dict[str, Counter[int]] = {}
    for (key, kind), count in Counter(zip(keys, (fact.marks for fact in facts), strict=True)).items():
        marks.setdefault(key, Counter())[kind] = count
    contacts = _minutes(keys, (fact.contact for fact in facts))
    settles = _minutes(keys, (fact.settle for fact in facts))
    return {key: _figures(counted, contacts.get(key, []), settles.get(key, [])) for key, counted in marks.items()}


def _minutes(keys: Iterable[str], spans: Iterable[int | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, minutes in zip(keys, spans, strict=True):
        if minutes is not None:
            found.setdefault(key, []).append(minutes)
    return found


def _figures(marks: Counter[int], contacts: list[int], settles: list[int]) -> Figures:
    counts = {code: (_sum(measure.hits, marks), _sum(measure.counts, marks)) for code, measure in MEASURES.items()}
    return Figures(counts, _median(contacts), _median(settles), {"contact": len(contacts), "settle": len(settles)})


def _sum(test: Callable[[int], bool], marks: Counter[int]) -> int:
    return sum(count for kind, count in marks.items() if test(kind))


def _median(minutes: list[int]) -> int | None:
    return round(median(minutes)) if minutes else None
