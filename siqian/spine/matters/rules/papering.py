"""Which step of a matter calls for which official paper, and what then stands on it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from siqian.spine.remit.rules import Gate, Kind
from siqian.trades.papers.rules import day, moment

# Longer words are cut; the whole stands on the matter's thread.
LONGEST = 1500
WAITS = {"resident": "反映人回话", "third": "第三方", "works": "施工条件"}
OUTCOMES = {
    "passed": "已办好",
    "failed": "没有办好，退回继续办理",
    "told_ok": "反映人说办好了",
    "told_bad": "反映人说没有办好，换人重办",
    "overturned": "申诉成立，撤销不予受理，由别人办理",
    "confirmed": "申诉不成立，维持不予受理",
}
NOTHING_SAID = "没有另外说明"
DONE = "按上述情况办理完毕，予以答复"


@dataclass(frozen=True)
class Call:
    """A paper that is called for, and the kinds of step of which the newest tells what stands on it."""

    paper: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What an event says beyond its name: extension or ledger, granted; why it was given; whether a supervision was decided."""

    name: str
    kind: str = ""
    state: str = ""
    why: str = ""
    decided: bool = True
    outcome: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known of a matter when a paper about it is drawn up. title: the teller's own words; item: what the list calls it.

    text, by, at: of the step; due times may be over or missing.
    """

    number: str
    title: str
    item: str
    discreet: bool
    place: str
    received: datetime
    unit: str
    keeper: str
    respond: datetime | None
    settle: datetime | None
    step: str
    text: str
    by: str
    at: datetime
    until: datetime | None = None
    why: str = ""
    was: str = ""
    gate: Gate | None = None
    asked_on: datetime | None = None


ALWAYS = {
    "matter.refused": Call("refusal", ("refused",)),
    "appeal.ruled": Call("appeal-ruling", ("overturned", "confirmed")),
    "matter.held": Call("suspension", ("held",)),
    "matter.staged": Call("stage-reply", ("staged",)),
    "matter.checked": Call("check", ("passed", "failed")),
    "matter.withdrawn": Call("withdrawal", ("withdrawn",)),
    "petition.taken_up": Call("acceptance", ("informed",)),
    "petition.prolonged": Call("extension", ("prolonged",)),
}
ANSWERED = {"answer_review": Call("review-opinion", ("review_given",)), "answer_recheck": Call("recheck-opinion", ("rechecked",))}
RULED = {"extension": Call("extension", ("extended",)), "ledger": Call("ledger", ("shelved",))}


def called_for(heard: Heard, kind: Kind, discreet: bool) -> Call | None:
    """The paper that an event about a matter of this kind calls for; None for most. discreet: neighbours do not know of it."""
    if heard.name == "matter.accepted":
        # What an answer settles is answered, not taken up on paper; what a law of its own leads is taken up by that law.
        return Call("acceptance", ("accepted",)) if kind.closes == "done" and not kind.basis else None
    if heard.name == "petition.answered":
        return ANSWERED.get(heard.kind)
    if heard.name == "matter.closed":
        return _closing(kind, discreet)
    if heard.name == "request.ruled":
        return RULED.get(heard.kind) if heard.state == "granted" else None
    if heard.name == "matter.assigned":
        return Call("transfer", ("upheld",)) if heard.why == "return" else None
    if heard.name == "matter.supervised":
        return Call("supervision", ("ordered",)) if heard.decided else None
    if heard.name == "teller.called":
        return Call("call-back", (heard.outcome,)) if heard.outcome in OUTCOMES else None
    return ALWAYS.get(heard.name)


def _closing(kind: Kind, discreet: bool) -> Call | None:
    """A kind with a law of its own ends with an opinion, what was confided or names somebody with a reply: both are signed.

    The rest needs nobody's hand: what was done goes out as its handler said it.
    """
    steps = ("closed", "passed")
    if kind.basis:
        return Call("opinion", steps)
    if discreet:
        return Call("reply", steps)
    return Call("completion", steps) if kind.closes == "done" else None


def values(facts: Facts, *, for_teller: bool) -> dict[str, str]:
    """Everything that may stand on a paper about this matter, by field; a paper takes what it needs.

    The teller's own words stand on what the teller gets, and not on that either when they were told in confidence.
    """
    own_words = for_teller and not facts.discreet
    text = facts.text.strip()[:LONGEST] or NOTHING_SAID
    gate = facts.gate
    found = {
        "number": facts.number,
        "title": (facts.title.strip() if own_words else facts.item) or facts.number,
        "place": facts.place.strip() or "没有说明",
        "received": day(facts.received),
        "unit": facts.unit,
        "keeper": facts.keeper,
        "on": moment(facts.at),
        "respond": moment(facts.respond or facts.at),
        "settle": moment(facts.settle or facts.at),
        "until": moment(facts.until or facts.settle or facts.at),
        "was": facts.was or facts.keeper,
        "reason": text,
        "waits": WAITS.get(facts.why, WAITS["third"]),
        "answer": text,
        "order": text,
        "found": text,
        "words": text,
        "opinion": DONE,
        "outcome": OUTCOMES.get(facts.step, ""),
        "approver": facts.by or facts.keeper,
        "asked_on": day(facts.asked_on or facts.at),
    }
    if gate is not None:
        found |= {"clause": gate.zh, "door": gate.door, "law": gate.law}
    return found


def by_hand(facts: Facts, needed: tuple[str, ...], filled_in: Mapping[str, str], *, for_teller: bool) -> dict[str, str]:
    """The same for a paper that somebody draws up: what they have to say stands instead of what is known."""
    return values(facts, for_teller=for_teller) | {name: filled_in.get(name, "").strip() for name in needed}
