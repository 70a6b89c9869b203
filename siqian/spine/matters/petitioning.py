"""Verbs of a petition (信访) beside its matter's life: tell, object, answer, prolong, ask the next one up."""

from datetime import datetime, timedelta

from django.db import connection

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotYours, Refusal, Refused, or_refuse
from siqian.spine.remit import queries as remit
from siqian.trades.tasks import actions as tasks

from . import rules, terms
from .closing import close
from .events import PetitionAnswered, PetitionAskedUp, PetitionEnded, PetitionProlonged, PetitionTakenUp
from .keeping import desk_of, locked, rule_on, waiting, write
from .models import Matter, Petition, Step
from .rules import course, petition
from .rules.petition import Standing
from .ruling import ask

STEPS = {
    "take_up": "informed",
    "opine": "opinion",
    "ask_review": "review_asked",
    "answer_review": "review_given",
    "ask_recheck": "recheck_ask",
    "answer_recheck": "rechecked",
}
# Of a step that the matter's own life took: the steps of its thread that say who took it, and in which words.
ANSWERED = ("answer", "opine")
SAID = dict.fromkeys(ANSWERED, ("closed", "passed")) | {"turn_away": ("refused",), "overturn": ("overturned",)}
# Over for the matter, or on its way there.
CLOSED = ("closed", "settled", "to_check")


@office_verb
def register(*, matter: int, by: Actor, at: datetime) -> None:
    """Begin the procedure of a matter that is a petition, counted from its receipt. Twice is once."""
    row = locked(matter, by, "petition")
    _begin(row, _procedure(row), by=by, at=at)


@verb
def inform(*, matter: int, taken: bool, text: str, clause: str = "", by: Actor, at: datetime) -> None:
    """Tell the petitioner whether it is taken up (告知受理). Not taken up is asked by one and ruled by another, as the gate has it.

    clause: which row of the gate. Records petition.taken_up, or request.asked.
    """
    row, running = _held(matter, "petition", by=by, at=at)
    if taken and running.stage == "taken_up":
        return
    _check(petition.step_fault(running.stage, "take_up") or petition.text_fault(text))
    if not taken:
        if not clause:
            raise BadInput(petition.UNTOLD)
        ask(matter=matter, ask=course.Ask("refuse", text, clause=clause), by=by, at=at)
        return
    _decide(row, running, "take_up", text, since=at, by=by, at=at)
    _keep_one_promise(row, running, by=by, at=at)
    assert running.due is not None
    record(PetitionTakenUp(f"matter:{row.id}", running.due), by=by, at=at)


@verb
def object_to(*, matter: int, unit: str, clause: str, reason: str, by: Actor, at: datetime) -> int:
    """Whoever was given it says whose it is instead and hands it back (异议交回), within the law's working days; gives the request's id.

    Another rules, as on every return; until then whoever has it stays responsible. Records request.asked.
    """
    _row, running = _held(matter, "return", by=by, at=at)
    if running.stage not in ("registered", "taken_up"):
        raise Refused(petition.NOT_NOW)
    return ask(matter=matter, ask=course.Ask("return", reason, unit, clause), by=by, at=at)


