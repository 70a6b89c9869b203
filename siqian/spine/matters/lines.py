"""What others see of a matter: values, never rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from siqian.kernel.permits import UNKNOWN, Refusal
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import Legal
from siqian.town.people import queries as people
from siqian.trades.tasks import queries as tasks
from siqian.trades.tasks.rules import term as term_of

from . import rules
from .registers import Asking


@dataclass(frozen=True)
class SpokenFor:
    """For whom a telling was made, and what the teller is to them. Masked."""

    relation: str
    name: str
    phone: str


@dataclass(frozen=True)
class TellingView:
    id: int
    channel: str
    text: str
    at: datetime
    how: str
    understood: dict[str, Any]
    photos: tuple[str, ...]
    name: str
    phone: str
    named: bool
    mine: bool
    speaks_for: SpokenFor | None = None


@dataclass(frozen=True)
class StepView:
    id: int
    kind: str
    public: bool
    text: str
    values: dict[str, Any]
    photos: tuple[str, ...]
    by: str
    by_name: str
    at: datetime
    mine: bool


@dataclass(frozen=True)
class MatterLine:
    """A matter in a list."""

    id: int
    number: str
    state: str
    kind: str
    item: str
    title: str
    place: str
    received: datetime
    closed: datetime | None
    post: str
    tellings: int
    rating: str
    unsure: bool
    unplaced: str
    urgent: bool
    path: str
    guesses: tuple[tuple[str, float], ...]
    candidates: tuple[str, ...]
    ended: str = ""
    archived: datetime | None = None
    whole: int | None = None

    @property
    def became(self) -> str:
        """Its state, or of what lies in the archive the one in which it ended."""
        return self.ended or self.state

    @property
    def kept_until(self) -> int:
        """The year at whose end the archive need not keep it any longer; 0 while it is not there."""
        return rules.kept_until(self.archived, remit.kind(self.kind)) if self.archived else 0

    @property
    def is_part(self) -> bool:
        return self.whole is not None

    @property
    def is_over(self) -> bool:
        """Nobody owes anything about it any more."""
        return self.state in rules.ENDED

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


@dataclass(frozen=True)
class MatterView:
    """A whole matter as one person may see it."""

    line: MatterLine
    unit: str
    reopened: int
    building: str
    tellings: tuple[TellingView, ...]
    steps: tuple[StepView, ...]
    clocks: tuple[tasks.Clock, ...]
    keeper: people.Card | None
    respond: tasks.Clock | None
    settle: tasks.Clock | None
    verbs: frozenset[str]
    asks: frozenset[str]
    before: int
    offers: dict[str, Refusal | None]
    asked: tuple[Asking, ...]
    still: tasks.Still | None
    upstream: datetime | None = None
    recused: tuple[str, ...] = ()

    @property
    def legal(self) -> list[tuple[Legal, date]]:
        """The terms that the law gives, each with its last day."""
        return [(row, rules.legal_day(row, self.line.received)) for row in remit.legal(self.line.item, self.line.kind)]

    @property
    def others(self) -> int:
        """Neighbours who wait for the same thing."""
        return max(0, self.line.tellings - 1)

    @property
    def refused(self) -> list[tuple[str, Refusal]]:
        """What this actor's post does, but not now, and why."""
        return [(verb, why) for verb, why in self.offers.items() if why not in (None, UNKNOWN)]

    @property
    def others_do(self) -> list[str]:
        """What other posts do."""
        return [verb for verb, why in self.offers.items() if why is UNKNOWN]

    @property
    def longer(self) -> tuple[int, bool]:
        """(by how much the settling clock may still be extended, whether in working days rather than hours)."""
        settle = self.settle
        extended = rules.course.extended((asking.kind, asking.state, asking.amount) for asking in self.asked)
        term = term_of(settle.minutes, settle.working_days) if settle else None
        return (rules.course.bound(term, extended) - extended, term.working) if term else (0, False)

    @property
    def stage(self) -> tasks.Clock | None:
        """The day that the stage answer named."""
        return next((clock for clock in reversed(self.clocks) if clock.what == "stage" and clock.stopped is None), None)

    @property
    def waiting(self) -> Asking | None:
        """What waits for a ruling."""
        return next((asking for asking in self.asked if asking.state == "asked"), None)

    @property
    def step(self) -> int:
        """Which of the five: told, handed over, answered, settled, rated."""
        if self.line.state in rules.ENDED:
            return 5
        if self.line.state == "closed":
            return 5
        if self.respond is not None and self.respond.stopped:
            return 4
        return 3 if self.line.state == "accepted" else 2

    @property
    def stitches(self) -> list[str]:
        """Five stitches: "" done, "now", "next"."""
        if self.line.state in rules.ENDED:
            return [""] * 5
        return [""] * (self.step - 1) + ["now"] + ["next"] * (5 - self.step)
