"""Verbs of the archive: bind a year, list what ran out, destroy it by two. Each: permit, decide, write, record."""

from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db.models import Q

from siqian.kernel import files, store, vault
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, must, or_refuse

from .. import rules
from ..catalogued import issuer
from ..events import DisposalProposed, DisposalRuled, PaperDestroyed, VolumeClosed
from ..models import Content, Disposal, Filing, Listed, Paper, Volume
from ..rules import archive


@office_verb
def file_year(*, year: int, path: str, by: Actor, at: datetime) -> list[str]:
    """Bind a year's settled papers of all issuers below an area (归档), by issuer and term; gives the volumes' numbers.

    What is still going on is bound when it is over. Records volume.closed.
    """
    must(by, "file", rules.thing(path, "", ()))
    fault = rules.file_fault(year, at)
    if fault is not None:
        raise BadInput(fault)
    store.lock("archive", year)
    ready = Paper.objects.filter(state="issued", year=year, issuer_path__startswith=path).exclude(settled=None)
    shelves = ready.order_by("issuer_path", "retention").values_list("issuer_path", "issuer", "retention").distinct()
    made = [number for shelf in list(shelves) for number in _bind(year, *shelf, by=by, at=at)]
    if not made:
        raise Refused(rules.nothing_to_file(year))
    return made


@office_verb
def propose(*, path: str, why: str, by: Actor, at: datetime) -> str:
    """List what has been kept as long as it must be (销毁清册); another one approves it. Gives its number. Records disposal.proposed."""
    must(by, "propose", rules.thing(path, "", ()))
    fault = rules.why_fault(why)
    if fault is not None:
        raise BadInput(fault)
    store.lock("disposal")
    # A paper is on one list at a time: while one waits, neither the areas above nor those below draw up another.
    around = Q(area_path__startswith=path) | Q(area_path__in=_above(path))
    if Disposal.objects.filter(around, state="asked").exists():
        raise Refused(rules.LISTED)
    today = local(at).date()
    filed = Paper.objects.filter(state="filed", issuer_path__startswith=path, retention__in=archive.ENDING).order_by("year", "id")
    over = filed.values_list("id", "year", "retention").iterator(chunk_size=2000)
    expired = list(islice((id_ for id_, year, retention in over if archive.is_over(year, retention, today)), archive.LISTED))
    if not expired:
        raise Refused(rules.NOTHING_EXPIRED)
    count = Disposal.objects.filter(area_path=path, at__year=today.year).count()
    number = archive.disposal_number(today.year, issuer(path, "community")[4], count + 1)
    row = Disposal.objects.create(
        number=number, area_path=path, papers=len(expired), why=why.strip()[:200], by=by.ref, by_name=by.name, at=at
    )
    Listed.objects.bulk_create([Listed(disposal=row, paper_id=id_) for id_ in expired])
    record(DisposalProposed(f"disposal:{row.id}", number, len(expired)), by=by, at=at)
    return number


@office_verb
def approve(*, disposal: int, granted: bool, ruling: str, by: Actor, at: datetime) -> None:
    """Another one rules on the list; approved, what those papers said is destroyed for good (销毁), their numbers and digests remain.

    Records disposal.ruled and, for each paper, paper.destroyed.
    """
    row = Disposal.objects.filter(id=disposal).first()
    if row is None:
        raise NotFound(rules.NO_LIST)
    must(by, "destroy", rules.thing(row.area_path, "", ()))
    if row.by == by.ref:
        raise NotYours(rules.OWN_LIST)
    fault = rules.why_fault(ruling)
    if fault is not None:
        raise BadInput(fault)
    ruled = {"ruled_by": by.ref, "ruled_name": by.name, "ruled_at": at, "ruling": ruling.strip()[:200]}
    if not Disposal.objects.filter(id=disposal, state="asked").update(state="granted" if granted else "denied", **ruled):
        raise Refused(rules.RULED)
    record(DisposalRuled(f"disposal:{row.id}", row.number, granted), by=by, at=at)
    if granted:
        for listed in Listed.objects.select_related("paper").filter(disposal=row).order_by("id"):
            _destroy(listed.paper, row, by=by, at=at)


def _bind(year: int, path: str, code: str, retention: str, *, by: Actor, at: datetime) -> list[str]:
    """One issuer's settled papers of one term, in the order in which they were issued, as many volumes as they fill."""
    shelf = Content.objects.filter(paper__state="issued", paper__year=year, paper__issuer=code, paper__retention=retention)
    shelf = shelf.exclude(paper__settled=None).order_by("paper__issued", "paper_id")
    papers = list(shelf.values_list("paper_id", "paper__number", "sha256"))
    word = issuer(path, "community")[4]
    before = Volume.objects.filter(issuer=code, year=year, retention=retention).count()
    made = []
    for count, start in enumerate(range(0, len(papers), archive.VOLUME), start=before + 1):
        part = papers[start : start + archive.VOLUME]
        number = archive.volume_number(year, word, retention, count)
        digest = rules.volume_digest([(number_, sha) for _, number_, sha in part])
        bound = {"issuer": code, "issuer_path": path, "year": year, "retention": retention, "papers": len(part), "digest": digest}
        row = Volume.objects.create(number=number, **bound, by=by.ref, by_name=by.name, at=at)
        Filing.objects.bulk_create([Filing(paper_id=id_, volume=row, place=place) for place, (id_, _, _) in enumerate(part, start=1)])
        Paper.objects.filter(id__among=[id_ for id_, _, _ in part]).update(state=or_refuse(rules.PAPER.then("issued", "file")))
        record(VolumeClosed(f"volume:{row.id}", number, len(part), digest), first=True, by=by, at=at)
        made.append(number)
    return made


def _above(path: str) -> list[str]:
    codes = [code for code in path.split("/") if code]
    return ["/" + "/".join(codes[:count]) + "/" for count in range(1, len(codes))]


def _destroy(paper: Paper, disposal: Disposal, *, by: Actor, at: datetime) -> None:
    """The key goes, and with it what was sealed; the printed form in the cache goes as well."""
    content = Content.objects.get(paper=paper)
    state = or_refuse(rules.PAPER.then(paper.state, "destroy"))
    Paper.objects.filter(id=paper.id).update(state=state)
    vault.forget(subject=f"paper:{paper.id}", reason=disposal.number, by=by, at=at)
    record(PaperDestroyed(f"paper:{paper.id}", f"disposal:{disposal.id}", content.sha256), by=by, at=at)
    printed(content.sha256).unlink(missing_ok=True)


def printed(sha256: str) -> Path:
    """Where the printed form of a paper with this digest lies, once it was asked for."""
    return files.place(sha256)
