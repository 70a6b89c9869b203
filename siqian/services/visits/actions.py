"""The only writers of visits. Each: permit, decide, write, record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from siqian.kernel import deadline, store
from siqian.kernel.clock import TOWN, local
from siqian.kernel.deadline import Term
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refusal, Thing, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import queries, rules
from .events import (
    ItemAnswered,
    ItemGiven,
    ItemRaised,
    ItemReferred,
    VisitCancelled,
    VisitDue,
    VisitHeld,
    VisitMoved,
    VisitPlanned,
)
from .models import Item, Reach, Step, Visit
from .plans import EVENING, lay_in, propose, take_back

__all__ = ["answer", "cancel", "follow_areas", "give", "hold", "lay_in", "move", "plan", "propose", "raise_item", "remind", "take_back"]

declare("visit", *rules.PERMITS)

PLANNED = said("您要去走访：{place}，{topic}")
MOVED = said("走访改了时间或换了人：{place}，{topic}")
CANCELLED = said("走访取消了：{place}，{topic}")
NEAR = said("走访快到了，走完24小时内记下来：{place}，{topic}")
GIVEN = said("走访时答应的事归您答复：{title}")


@office_verb
def follow_areas(*, paths: Mapping[str, str], by: Actor, at: datetime) -> None:
    """What is told of areas that lie elsewhere now, or ended, is told of where they lie, or of what took them in (old path -> new)."""
    for old, new in paths.items():
        Visit.objects.filter(path=old).update(path=new)
        Item.objects.filter(path=old).update(path=new)
        # A visit that reached both of two building grids that became one reached that one.
        both = list(Reach.objects.filter(cell=new).values_list("visit", flat=True))
        Reach.objects.filter(cell=old).exclude(visit__in=both).update(cell=new)


@verb
def plan(*, draft: rules.Draft, cells: Sequence[str] = (), once: str = "", by: Actor, at: datetime) -> int:
    """Plan a visit; gives its id. Records visit.planned.

    cells: the building grids that it is meant for, all of the area when there are none.
    once: the form's code, for which it is planned once.
    """
    must(by, "plan", Thing("visit", area=draft.path))
    if once:
        store.lock("visit planned", once)
    if once and (known := Visit.objects.filter(once=once).values_list("id", flat=True).first()):
        return known
    area = bool(places.both_names(draft.path))
    for fault in rules.draft_faults(draft, kinds=queries.kinds(), post=_may_go(draft.post, draft.path, at), path=area, at=at)[:1]:
        raise BadInput(fault)
    inside = queries.last_reached(draft.path)
    if not inside or not set(cells) <= set(inside):
        raise BadInput(Refusal("这个范围里没有楼栋格，换一个范围", field="path"))
    words = {name: getattr(draft, name).strip() for name in ("topic", "place", "along")}
    placed = {name: getattr(draft, name) for name in ("kind", "building", "path", "starts", "ends", "post")}
    row = Visit.objects.create(**words, **placed, person=people.holder(draft.post, at=at), once=once[:32])
    day = local(draft.starts).date()
    Reach.objects.bulk_create(Reach(visit=row, cell=cell, day=day) for cell in sorted(cells or inside))
    _step(row, "planned", by=by, at=at)
    _tell(row, PLANNED, by=by, at=at)
    record(VisitPlanned(f"visit:{row.id}", row.kind, row.post, row.starts), first=True, by=by, at=at)
    return row.id


@verb
def move(*, visit: int, starts: datetime, ends: datetime, post: str, why: str = "", by: Actor, at: datetime) -> None:
    """Another time, or somebody else goes. Twice is once. Records visit.moved."""
    row = _locked(visit, by, "move")
    if (row.starts, row.ends, row.post) == (starts, ends, post):
        return
    or_refuse(rules.VISIT.then(row.state, "move"))
    fault = rules.moved_fault(starts, ends, at) or (rules.why_fault(why) if why.strip() else None)
    if fault is not None:
        raise BadInput(fault)
    if not _may_go(post, row.path, at):
        raise BadInput(Refusal("没有这个岗位，从列表里选谁去", field="post"))
    before, row.starts, row.ends, row.post, row.person = row.post, starts, ends, post, people.holder(post, at=at)
    row.due_told = False
    row.save(update_fields=["starts", "ends", "post", "person", "due_told"])
    Reach.objects.filter(visit=row).update(day=local(starts).date())
    tasks.stop_all(about=f"visit:{row.id}", by=by, at=at)
    _step(row, "moved", why, by=by, at=at)
    for one in {before, post}:
        _tell(row, MOVED, to=one, by=by, at=at)
    record(VisitMoved(f"visit:{row.id}", post, starts), by=by, at=at)


@verb
def cancel(*, visit: int, why: str, by: Actor, at: datetime) -> None:
    """It does not take place; everybody who may read of it reads why. Twice is once. Records visit.cancelled."""
    row = _locked(visit, by, "cancel")
    if row.state == "cancelled":
        return
    row.state = or_refuse(rules.VISIT.then(row.state, "cancel"))
    if (fault := rules.why_fault(why)) is not None:
        raise BadInput(fault)
    row.save(update_fields=["state"])
    tasks.stop_all(about=f"visit:{row.id}", by=by, at=at)
    _step(row, "cancelled", why, by=by, at=at)
    _tell(row, CANCELLED, by=by, at=at)
    record(VisitCancelled(f"visit:{row.id}"), by=by, at=at)


@office_verb
def hold(*, visit: int, held: rules.Held, by: Actor, at: datetime) -> None:
    """Write down how it was: whom one heard, where one was, what was raised. All or nothing; twice is once. Records visit.held."""
    row = _locked(visit, by, "hold")
    if row.state == "held":
        return
    row.state = or_refuse(rules.VISIT.then(row.state, "hold"))
    inside = queries.last_reached(row.path)
    for fault in rules.held_faults(held, known=list(inside), at=at)[:1]:
        raise BadInput(fault)
    row.begun, row.note = held.begun, held.note.strip()
    row.heard = {group: count for group, count in held.heard.items() if count}
    row.save(update_fields=["state", "begun", "note", "heard"])
    day = local(held.begun).date()
    Reach.objects.filter(visit=row).exclude(cell__among=list(held.cells)).delete()
    Reach.objects.filter(visit=row).update(held=True, day=day)
    there = set(Reach.objects.filter(visit=row).values_list("cell", flat=True))
    Reach.objects.bulk_create(Reach(visit=row, cell=cell, day=day, held=True) for cell in sorted(set(held.cells) - there))
    _step(row, "held", by=by, at=at)
    for number, raised in enumerate(held.raised, 1):
        _raise(row, number, raised, by=by, at=at)
    tasks.stop_all(about=f"visit:{row.id}", by=by, at=at)
    record(VisitHeld(f"visit:{row.id}", len(set(held.cells)), sum(row.heard.values())), by=by, at=at)


@office_verb
def raise_item(*, visit: int, raised: rules.Raised, by: Actor, at: datetime) -> int:
    """Add something that was raised; the same words twice are once. Gives its id. Records visit_item.raised."""
    row = _locked(visit, by, "raise")
    or_refuse(rules.VISIT.then(row.state, "raise"))
    same = Item.objects.filter(visit=row, text=raised.text.strip()).values_list("id", flat=True).first()
    if same is not None:
        return same
    count = Item.objects.filter(visit=row).count()
    if count >= rules.MOST_RAISED:
        raise BadInput(Refusal("一次走访最多记{most}条", field="raised", most=rules.MOST_RAISED))
    return _raise(row, count + 1, raised, by=by, at=at)


@office_verb
def answer(*, item: int, text: str, by: Actor, at: datetime) -> None:
    """Say what came of what was promised; everybody reads it. Twice is once. Records visit_item.answered."""
    row = _item(item, by, "answer")
    if row.state == "answered" and row.answer == text.strip():
        return
    row.state = or_refuse(rules.ITEM.then(row.state, "answer"))
    if (fault := rules.answer_fault(text)) is not None:
        raise BadInput(fault)
    row.answer, row.answered = text.strip(), at
    row.save(update_fields=["state", "answer", "answered"])
    tasks.stop_all(about=f"visit_item:{row.id}", by=by, at=at)
    _step(row.visit, "answered", item=row.number, by=by, at=at)
    record(ItemAnswered(f"visit_item:{row.id}"), by=by, at=at)


@office_verb
def give(*, item: int, post: str, why: str, by: Actor, at: datetime) -> None:
    """Somebody else owes the answer; the day stays. Twice is once. Records visit_item.given."""
    row = _item(item, by, "give")
    if row.post == post:
        return
    or_refuse(rules.ITEM.then(row.state, "give"))
    if (fault := rules.why_fault(why)) is not None:
        raise BadInput(fault)
    if post not in people.known_posts([post]):
        raise BadInput(Refusal("没有这个岗位，从列表里选谁来答复", field="post"))
    owner = duty.Owner(post, people.holder(post, at=at))
    row.post, row.person = owner.post, owner.person
    row.save(update_fields=["post", "person"])
    tasks.hand_over(about=f"visit_item:{row.id}", owner=owner, by=by, at=at)
    _step(row.visit, "given", why, item=row.number, by=by, at=at)
    notices.tell(to=f"post:{post}", about=f"visit_item:{row.id}", text=GIVEN, values={"title": row.title}, by=by, at=at)
    record(ItemGiven(f"visit_item:{row.id}", post), by=by, at=at)


@office_verb
def remind(*, visit: int, by: Actor, at: datetime) -> bool:
    """Put a visit whose day is near among its post's work, with a clock for its record; says whether it was new. Records visit.due."""
    store.lock("visit", visit)
    row = Visit.objects.filter(id=visit, state="planned", due_told=False).first()
    if row is None:
        return False
    row.due_told, row.person = True, people.holder(row.post, at=at)
    row.save(update_fields=["due_told", "person"])
    about, owner = f"visit:{row.id}", duty.Owner(row.post, row.person)
    shown: dict[str, Any] = {"path": row.path, "title": row.topic, "place": row.place, "said_by": queries.kinds()[row.kind].zh}
    tasks.open_clocks(about=about, dues={"visit": row.ends + rules.TO_RECORD}, owner=owner, **shown, by=by, at=at)
    _tell(row, NEAR, by=by, at=at)
    record(VisitDue(about, row.post), by=by, at=at)
    return True


