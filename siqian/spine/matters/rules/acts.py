"""The acts on the straight way of a life, each as its verb does it; why not, where it cannot have been. Pure."""

from typing import TYPE_CHECKING

from siqian.kernel.permits import Refusal
from siqian.spine.remit.rules import UNSURE

from . import (
    EMPTY,
    NO_HOLDER,
    NO_REASON,
    NOT_CLOSED,
    OPEN,
    OVER,
    RATE,
    STILL_UNSURE,
    SUPERVISED_FROM,
    UNSPOKEN,
    URGE_AGAIN,
    closable,
    contact_fault,
    course,
    text_fault,
    withdrawable,
)
from .left import Trace
from .lives import Did

if TYPE_CHECKING:
    from .living import Living


def accept(living: "Living", act: Did) -> Refusal | None:
    if living.state in ("accepted", "in_hand"):
        return None
    if fault := living.go("accept"):
        return fault
    living.stop("accept", act)
    living.trace("accepted", act)
    return None


def contact(living: "Living", act: Did) -> Refusal | None:
    fault = contact_fault(act.how, act.text, act.promised, act.at)
    if fault is None and living.twice(act.how, act):
        return None
    fault = fault or living.go("contact")
    if fault is not None:
        return fault
    living.stop("accept", act)
    living.stop("respond", act)
    if act.promised is not None and "settle" in living.running:
        living.running["settle"].promised = act.promised
    living.answered = True
    living.trace(act.how, act, act.text.strip())
    return None


def note(living: "Living", act: Did) -> Refusal | None:
    if not act.text.strip():
        return EMPTY
    if living.twice("note", act):
        return None
    living.trace("note", act, act.text.strip(), public=False)
    return None


def close(living: "Living", act: Did) -> Refusal | None:
    if living.state in ("to_check", "closed", "settled"):
        return None
    if living.state in ("assigned", "accepted", "returned"):
        return UNSPOKEN
    item = living.book.item(living.item)
    check = item is not None and living.kind.looked_at(item)
    fault = closable(act.text, ()) or living.go("submit" if check else "close")
    if fault is not None:
        return fault
    if check:
        _submit(living, act)
        return None
    living.trace("closed", act, act.text.strip())
    _closed(living, act)
    return None


def passed(living: "Living", act: Did) -> Refusal | None:
    """Looked at on the spot by somebody else: it is done."""
    fault = closable(act.text, ()) or living.go("pass")
    if fault is not None:
        return fault
    living.trace("passed", act, act.text.strip())
    _closed(living, act)
    return None


def failed(living: "Living", act: Did) -> Refusal | None:
    fault = closable(act.text, ()) or living.go("fail")
    if fault is not None:
        return fault
    living.stop("check", act)
    living.resume("settle", act.at)
    living.start(act.at, only="settle")
    living.trace("failed", act, act.text.strip())
    return None


def praise(living: "Living", act: Did) -> Refusal | None:
    if living.state == "settled":
        return None
    if fault := living.go("praise"):
        return fault
    living.rating = "good"
    living.teach("settled", act)
    living.stop_all(act)
    living.trace("rated", act, act.text.strip(), telling=act.telling)
    return unknown_telling(living, act)


def reopen(living: "Living", act: Did) -> Refusal | None:
    return _again(living, act, "reopen", "reopened", "bad", telling=act.telling) or unknown_telling(living, act)


def call(living: "Living", act: Did) -> Refusal | None:
    """Called back and not reached."""
    fault = _call_fault(living, act) or living.go("call")
    if fault is not None:
        return fault
    living.calls.append(act.at)
    living.trace("called", act, act.text.strip())
    return None


def told_ok(living: "Living", act: Did) -> Refusal | None:
    fault = _call_fault(living, act) or living.go("told_ok")
    if fault is not None:
        return fault
    living.rating = "told_ok"
    living.teach("settled", act)
    living.stop_all(act)
    living.trace("told_ok", act, act.text.strip())
    return None


def told_bad(living: "Living", act: Did) -> Refusal | None:
    return _call_fault(living, act) or _again(living, act, "told_bad", "told_bad", "told_bad")


def lapse(living: "Living", act: Did) -> Refusal | None:
    if living.state != "closed":
        return None
    if "rate" in living.running and act.at < living.running["rate"].due:
        return Refusal("还没到七天，不能算没评。改成到期之后，或删去这一步")
    living.go("lapse")
    living.rating = "lapsed"
    living.stop_all(act)
    living.trace("lapsed", act)
    return None


