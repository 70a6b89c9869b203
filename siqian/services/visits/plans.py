"""Whole plans: lay the visits by which everybody is reached within a year, take back what nobody changed, lay in a past."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from siqian.kernel import clock, deadline, rows, store
from siqian.kernel.clock import TOWN, local
from siqian.kernel.journal import office_verb, record, verb
from siqian.kernel.permits import Actor, BadInput, Refusal, Thing, must
from siqian.kernel.said import said
from siqian.town.people import queries as people, rules as duty
from siqian.town.places import queries as places
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import queries, rules
from .events import VisitsLaidIn, VisitsPlanned, VisitsTakenBack
from .models import Item, Reach, Step, Visit
from .rules import planning

# Those who go by plan; units' people come along when somebody asks them to.
SENT = ("leader", "secretary")
BEGIN, EVENING, LASTING = time(10), time(18), timedelta(minutes=90)
# A grid is called by its number; whose it is, its community's name says.
WHOSE = slice(2, None, 2)
TOPICS = {
    "publicity": said("讲讲新政策，问问哪里没听明白"),
    "research": said("看看住得怎么样，缺什么"),
    "receiving": said("坐下来听，谁都可以来说"),
    "office": said("带着单位来，能办的当场办"),
}
PLENTY = said("排了{n}次走访，第一次在{month}月{day}日")


def drawn_up(path: str, until: date, *, at: datetime) -> planning.Plan:
    """The plan for an area, by which everybody is reached until a day; nothing is written."""
    today = local(at).date()
    if not today < until <= today + rules.YEAR:
        raise BadInput(Refusal("排到哪一天：写明天以后、一年以内的一天", field="until"))
    if not places.both_names(path):
        raise BadInput(Refusal("没有这个范围，从列表里选", field="path"))
    officials = queries.officials(path, SENT)
    taken = queries.taken_days(list(officials), since=today)
    sent = [planning.Official(post, where, taken.get(post, frozenset())) for post, where in sorted(officials.items())]
    days = planning.days(today + timedelta(days=1), until, deadline.town_calendar().works)
    waiting = planning.stops(queries.last_reached(path), set(queries.coming_to(path, since=today)), fresh=until - rules.YEAR)
    return planning.plan(waiting, sent, days)


@verb
def propose(*, path: str, until: date, by: Actor, at: datetime) -> tuple[str, int, int]:
    """Lay the plan for an area; gives its code, how many visits it has, and how many stops found nobody. Records visits.planned."""
    must(by, "plan", Thing("visit", area=path))
    store.lock("visits planned", path)
    found = drawn_up(path, until, at=at)
    if not found.visits:
        return "", 0, len(found.left)
    batch, kinds = clock.code(10), list(queries.kinds())
    (ids,) = rows.ids((Visit, len(found.visits)))
    first: dict[str, tuple[date, int]] = {}
    for id_, visit in zip(ids, found.visits, strict=True):
        day, count = first.get(visit.post, (visit.day, 0))
        first[visit.post] = (day, count + 1)
        _put(id_, visit, kinds[count % len(kinds)], batch, by=by, at=at)
    rows.write_now()
    told = [
        notices.Leaf(f"post:{post}", f"visits:{batch}", PLENTY, {"n": str(count), "month": str(day.month), "day": str(day.day)})
        for post, (day, count) in first.items()
    ]
    notices.tell_each(leaves=told, urgency="daily", by=by, at=at)
    record(VisitsPlanned(f"visits:{batch}", path, len(ids), until), first=True, by=by, at=at)
    return batch, len(ids), len(found.left)


@office_verb
def take_back(*, batch: str, by: Actor, at: datetime) -> int:
    """Take back what nobody has touched of a plan; gives how many visits. Twice is once. Records visits.taken_back."""
    store.lock("visit plan", batch)
    touched = Step.objects.filter(visit__batch=batch).exclude(what="planned").values("visit")
    found = list(Visit.objects.filter(batch=batch, state="planned", due_told=False).exclude(id__in=touched))
    if not batch or not found:
        return 0
    for path in {row.path for row in found}:
        must(by, "cancel", Thing("visit", area=path))
    Visit.objects.filter(id__among=[row.id for row in found]).update(state="cancelled")
    for row in found:
        rows.put(Step, visit_id=row.id, what="cancelled", note=rules.TAKEN_BACK, by=by.ref, by_name=by.name[:30], at=at)
    record(VisitsTakenBack(f"visits:{batch}", len(found)), by=by, at=at)
    return len(found)


@office_verb
def lay_in(*, visits: Sequence[rules.Past], by: Actor, at: datetime) -> int:
    """Lay in visits that took place before this system kept them; what is still owed goes on under its clock. Records visits.laid_in."""
    must(by, "hold", Thing("visit"))
    batch = clock.code(10)
    visit_ids, item_ids = rows.ids((Visit, len(visits)), (Item, sum(len(past.items) for past in visits)))
    fences, numbers = places.fences_of({past.path for past in visits}), iter(item_ids)
    for id_, past in zip(visit_ids, visits, strict=True):
        columns = {name: getattr(past, name) for name in COLUMNS}
        rows.put(Visit, id=id_, **columns, state="held", begun=past.starts, due_told=True, batch=batch)
        for cell in past.cells:
            rows.put(Reach, visit_id=id_, cell=cell, day=local(past.starts).date(), held=True)
        rows.put(Step, visit_id=id_, what="held", by=by.ref, by_name=people.person_name(past.person)[:30], at=past.ends)
        for number, raised in enumerate(past.items, 1):
            _put_item(next(numbers), id_, number, past, raised, fences.get(past.path, 0), by=by)
    rows.write_now()
    record(VisitsLaidIn(f"visits:{batch}", len(visits)), first=True, by=by, at=at)
    return len(visits)


def _put(id_: int, visit: planning.Proposed, kind: str, batch: str, *, by: Actor, at: datetime) -> None:
    starts = datetime.combine(visit.day, BEGIN, TOWN)
    place = "".join(places.names(visit.grid)[WHOSE])
    topic = TOPICS.get(kind, queries.kinds()[kind].hint)
    when = {"starts": starts, "ends": starts + LASTING}
    who = {"post": visit.post, "person": people.holder(visit.post, at=at)}
    rows.put(Visit, id=id_, kind=kind, topic=topic, place=place[:60], path=visit.grid, **when, **who, batch=batch)
    for cell in visit.cells:
        rows.put(Reach, visit_id=id_, cell=cell, day=visit.day)
    rows.put(Step, visit_id=id_, what="planned", by=by.ref, by_name=by.name[:30], at=at)


def _put_item(id_: int, visit: int, number: int, past: rules.Past, raised: rules.Raised, grid: int, *, by: Actor) -> None:
    owed = raised.way == "owed" and raised.due is not None
    words = {"title": raised.title, "text": raised.text, "shown": raised.shown, "raised": past.ends}
    placed = {"id": id_, "visit_id": visit, "number": number, "grid": grid, "path": past.path}
    if not owed:
        rows.put(Item, **placed, **words, way="answered", state="answered", answer=raised.answer, answered=past.ends)
        return
    due = datetime.combine(raised.due or local(past.ends).date(), EVENING, TOWN)
    person = people.holder(raised.post, at=past.ends)
    rows.put(Item, **placed, **words, way="owed", state="open", post=raised.post, person=person, due=due)
    shown: dict[str, Any] = {"path": past.path, "title": raised.title, "place": past.place, "said_by": queries.kinds()[past.kind].zh}
    owner = duty.Owner(raised.post, person)
    tasks.open_clocks(about=f"visit_item:{id_}", dues={"promise": due}, owner=owner, **shown, fresh=True, by=by, at=past.ends)


COLUMNS = ("kind", "topic", "place", "building", "path", "starts", "ends", "post", "person", "heard", "note")
