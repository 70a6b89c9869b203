"""Verbs of a leader's own case (包案): propose, take on, look, meet whoever told it, hand on; it ends with its matter."""

from datetime import datetime

from django.db import connection

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, Refusal, Refused, declare, must, or_refuse
from siqian.town.people import queries as people, rules as duty
from siqian.trades.tasks import actions as tasks

from . import recusal, rules
from .events import CaseEnded, CaseMoved, CaseOwned, CaseProposed, CaseSeen
from .keeping import called, locked, write
from .models import Adoption, Matter, Step
from .rules import cases

declare("adoption", *cases.CASE_PERMITS)


@verb
def propose_case(*, matter: int, post: str, reason: str, by: Actor, at: datetime) -> int:
    """Ask a leader to own it; gives the case's id. The same again is once. Records case.proposed."""
    row = locked(matter, by, "propose")
    running = _running(row)
    if running is not None and (running.state, running.post, running.asked_by) == ("proposed", post, by.ref):
        return running.id
    _check(_free(row, running) or cases.text_fault(reason, cases.NO_REASON))
    leader = _leader(row, post, at=at)
    case = Adoption.objects.create(
        matter=row,
        grid=row.grid,
        state="proposed",
        post=leader.post,
        person=leader.person,
        name=called(leader),
        reason=reason.strip(),
        asked_by=by.ref,
        asked_name=by.name,
        asked_at=at,
    )
    _owe(row, case, {"lead": at + cases.ANSWER}, by=by, at=at)
    write(row, "case_asked", case.reason, public=False, values={"to": case.name}, by=by, at=at)
    record(CaseProposed(f"matter:{row.id}", f"adoption:{case.id}", case.post), by=by, at=at)
    return case.id


@verb
def adopt(*, matter: int, plan: str, by: Actor, at: datetime) -> int:
    """A leader owns it by name from now on, asked or not; who handles it, and their clocks, stay. Twice is once. Records case.owned."""
    row = locked(matter, by, "adopt")
    running = _running(row)
    if running is not None and running.state == "owned" and running.post in by.posts:
        return running.id
    if running is not None and (running.state == "owned" or running.post not in by.posts):
        raise Refused(Refusal(cases.TAKEN.template, name=running.name))
    _check(_free(row, None) or cases.text_fault(plan, cases.NO_PLAN))
    case = running or Adoption(matter=row, grid=row.grid, state="proposed", reason=plan.strip(), asked_by=by.ref, asked_at=at)
    case.post, case.person, case.name = _own_post(row, by), by.person, by.name
    _own(row, case, plan.strip(), by=by, at=at)
    return case.id


@verb
def decline_case(*, matter: int, why: str, by: Actor, at: datetime) -> None:
    """A leader does not take on what was proposed, and says why to whoever asked. Records case.ended."""
    row, case = _held(matter, by, "proposed")
    _check(cases.text_fault(why, cases.NO_REASON))
    _end(row, case, "decline", why.strip(), by=by, at=at)
    write(row, "case_no", case.why, public=False, by=by, at=at)