@verb
def give_opinion(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The opinion (处理意见), which settles the matter; from now on a review may be asked for. Records petition.answered."""
    row, running = _held(matter, "petition", by=by, at=at)
    if running.stage == "opinion" and _said(running, text, by):
        return
    _check(petition.step_fault(running.stage, "opine") or petition.spoken_fault(row.state) or petition.text_fault(text))
    open_ = row.state not in (*CLOSED, *rules.ENDED)
    # Its words stand once on the thread: in the closing step, where there is one.
    _decide(row, running, "opine", text, since=at, silent=open_, by=by, at=at)
    if open_:
        close(matter=matter, text=text, by=by, at=at)
    record(PetitionAnswered(f"matter:{row.id}", "opine", running.due), by=by, at=at)


@verb
def prolong(*, matter: int, days: int, why: str, by: Actor, at: datetime) -> None:
    """Ask for so many days more (延期), thirty in all at the most; whoever is responsible approves."""
    row, running = _held(matter, "petition", by=by, at=at)
    if running.asked_by == by.ref and (running.asked_days, running.asked_why) == (days, why.strip()):
        return
    _check(petition.prolong_fault(_standing(running), days, why, terms.term("prolong").days, at))
    running.asked_days, running.asked_why, running.asked_by, running.asked_name = days, why.strip(), by.ref, by.name
    running.save(update_fields=list(ASKED))
    _open(row, "approve", at + course.RULE, 1, by=by, at=at)
    write(row, "longer_asked", why.strip(), public=False, by=by, at=at)


@verb
def approve(*, matter: int, granted: bool, text: str, by: Actor, at: datetime) -> None:
    """Another person approves that it takes longer; the petitioner reads why. Records petition.prolonged when it is granted."""
    row, running = _held(matter, "petition", by=by, at=at)
    fault = petition.approve_fault(_standing(running), by, text, at)
    if fault is petition.OWN_PROLONGING:
        raise NotYours(fault)
    _check(fault)
    tasks.stop(about=f"petition:{row.id}", what="approve", by=by, at=at)
    days, why = running.asked_days, running.asked_why
    running.asked_days, running.asked_why, running.asked_by, running.asked_name = 0, "", "", ""
    if not granted:
        running.save(update_fields=list(ASKED))
        write(row, "not_longer", text.strip(), public=False, by=by, at=at)
        return
    running.prolonged += days
    running.due = petition.ends(running.since, terms.term("opinion"), running.prolonged)
    running.save(update_fields=[*ASKED, "prolonged", "due"])
    _start(row, "opinion", running.due, by=by, at=at)
    _keep_one_promise(row, running, by=by, at=at)
    write(row, "prolonged", why, values={"until": _last_minute(running.due)}, by=by, at=at)
    record(PetitionProlonged(f"matter:{row.id}", running.due), by=by, at=at)


@office_verb
def ask_review(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The petitioner does not accept the opinion (申请复查), in the term for it. Twice is once. Records petition.asked_up."""
    _ask_up(matter, "ask_review", "in_review", text, by=by, at=at)


@office_verb
def answer_review(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """One level up, by nobody who had a part (复查意见). Records petition.answered."""
    _answer(matter, "answer_review", "reviewed", text, by=by, at=at)


@office_verb
def ask_recheck(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The petitioner does not accept the review (申请复核), in the term for it. Twice is once. Records petition.asked_up."""
    _ask_up(matter, "ask_recheck", "in_recheck", text, by=by, at=at)


@office_verb
def answer_recheck(*, matter: int, text: str, by: Actor, at: datetime) -> None:
    """The last answer (复核意见): the same facts and reasons are taken up no more. Records petition.answered."""
    _answer(matter, "answer_recheck", "final", text, by=by, at=at)


@office_verb
def end(*, matter: int, by: Actor, at: datetime) -> None:
    """Nobody asked in time: the last answer stands. Records petition.ended."""
    row, running = _held(matter, "petition", by=by, at=at)
    if running.stage not in petition.ASKING or running.due is None or at < running.due:
        return
    _decide(row, running, "lapse", "", since=at, by=by, at=at)
    record(PetitionEnded(f"matter:{row.id}", "final"), by=by, at=at)


@office_verb
def follow(*, matter: int, verb_: str, by: Actor, at: datetime) -> None:
    """What happened to the matter itself happens to its procedure: closed, not taken up, taken up after all, withdrawn. Twice is once."""
    row = locked(matter, by, "petition")
    running = _procedure(row)
    if running is None:
        return
    verb_ = "answer" if (verb_, running.stage) == ("opine", "registered") else verb_
    if verb_ not in petition.PETITION.verbs(running.stage):
        return
    done = Step.objects.filter(matter=row, kind__in=SAID.get(verb_, ())).order_by("-at", "-id").first()
    who = Actor(ref=done.by, name=done.by_name, person=row.person if verb_ in ANSWERED else "") if done else by
    _decide(row, running, verb_, done.text if done else "", since=at, quiet=True, by=who, at=at)
    if verb_ in ANSWERED:
        record(PetitionAnswered(f"matter:{row.id}", verb_, running.due), by=by, at=at)
    elif verb_ == "overturn":
        _keep_one_promise(row, running, by=by, at=at)
        record(PetitionTakenUp(f"matter:{row.id}", running.due or at), by=by, at=at)
    else:
        record(PetitionEnded(f"matter:{row.id}", running.stage), by=by, at=at)


ASKED = ("asked_days", "asked_why", "asked_by", "asked_name")


def _ask_up(matter: int, verb_: str, stage: str, text: str, *, by: Actor, at: datetime) -> None:
    row, running = _held(matter, "petition up", by=by, at=at)
    if running.stage == stage:
        return
    _check(petition.ask_fault(_standing(running), verb_, text, at))
    _decide(row, running, verb_, text, since=at, by=by, at=at)
    assert running.due is not None
    record(PetitionAskedUp(f"matter:{row.id}", verb_, running.due), by=by, at=at)


def _answer(matter: int, verb_: str, stage: str, text: str, *, by: Actor, at: datetime) -> None:
    row, running = _held(matter, "petition", by=by, at=at)
    if running.stage == stage and _said(running, text, by):
        return
    _check(petition.step_fault(running.stage, verb_))
    fault = petition.answer_fault(running.decisions, row.person, by, row.path)
    if fault is not None:
        raise NotYours(fault)
    _check(petition.text_fault(text))
    _decide(row, running, verb_, text, since=at, by=by, at=at)
    record(PetitionAnswered(f"matter:{row.id}", verb_, running.due), by=by, at=at)


def _held(matter: int, permit: str, *, by: Actor, at: datetime) -> tuple[Matter, Petition]:
    """The matter and its procedure, both locked by the matter's row."""
    row = locked(matter, by, permit)
    running = _begin(row, _procedure(row), by=by, at=at)
    if running is None:
        raise Refused(petition.NO_PETITION)
    return row, running


def _begin(row: Matter, running: Petition | None, *, by: Actor, at: datetime) -> Petition | None:
    """The procedure of a matter, begun with its receipt if it is a petition and nobody has begun it yet."""
    if (running is not None and running.stage != "dropped") or row.state in rules.ENDED:
        return running
    if not petition.led_by_law(remit.kind(row.kind)):
        return running
    begun = running or Petition(matter=row, grid=row.grid, stage="registered", since=row.received)
    _enter(row, begun, "registered", row.received, by=by, at=at)
    return begun


def _procedure(row: Matter) -> Petition | None:
    rows = Petition.objects.select_for_update() if connection.vendor == "postgresql" else Petition.objects
    return rows.filter(matter=row).first()


def _last_minute(due: datetime) -> str:
    """The end of a term as the thread names it: midnight belongs to the next day, and nobody would read it so."""
    return course.stamp(due - timedelta(minutes=1))


def _standing(running: Petition) -> Standing:
    return Standing(running.stage, running.since, running.due, running.prolonged, running.asked_by)


def _said(running: Petition, text: str, by: Actor) -> bool:
    """Whether this very answer was the last step: a double click."""
    last = running.decisions[-1] if running.decisions else {}
    return (last.get("by"), last.get("text")) == (by.ref, text.strip())


def _check(fault: Refusal | None) -> None:
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)


def _decide(
    row: Matter,
    running: Petition,
    verb_: str,
    text: str,
    *,
    since: datetime,
    quiet: bool = False,
    silent: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Go on to the stage that follows, keep who said what, stop the clock that was kept and start the next."""
    stage = or_refuse(petition.PETITION.then(running.stage, verb_))
    said = text.strip()
    level = petition.level(by, row.path)
    running.decisions = [
        *running.decisions,
        petition.Decision(what=verb_, by=by.ref, name=by.name, person=by.person, level=level, at=course.stamp(at), text=said),
    ]
    running.prolonged = 0
    running.asked_days, running.asked_why, running.asked_by, running.asked_name = 0, "", "", ""
    _enter(row, running, stage, since, by=by, at=at)
    if verb_ in STEPS and not quiet:
        until: dict[str, object] = {"until": _last_minute(running.due)} if running.due else {}
        write(row, STEPS[verb_], "" if silent else said, values=until, by=by, at=at)
    elif verb_ == "lapse":
        write(row, "ended", by=by, at=at)


def _enter(row: Matter, running: Petition, stage: str, since: datetime, *, by: Actor, at: datetime) -> None:
    for kept in (petition.OWED.get(running.stage, ""), "approve"):
        if kept and running.stage != stage:
            tasks.stop(about=f"petition:{row.id}", what=kept, by=by, at=at)
    what = petition.TERM.get(stage)
    running.stage, running.since = stage, since
    running.due = petition.ends(since, terms.term(what)) if what else None
    running.save()
    if stage in petition.OWED and running.due is not None:
        _start(row, petition.OWED[stage], running.due, running, by=by, at=at)


def _start(row: Matter, what: str, due: datetime, running: Petition | None = None, *, by: Actor, at: datetime) -> None:
    """Let a clock run towards its lawful end, owed by the desk whose part it is; one that runs already gets the new end."""
    tasks.stop(about=f"petition:{row.id}", what=what, by=by, at=at)
    above = petition.DESK[what]
    if what == "reexamine" and running is not None:
        above = petition.asked_of(running.decisions)
    _open(row, what, due, above, by=by, at=at)


def _open(row: Matter, what: str, due: datetime, level: int, *, by: Actor, at: datetime) -> None:
    """A clock of the procedure, owed by the desk of an area level."""
    tasks.open_clocks(
        about=f"petition:{row.id}",
        dues={what: due},
        owner=desk_of(row, level, at=at),
        path=row.path,
        title=row.title,
        place=row.place,
        said_by="",
        by=by,
        at=at,
    )


def _keep_one_promise(row: Matter, running: Petition, *, by: Actor, at: datetime) -> None:
    """The matter's own settling clock ends when the procedure's term does, so that nobody is promised two days."""
    asked = waiting(row)
    if asked is not None and asked.kind == "extension":
        rule_on(asked, "drop", "", by=by, at=at)
    if running.due is not None:
        tasks.end_with(about=f"matter:{row.id}", what="settle", due=running.due, by=by, at=at)
