"""Verbs of what one asks and another rules: return, extension, long ledger, refusal, appeal. Each: permit, decide, write, record."""

from datetime import datetime

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotYours, Refusal, Refused
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.trades.tasks import actions as tasks

from . import recusal, rules
from .events import AppealRuled, MatterAppealed, MatterAssigned, MatterRefused, RequestAsked
from .keeping import (
    called,
    desk_of,
    give,
    go,
    locked,
    owe,
    owes_answer,
    own_telling,
    owner_here,
    rule_on,
    said_by,
    taker,
    waiting,
    write,
)
from .models import Matter, Request
from .pausing import shelve
from .receiving import start_clocks
from .rules import course, petition
from .standing import standing

ASKS = {"return": "return", "extension": "extend", "ledger": "shelve", "refuse": "refuse"}
DENIED = {"return": "not_returned", "extension": "not_extended", "ledger": "not_shelved", "refuse": "not_refused"}
ASKED = {"return": "returned", "extension": "more_asked", "ledger": "ledger_asked", "refuse": "refuse_asked"}


@verb
def ask(*, matter: int, ask: course.Ask, by: Actor, at: datetime) -> int:
    """Ask for a return (退单), an extension or the long ledger (挂账); gives the request's id. Records request.asked.

    Whoever owns the matter stays responsible, and its clocks run, until somebody has ruled.
    """
    if ask.kind not in ASKS:
        raise BadInput(Refusal("没有{kind}这种申请，写{known}之一", field="kind", kind=ask.kind, known="、".join(ASKS)))
    row = locked(matter, by, ASKS[ask.kind])
    if ask.kind == "extension" and petition.led_by_law(remit.kind(row.kind)):
        raise Refused(petition.PROLONGED_BY_LAW)
    fault = course.ask_fault(ask, standing(row), remit.units(), at)
    if fault is None and ask.kind == "refuse" and ask.clause not in remit.gates():
        fault = course.NO_GATE
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
    if ask.kind == "return":
        go(row, "return")
        tasks.stop(about=f"matter:{row.id}", what="accept", by=by, at=at)
    asked = _request(row, ask, by=by, at=at)
    owe(row, "rule", at + course.RULE, desk_of(row, 1, at=at), by=by, at=at)
    values: dict[str, object] = {"unit": ask.unit, "clause": ask.clause.strip()[:120], "amount": ask.amount}
    if ask.kind == "return" and ask.unit == row.unit:
        # The unit is right and the grid is not: nobody is told that it is another unit's.
        values["elsewhere"] = True
    write(row, ASKED[ask.kind], ask.reason.strip(), public=ask.kind == "return", values=values, by=by, at=at)
    record(RequestAsked(f"matter:{row.id}", f"request:{asked.id}", ask.kind), by=by, at=at)
    return asked.id


@office_verb
def appeal(*, matter: int, text: str, by: Actor, at: datetime) -> int:
    """The teller does not accept that it was refused (申诉); the district rules, by somebody who had no part in it. Gives its id.

    Records matter.appealed.
    """
    row = locked(matter, by, "appeal")
    refused = _refusal(row)
    if row.state == "appealed":
        return Request.objects.filter(matter=row, kind="appeal").values_list("id", flat=True).get()
    if row.state != "refused" or refused is None or refused.ruled_at is None:
        raise Refused(course.NOT_APPEALABLE)
    fault = course.appeal_fault(text, refused.ruled_at, at)
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
    go(row, "appeal")
    asked = _request(row, course.Ask("appeal", text, clause=refused.clause), by=by, at=at)
    owe(row, "rule", at + course.RULE, desk_of(row, 0, at=at), by=by, at=at)
    write(row, "appealed", text.strip(), values={"telling": own_telling(row, by)}, by=by, at=at)
    record(MatterAppealed(f"matter:{row.id}", f"request:{asked.id}"), by=by, at=at)
    return asked.id


@office_verb
def rule(*, matter: int, granted: bool, ruling: str, unit: str = "", post: str = "", by: Actor, at: datetime) -> None:
    """Rule on what waits about a matter, once; the ruling is a precedent. Records request.ruled.

    unit and post, of a return that is upheld: whose it is instead of the unit that was named, and who takes it.
    """
    row = locked(matter, by, "rule")
    asked = waiting(row)
    if asked is None:
        raise Refused(course.NOT_ASKED)
    fault = course.ruling_fault(asked.kind, asked.by, by, row.path, ruling)
    if fault is None and asked.kind == "appeal":
        fault = course.appeal_ruling_fault(_had_a_part(row), by)
    if fault is not None:
        raise (BadInput if fault.field else NotYours)(fault)
    said = ruling.strip()
    if not granted:
        _deny(row, asked, said, by=by, at=at)
    elif asked.kind == "return":
        _uphold(row, asked, said, unit or asked.unit, post, by=by, at=at)
    elif asked.kind == "appeal":
        _overturn(row, said, post, by=by, at=at)
    else:
        {"extension": _lengthen, "ledger": _shelve, "refuse": _refuse}[asked.kind](row, asked, by=by, at=at)
    rule_on(asked, "grant" if granted else "deny", said, by=by, at=at)


