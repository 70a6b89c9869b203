"""What staff do to a topic: put two together, take them apart, name it, put it aside, make one matter of it; and take it back."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import rows, store
from siqian.kernel.journal import Event, office_verb, record
from siqian.kernel.permits import Actor, BadInput, NotFound, NotYours, Refusal, Refused, Thing, may, or_refuse, recused

from . import rules
from .events import TopicClosed, TopicMerged, TopicParted, TopicRaised, TopicRenamed, TopicRestored, TopicSplit
from .models import Constraint, Decision, Topic, Voice
from .telling import told_of


@office_verb
def merge(*, topic: int, into: int, why: str, by: Actor, at: datetime) -> int:
    """Put a topic into another one for good (并入); gives the decision, which can be taken back. Records topic.merged."""
    if topic == into:
        raise BadInput(rules.SAME)
    _reasoned(why)
    one, other = _held(topic, "merge", by), _held(into, "rename", by, missing=rules.NO_OTHER)
    state = one.state
    moving, there = _voices(one), _voices(other)
    one.state, one.became, one.ended = or_refuse(rules.TOPIC.then(state, "merge")), other, at
    one.save(update_fields=["state", "became", "ended"])
    row = _decide("merge", other, other=one, why=why, values={"state": state}, by=by, at=at)
    _name(row, moving, one.id, other.id)
    _name(row, there, other.id, other.id, one=False)
    Voice.objects.filter(topic=one).update(topic=other, how="staff")
    return _said(row, TopicMerged(f"topic:{other.id}", f"topic:{one.id}", len(moving)), by=by, at=at)


@office_verb
def split(*, topic: int, tellings: Collection[int], title: str, by: Actor, at: datetime) -> int:
    """Take some tellings out as a topic of their own (拆出); gives the decision. Records topic.split."""
    one = _held(topic, "split", by)
    all_ = _voices(one)
    chosen = [row for row in all_ if row.telling in set(tellings)]
    fault = rules.split_fault(len(chosen), len(all_)) or rules.title_fault(title)
    if fault is not None:
        raise BadInput(fault)
    new = Topic.objects.create(title=title.strip(), named=True, opened=min(row.at for row in chosen))
    row = _decide("split", one, other=new, by=by, at=at)
    _name(row, chosen, one.id, new.id)
    _name(row, [row for row in all_ if row not in chosen], one.id, one.id, one=False)
    _lead_anew(all_, {row.telling for row in chosen})
    Voice.objects.filter(telling__in=[row.telling for row in chosen]).update(topic=new, how="staff")
    return _said(row, TopicSplit(f"topic:{one.id}", f"topic:{new.id}", len(chosen)), by=by, at=at)


@office_verb
def part(*, topic: int, telling: int, by: Actor, at: datetime) -> int:
    """Take one telling out that does not belong here (移出); gives the decision. Records topic.parted."""
    one = _held(topic, "part", by)
    all_ = _voices(one)
    if telling not in {row.telling for row in all_}:
        raise NotFound(rules.NO_TELLING)
    fault = rules.split_fault(1, len(all_))
    if fault is not None:
        raise Refused(fault)
    row = _decide("part", one, by=by, at=at)
    _name(row, [row for row in all_ if row.telling == telling], one.id, None)
    _name(row, [row for row in all_ if row.telling != telling], one.id, one.id, one=False)
    _lead_anew(all_, {telling})
    Voice.objects.filter(telling=telling).update(topic=None, how="staff")
    return _said(row, TopicParted(f"topic:{one.id}", f"telling:{telling}"), by=by, at=at)


@office_verb
def rename(*, topic: int, title: str, by: Actor, at: datetime) -> int:
    """Give it a name that says what it is (改名); gives the decision. Records topic.renamed."""
    one = _held(topic, "rename", by)
    fault = rules.title_fault(title)
    if fault is not None:
        raise BadInput(fault)
    row = _decide("rename", one, values={"was": one.title, "named": one.named, "now": title.strip()}, by=by, at=at)
    one.title, one.named = title.strip(), True
    one.save(update_fields=["title", "named"])
    return _said(row, TopicRenamed(f"topic:{one.id}"), by=by, at=at)


@office_verb
def close(*, topic: int, why: str, by: Actor, at: datetime) -> int:
    """Put it aside with the reason (收起); gives the decision. Records topic.closed."""
    one = _held(topic, "close", by)
    _reasoned(why)
    row = _decide("close", one, why=why, values={"state": one.state}, by=by, at=at)
    one.state, one.ended = or_refuse(rules.TOPIC.then(one.state, "close")), at
    one.save(update_fields=["state", "ended"])
    return _said(row, TopicClosed(f"topic:{one.id}"), by=by, at=at)


@office_verb
def raise_(*, topic: int, by: Actor, at: datetime) -> int:
    """Make one matter of it, with the evidence, before more must tell it (未诉先办); gives the matter. Records topic.raised.

    Once, whoever clicks and how often: a topic that is raised already gives the matter that was made of it.
    """
    one = _held(topic, "raise", by, live=False)
    if one.matter:
        return one.matter
    state = or_refuse(rules.TOPIC.then(one.state, "raise"))
    told = told_of(one.id, one.title, at=at)
    if told is None:
        raise Refused(rules.NOBODY)
    message = Message(text=told.text, channel="desk", building=told.building, address=told.address, near=told.near, apart=True)
    ref = f"topic:{one.id}"
    matter = intake.take_referral(ref=ref, message=message, channel="topic", by=by, at=at)
    one.state, one.matter, one.raised = state, matter, at
    one.save(update_fields=["state", "matter", "raised"])
    row = _decide("raise", one, values={"matter": matter}, by=by, at=at)
    _said(row, TopicRaised(ref, f"matter:{matter}", told.tellers), by=by, at=at)
    return matter


@office_verb
def undo(*, decision: int, by: Actor, at: datetime) -> int:
    """Take back what somebody did to a topic (撤回); gives the topic. Records topic.restored."""
    store.lock("topics", "grouping")
    row = Decision.objects.select_related("topic", "other").filter(id=decision).first()
    if row is None:
        raise NotFound(rules.NO_DECISION)
    _permitted(row.topic, "undo", by)
    if row.undone is not None:
        raise Refused(rules.UNDONE)
    if row.kind == "raise":
        raise Refused(rules.FOR_GOOD)
    _put_back(row, at)
    row.undone, row.undone_name = at, by.name
    row.save(update_fields=["undone", "undone_name"])
    record(TopicRestored(f"topic:{row.topic_id}", row.kind), by=by, at=at)
    return row.topic_id


def _put_back(row: Decision, at: datetime) -> None:
    topic, other = row.topic, row.other
    for telling, was, now in Constraint.objects.filter(decision=row, one=True).values_list("telling", "was", "now"):
        # What the nights or somebody else moved on since then stays where it is.
        here = {now, _last(now)} if now else {None}
        voice = Voice.objects.filter(telling=telling).first()
        if voice is not None and voice.topic_id in here and was:
            target = was if row.kind == "merge" else _last(was)
            Voice.objects.filter(telling=telling).update(topic=target, how="staff")
    if row.kind == "merge" and other is not None:
        Topic.objects.filter(id=other.id).update(state=row.values["state"], became=None, ended=None)
    elif row.kind == "split" and other is not None:
        Voice.objects.filter(topic=other).update(topic=_last(topic.id), how="staff")
        Topic.objects.filter(id=other.id).update(state="merged", became=topic, ended=at)
    elif row.kind == "rename" and topic.title == row.values["now"]:
        Topic.objects.filter(id=topic.id).update(title=row.values["was"], named=row.values["named"])
    elif row.kind == "close" and topic.state == "closed":
        Topic.objects.filter(id=topic.id).update(state=row.values["state"], ended=None)


def _last(topic: int) -> int:
    """What a topic has become by now."""
    seen = {topic}
    while (became := Topic.objects.filter(id=topic).values_list("became", flat=True).first()) and became not in seen:
        seen.add(became)
        topic = became
    return topic


def _held(topic: int, verb: str, by: Actor, *, missing: Refusal = rules.NO_TOPIC, live: bool = True) -> Topic:
    """The topic, for somebody who may do this; nobody else groups or decides until the verb is over."""
    store.lock("topics", "grouping")
    row = Topic.objects.filter(id=topic).first()
    if row is None:
        raise NotFound(missing)
    _permitted(row, verb, by)
    if live and row.state not in rules.LIVE:
        raise Refused(rules.NOT_LIVE)
    return row


def _permitted(row: Topic, verb: str, by: Actor) -> None:
    places = Voice.objects.filter(topic=row.id).values_list("path", "grid")
    thing = Thing("topic", f"topic:{row.id}", area=rules.common_path([path for path, _ in places]))
    refusal = may(by, verb, thing)
    if refusal is None:
        return
    sees = may(by, "read", thing) is None and any(by.fence.everything or grid in by.fence.grids for _, grid in places)
    does = any(by.has(role) for role in rules.DOING) and recused(by, thing) is None
    if not sees:
        raise NotFound(rules.NO_TOPIC) if may(by, "read", thing) is None else NotYours(refusal)
    raise NotYours(rules.NOT_ALL_YOURS if does else refusal)


def _voices(topic: Topic) -> list[Voice]:
    return list(Voice.objects.filter(topic=topic).order_by("telling"))


def _reasoned(why: str) -> None:
    fault = rules.why_fault(why)
    if fault is not None:
        raise BadInput(fault)


def _decide(
    kind: str, topic: Topic, *, other: Topic | None = None, why: str = "", values: dict[str, Any] | None = None, by: Actor, at: datetime
) -> Decision:
    said = {"why": why.strip(), "values": values or {}, "by": by.ref, "by_name": by.name, "at": at}
    return Decision.objects.create(kind=kind, topic=topic, other=other, **said)


def _name(decision: Decision, voices: Iterable[Voice], was: int, now: int | None, *, one: bool = True) -> None:
    """Remember which tellings a decision names: the nights keep it."""
    for voice in voices:
        what = {"telling": voice.telling, "matter": voice.matter, "grid": voice.grid}
        rows.put(Constraint, decision_id=decision.id, **what, one=one, was=was, now=now)


def _lead_anew(voices: Iterable[Voice], moved: Collection[int]) -> None:
    """Nobody follows a telling that is elsewhere: of those that followed it the first leads the others."""
    first: dict[tuple[int, bool], int] = {}
    for voice in voices:
        leads_here = (voice.leader in moved) == (voice.telling in moved)
        leader = first.setdefault((voice.leader, voice.telling in moved), voice.leader if leads_here else voice.telling)
        if leader != voice.leader:
            Voice.objects.filter(telling=voice.telling).update(leader=leader)


def _said(row: Decision, event: Event, *, by: Actor, at: datetime) -> int:
    record(event, by=by, at=at)
    return row.id
