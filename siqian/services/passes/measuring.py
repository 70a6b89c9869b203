"""The verbs about what happens at a compound: reported, told and heard, decided by a human, appealed to another; real names by two."""

from datetime import datetime, timedelta

from siqian.kernel import vault
from siqian.kernel.clock import local
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refused, Thing, must, or_refuse
from siqian.kernel.said import said
from siqian.trades.notices import actions as notices

from . import issuing, rules
from .events import NameAsked, NameConfirmed, TroubleAppealed, TroubleDecided, TroubleHeard, TroubleReported, TroubleRuled
from .models import Compound, Courier, Opening, Trouble

REPORTED = said("{place}说：{what}。打开通行码页，说说您这边的情况")
DECIDED = said("{place}的事有结果了：{reason}。不同意，15天内可以申诉")
RULED = said("您的申诉有结果了：{reason}")
OPENED = said("您的姓名和手机号因为{case}被打开看过，两个人批的")


@office_verb
def report(*, compound: int, code: str, what: str, happened: datetime, by: Actor, at: datetime) -> int:
    """A compound reports what a courier did there, named by the code on their card or page. Records trouble.reported."""
    place = Compound.objects.filter(id=compound).first()
    if place is None:
        raise NotFound(rules.NO_COMPOUND)
    must(by, "report", rules.compound_thing(place.id, place.path, place.post, ""))
    courier = Courier.objects.filter(code=code.strip().upper()).exclude(state="ended").first()
    if courier is None:
        raise NotFound(rules.NO_CODE)
    if not at - timedelta(days=30) <= happened <= at:
        raise BadInput(rules.WHEN)
    columns = {"holder": courier.holder, "path": place.path, "reported_by": by.ref, "reported": at}
    row = Trouble.objects.create(compound=place, courier=courier, what=_words(what), happened=happened, **columns)
    record(TroubleReported(f"trouble:{row.id}"), first=True, by=by, at=at)
    _tell(row, REPORTED, by, at, place=place.name, what=row.what)
    return row.id


@office_verb
def hear(*, trouble: int, text: str, by: Actor, at: datetime) -> None:
    """What the courier says of it. Records trouble.heard."""
    row = _locked(trouble, "hear", by)
    row.state = or_refuse(rules.TROUBLE.then(row.state, "hear"))
    row.heard, row.heard_at = _words(text), at
    row.save(update_fields=["state", "heard", "heard_at"])
    record(TroubleHeard(f"trouble:{row.id}"), by=by, at=at)


@office_verb
def decide(*, trouble: int, outcome: str, reason: str, until: datetime | None = None, by: Actor, at: datetime) -> None:
    """A human decides: nothing, a training, a suspension with a term. Records trouble.decided."""
    row = _locked(trouble, "decide", by)
    if (fault := rules.unheard(row.state, row.reported, at)) is not None:
        raise Refused(fault)
    if (fault := rules.outcome_fault(outcome, until, reason, at)) is not None:
        raise BadInput(fault)
    row.state = or_refuse(rules.TROUBLE.then(row.state, "decide"))
    row.outcome, row.reason, row.until = outcome, reason.strip(), until if outcome == "suspension" else None
    row.decided_by, row.decided_name, row.decided = by.ref, by.name[:30], at
    row.save()
    if outcome == "suspension":
        Courier.objects.filter(id=row.courier_id, state="active").update(state="suspended", why=row.reason[:200], until=until)
        issuing.revoke_all(row.courier_id, at)
    record(TroubleDecided(f"trouble:{row.id}", outcome), by=by, at=at)
    _tell(row, DECIDED, by, at, place=row.compound.name, reason=row.reason)


@office_verb
def appeal(*, trouble: int, text: str, by: Actor, at: datetime) -> None:
    """The courier does not agree. Records trouble.appealed."""
    row = _locked(trouble, "appeal", by)
    if row.decided is not None and at - row.decided > rules.APPEAL:
        raise Refused(rules.TOO_LATE)
    row.state = or_refuse(rules.TROUBLE.then(row.state, "appeal"))
    row.appeal, row.appealed = _words(text), at
    row.save(update_fields=["state", "appeal", "appealed"])
    record(TroubleAppealed(f"trouble:{row.id}"), by=by, at=at)


@office_verb
def rule_appeal(*, trouble: int, ruling: str, why: str, by: Actor, at: datetime) -> None:
    """Another human looks at it; overturned, the courier comes in again at once. Records trouble.ruled."""
    row = _locked(trouble, "rule", by)
    if by.ref == row.decided_by:
        raise NotYours(rules.SAME_JUDGE)
    if ruling not in rules.RULINGS:
        raise BadInput(rules.NO_RULING)
    row.state = or_refuse(rules.TROUBLE.then(row.state, "rule"))
    row.ruling, row.ruled_why, row.ruled_by, row.ruled_name, row.ruled = ruling, _words(why), by.ref, by.name[:30], at
    row.save()
    if ruling == "overturned" and row.outcome == "suspension":
        Courier.objects.filter(id=row.courier_id, state="suspended").update(state="active", why="", until=None)
    record(TroubleRuled(f"trouble:{row.id}", ruling), by=by, at=at)
    _tell(row, RULED, by, at, reason=row.ruled_why)


