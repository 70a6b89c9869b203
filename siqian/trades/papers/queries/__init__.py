"""What others may know about papers. Every row is filtered by who looks, in Django and by the database's fence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from siqian.kernel import store, vault
from siqian.kernel.clock import TOWN
from siqian.kernel.journal import Ref
from siqian.kernel.permits import Actor, NotFound, Refusal, may
from siqian.town.places import queries as places

from .. import rules
from ..catalogued import check, issuer, kind, kinds
from ..models import Content, Correction, Filing, Paper, Reading
from ..rules import archive
from ..setting import font_fault, printed
from .shelves import Due, ListLine, VolumeLine, disposals, due, may_file, may_propose, unfiled, volume, volumes

__all__ = [
    "Asked",
    "Due",
    "ListLine",
    "PaperLine",
    "PaperView",
    "VolumeLine",
    "about",
    "check",
    "count_waiting",
    "disposals",
    "due",
    "faults",
    "find",
    "font_fault",
    "issuers",
    "kind",
    "kinds",
    "may_file",
    "may_propose",
    "next_cause",
    "one",
    "printed",
    "unfiled",
    "volume",
    "volumes",
]


@dataclass(frozen=True)
class PaperLine:
    """A paper in a list. called: what people call the thing that it is about; title: of a draft, for whoever is to sign it."""

    id: int
    kind: str
    zh: str
    en: str
    number: str
    state: str
    about: Ref
    called: str
    issuer: str
    issuer_en: str
    drafted: datetime
    issued: datetime | None
    signatory: str
    retention: str
    replaced: bool
    for_teller: bool
    title: str


@dataclass(frozen=True)
class Reader:
    name: str
    at: datetime


@dataclass(frozen=True)
class Link:
    """Another paper of the same chain: what this one replaces, or what replaces it."""

    id: int
    number: str
    state: str
    why: str


@dataclass(frozen=True)
class PaperView:
    """One paper with all that stands on it; face is None when it was destroyed. sound: the digest agrees with what is there."""

    line: PaperLine
    face: Mapping[str, Any] | None
    sha256: str
    sound: bool
    values: Mapping[str, str]
    replaces: Link | None
    replaced_by: Link | None
    readers: tuple[Reader, ...]
    kept_until: date | None
    volume: str
    place: int
    offers: Mapping[str, Refusal | None]


@dataclass(frozen=True)
class Asked:
    """What is looked for among papers; days inclusive."""

    words: str = ""
    kind: str = ""
    issuer: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


def find(asked: Asked, *, seen_by: Actor, after: int = 0, most: int = 50) -> list[PaperLine]:
    """Papers that the actor may see, the newest first; `after` is the last id of the page before."""
    with store.reading(seen_by):
        rows = _visible(seen_by).exclude(state="dropped") if not asked.state else _visible(seen_by).filter(state=asked.state)
        rows = rows.filter(kind=asked.kind) if asked.kind else rows
        rows = rows.filter(issuer=asked.issuer) if asked.issuer else rows
        rows = rows.filter(issued__gte=_begin(asked.since)) if asked.since else rows
        rows = rows.filter(issued__lt=_begin(asked.until + timedelta(days=1))) if asked.until else rows
        rows = rows.filter(_worded(asked.words)) if asked.words else rows
        rows = rows.filter(id__lt=after) if after else rows
        return _lines(rows.order_by("-id")[:most], seen_by)


def about(ref: Ref, *, seen_by: Actor) -> list[PaperLine]:
    """The papers about one thing that the actor may see, the newest first; whoever told gets what was issued to tellers."""
    with store.reading(seen_by):
        rows = _visible(seen_by).filter(about=ref).exclude(state="dropped")
        rows = rows if seen_by.is_staff else rows.exclude(state="draft").filter(own__gt=0)
        return _lines(rows.order_by("-id")[:100], seen_by)


def next_cause(base: str) -> str:
    """A cause for what somebody draws up by hand: the same while its draft waits, another one after that."""
    with store.reading_all():
        return f"{base}:{Paper.objects.filter(cause__startswith=f'{base}:').exclude(state='draft').count()}"


def count_waiting(*, seen_by: Actor) -> int:
    """How many drafts wait for a signature that this actor's posts may give."""
    with store.reading(seen_by):
        rows = _visible(seen_by).filter(state="draft").only("issuer_path", "about", "against")
        return sum(may(seen_by, "sign", rules.thing(row.issuer_path, row.about, row.against)) is None for row in rows[:200])


def one(paper: int, *, seen_by: Actor) -> PaperView:
    """A paper as this actor may see it; NotFound when there is none or it is not theirs (which of the two is not told)."""
    with store.reading(seen_by):
        row = _visible(seen_by).filter(id=paper).first()
        if row is None or (not seen_by.is_staff and (row.own <= 0 or row.state in ("draft", "dropped"))):
            raise NotFound(rules.NO_SUCH)
        lines = _lines([row], seen_by)
        if not lines:
            raise NotFound(rules.NO_SUCH)
        content = Content.objects.filter(paper=row).first()
        face = _face(row, content)
        filing = Filing.objects.select_related("volume").filter(paper=row).first()
        readers = Reading.objects.filter(paper=row).order_by("at") if seen_by.is_staff else Reading.objects.none()
        replaces = Correction.objects.select_related("replaces").filter(paper=row).first()
        later = Correction.objects.select_related("paper").filter(replaces=row).exclude(paper__state="dropped").first()
        return PaperView(
            lines[0],
            face,
            content.sha256 if content else "",
            face is None or content is None or rules.digest(face) == content.sha256,
            face["values"] if face else row.values,
            _link(replaces.replaces, replaces.why) if replaces else None,
            _link(later.paper, later.why) if later and (seen_by.is_staff or later.paper.state != "draft") else None,
            tuple(Reader(reading.by_name, reading.at) for reading in readers),
            archive.until(row.year, row.retention) if row.year else None,
            filing.volume.number if filing else "",
            filing.place if filing else 0,
            _offers(row, content is not None, later is not None, seen_by),
        )


