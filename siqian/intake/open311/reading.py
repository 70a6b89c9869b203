"""Reports and their course as everybody may read them. Who told is nowhere in it; what was told in confidence is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from siqian.kernel import store
from siqian.kernel.said import said
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters, rules
from siqian.spine.matters.queries import Face, Turn
from siqian.town.places import queries as places

from ..models import Report
from .asking import Wanted

# What happened, in words that name nobody; the others are between those who work on it.
TURNS: Mapping[str, str] = {
    "accepted": said("有人签收了"),
    "phone": said("有人打过电话"),
    "visit": said("有人到现场看过"),
    "held": said("先挂起，在等"),
    "resumed": said("接着办"),
    "staged": said("答应了办好的日子"),
    "shelved": said("眼下办不了，挂账公示"),
    "taken_up": said("销账，重新开始办"),
    "closed": said("办好了"),
    "reopened": said("说没办好，换人重办"),
    "refused": said("不予受理"),
    "overturned": said("申诉成立，接着办"),
    "withdrawn": said("说事的人撤回了"),
    "remark": said("补充"),
}
# Whose own words are shown with it, personal data taken out.
WITH_WORDS = frozenset({"closed", "remark"})
ENDS = frozenset({"closed", "refused", "withdrawn"})


@dataclass(frozen=True)
class Shown:
    """A report and how it stands. face: of the matter that it became; none of a trial."""

    id: int
    service: str
    text: str
    lat: float | None
    lon: float | None
    address: str
    address_id: str
    media_url: str
    photos: tuple[str, ...]
    at: datetime
    face: Face | None

    @property
    def is_open(self) -> bool:
        return self.face is None or not self.face.over

    @property
    def updated(self) -> datetime:
        return self.face.updated if self.face else self.at

    @property
    def notes(self) -> str:
        """Why it stands as it does: the words of its closing."""
        return learn.redact(self.face.said) if self.face and self.face.over else ""


@dataclass(frozen=True)
class Update:
    """One step of a report's course. status: open or closed, as it was after it."""

    id: str
    report: int
    is_open: bool
    at: datetime
    what: str
    text: str


def reports(wanted: Wanted, *, trial: bool) -> list[Shown]:
    """The reports that a query asks for, the newest first."""
    found = _public(trial)
    if wanted.ids is not None:
        found = found.filter(id__in=wanted.ids)
    else:
        if wanted.services:
            found = found.filter(service__in=wanted.services)
        found = found.filter(at__gte=wanted.since, at__lte=wanted.until)
        if len(set(wanted.states)) == 1:
            working = Q(telling__matter__state__in=rules.OPEN) | Q(telling=None)
            found = found.filter(working) if wanted.states[0] == "open" else found.exclude(working)
    start = (wanted.page - 1) * wanted.size
    return _shown(found.order_by("-at", "-id")[start : start + wanted.size])


def report(id_: str, *, trial: bool) -> Shown | None:
    """One report by its number."""
    found = _shown(_public(trial).filter(id=int(id_))) if id_.isdecimal() and len(id_) < 19 else []
    return found[0] if found else None


def by_token(token: str, *, trial: bool) -> int | None:
    """The number that a token stands for."""
    with store.reading_all():
        return _public(trial).filter(token=token).values_list("id", flat=True).first() if token else None


def updates(*, trial: bool, since: datetime | None, until: datetime | None, ids: Sequence[int] | None, most: int) -> list[Update]:
    """What happened to reports, the oldest first: to these, or to all that were told in the ninety days before."""
    with store.reading_all():
        rows = _public(trial)
        rows = rows.filter(id__in=ids) if ids is not None else rows.filter(at__lte=until) if until else rows
        told = list(rows.order_by("-id").values_list("id", "telling__matter", "system", "remarks")[: 10 * most])
    if trial:
        return _trial_updates(told, since, until)[:most]
    by_matter: dict[int, list[tuple[int, str]]] = {}
    for id_, matter, system, _ in told:
        by_matter.setdefault(matter, []).append((id_, system))
    found = []
    for turn in matters.turns(by_matter, TURNS, since=since, until=until, most=most):
        # What other tellers add is between them and who works on it.
        found += [_update(turn, id_) for id_, system in by_matter[turn.matter] if turn.kind != "remark" or turn.by == f"system:{system}"]
    return found[:most]


def photo(id_: str, number: int, *, trial: bool) -> str | None:
    """The hash of a report's photo, counted from 1."""
    shown = report(id_, trial=trial)
    return shown.photos[number - 1] if shown and 1 <= number <= len(shown.photos) else None


def _public(trial: bool) -> QuerySet[Report]:
    told = Report.objects.filter(trial=trial)
    return told if trial else told.filter(telling__matter__discreet=False)


def _shown(rows: QuerySet[Report]) -> list[Shown]:
    with store.reading_all():
        found = list(rows.select_related("telling"))
    faces = matters.faces({row.telling.matter_id for row in found if row.telling})
    return [_one(row, faces.get(row.telling.matter_id) if row.telling else None) for row in found]


def _one(row: Report, face: Face | None) -> Shown:
    # Whoever names a house of the register need not say where it is.
    house = places.at_building(row.address_id) if row.address_id else None
    lat, lon = (row.lat, row.lon) if row.lat is not None or house is None else (house.lat, house.lon)
    words = row.address or (house.words if house else "")
    return Shown(row.id, row.service, row.text, lat, lon, words, row.address_id, row.media_url, tuple(row.photos), row.at, face)


def _update(turn: Turn, report: int) -> Update:
    text = learn.redact(turn.text) if turn.kind in WITH_WORDS else ""
    return Update(f"{report}-{turn.id}", report, turn.kind not in ENDS, turn.at, turn.kind, text)


def _trial_updates(told: Sequence[tuple[int, int, str, list[list[str]]]], since: datetime | None, until: datetime | None) -> list[Update]:
    found = [
        Update(f"{id_}-t{number}", id_, True, datetime.fromisoformat(at), "remark", text)
        for id_, _, _, remarks in reversed(told)
        for number, (text, at) in enumerate(remarks, start=1)
    ]
    return [one for one in found if (since is None or one.at >= since) and (until is None or one.at <= until)]
