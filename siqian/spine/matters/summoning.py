"""Verbs of a joint action (吹哨报到): call, confirm, report in, hold, say what was done, judge each other."""

from datetime import datetime

from django.db import connection

from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotYours, Refusal, Refused, declare, must, or_refuse
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people, rules as duty
from siqian.trades.tasks import actions as tasks

from . import recusal, rules
from .events import JointAnswered, JointCalled, JointEnded, JointHeld, JointJudged
from .keeping import desk_of, locked, write
from .models import Matter, Step, Summoned, Summons
from .rules import course, joint

declare("summons", *joint.SUMMONS_PERMITS)
declare("summoned", *joint.SUMMONED_PERMITS)

# Which clocks end when a unit does this.
ENDS = {"confirm": ("confirm",), "arrive": ("confirm", "arrive"), "miss": ("confirm", "arrive"), "excuse": ("confirm", "arrive", "judge")}


@verb
def summon(*, matter: int, call: joint.Call, by: Actor, at: datetime) -> int:
    """Call units to come (吹哨); gives the summons' id. The same call twice is one. Records joint.called."""
    row = locked(matter, by, "summon")
    running = Summons.objects.filter(matter=row, state__in=joint.RUNNING).first()
    if running is not None:
        if (running.by, running.purpose, running.meets) == (by.ref, call.purpose.strip(), call.meets):
            return running.id
        raise Refused(joint.RUNS)
    if row.state not in rules.OPEN:
        raise Refused(joint.NOT_OPEN)
    names = {code: unit.zh for code, unit in remit.units().items()}
    _check(joint.call_fault(call, row.discreet, row.against, by, names, at))
    assert call.meets is not None
    summons = Summons.objects.create(
        matter=row,
        grid=row.grid,
        purpose=call.purpose.strip(),
        place=call.place.strip()[:80],
        meets=call.meets,
        post=_calling(row, by, at=at),
        person=by.person,
        by=by.ref,
        by_name=by.name,
        at=at,
    )
    for code, clause in call.units:
        _call_one(row, summons, code, clause, by=by, at=at)
    codes = [code for code, _ in call.units]
    _join(row, codes)
    values: dict[str, object] = {"units": codes, "n": len(codes), "spot": summons.place, "until": course.stamp(call.meets)}
    write(row, "summoned", summons.purpose, values=values, by=by, at=at)
    record(JointCalled(f"matter:{row.id}", f"summons:{summons.id}", codes, call.meets), by=by, at=at)
    return summons.id


@verb
def confirm_joint(*, matter: int, unit: str, by: Actor, at: datetime) -> None:
    """A unit says that it will come: within half an hour. Twice is once. Records joint.answered."""
    row, part = _part(matter, unit, by)
    if part.state != "called":
        return
    _move(part, "confirm", confirmed=at, by=by, at=at)
    _answered(row, part, "confirm", "will_come", by=by, at=at)


@verb
def object_joint(*, matter: int, unit: str, text: str, by: Actor, at: datetime) -> None:
    """A unit says whose it is instead, by which clause: a note for the judgement. It reports in all the same. Records joint.answered."""
    row, part = _part(matter, unit, by)
    if part.objection == text.strip() != "":
        return
    if part.objection:
        raise Refused(joint.OBJECTED)
    if len(text.strip()) < 4:
        raise BadInput(joint.NO_OBJECTION)
    part.objection = text.strip()
    part.save(update_fields=["objection"])
    _answered(row, part, "object", "not_ours", part.objection, by=by, at=at)


@verb
def report_in(*, matter: int, unit: str, lon: float | None = None, lat: float | None = None, by: Actor, at: datetime) -> None:
    """Somebody of the unit is there (报到), by the server's clock; where, if the telephone says. Twice is once. Records joint.answered."""
    row, part = _part(matter, unit, by, "called")
    if part.state in joint.THERE:
        return
    placed = None not in (lon, lat, row.lon, row.lat)
    part.metres = joint.metres(row.lon, row.lat, lon, lat) if placed else None  # type: ignore[arg-type]
    _move(part, "arrive", arrived=at, arrived_name=by.name, by=by, at=at)
    _answered(row, part, "arrive", "came", metres=part.metres, by=by, at=at)
    states = list(_parts(part.summons).exclude(state="excused").values_list("state", flat=True))
    if all(state in joint.THERE for state in states):
        write(row, "all_here", values={"n": len(states)}, by=by, at=at)


