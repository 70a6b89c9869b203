"""The only writers of papers: drawn up, signed, numbered without gaps, frozen, corrected by another. Permit, decide, write, record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from siqian.kernel import store, vault
from siqian.kernel.clock import local
from siqian.kernel.journal import Ref, office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.trades.notices import actions as notices

from .. import rules
from ..catalogued import edition, issuer, kind as kind_of
from ..events import PaperDrafted, PaperDropped, PaperIssued, PaperRead, PaperReplaced, PaperRevised
from ..models import Content, Correction, Paper, Reading
from ..rules import Kind, Wanted
from .archiving import approve, file_year, propose

__all__ = ["approve", "correct", "draw_up", "drop", "file_year", "follow", "note_read", "propose", "revise", "settle", "sign"]

declare("paper", *rules.PERMITS)

WAITS = said("“{kind}”拟好了，等您签发")


@dataclass(frozen=True)
class _Signed:
    """In whose name it goes out."""

    by: str
    name: str


@office_verb
def draw_up(*, wanted: Wanted, by: Actor, at: datetime) -> int:
    """Draw up a paper; what needs a signature waits for it, the rest goes out at once. The same cause is one paper. Gives its id.

    Records paper.drafted or paper.issued.
    """
    kind = kind_of(wanted.kind)
    must(by, "draft", rules.thing(wanted.spot.path, wanted.about, wanted.spot.against))
    store.lock("paper", wanted.cause)
    known = Paper.objects.filter(cause=wanted.cause).values_list("id", flat=True).first()
    if known is not None:
        return known
    fault = rules.values_fault(kind, wanted.values)
    if fault is not None:
        raise BadInput(fault)
    row = _draft(kind, wanted, by=by, at=at)
    if kind.signs == "person":
        _ask_to_sign(row, kind, by=by, at=at)
    else:
        name = wanted.actor_name if kind.signs == "actor" else ""
        _issue(row, kind, _Signed(wanted.actor or by.ref, name), new=True, by=by, at=at)
    return row.id


@office_verb
def sign(*, paper: int, by: Actor, at: datetime) -> str:
    """Sign a draft (签发): it gets its number and is frozen; gives the number. Not by whoever did what it tells. Records paper.issued.

    A corrected one takes the place of the paper that it names. Records paper.replaced.
    """
    row = _locked(paper)
    must(by, "sign", rules.thing(row.issuer_path, row.about, row.against))
    if row.state != "draft":
        raise Refused(rules.NOT_DRAFT)
    fault = rules.sign_fault(row.actor, row.drafted_by, by)
    if fault is not None:
        raise NotYours(fault)
    _issue(row, kind_of(row.kind), _Signed(by.ref, by.name), by=by, at=at)
    return row.number


@office_verb
def revise(*, paper: int, values: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Write a draft anew before it is signed (改稿); whoever did so does not sign it. Records paper.revised."""
    row = _locked(paper)
    must(by, "draft", rules.thing(row.path, row.about, row.against))
    if row.state != "draft":
        raise Refused(rules.NOT_DRAFT)
    new = row.values | {name: value.strip() for name, value in values.items() if name in row.values}
    fault = rules.values_fault(kind_of(row.kind), new)
    if fault is not None:
        raise BadInput(fault)
    if new == row.values:
        return
    row.values, row.drafted_by = new, by.ref
    row.save(update_fields=["values", "drafted_by"])
    record(PaperRevised(f"paper:{row.id}"), by=by, at=at)


@office_verb
def drop(*, paper: int, why: str, by: Actor, at: datetime) -> None:
    """A draft that nobody is to sign any more (作废). It never had a number. Twice is once. Records paper.dropped."""
    row = _locked(paper)
    must(by, "drop", rules.thing(row.issuer_path, row.about, row.against))
    if row.state == "dropped":
        return
    if row.state != "draft":
        raise Refused(rules.NOT_DRAFT)
    fault = rules.why_fault(why)
    if fault is not None:
        raise BadInput(fault)
    row.state = or_refuse(rules.PAPER.then(row.state, "drop"))
    row.save(update_fields=["state"])
    record(PaperDropped(f"paper:{row.id}", why.strip()[:200]), by=by, at=at)


@office_verb
def correct(*, paper: int, values: Mapping[str, str], why: str, by: Actor, at: datetime) -> int:
    """An issued paper is never changed: draw up one that replaces it, with the reason; a second person signs it. Gives its id.

    values: what is to stand there instead; the rest stays. Records paper.drafted.
    """
    old = _locked(paper)
    must(by, "correct", rules.thing(old.issuer_path, old.about, old.against))
    kind = kind_of(old.kind)
    was = written(old)["values"]
    new = was | {name: value.strip() for name, value in values.items() if name in was}
    fault = rules.why_fault(why) or (rules.UNCHANGED if new == was else None) or rules.values_fault(kind, new)
    if fault is not None:
        raise BadInput(fault)
    earlier = list(Correction.objects.filter(replaces=old).exclude(paper__state="dropped").values_list("paper__state", flat=True))
    if earlier:
        raise Refused(rules.CORRECTING if "draft" in earlier else rules.CORRECTED)
    times = Correction.objects.filter(replaces=old).count()
    spot = rules.Spot(old.grid, old.own, old.path, tuple(old.against))
    wanted = Wanted(old.kind, old.about, f"correction:{old.id}:{times + 1}", spot, new, old.called, by.ref, by.name)
    row = _draft(kind, wanted, settled=old.settled, by=by, at=at)
    Correction.objects.create(paper=row, replaces=old, why=why.strip()[:200])
    _ask_to_sign(row, kind, by=by, at=at)
    return row.id