def _raise(visit: Visit, number: int, raised: rules.Raised, *, by: Actor, at: datetime) -> int:
    today = local(at).date()
    known = bool(raised.post) and raised.post in people.known_posts([raised.post])
    if (fault := rules.raised_fault(raised, post=known, today=today)) is not None:
        raise BadInput(fault)
    owed = raised.way == "owed"
    row = Item.objects.create(
        visit=visit,
        number=number,
        grid=places.fences_of([visit.path]).get(visit.path, 0),
        path=visit.path,
        title=raised.title.strip(),
        text=raised.text.strip(),
        way=raised.way,
        state={"answered": "answered", "owed": "open"}.get(raised.way, "referred"),
        post=raised.post if owed else "",
        person=people.holder(raised.post, at=at) if owed else "",
        due=_due(visit, raised.due, at) if owed else None,
        answer=raised.answer.strip() if raised.way == "answered" else "",
        answered=at if raised.way == "answered" else None,
        shown=raised.shown,
        raised=at,
    )
    about = f"visit_item:{row.id}"
    record(ItemRaised(about, f"visit:{visit.id}", row.way, row.post), first=True, by=by, at=at)
    if row.way in rules.REFERRED:
        record(ItemReferred(about, row.way), by=by, at=at)
    if owed and row.due is not None:
        shown: dict[str, Any] = {"path": row.path, "title": row.title, "place": visit.place, "said_by": queries.kinds()[visit.kind].zh}
        tasks.open_clocks(about=about, dues={"promise": row.due}, owner=duty.Owner(row.post, row.person), **shown, by=by, at=at)
        notices.tell(to=f"post:{row.post}", about=about, text=GIVEN, values={"title": row.title}, by=by, at=at)
    return row.id