@verb
def report_done(*, matter: int, unit: str, text: str, by: Actor, at: datetime) -> None:
    """What the unit did of its share; the teller reads it. Records joint.answered."""
    row, part = _part(matter, unit, by)
    if part.state == "done" and part.did == text.strip():
        return
    if part.state != "arrived":
        raise Refused(joint.NOT_THERE)
    if len(text.strip()) < 4:
        raise BadInput(joint.WORDLESS)
    _move(part, "report", did=text.strip(), done=at, by=by, at=at)
    _answered(row, part, "report", "did_share", part.did, public=True, by=by, at=at)


@verb
def miss_joint(*, matter: int, unit: str, by: Actor, at: datetime) -> None:
    """The hour is over and nobody of the unit is there. Twice is once. Records joint.answered."""
    row, summons = _led(matter, by, "called")
    part = _one(summons, unit)
    if part.state not in joint.AWAITED:
        return
    _check(joint.miss_fault(summons.meets, at))
    _miss(row, part, by=by, at=at)


@verb
def hold_joint(*, matter: int, minutes: str, by: Actor, at: datetime) -> None:
    """It was held: who does what by when (纪要), for the teller too. Who is not there by now was absent. Records joint.held."""
    row, summons = _led(matter, by)
    if summons.state == "held" and summons.minutes == minutes.strip():
        return
    if summons.state != "called":
        raise Refused(joint.NO_SUMMONS)
    parts = list(_parts(summons))
    _check(joint.hold_fault(minutes, [part.state for part in parts]))
    for part in parts:
        if part.state in joint.AWAITED:
            _miss(row, part, by=by, at=at)
    summons.state = or_refuse(joint.SUMMONS.then(summons.state, "hold"))
    summons.held, summons.minutes = at, minutes.strip()
    summons.save(update_fields=["state", "held", "minutes"])
    until = {"judge": at + joint.JUDGE}
    _clocks(row, f"summons:{summons.id}", duty.Owner(summons.post, summons.person), until, by=by, at=at)
    for part in parts:
        if part.state != "excused":
            _clocks(row, f"summoned:{part.id}", duty.Owner(part.post), until, by=by, at=at)
    step = write(row, "agreed", summons.minutes, by=by, at=at)
    record(JointHeld(f"matter:{row.id}", f"summons:{summons.id}", f"step:{step.id}"), by=by, at=at)


@verb
def judge_joint(*, matter: int, unit: str, verdict: joint.Verdict, by: Actor, at: datetime) -> None:
    """The caller's side says of a unit: came, in time, did its share. Once, and never of oneself. Records joint.judged."""
    row, summons = _led(matter, by)
    part = _one(summons, unit)
    said = (verdict.came, verdict.in_time and verdict.came, verdict.share, verdict.words.strip())
    if part.judged_at is not None:
        if (part.came, part.in_time, part.share, part.judged_words) == said:
            return
        raise Refused(joint.JUDGED)
    arrived = course.stamp(part.arrived) if part.arrived else ""
    _check(joint.verdict_fault(summons.state, verdict, arrived, part.hands, by, unit))
    part.came, part.in_time, part.share, part.judged_words = said
    part.judged_by, part.judged_name, part.judged_at = by.ref, by.name, at
    part.save(update_fields=["came", "in_time", "share", "judged_words", "judged_by", "judged_name", "judged_at"])
    good = said[:3] == (True, True, "good")
    record(JointJudged(f"matter:{row.id}", f"summons:{summons.id}", unit, "caller", good), by=by, at=at)
    _end_if_judged(row, summons, by=by, at=at)


@verb
def judge_call(*, matter: int, unit: str, founded: bool | None, words: str = "", by: Actor, at: datetime) -> None:
    """A unit says whether it was called for with reason. Once, and never by whoever called. Records joint.judged."""
    row, part = _part(matter, unit, by)
    if part.founded_at is not None:
        if (part.founded, part.founded_words) == (founded, words.strip()):
            return
        raise Refused(joint.JUDGED)
    _check(joint.founded_fault(part.summons.state, founded, words, part.summons.person, by))
    part.founded, part.founded_words = founded, words.strip()
    part.founded_by, part.founded_name, part.founded_at = by.ref, by.name, at
    part.save(update_fields=["founded", "founded_words", "founded_by", "founded_name", "founded_at"])
    tasks.stop(about=f"summoned:{part.id}", what="judge", by=by, at=at)
    record(JointJudged(f"matter:{row.id}", f"summons:{part.summons_id}", unit, "unit", bool(founded)), by=by, at=at)
    _end_if_judged(row, part.summons, by=by, at=at)


