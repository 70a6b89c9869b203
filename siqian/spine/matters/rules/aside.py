"""The acts off the straight way: hold, stage answer, long ledger, what is asked and ruled, each as its verb does it. Pure."""

from datetime import datetime
from typing import TYPE_CHECKING

from siqian.kernel.permits import Refusal
from siqian.trades.tasks import rules as tasks

from . import NO_HOLDER, NOT_SUPERVISED, course, petition
from .course import Ask, Standing, stamp
from .left import Asked
from .lives import Did

if TYPE_CHECKING:
    from .living import Living


DENIED = {
    "return": "not_returned",
    "extension": "not_extended",
    "ledger": "not_shelved",
    "refuse": "not_refused",
    "appeal": "confirmed",
}


def hold(living: "Living", act: Did) -> Refusal | None:
    if living.state == "on_hold":
        return None
    before = sum(trace.kind == "held" for trace in living.traces)
    fault = course.hold_fault(act.why, act.text, before) or living.go("hold")
    if fault is not None:
        return fault
    limit = act.at + course.HOLDS[act.why]
    living.pause("settle", act.why, act.at, limit)
    living.trace("held", act, act.text.strip(), values={"why": act.why, "until": stamp(limit)})
    return None


def resume(living: "Living", act: Did) -> Refusal | None:
    if living.state == "on_hold":
        living.go("resume")
        living.resume("settle", act.at)
        living.trace("resumed", act)
    elif living.state == "to_check":
        living.resume("settle", act.at)
    return None


def stage(living: "Living", act: Did) -> Refusal | None:
    fault = course.stage_fault(act.text, act.until, act.at) or living.go("stage")
    if fault is not None or act.until is None:
        return fault
    living.ruled("dropped", "", act)
    living.stop("settle", act)
    living.open("stage", act.at, act.until)
    living.trace("staged", act, act.text.strip(), values={"until": stamp(act.until)})
    return None


def review(living: "Living", act: Did) -> Refusal | None:
    fault = course.review_fault(act.text, act.until, act.at)
    if fault is None and living.twice("reviewed", act):
        return None
    fault = fault or living.go("review")
    if fault is not None or act.until is None:
        return fault
    living.stop("review", act)
    living.open("review", act.at, act.until, owner=living.desk(1, act.at))
    living.trace("reviewed", act, act.text.strip(), values={"until": stamp(act.until)})
    return None


def take_up(living: "Living", act: Did) -> Refusal | None:
    if len(act.text.strip()) < 4:
        return course.UNSAID
    if fault := living.go("take_up"):
        return fault
    living.stop("review", act)
    living.start(act.at, only="settle")
    living.trace("taken_up", act, act.text.strip())
    return None


def return_(living: "Living", act: Did) -> Refusal | None:
    fault = _fault(living, act, "return") or living.go("return")
    if fault is not None:
        return fault
    living.stop("accept", act)
    _ask(living, act, "return", "returned", public=True)
    return None


def extend(living: "Living", act: Did) -> Refusal | None:
    fault = _fault(living, act, "extension")
    if fault is None:
        _ask(living, act, "extension", "more_asked")
    return fault


def ledger(living: "Living", act: Did) -> Refusal | None:
    fault = _fault(living, act, "ledger")
    if fault is None:
        _ask(living, act, "ledger", "ledger_asked")
    return fault


def refuse(living: "Living", act: Did) -> Refusal | None:
    fault = _fault(living, act, "refuse")
    if fault is None:
        _ask(living, act, "refuse", "refuse_asked")
    return fault


def appeal(living: "Living", act: Did) -> Refusal | None:
    refused = _refusal(living)
    if living.state != "refused" or refused is None or refused.ruled_at is None:
        return course.NOT_APPEALABLE
    if fault := course.appeal_fault(act.text, refused.ruled_at, act.at):
        return fault
    living.go("appeal")
    said = act.text.strip()
    living.asked.append(Asked("appeal", living.item, said, "", refused.clause, 0, None, living.holder.post, act.by, act.name, act.at))
    living.open("rule", act.at, act.at + course.RULE, owner=living.desk(0, act.at))
    living.trace("appealed", act, said, telling=act.telling)
    return None


def grant(living: "Living", act: Did) -> Refusal | None:
    asked = living.waiting()
    if fault := _ruling_fault(living, asked, act):
        return fault
    assert asked is not None
    rulings = {"return": _uphold, "extension": _lengthen, "ledger": _shelve, "refuse": _refuse, "appeal": _overturn}
    fault = rulings[asked.kind](living, asked, act)
    if fault is None:
        living.ruled("granted", act.text.strip(), act)
    return fault