def _due(visit: Visit, day: date | None, at: datetime) -> datetime:
    """The evening of the day that was named, or as many working days on as the kind of visit allows."""
    if day is not None:
        return max(datetime.combine(day, EVENING, TOWN), at)
    found = deadline.due(at, Term.working_days(queries.kinds()[visit.kind].answer_days))
    assert found is not None  # nothing pauses it
    return found


def _locked(visit: int, by: Actor, step: str) -> Visit:
    """The row, while others who would write it wait."""
    store.lock("visit", visit)
    row = Visit.objects.filter(id=visit).first()
    if row is None or not by.is_staff:
        raise NotFound(rules.NO_VISIT)
    must(by, step, queries.thing(row))
    return row


def _item(item: int, by: Actor, step: str) -> Item:
    store.lock("visit item", item)
    row = Item.objects.select_related("visit").filter(id=item).first()
    if row is None or not by.is_staff:
        raise NotFound(rules.NO_ITEM)
    must(by, step, queries.item_thing(row))
    return row


def _may_go(post: str, path: str, at: datetime) -> bool:
    return any(post == one for one, _, _ in queries.goers(path, at=at))


def _tell(row: Visit, text: str, *, to: str = "", by: Actor, at: datetime) -> None:
    values = {"place": row.place, "topic": row.topic}
    notices.tell(to=f"post:{to or row.post}", about=f"visit:{row.id}", text=text, values=values, by=by, at=at)


def _step(visit: Visit, what: str, note: str = "", *, item: int = 0, by: Actor, at: datetime) -> None:
    Step.objects.create(visit=visit, item=item, what=what, note=note.strip()[:200], by=by.ref, by_name=by.name[:30], at=at)