def remark(living: "Living", act: Did) -> Refusal | None:
    if fault := text_fault(act.text):
        return fault
    if living.twice("remark", act):
        return unknown_telling(living, act)
    living.trace("remark", act, act.text.strip(), telling=act.telling)
    if living.state == "on_hold" and any(still.until is None and still.why == "resident" for still in living.pauses):
        living.go("resume")
        living.resume("settle", act.at)
        living.trace("resumed", act)
    return unknown_telling(living, act)


def urge(living: "Living", act: Did) -> Refusal | None:
    if living.state not in OPEN:
        return OVER
    if living.urged is not None and act.at - living.urged < URGE_AGAIN:
        return None
    living.urged = act.at
    living.trace("urged", act)
    return None


def withdraw(living: "Living", act: Did) -> Refusal | None:
    if living.state == "withdrawn":
        return None
    fault = withdrawable(living.kind, len(living.voices)) or living.go("withdraw")
    if fault is not None:
        return fault
    living.ruled("dropped", "", act)
    living.stop_all(act)
    living.trace("withdrawn", act)
    return None


def join(living: "Living", act: Did) -> Refusal | None:
    if act.voice is None or act.voice.at != act.at:
        return Refusal("并入的这一次诉说没写，或时间和这一步不同。补上它")
    if living.state not in OPEN:
        return OVER
    living.voices.append(act.voice)
    living.traces.append(Trace("joined", act.at, act.voice.by, values={"n": len(living.voices)}))
    return None


def assign(living: "Living", act: Did) -> Refusal | None:
    item, spot = act.item or living.item, act.spot or living.spot
    if item == UNSURE:
        return STILL_UNSURE
    if living.book.item(item) is None:
        return Refusal("责任清单里没有{item}，从列表里选", field="item", item=item)
    if act.holder is None:
        return NO_HOLDER
    now = (living.item, living.spot.path, living.holder.post, living.holder.person)
    if living.state == "assigned" and (item, spot.path, act.holder.post, act.holder.person) == now:
        return None
    state, was = living.state, living.item
    if fault := living.go("assign" if state == "received" else "move"):
        return fault
    living.item, living.unsure, living.unplaced, living.candidates = item, False, "", []
    living.spot, living.holder = spot, act.holder
    living.unit = living.book.unit(item, spot.path, act.at, living.life.against)
    living.ruled("dropped", "", act)
    living.give(act, "")
    living.teach("ruled", act, state=state, was=was)
    return None


def move(living: "Living", act: Did) -> Refusal | None:
    if act.holder is None:
        return NO_HOLDER
    if not act.text.strip():
        return NO_REASON
    if living.state == "assigned" and (act.holder.post, act.holder.person) == (living.holder.post, living.holder.person):
        return None
    if fault := living.go("move"):
        return fault
    living.holder = act.holder
    living.ruled("dropped", "", act)
    living.give(act, act.text.strip())
    return None


def unknown_telling(living: "Living", act: Did) -> Refusal | None:
    if act.telling < len(living.voices):
        return None
    return Refusal("没有第{n}次诉说，改成前面说过的一次", n=act.telling + 1)


def _submit(living: "Living", act: Did) -> None:
    living.ruled("dropped", "", act)
    living.resume("settle", act.at)
    for what in ("stage", "review"):
        living.stop(what, act)
    living.pause("settle", "check", act.at, act.at + course.CHECK_LIMIT)
    living.open("check", act.at, act.at + course.CHECK, owner=living.desk(2, act.at))
    living.trace("submitted", act, act.text.strip())


def _closed(living: "Living", act: Did) -> None:
    living.closed, living.calls = act.at, []
    living.ruled("dropped", "", act)
    living.stop_all(act)
    living.open("rate", act.at, act.at + RATE)


def _call_fault(living: "Living", act: Did) -> Refusal | None:
    if living.state != "closed":
        return NOT_CLOSED
    return course.calls_fault(len(living.calls), living.calls[-1] if living.calls else None, act.at)


def _again(living: "Living", act: Did, verb: str, kind: str, rating: str, telling: int | None = None) -> Refusal | None:
    if act.holder is None:
        return NO_HOLDER
    if fault := living.go(verb):
        return fault
    living.rating, living.closed, living.holder, living.reopened = rating, None, act.holder, living.reopened + 1
    living.stop_all(act)
    living.given = act.at
    living.trace(kind, act, act.text.strip(), values={"keeper": act.holder.called}, telling=telling)
    living.start(act.at)
    if living.reopened >= SUPERVISED_FROM:
        desk = living.desk(1, act.at)
        living.open("supervise", act.at, act.at + course.SUPERVISE, owner=desk)
        living.trace("supervised", act, values={"to": desk.called})
    return None