def issuers(*, seen_by: Actor) -> list[tuple[str, str, str]]:
    """(area code, name, English name) of those whose papers this actor may meet: what lies above and below the own posts."""
    paths = {grant.area for grant in seen_by.grants if grant.area}
    areas = [area for level in range(len(rules.LEVELS)) for area in places.areas(level=level, rings=False)]
    met = [area for area in areas if any(area.path.startswith(path) or path.startswith(area.path) for path in paths)]
    return [(area.code, *issuer(area.path, "community")[2:4]) for area in met]


def faults(*, most: int = 100) -> list[Refusal]:
    """What is wrong among the papers: a number left out, a digest that does not agree, a paper without content."""
    found: list[Refusal] = []
    with store.reading_all():
        last: dict[tuple[str, str, int], int] = {}
        rows = Paper.objects.filter(serial__isnull=False).order_by("issuer", "kind", "year", "serial")
        contents = dict(Content.objects.values_list("paper_id", "id"))
        for row in rows.iterator(chunk_size=2000):
            key = (row.issuer, row.kind, row.year)
            if row.serial != last.get(key, 0) + 1:
                found.append(Refusal("文书{number}前面缺号，查流水里少了哪一份", number=row.number))
            last[key] = row.serial or 0
            content = Content.objects.filter(id=contents.get(row.id, 0)).first() if row.state != "destroyed" else None
            if row.state != "destroyed" and (
                content is None or (face := _face(row, content)) is None or rules.digest(face) != content.sha256
            ):
                found.append(Refusal("文书{number}的内容和摘要不符，写入后被改过或丢了", number=row.number))
            if len(found) >= most:
                break
    return found


def _visible(seen_by: Actor) -> QuerySet[Paper]:
    if seen_by.fence.everything:
        return Paper.objects.all()
    own = [number for number in seen_by.fence.own if number > 0]
    return Paper.objects.filter(Q(grid__in=seen_by.fence.grids) | Q(own__in=own))


def _worded(words: str) -> Q:
    """By its number, whole or in part, or by what the thing is called: 12, 榕荫社受, 0713-0001."""
    text = words.strip()
    return Q(number__contains=text) | Q(called=text)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOWN)


def _lines(rows: QuerySet[Paper] | Sequence[Paper], seen_by: Actor) -> list[PaperLine]:
    readable = [row for row in rows if may(seen_by, "read", rules.thing(row.path, row.about, row.against)) is None]
    replaced = set(
        Correction.objects.filter(replaces__in=readable)
        .exclude(paper__state__in=("draft", "dropped"))
        .values_list("replaces_id", flat=True)
    )
    return [_line(row, row.id in replaced) for row in readable]


def _line(row: Paper, replaced: bool) -> PaperLine:
    meant = kinds().get(row.kind)
    _code, _path, name, name_en, _word = issuer(row.issuer_path, "community")
    return PaperLine(
        row.id,
        row.kind,
        meant.zh if meant else row.kind,
        meant.en if meant else row.kind,
        row.number,
        row.state,
        row.about,
        row.called,
        name,
        name_en,
        row.drafted,
        row.issued,
        row.signatory,
        row.retention,
        replaced,
        row.own > 0,
        row.values.get("title", ""),
    )


def _face(row: Paper, content: Content | None) -> Mapping[str, Any] | None:
    """What stands on it: opened when issued; of a draft as it would stand there; None when destroyed."""
    if row.state == "destroyed":
        return None
    if content is not None:
        opened: dict[str, Any] = json.loads(vault.unseal(f"paper:{row.id}", content.sealed))
        return opened
    meant = kind(row.kind)
    return rules.face(meant, "", row.values, rules.Head("", issuer(row.path, meant.level)[2], "", ""))


def _link(row: Paper, why: str) -> Link:
    return Link(row.id, row.number, row.state, why)


def _offers(row: Paper, issued: bool, later: bool, seen_by: Actor) -> dict[str, Refusal | None]:
    """What may be done with it now by this actor, or why not."""
    thing = rules.thing(row.issuer_path, row.about, row.against)
    if row.state == "draft":
        fault = may(seen_by, "sign", thing) or rules.sign_fault(row.actor, row.drafted_by, seen_by)
        revise = may(seen_by, "draft", rules.thing(row.path, row.about, row.against))
        return {"sign": fault, "drop": may(seen_by, "drop", thing), "revise": revise}
    if issued and row.state in ("issued", "filed") and not later:
        return {"correct": may(seen_by, "correct", thing)}
    return {}