@verb
def look_at_case(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """What the leader saw and who does what next; the next look is due a week later. Records case.seen."""
    row, case = _held(matter, by, "owned")
    if case.looked is not None and case.plan == text.strip():
        return
    _check(cases.text_fault(text, cases.NO_LOOK))
    case.looked, case.look_by, case.plan = at, at + cases.LOOK, text.strip()
    case.save(update_fields=["looked", "look_by", "plan"])
    tasks.stop(about=f"adoption:{case.id}", what="lead", by=by, at=at)
    _owe(row, case, {"lead": case.look_by}, by=by, at=at)
    write(row, "case_seen", case.plan, by=by, at=at)
    record(CaseSeen(f"matter:{row.id}", f"adoption:{case.id}", "look"), by=by, at=at)


@verb
def meet_teller(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The leader met whoever told it (接访), and what was said. Twice is once. Records case.seen."""
    row, case = _held(matter, by, "owned")
    if Step.objects.filter(matter=row, kind="case_met", text=text.strip(), by=by.ref).exists():
        return
    _check(cases.text_fault(text, cases.NO_LOOK))
    case.met = case.met or at
    case.save(update_fields=["met"])
    tasks.stop(about=f"adoption:{case.id}", what="meet", by=by, at=at)
    write(row, "case_met", text.strip(), by=by, at=at)
    record(CaseSeen(f"matter:{row.id}", f"adoption:{case.id}", "meeting"), by=by, at=at)


@verb
def hand_on_case(*, matter: int, post: str, why: str, by: Actor, at: datetime) -> int:
    """Another leader owns it instead, with the reason in public; gives the new case's id. Records case.ended, case.moved."""
    row, case = _held(matter, by, "owned")
    _check(cases.text_fault(why, cases.NO_REASON))
    leader = _leader(row, post, at=at)
    if leader.post == case.post:
        raise BadInput(cases.SAME_LEADER)
    _end(row, case, "hand_on", why.strip(), by=by, at=at)
    name = called(leader)
    write(row, "case_moved", case.why, values={"to": name}, by=by, at=at)
    taken = Adoption(
        matter=row,
        grid=row.grid,
        state="proposed",
        post=leader.post,
        person=leader.person,
        name=name,
        reason=case.reason,
        asked_by=by.ref,
        asked_name=by.name,
        asked_at=at,
        met=case.met,
        meet_by=case.meet_by,
    )
    _own(row, taken, case.plan, anew=True, by=by, at=at)
    return taken.id


@office_verb
def follow_case(*, matter: int, by: Actor, at: datetime) -> None:
    """A case ends with its matter, and when the matter turns out to be about the leader. Records case.ended."""
    row = locked(matter, by, "read")
    case = _running(row)
    if case is not None and (row.state in rules.ENDED or recusal.concerns(row.against, case.person, case.post)):
        _end(row, case, "end", "", by=by, at=at)
        write(row, "case_over", public=False, values={"to": case.name}, by=by, at=at)


def _running(row: Matter) -> Adoption | None:
    rows = Adoption.objects.select_for_update() if connection.vendor == "postgresql" else Adoption.objects
    return rows.filter(matter=row, state__in=cases.RUNNING).first()


def _free(row: Matter, running: Adoption | None) -> Refusal | None:
    if row.state in rules.ENDED:
        return cases.OVER
    return Refusal(cases.TAKEN.template, name=running.name) if running is not None else None


def _held(matter: int, by: Actor, state: str) -> tuple[Matter, Adoption]:
    """The matter, locked, and its case, which this leader owns or is asked to own."""
    row = locked(matter, by, "read")
    case = _running(row)
    if case is None or case.state != state:
        raise Refused(cases.NO_CASE)
    must(by, "lead", cases.case_thing(row.path, row.against, case.post))
    return row, case


def _leader(row: Matter, post: str, *, at: datetime) -> duty.Owner:
    """Whoever leads on a post that covers the place; never somebody whom the matter is about."""
    leader = next((owner for owner in people.Watch(row.path, at=at).of_duty("leader") if owner.post == post), None)
    if leader is None:
        raise BadInput(cases.NOT_LEADER)
    card = people.card_of(post, at=at)
    person = card.person if card else ""
    if recusal.concerns(row.against, person, post):
        raise BadInput(rules.ABOUT_THEM)
    return duty.Owner(post, person)


def _own_post(row: Matter, by: Actor) -> str:
    """Which of a leader's posts it is that covers the place, the nearest one."""
    areas = {grant.area for grant in by.grants if grant.role == "leader"}
    lines = {post: people.post_line(post)[2] for post in by.posts}
    own = sorted((path, post) for post, path in lines.items() if path in areas and row.path.startswith(path))
    return own[-1][1]


def _own(row: Matter, case: Adoption, plan: str, *, anew: bool = False, by: Actor, at: datetime) -> None:
    case.state = or_refuse(cases.CASE.then(case.state, "adopt"))
    case.since, case.plan, case.look_by = at, plan, at + cases.LOOK
    case.meet_by = case.meet_by or at + cases.MEET
    case.save()
    tasks.stop_all(about=f"adoption:{case.id}", by=by, at=at)
    dues = {"lead": case.look_by} | ({"meet": case.meet_by} if case.met is None else {})
    _owe(row, case, dues, by=by, at=at)
    values: dict[str, object] = {"keeper": case.name, "to": people.post_line(case.post)[0]}
    write(row, "case_owned", "" if anew else plan, values=values, by=by, at=at)
    owned = CaseMoved if anew else CaseOwned
    record(owned(f"matter:{row.id}", f"adoption:{case.id}", case.post), by=by, at=at)


def _owe(row: Matter, case: Adoption, dues: dict[str, datetime], *, by: Actor, at: datetime) -> None:
    place = {"path": row.path, "title": row.title, "place": row.place, "said_by": ""}
    tasks.open_clocks(about=f"adoption:{case.id}", dues=dues, owner=duty.Owner(case.post, case.person), **place, by=by, at=at)


def _end(row: Matter, case: Adoption, verb_: str, why: str, *, by: Actor, at: datetime) -> None:
    case.state = or_refuse(cases.CASE.then(case.state, verb_))
    case.ended, case.why = at, why
    case.save(update_fields=["state", "ended", "why"])
    tasks.stop_all(about=f"adoption:{case.id}", by=by, at=at)
    record(CaseEnded(f"matter:{row.id}", f"adoption:{case.id}", case.state), by=by, at=at)


def _check(fault: Refusal | None) -> None:
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