def deny(living: "Living", act: Did) -> Refusal | None:
    asked = living.waiting()
    if fault := _ruling_fault(living, asked, act):
        return fault
    assert asked is not None
    if asked.kind == "return":
        living.go("deny" if "respond" in living.running else "keep")
    if asked.kind == "appeal":
        living.go("confirm")
    values = {"gate": asked.clause} if asked.kind == "appeal" else {}
    living.trace(DENIED[asked.kind], act, act.text.strip(), public=asked.kind in ("return", "appeal"), values=values)
    living.ruled("denied", act.text.strip(), act)
    return None


def supervise(living: "Living", act: Did) -> Refusal | None:
    if len(act.text.strip()) < 4:
        return course.UNSAID
    if "supervise" not in living.running:
        return NOT_SUPERVISED
    living.stop("supervise", act)
    living.trace("ordered", act, act.text.strip())
    return None


def _fault(living: "Living", act: Did, kind: str) -> Refusal | None:
    settle = living.running.get("settle")
    term = tasks.term(settle.minutes, settle.working_days) if settle else None
    extended = course.extended((asked.kind, asked.state, asked.amount) for asked in living.asked)
    standing = Standing(
        living.given,
        living.waiting() is not None,
        any(asked.kind == "return" and asked.state in ("granted", "denied") for asked in living.asked),
        settle.due if settle else None,
        course.bound(term, extended) if term else 0,
        extended,
        living.state,
        any(asked.kind == "appeal" for asked in living.asked),
        _back_until(living),
    )
    return course.ask_fault(Ask(kind, act.text, act.unit, act.clause, act.amount, act.until), standing, living.book.units, act.at)


def _back_until(living: "Living") -> datetime | None:
    """Until when a petition may be handed back; None for what no law of its own leads."""
    if living.book.back is None or not petition.led_by_law(living.kind):
        return None
    return petition.ends(living.given, living.book.back)


def _ask(living: "Living", act: Did, kind: str, step: str, *, public: bool = False) -> None:
    clause = act.clause.strip()[:120]
    living.asked.append(
        Asked(kind, living.item, act.text.strip(), act.unit, clause, act.amount, act.until, living.holder.post, act.by, act.name, act.at)
    )
    living.open("rule", act.at, act.at + course.RULE, owner=living.desk(1, act.at))
    living.trace(step, act, act.text.strip(), public=public, values={"unit": act.unit, "clause": clause, "amount": act.amount})


def _ruling_fault(living: "Living", asked: Asked | None, act: Did) -> Refusal | None:
    if asked is None:
        return course.NOT_ASKED
    if asked.by == act.by:
        return course.SECOND_PERSON
    refused = _refusal(living) if asked.kind == "appeal" else None
    if refused is not None and act.by in (refused.by, refused.ruled_by):
        return course.HAD_A_PART
    return course.NO_RULING if len(act.text.strip()) < 4 else None


def _uphold(living: "Living", asked: Asked, act: Did) -> Refusal | None:
    wanted = act.unit or asked.unit
    fault = living.book.lead(wanted, living.item)
    if fault is not None:
        return fault
    asked.unit = living.unit = wanted
    living.go("uphold")
    living.holder = act.holder or living.desk(1, act.at)
    living.trace("upheld", act, act.text.strip(), values={"unit": wanted})
    living.give(act, "")
    return None


def _lengthen(living: "Living", asked: Asked, act: Did) -> Refusal | None:
    until = living.lengthen(asked.amount)
    living.trace("extended", act, asked.reason, values={"until": stamp(until), "amount": asked.amount})
    return None


def _shelve(living: "Living", asked: Asked, act: Did) -> Refusal | None:
    until = asked.until
    fault = course.until_fault(until, act.at) or living.go("shelve")
    if fault is not None or until is None:
        return fault
    for what in ("settle", "stage"):
        living.stop(what, act)
    living.open("review", act.at, until, owner=living.desk(1, act.at))
    living.trace("shelved", act, asked.reason, values={"until": stamp(until)})
    return None


def _refuse(living: "Living", asked: Asked, act: Did) -> Refusal | None:
    if fault := living.go("refuse"):
        return fault
    for what in list(living.running):
        if what != "rule":
            living.stop(what, act)
    living.trace("refused", act, asked.reason, values={"gate": asked.clause})
    return None


def _overturn(living: "Living", asked: Asked, act: Did) -> Refusal | None:
    if act.holder is None:
        return NO_HOLDER
    if fault := living.go("overturn"):
        return fault
    living.holder, living.given = act.holder, act.at
    living.trace("overturned", act, act.text.strip(), values={"keeper": act.holder.called})
    living.start(act.at)
    return None


def _refusal(living: "Living") -> Asked | None:
    return next((asked for asked in reversed(living.asked) if (asked.kind, asked.state) == ("refuse", "granted")), None)