@verb
def cancel_joint(*, matter: int, why: str, by: Actor, at: datetime) -> None:
    """It is not needed after all; everybody reads why. Twice is once. Records joint.ended."""
    row = locked(matter, by, "read")
    summons = Summons.objects.filter(matter=row).order_by("-id").first()
    if summons is not None and (summons.state, summons.why) == ("cancelled", why.strip()):
        return
    row, summons = _led(matter, by, "called")
    if len(why.strip()) < 4:
        raise BadInput(joint.WORDLESS)
    _end(row, summons, "cancel", why.strip(), by=by, at=at)
    write(row, "uncalled", why.strip(), by=by, at=at)


@office_verb
def follow_joint(*, matter: int, by: Actor, at: datetime) -> None:
    """What happened to the matter happens to its joint action: over with it; whom it turned out to be about comes no more."""
    row = locked(matter, by, "read")
    summons = Summons.objects.filter(matter=row, state__in=joint.RUNNING).first()
    if summons is None:
        return
    about_them = recusal.units_of(row.against)
    for part in _parts(summons).filter(unit__in=about_them):
        if "excuse" in joint.SUMMONED.verbs(part.state):
            _move(part, "excuse", by=by, at=at)
            _join(row, [unit for unit in row.joint if unit != part.unit])
    if row.state in rules.ENDED:
        _end(row, summons, "cancel" if summons.state == "called" else "end", "", by=by, at=at)


@office_verb
def tidy_joint(*, matter: int, by: Actor, at: datetime) -> None:
    """By the clock: who has not come two hours after the time was absent; after a week nobody is asked to judge any more."""
    row = locked(matter, by, "read")
    summons = Summons.objects.filter(matter=row, state__in=joint.RUNNING).first()
    if summons is None:
        return
    if summons.state == "called" and at >= summons.meets + joint.ABSENT_AFTER:
        for part in _parts(summons).filter(state__in=joint.AWAITED):
            _miss(row, part, by=by, at=at)
    elif summons.held is not None and at >= summons.held + joint.JUDGE:
        _end(row, summons, "end", "", by=by, at=at)


@office_verb
def note_unit_late(*, summoned: int, what: str, level: int, to: str, by: Actor, at: datetime) -> int:
    """Among colleagues: a unit neither confirmed nor came in time, and who hears of it. Gives the matter's id."""
    part = Summoned.objects.select_related("matter").get(id=summoned)
    values: dict[str, object] = {"what": what, "level": level, "to": to, "unit": part.unit}
    late = Step.objects.filter(matter=part.matter, kind="unit_late", at=at)
    if not any(step.values == values for step in late):
        write(part.matter, "unit_late", public=False, values=values, by=by, at=at)
    return part.matter_id


def _calling(row: Matter, by: Actor, *, at: datetime) -> str:
    """The post on whose behalf somebody calls: one of theirs that covers the place, the widest last; else the street's desk."""
    paths = {post: people.post_line(post)[2] for post in by.posts}
    own = sorted((path, post) for post, path in paths.items() if path and row.path.startswith(path))
    return own[-1][1] if own else desk_of(row, 1, at=at).post


def _call_one(row: Matter, summons: Summons, code: str, clause: str, *, by: Actor, at: datetime) -> None:
    owner = _acting(row, code, at=at)
    part = Summoned.objects.create(summons=summons, matter=row, grid=row.grid, unit=code, post=owner.post, clause=clause.strip()[:120])
    dues = {"confirm": joint.confirm_due(at, summons.meets), "arrive": summons.meets}
    _clocks(row, f"summoned:{part.id}", owner, dues, by=by, at=at)


def _acting(row: Matter, code: str, *, at: datetime) -> duty.Owner:
    """Who acts for a unit here: its own post, unless the matter is about whoever sits there; else the desk of its level."""
    owner = people.Watch(row.path, at=at).of_unit(code)
    if owner is not None and not recusal.concerns(row.against, owner.person, owner.post):
        return owner
    return desk_of(row, joint.DESK[remit.unit(code).level], at=at)