@office_verb
def follow(*, about: Ref, spot: rules.Spot, by: Actor, at: datetime) -> None:
    """What a paper is about lies elsewhere now, or is about somebody: the paper goes behind the same fence."""
    must(by, "follow", rules.thing(spot.path, about, ()))
    Paper.objects.filter(about=about).update(grid=spot.grid, path=spot.path, against=list(spot.against))


@office_verb
def settle(*, about: Ref, open_again: bool = False, by: Actor, at: datetime) -> None:
    """What papers are about is over, or begins again: then a draft that tells how it ended is no longer so. Records paper.dropped."""
    must(by, "follow", rules.thing("/", about, ()))
    if not open_again:
        Paper.objects.filter(about=about, settled=None).update(settled=at)
        return
    Paper.objects.filter(about=about, state="issued").update(settled=None)
    corrections = Correction.objects.values("paper_id")
    for row in Paper.objects.filter(about=about, state="draft").exclude(id__in=corrections):
        if kind_of(row.kind).made == "hand":
            continue
        drop(paper=row.id, why=NO_LONGER_SO, by=by, at=at)


@verb
def note_read(*, paper: int, by: Actor, at: datetime) -> None:
    """Somebody looked at an issued paper; the first time counts. Records paper.read."""
    row = Paper.objects.filter(id=paper).exclude(state="draft").first()
    if row is None:
        raise NotFound(rules.NO_SUCH)
    must(by, "read", rules.thing(row.path, row.about, row.against))
    _reading, first = Reading.objects.get_or_create(paper=row, by=by.ref, defaults={"by_name": by.name if by.is_staff else "", "at": at})
    if first:
        record(PaperRead(f"paper:{row.id}"), by=by, at=at)


def written(row: Paper) -> dict[str, dict[str, str]]:
    """All that stands on an issued paper, opened."""
    content = Content.objects.filter(paper=row).first()
    if content is None:
        raise Refused(rules.NOT_ISSUED)
    if row.state == "destroyed":
        raise Refused(rules.DESTROYED)
    opened: dict[str, dict[str, str]] = json.loads(vault.unseal(f"paper:{row.id}", content.sealed))
    return opened


NO_LONGER_SO = said("这件事重新办，原来的稿不用了")


def _draft(kind: Kind, wanted: Wanted, *, settled: datetime | None = None, by: Actor, at: datetime) -> Paper:
    code, path, _name, _en, _word = issuer(wanted.spot.path, kind.level)
    return Paper.objects.create(
        kind=kind.code,
        about=wanted.about,
        called=wanted.called,
        cause=wanted.cause,
        grid=wanted.spot.grid,
        own=wanted.spot.own if kind.to == "teller" else 0,
        path=wanted.spot.path,
        against=list(wanted.spot.against),
        values={name: wanted.values[name] for name in kind.fields},
        actor=wanted.actor,
        actor_name=wanted.actor_name,
        drafted_by=by.ref,
        drafted=at,
        issuer=code,
        issuer_path=path,
        retention=kind.retention,
        settled=settled,
    )


def _ask_to_sign(row: Paper, kind: Kind, *, by: Actor, at: datetime) -> None:
    """Tell the desk of whoever issues it."""
    record(PaperDrafted(f"paper:{row.id}", row.kind, row.about), first=True, by=by, at=at)
    level = row.issuer_path.count("/") - 2
    desk = people.desk_at(row.issuer_path, level, at=at)
    if desk is not None:
        notices.tell(to=f"post:{desk.post}", about=row.about, text=WAITS, values={"kind": kind.zh}, by=by, at=at)


def _issue(row: Paper, kind: Kind, signed: _Signed, *, new: bool = False, by: Actor, at: datetime) -> None:
    """Number it, freeze it. One writer at a time takes the next number of an issuer, a kind and a year, so that none is left out."""
    year = local(at).year
    _code, _path, name, _en, word = issuer(row.path, kind.level)
    correction = None if new else Correction.objects.select_related("replaces").filter(paper=row).first()
    store.lock("paper", row.issuer, kind.code, year)
    last = Paper.objects.filter(issuer=row.issuer, kind=kind.code, year=year, serial__isnull=False)
    serial = (last.order_by("-serial").values_list("serial", flat=True).first() or 0) + 1
    number = rules.number(year, word + kind.word, serial)
    replaces, why = (correction.replaces.number, correction.why) if correction else ("", "")
    face = rules.face(kind, edition(), row.values, rules.Head(number, name, signed.name, rules.day(at), replaces, why))
    [sealed] = vault.seal_new(f"paper:{row.id}", json.dumps(face, ensure_ascii=False), at=at)
    sha256 = rules.digest(face)
    Content.objects.create(paper=row, layout=face["layout"], edition=face["edition"], sealed=sealed, sha256=sha256)
    row.state = or_refuse(rules.PAPER.then(row.state, "sign"))
    row.year, row.serial, row.number, row.issued, row.values = year, serial, number, at, {}
    row.signatory, row.signed_by = signed.name, signed.by
    row.save()
    record(PaperIssued(f"paper:{row.id}", row.kind, row.about, number, sha256, signed.by), first=new, by=by, at=at)
    if correction is not None:
        record(PaperReplaced(f"paper:{correction.replaces_id}", f"paper:{row.id}"), by=by, at=at)


def _locked(paper: int) -> Paper:
    rows = Paper.objects.select_for_update() if connection.vendor == "postgresql" else Paper.objects
    row = rows.filter(id=paper).first()
    if row is None:
        raise NotFound(rules.NO_SUCH)
    return row