@office_verb
def ask_name(*, code: str, case: str, why: str, tell: datetime | None = None, by: Actor, at: datetime) -> int:
    """Ask to open a courier's real name for a case; nothing opens until a second person confirms. Records name.asked.

    tell: when the courier is told, later than at once only for a lawful request, 30 days at most.
    """
    courier = Courier.objects.filter(code=code.strip().upper()).exclude(state="ended").first()
    if courier is None:
        raise NotFound(rules.NO_CODE)
    must(by, "ask", Thing("opening", area=courier.path))
    if len(case.strip()) < 4 or len(why.strip()) < 4:
        raise BadInput(rules.NO_CASE)
    told = min(max(tell or at, at), at + rules.LATEST_TELLING)
    columns = {"asked_by": by.ref, "asked_name": by.name[:30], "asked": at, "tell": told}
    row = Opening.objects.create(courier=courier, case=case.strip()[:60], why=why.strip()[:200], **columns)
    record(NameAsked(f"opening:{row.id}", row.case), first=True, by=by, at=at)
    return row.id


@office_verb
def confirm_name(*, opening: int, by: Actor, at: datetime) -> None:
    """The second person agrees: open for half an hour. Records name.confirmed."""
    row = Opening.objects.select_related("courier").select_for_update(of=("self",)).filter(id=opening, confirmed_by="").first()
    if row is None or at - row.asked > rules.CONFIRM_WITHIN:
        raise NotFound(rules.NO_OPENING)
    must(by, "confirm", Thing("opening", area=row.courier.path))
    if by.ref == row.asked_by:
        raise Refused(rules.SAME_OPENER)
    row.confirmed_by, row.confirmed_name, row.until = by.ref, by.name[:30], at + rules.OPEN_FOR
    row.save(update_fields=["confirmed_by", "confirmed_name", "until"])
    record(NameConfirmed(f"opening:{row.id}"), by=by, at=at)


@office_verb
def look_name(*, opening: int, by: Actor, at: datetime) -> tuple[str, str]:
    """(name, telephone), for the two who opened it, while it is open; each look is in the journal, and the courier is told."""
    row = Opening.objects.select_related("courier").select_for_update(of=("self",)).filter(id=opening).first()
    if row is None or row.until is None or at > row.until or by.ref not in (row.asked_by, row.confirmed_by):
        raise NotFound(rules.NOT_OPEN)
    subject, purpose = f"courier:{row.courier_id}", f"{row.case} {row.why}"
    found = [
        vault.look(subject=subject, sealed=sealed, what=what, purpose=purpose, by=by, at=at)
        for what, sealed in (("name", row.courier.sealed_name), ("phone", row.courier.sealed_phone))
    ]
    row.looks += 1
    row.save(update_fields=["looks"])
    if row.tell <= at:
        _told(row, by, at)
    return found[0], found[1]


@office_verb
def tell_opened(*, by: Actor, at: datetime) -> int:
    """Tell the couriers whose telling was put off until now; gives how many."""
    due = list(Opening.objects.select_related("courier").select_for_update(of=("self",)).filter(told=None, looks__gt=0, tell__lte=at))
    for row in due:
        _told(row, by, at)
    return len(due)


@office_verb
def review_name(*, opening: int, by: Actor, at: datetime) -> None:
    """The inspector has looked at it, in the weekly review."""
    row = Opening.objects.select_related("courier").filter(id=opening).first()
    if row is None:
        raise NotFound(rules.NO_OPENING)
    must(by, "review", Thing("opening", area=row.courier.path))
    Opening.objects.filter(id=opening, reviewed=None).update(reviewed=at, reviewed_by=by.ref)


def _told(row: Opening, by: Actor, at: datetime) -> None:
    if row.told is not None:
        return
    row.told = at
    row.save(update_fields=["told"])
    if row.courier.holder:
        about = f"courier:{row.courier_id}"
        notices.tell(to=f"account:{-row.courier.holder}", about=about, text=OPENED, values={"case": row.case}, by=by, at=at)


def _locked(trouble: int, step: str, by: Actor) -> Trouble:
    row = Trouble.objects.select_related("compound").select_for_update(of=("self",)).filter(id=trouble).first()
    if row is None:
        raise NotFound(rules.NO_TROUBLE)
    against = frozenset([f"account:{-row.holder}"]) if step in ("decide", "rule") else frozenset()
    must(by, step, Thing("trouble", f"courier:{row.courier_id}", area=row.path, against=against))
    return row


def _words(text: str) -> str:
    if not 4 <= len(text.strip()) <= 300:
        raise BadInput(rules.NO_WORDS)
    return text.strip()


def _tell(row: Trouble, text: str, by: Actor, at: datetime, **values: str) -> None:
    if row.holder:
        day = f"{local(at):%Y-%m-%d}"
        notices.tell(to=f"account:{-row.holder}", about=f"trouble:{row.id}", text=text, values={"day": day, **values}, by=by, at=at)