def _deny(row: Matter, asked: Request, ruling: str, *, by: Actor, at: datetime) -> None:
    if asked.kind == "appeal":
        go(row, "confirm")
        write(row, "confirmed", ruling, values={"gate": asked.clause}, by=by, at=at)
        record(AppealRuled(f"matter:{row.id}", False), by=by, at=at)
        return
    if asked.kind == "return":
        go(row, "deny" if owes_answer(row) else "keep")
    # The teller was told that it may be somebody else's, so is told this as well; the others are among colleagues.
    write(row, DENIED[asked.kind], ruling, public=asked.kind == "return", by=by, at=at)


def _uphold(row: Matter, asked: Request, ruling: str, unit: str, post: str, *, by: Actor, at: datetime) -> None:
    unit = remit.heir(unit)
    fault = rules.ABOUT_UNIT if unit in recusal.units_of(row.against) else remit.lead_fault(unit, row.item)
    if fault is not None:
        raise BadInput(fault)
    # To the unit's own people where it has a post for this place, else to the desk that finds them.
    owner = taker(row, post, at=at) if post else people.Watch(row.path, at=at).of_unit(unit) or desk_of(row, 1, at=at)
    asked.unit = unit
    asked.save(update_fields=["unit"])
    go(row, "uphold", unit=unit, post=owner.post, person=owner.person)
    write(row, "upheld", ruling, values={"unit": unit}, by=by, at=at)
    give(row, owner, by=by, at=at)
    record(MatterAssigned(f"matter:{row.id}", row.item, row.unit, owner.post, "return"), by=by, at=at)


def _lengthen(row: Matter, asked: Request, *, by: Actor, at: datetime) -> None:
    due = tasks.extend(about=f"matter:{row.id}", what="settle", amount=asked.amount, by=by, at=at)
    write(row, "extended", asked.reason, values={"until": course.stamp(due), "amount": asked.amount}, by=by, at=at)


def _shelve(row: Matter, asked: Request, *, by: Actor, at: datetime) -> None:
    fault = course.until_fault(asked.until, at)
    if fault is not None:
        raise BadInput(fault)
    assert asked.until is not None
    go(row, "shelve")
    for what in ("settle", "stage"):
        tasks.stop(about=f"matter:{row.id}", what=what, by=by, at=at)
    shelve(row, asked.until, by=by, at=at)
    write(row, "shelved", asked.reason, values={"until": course.stamp(asked.until)}, by=by, at=at)


def _refuse(row: Matter, asked: Request, *, by: Actor, at: datetime) -> None:
    """Not taken up: nobody owes anything any more, and the teller reads why, where to go instead, and how to appeal."""
    go(row, "refuse")
    for what in REFUSAL_STOPS:
        tasks.stop(about=f"matter:{row.id}", what=what, by=by, at=at)
    write(row, "refused", asked.reason, values={"gate": asked.clause}, by=by, at=at)
    record(MatterRefused(f"matter:{row.id}", asked.clause), by=by, at=at)


def _overturn(row: Matter, ruling: str, post: str, *, by: Actor, at: datetime) -> None:
    """Taken up after all, by another pair of hands, with clocks of its own from now on."""
    owner = taker(row, post, at=at) if post else owner_here(row, row.person, at=at)
    go(row, "overturn", post=owner.post, person=owner.person)
    write(row, "overturned", ruling, values={"keeper": called(owner)}, by=by, at=at)
    start_clocks(row, owner, said_by(row), by=by, at=at)
    about = f"matter:{row.id}"
    record(AppealRuled(about, True), by=by, at=at)
    record(MatterAssigned(about, row.item, row.unit, owner.post, "appeal"), by=by, at=at)


def _request(row: Matter, ask: course.Ask, *, by: Actor, at: datetime) -> Request:
    return Request.objects.create(
        matter=row,
        grid=row.grid,
        kind=ask.kind,
        item=row.item,
        reason=ask.reason.strip(),
        unit=ask.unit,
        clause=ask.clause.strip()[:120],
        amount=ask.amount,
        until=ask.until,
        post=row.post,
        by=by.ref,
        by_name=by.name,
        at=at,
    )


def _refusal(row: Matter) -> Request | None:
    return Request.objects.filter(matter=row, kind="refuse", state="granted").order_by("-id").first()


def _had_a_part(row: Matter) -> set[str]:
    refused = _refusal(row)
    return {refused.by, refused.ruled_by} if refused else set()


# Every clock but the ruling's own, which ends with the ruling.
REFUSAL_STOPS = ("assign", "accept", "respond", "settle", "explain", "supervise")
