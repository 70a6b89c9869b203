"""How the outside systems stand: when each was last heard, how late it comes, what was refused, what could not be told back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Max, Q

from siqian.kernel import vault
from siqian.kernel.permits import Actor, NotFound, Refusal, may, must
from siqian.spine.matters import queries as matters

from .models import Arrival, Key, Letter, Outage, Reply, Report
from .systems.listed import System, systems, thing

DAY, LAGGED, SHOWN = timedelta(days=1), 20, 100
NO_SYSTEM = Refusal("没有登记这个系统", field="system")


@dataclass(frozen=True)
class Standing:
    """One system now. lag: seconds between its sending and our receipt, the median of its last twenty; silent: since when it is missed."""

    system: System
    last: datetime | None
    lag: int | None
    day: int
    refused: int
    dead: int
    waiting: int
    keys: int
    silent: datetime | None
    url: str

    @property
    def state(self) -> str:
        """Which of the signs it gets: silent, faulty, well, or new when nothing ever came."""
        if self.silent:
            return "silent"
        if self.refused or self.dead:
            return "faulty"
        return "well" if self.last else "new"


@dataclass(frozen=True)
class ArrivalLine:
    id: int
    external: str
    outcome: str
    why: str
    values: dict[str, str]
    at: datetime
    sent: datetime | None
    number: str
    times: int


@dataclass(frozen=True)
class LetterLine:
    id: int
    external: str
    event: str
    number: str
    state: str
    at: datetime
    sent: datetime | None
    tries: int
    fault: str


def letters_wait(at: datetime) -> bool:
    """Whether any letter is due now."""
    return Letter.objects.filter(state="waiting", due__lte=at).exists()


def may_read(seen_by: Actor) -> bool:
    return may(seen_by, "read", thing()) is None


def verbs(seen_by: Actor) -> frozenset[str]:
    """What somebody may do with systems."""
    return frozenset(verb for verb in ("read", "mend", "admit") if may(seen_by, verb, thing()) is None)


def troubles(*, seen_by: Actor) -> int:
    """How many systems are silent or have something that was refused or could not be sent; 0 for whom it does not concern."""
    if not may_read(seen_by):
        return 0
    silent = set(Outage.objects.filter(ended=None).values_list("system", flat=True))
    faulty = set(Arrival.objects.filter(outcome="refused").values_list("system", flat=True).distinct())
    return len(silent | faulty | set(Letter.objects.filter(state="dead").values_list("system", flat=True).distinct()))


def standings(*, seen_by: Actor, at: datetime) -> list[Standing]:
    """Every system, those in trouble first, then as they stand in the list."""
    must(seen_by, "read", thing())
    known = _counts(at)
    rows = [_standing(row, known, at) for row in systems().values()]
    order = {"silent": 0, "faulty": 1, "well": 2, "new": 3}
    return sorted(rows, key=lambda row: order[row.state])


def standing(code: str, *, seen_by: Actor, at: datetime) -> Standing:
    """One system."""
    must(seen_by, "read", thing())
    row = systems().get(code)
    if row is None:
        raise NotFound(NO_SYSTEM)
    return _standing(row, _counts(at), at)


def arrivals(code: str, *, seen_by: Actor) -> list[ArrivalLine]:
    """What came from a system, what was refused first, then the newest; the matter's number only, its words are for whom it concerns."""
    must(seen_by, "read", thing())
    refused = Arrival.objects.filter(system=code, outcome="refused").order_by("-at")[:SHOWN]
    others = Arrival.objects.filter(system=code).exclude(outcome="refused").order_by("-id")[:SHOWN]
    rows = [*refused, *others]
    numbers = matters.numbers_told([row.telling_id for row in rows if row.telling_id])
    return [
        ArrivalLine(
            row.id,
            row.external,
            row.outcome,
            row.why,
            row.values,
            row.at,
            row.sent,
            numbers.get(row.telling_id or 0, ""),
            row.times,
        )
        for row in rows
    ]


def letters(code: str, *, seen_by: Actor) -> list[LetterLine]:
    """What was told back to a system, what could not be sent first, then the newest."""
    must(seen_by, "read", thing())
    rows = [
        *Letter.objects.filter(system=code, state="dead").order_by("-id")[:SHOWN],
        *Letter.objects.filter(system=code).exclude(state="dead").order_by("-id")[:SHOWN],
    ]
    return [
        LetterLine(row.id, row.external, row.event, str(row.body["data"]["number"]), row.state, row.at, row.sent, row.tries, row.fault)
        for row in rows
    ]


def refused_text(arrival: int, *, seen_by: Actor) -> str:
    """What was refused, as it came; only for who mends it."""
    must(seen_by, "mend", thing())
    row = Arrival.objects.filter(id=arrival, outcome="refused").first()
    if row is None:
        raise NotFound(NO_SYSTEM)
    return vault.unseal(f"arrivals:{row.system}", row.sealed)


def refused_of(code: str, *, seen_by: Actor) -> list[int]:
    """The numbers of everything of a system that was refused, the oldest first."""
    must(seen_by, "mend", thing())
    return list(Arrival.objects.filter(system=code, outcome="refused").order_by("id").values_list("id", flat=True)[:SHOWN])


def _counts(at: datetime) -> Mapping[str, Mapping[str, Any]]:
    came = Arrival.objects.values_list("system")
    last = dict(came.annotate(Max("at")))
    for system, when in Report.objects.filter(trial=False).values_list("system").annotate(Max("at")):
        last[system] = max(when, last.get(system, when))
    day = dict(came.filter(at__gt=at - DAY).exclude(outcome="refused").annotate(Count("id")))
    for system, count in Report.objects.filter(trial=False, at__gt=at - DAY).values_list("system").annotate(Count("id")):
        day[system] = day.get(system, 0) + count
    told = Letter.objects.values_list("system").annotate(
        dead=Count("id", filter=Q(state="dead")), waits=Count("id", filter=Q(state="waiting"))
    )
    return {
        "last": last,
        "day": day,
        "refused": dict(came.filter(outcome="refused").annotate(Count("id"))),
        "letters": {system: counts for system, *counts in told},
        "keys": dict(Key.objects.filter(ended=None).values_list("system").annotate(Count("id"))),
        "silent": dict(Outage.objects.filter(ended=None).values_list("system", "since")),
        "urls": dict(Reply.objects.values_list("system", "url")),
    }


def _standing(row: System, known: Mapping[str, Mapping[str, Any]], at: datetime) -> Standing:
    of = {name: found.get(row.code) for name, found in known.items()}
    dead, waits = of["letters"] or (0, 0)
    newest = Arrival.objects.filter(system=row.code, sent__isnull=False).order_by("-id").values_list("at", "sent")
    lags = [(came - sent).total_seconds() for came, sent in newest[:LAGGED]] if of["last"] else []
    lag = int(median(lags)) if lags else None
    counts = (of["day"] or 0, of["refused"] or 0, dead, waits, of["keys"] or 0)
    return Standing(row, of["last"], lag, *counts, of["silent"], of["urls"] or "")
