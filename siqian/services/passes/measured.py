"""What is known of incidents and of opened names: for the courier, for those who decide, for the weekly review. Values only."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel import store
from siqian.kernel.permits import Actor, Thing, may

from .models import Opening, Trouble

SHOWN = 60


@dataclass(frozen=True)
class TroubleLine:
    """An incident. name: the courier, masked; steps: what the actor may do now."""

    id: int
    compound: str
    compound_en: str
    name: str
    klass: str
    what: str
    happened: datetime
    state: str
    reported: datetime
    heard: str
    outcome: str
    reason: str
    until: datetime | None
    decided: datetime | None
    decided_name: str
    appeal: str
    ruling: str
    ruled_why: str
    ruled_name: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class OpeningLine:
    id: int
    code: str
    case: str
    why: str
    asked_name: str
    asked: datetime
    confirmed_name: str
    until: datetime | None
    looks: int
    told: datetime | None
    reviewed: datetime | None
    may_confirm: bool
    may_look: bool
    may_review: bool


def troubles(*, seen_by: Actor, at: datetime) -> list[TroubleLine]:
    """Incidents that the actor decides, or that are about them; what is open first."""
    with store.reading_all():
        rows = list(Trouble.objects.select_related("compound", "courier").order_by("-id")[: SHOWN * 10])
    seen = [row for row in rows if may(seen_by, "read", _thing(row)) is None][:SHOWN]
    rank = {"appealed": 0, "heard": 1, "told": 2, "decided": 3, "closed": 4}
    return [_line(row, seen_by) for row in sorted(seen, key=lambda row: (rank[row.state], -row.id))]


def opens(actor: Actor) -> bool:
    """Whether the actor may open real names, with a second person."""
    return any(may(actor, "ask", Thing("opening", area=grant.area)) is None for grant in actor.grants if grant.area.count("/") <= 2)


def openings(*, seen_by: Actor, at: datetime) -> list[OpeningLine]:
    """Names that were asked for, the newest first: for whoever may open, and for the weekly review."""
    with store.reading_all():
        rows = list(Opening.objects.select_related("courier").order_by("-id")[:SHOWN])
    return [_opening(row, seen_by, at) for row in rows if may(seen_by, "read", Thing("opening", area=row.courier.path)) is None]


def _thing(row: Trouble) -> Thing:
    return Thing("trouble", f"courier:{row.courier_id}", area=row.path)


def _line(row: Trouble, actor: Actor) -> TroubleLine:
    steps = {"told": ("hear", "decide"), "heard": ("decide",), "decided": ("appeal",), "appealed": ("rule",)}.get(row.state, ())
    mine = tuple(step for step in steps if may(actor, step, _thing(row)) is None and not (step == "rule" and actor.ref == row.decided_by))
    head = (row.id, row.compound.name, row.compound.name_en, row.courier.name, row.courier.klass, row.what, row.happened, row.state)
    middle = (row.reported, row.heard, row.outcome, row.reason, row.until, row.decided, row.decided_name)
    return TroubleLine(*head, *middle, row.appeal, row.ruling, row.ruled_why, row.ruled_name, mine)


def _opening(row: Opening, actor: Actor, at: datetime) -> OpeningLine:
    thing = Thing("opening", area=row.courier.path)
    open_ = row.until is not None and at <= row.until
    rights = (
        not row.confirmed_by and actor.ref != row.asked_by and may(actor, "confirm", thing) is None,
        open_ and actor.ref in (row.asked_by, row.confirmed_by),
        row.reviewed is None and may(actor, "review", thing) is None,
    )
    head = (row.id, row.courier.code, row.case, row.why, row.asked_name, row.asked, row.confirmed_name)
    return OpeningLine(*head, row.until, row.looks, row.told, row.reviewed, *rights)