def _clocks(row: Matter, about: str, owner: duty.Owner, dues: dict[str, datetime], *, by: Actor, at: datetime) -> None:
    place = {"path": row.path, "title": row.title, "place": row.place, "said_by": "", "urgent": row.urgent}
    tasks.open_clocks(about=about, dues=dues, owner=owner, **place, by=by, at=at)


def _join(row: Matter, units: list[str]) -> None:
    row.joint = sorted(units)
    row.save(update_fields=["joint"])


def _part(matter: int, unit: str, by: Actor, *states: str) -> tuple[Matter, Summoned]:
    """The matter, locked, and the part of a unit for which this person acts, in the action that runs."""
    row = locked(matter, by, "read")
    part = _one(_running(row, states), unit)
    must(by, "take part", joint.part_thing(row.path, row.against, part.unit, part.post))
    return row, part


def _led(matter: int, by: Actor, *states: str) -> tuple[Matter, Summons]:
    """The matter, locked, and its running action, which this person leads."""
    row = locked(matter, by, "read")
    summons = _running(row, states)
    must(by, "lead", joint.summons_thing(row.path, row.against, summons.post))
    return row, summons


def _running(row: Matter, states: tuple[str, ...]) -> Summons:
    rows = Summons.objects.select_for_update() if connection.vendor == "postgresql" else Summons.objects
    found = rows.filter(matter=row, state__in=states or joint.RUNNING).first()
    if found is None:
        raise Refused(joint.NO_SUMMONS)
    return found


def _parts(summons: Summons):  # type: ignore[no-untyped-def]
    return Summoned.objects.filter(summons=summons).order_by("id")


def _one(summons: Summons, unit: str) -> Summoned:
    part = _parts(summons).select_related("summons").filter(unit=unit).first()
    if part is None:
        raise BadInput(joint.NO_UNIT)
    return part


def _move(part: Summoned, verb_: str, *, by: Actor, at: datetime, **changes: object) -> None:
    part.state = or_refuse(joint.SUMMONED.then(part.state, verb_))
    for name, value in changes.items():
        setattr(part, name, value)
    if by.person and by.person not in part.hands and verb_ not in ("miss", "excuse"):
        part.hands = [*part.hands, by.person]
    part.save()
    for what in ENDS.get(verb_, ()):
        tasks.stop(about=f"summoned:{part.id}", what=what, by=by, at=at)


def _answered(
    row: Matter,
    part: Summoned,
    how: str,
    step: str,
    text: str = "",
    *,
    public: bool = False,
    metres: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    values: dict[str, object] = {"unit": part.unit} | ({"metres": metres} if metres is not None else {})
    write(row, step, text, public=public, values=values, by=by, at=at)
    record(JointAnswered(f"matter:{row.id}", f"summons:{part.summons_id}", part.unit, how), by=by, at=at)


def _miss(row: Matter, part: Summoned, *, by: Actor, at: datetime) -> None:
    _move(part, "miss", by=by, at=at)
    _answered(row, part, "miss", "absent", by=by, at=at)


def _end_if_judged(row: Matter, summons: Summons, *, by: Actor, at: datetime) -> None:
    found = _parts(summons).exclude(state="excused").values_list("judged_at", "founded_at")
    judged = [(one is not None, other is not None) for one, other in found]
    if all(one for one, _ in judged):
        tasks.stop(about=f"summons:{summons.id}", what="judge", by=by, at=at)
    if joint.all_judged(judged):
        _end(row, summons, "judge", "", by=by, at=at)


def _end(row: Matter, summons: Summons, verb_: str, why: str, *, by: Actor, at: datetime) -> None:
    """Over: nobody owes anything for it, and its units read the matter no longer."""
    summons.state = or_refuse(joint.SUMMONS.then(summons.state, verb_))
    summons.ended, summons.why = at, why
    summons.save(update_fields=["state", "ended", "why"])
    for about in [f"summons:{summons.id}", *(f"summoned:{part.id}" for part in _parts(summons))]:
        tasks.stop_all(about=about, by=by, at=at)
    _join(row, [])
    record(JointEnded(f"matter:{row.id}", f"summons:{summons.id}", summons.state), by=by, at=at)


def _check(fault: Refusal | None) -> None:
    if fault is joint.OWN_PART:
        raise NotYours(fault)
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
