"""The archive as it is read: volumes with their registers, what ran out, what is to be destroyed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from siqian.kernel import store
from siqian.kernel.clock import local
from siqian.kernel.permits import Actor, NotFound, Refusal, may, must

from .. import rules
from ..catalogued import issuer, kinds
from ..models import Content, Disposal, Filing, Listed, Paper, Volume
from ..rules import archive


@dataclass(frozen=True)
class VolumeLine:
    id: int
    number: str
    issuer: str
    issuer_en: str
    year: int
    retention: str
    papers: int
    digest: str
    by_name: str
    at: datetime
    until: date | None


@dataclass(frozen=True)
class Registered:
    """A line of a volume's register. destroyed: only this line is left."""

    place: int
    paper: int
    number: str
    zh: str
    en: str
    issued: datetime | None
    sha256: str
    destroyed: bool


@dataclass(frozen=True)
class ListLine:
    """A list of what may be destroyed, with its papers; why_not: why this viewer may not rule on it."""

    id: int
    number: str
    state: str
    papers: int
    why: str
    by_name: str
    at: datetime
    ruled_name: str
    ruled_at: datetime | None
    ruling: str
    numbers: tuple[str, ...]
    why_not: Refusal | None


@dataclass(frozen=True)
class Due:
    """How many papers of a year wait: settled ones for binding, or all that are not settled yet."""

    year: int
    ready: int
    open: int


def volumes(path: str, *, year: int = 0, seen_by: Actor) -> tuple[list[int], list[VolumeLine]]:
    """(years that have volumes, the newest first; the volumes of a year, or of the newest) of issuers below an area."""
    must(seen_by, "read", rules.thing(path, "", ()))
    rows = Volume.objects.filter(issuer_path__startswith=path)
    years = sorted(set(rows.values_list("year", flat=True).distinct()), reverse=True)
    of_year = rows.filter(year=year or (years[0] if years else 0)).order_by("issuer_path", "retention", "id")
    return years, [_volume(row) for row in of_year[:2000]]


def volume(number: str, *, seen_by: Actor) -> tuple[VolumeLine, list[Registered]]:
    """A volume with its register (卷内目录)."""
    row = Volume.objects.filter(number=number).first()
    if row is None or may(seen_by, "read", rules.thing(row.issuer_path, "", ())) is not None:
        raise NotFound(rules.NO_SUCH)
    with store.reading(seen_by):
        filed = list(Filing.objects.select_related("paper").filter(volume=row).order_by("place"))
        shas = dict(Content.objects.filter(paper__in=[filing.paper_id for filing in filed]).values_list("paper_id", "sha256"))
    return _volume(row), [_registered(filing, shas.get(filing.paper_id, "")) for filing in filed]


def unfiled(path: str, *, seen_by: Actor, at: datetime) -> list[Due]:
    """Years that are over and have papers that are not bound yet."""
    must(seen_by, "read", rules.thing(path, "", ()))
    with store.reading(seen_by):
        rows = Paper.objects.filter(state="issued", issuer_path__startswith=path, year__lt=local(at).year)
        counts = list(rows.order_by().values_list("year").annotate(all=Count("id"), ready=Count("settled")))
    return [Due(year, ready, all_ - ready) for year, all_, ready in sorted(counts, reverse=True)]


def due(path: str, *, seen_by: Actor, at: datetime) -> int:
    """How many bound papers have been kept as long as they must be."""
    must(seen_by, "read", rules.thing(path, "", ()))
    today = local(at).date()
    with store.reading(seen_by):
        rows = Paper.objects.filter(state="filed", issuer_path__startswith=path, retention__in=archive.ENDING)
        counts = list(rows.order_by().values_list("year", "retention").annotate(count=Count("id")))
    return sum(count for year, retention, count in counts if archive.is_over(year, retention, today))


def disposals(path: str, *, seen_by: Actor) -> list[ListLine]:
    """Lists of what may be destroyed, those that wait on top."""
    must(seen_by, "read", rules.thing(path, "", ()))
    rows = sorted(Disposal.objects.filter(area_path__startswith=path).order_by("-id")[:60], key=lambda row: row.state != "asked")
    return [_list(row, seen_by) for row in rows]


def may_file(path: str, *, seen_by: Actor) -> bool:
    """Whether this actor binds what is settled below an area."""
    return may(seen_by, "file", rules.thing(path, "", ())) is None


def may_propose(path: str, *, seen_by: Actor) -> bool:
    """Whether this actor lists what may be destroyed."""
    return may(seen_by, "propose", rules.thing(path, "", ())) is None


def _volume(row: Volume) -> VolumeLine:
    _code, _path, name, name_en, _word = issuer(row.issuer_path, "community")
    until = archive.until(row.year, row.retention)
    return VolumeLine(row.id, row.number, name, name_en, row.year, row.retention, row.papers, row.digest, row.by_name, row.at, until)


def _registered(filing: Filing, sha256: str) -> Registered:
    row, meant = filing.paper, kinds().get(filing.paper.kind)
    zh, en = (meant.zh, meant.en) if meant else (row.kind, row.kind)
    return Registered(filing.place, row.id, row.number, zh, en, row.issued, sha256, row.state == "destroyed")


def _list(row: Disposal, seen_by: Actor) -> ListLine:
    with store.reading(seen_by):
        numbers = tuple(Listed.objects.filter(disposal=row).order_by("id").values_list("paper__number", flat=True)[:500])
    why_not = may(seen_by, "destroy", rules.thing(row.area_path, "", ())) or (rules.OWN_LIST if row.by == seen_by.ref else None)
    said = (row.why, row.by_name, row.at, row.ruled_name, row.ruled_at, row.ruling)
    return ListLine(row.id, row.number, row.state, row.papers, *said, numbers, why_not)
