"""The only writers of homes and visits to them, with `laying` beside. Each: permit, decide, write, record."""

from collections.abc import Collection
from datetime import datetime

from siqian.kernel import epochs, journal, store, vault
from siqian.kernel.journal import office_verb
from siqian.kernel.permits import Actor, BadInput, NotFound, Refused, Thing, declare, must, or_refuse
from siqian.kernel.said import said
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import actions as dossier, queries as facts, rules as fact_rules
from siqian.trades.notices import actions as notices
from siqian.trades.tasks import actions as tasks

from . import planned, queries, rules
from .events import CallDropped, CallLate, CallRecorded, CallReferred, HomeAgreed, HomeDeclined, HomeEnded
from .laying import begin_home, lay_due, lay_first, lay_now
from .models import Call, Home

__all__ = [
    "agree",
    "agree_at",
    "begin",
    "close",
    "follow_map",
    "lay_due",
    "lay_first",
    "lay_now",
    "leave",
    "miss",
    "record",
    "record_now",
    "refresh",
    "tell",
    "weigh",
    "wish",
]

declare("home", *rules.PERMITS)
LATE = said("有一户约好的走访过了时间没人去：{place}，归{name}")


@office_verb
def record(*, call: int, held: rules.Held, key: str, then: datetime | None = None, by: Actor, at: datetime) -> int:
    """How a visit was (入户走访记录); gives how many answers were left out because the person took them back meanwhile.

    The same key is one record. Records home_call.recorded, with it what is said of facts and of further visits; a need that
    somebody else has to settle is referred (home_call.referred).
    """
    row, home = _call(call, by, "record")
    if row.key == key:
        return 0
    if row.state != "due":
        raise Refused(rules.DROPPED if row.state == "dropped" else rules.DONE_ALREADY)
    if (fault := rules.held_fault(held, home.stance)) is not None:
        raise BadInput(fault)
    row.state = or_refuse(rules.CALL.then(row.state, rules.step_of(held, row.tries)))
    row.tries, row.outcome, row.text, row.key = row.tries + 1, held.outcome, held.text.strip(), key
    row.by, row.by_name, row.then, row.at = by.ref, by.name[:30], rules.done_then(then, at), at
    row.again = at + rules.TRY_AGAIN if row.state == "due" else None
    row.save()
    journal.record(CallRecorded(f"home_call:{row.id}", row.outcome), by=by, at=at)
    left_out = _answered(home, held.answers, by=by, at=at)
    if held.stance:
        _say(home, held.stance, "spoken", home.wish, by=by, at=at)
    if held.text.strip():
        journal.record(CallReferred(f"home_call:{row.id}", "matter"), by=by, at=at)
    if row.state == "done":
        tasks.stop_all(about=f"home_call:{row.id}", by=by, at=at)
        home.called = rules.today(at)
        home.last_met = home.called if held.outcome == "met" else home.last_met
        home.save(update_fields=["called", "last_met"])
        _weigh(home, at=at)
    return left_out


@office_verb
def record_now(*, home: int, held: rules.Held, key: str, by: Actor, at: datetime) -> int:
    """The same at a door at which one stands without a visit that is due. The same key is one record."""
    row = _home(home, by, "record")
    if Call.objects.filter(home=row, key=key).exists():
        return 0
    return record(call=lay_now(home=home, by=by, at=at), held=held, key=key, by=by, at=at)


@office_verb
def tell(*, home: int, answers: Collection[rules.Answer], by: Actor, at: datetime) -> int:
    """Facts of a home, told without a visit, by telephone or at the desk; gives how many were left out."""
    return _answered(_home(home, by, "record"), answers, by=by, at=at)


@office_verb
def agree_at(*, building: str, label: str, household: int, stance: str, how: str = "spoken", wish: int = 0, by: Actor, at: datetime) -> int:
    """The same for a household with which nobody has spoken yet; gives its home."""
    place = places.at_building(building)
    if place is None:
        raise NotFound(rules.NO_HOME)
    must(by, "agree", Thing("home", area=place.path))
    _checked(stance, how, wish)
    home = begin_home(building, label, household, at=at)
    agree(home=home.id, stance=stance, how=how, wish=wish, by=by, at=at)
    return home.id


@office_verb
def agree(*, home: int, stance: str, how: str = "spoken", wish: int = 0, by: Actor, at: datetime) -> None:
    """The home says whether it wants to be visited, and how often (要不要来). Twice is once. Records home.agreed or home.declined."""
    row = _home(home, by, "agree")
    _checked(stance, how, wish)
    _say(row, stance, how, wish, by=by, at=at)
    _weigh(row, at=at)


@office_verb
def wish(*, stance: str, wish: int = 0, by: Actor, at: datetime) -> int:
    """One says so for one's own home, online; gives the home. Records home.agreed or home.declined."""
    kept = people.mine(by)
    if kept is None:
        raise NotFound(rules.NO_HOME)
    _checked(stance, "online", wish)
    home = _fresh(begin_home(kept.line.building, kept.line.label, kept.line.household, at=at).id)
    _say(home, stance, "online", wish, by=by, at=at)
    _weigh(home, at=at)
    return home.id


@office_verb
def begin(*, by: Actor, at: datetime) -> str:
    """One's own household gets its reference, without being asked whether it wants to be visited; gives it."""
    kept = people.mine(by)
    if kept is None:
        raise NotFound(rules.NO_HOME)
    return f"household:{begin_home(kept.line.building, kept.line.label, kept.line.household, at=at).id}"


@office_verb
def weigh(*, subject: str, by: Actor, at: datetime) -> None:
    """What is known of a person or a household has changed: how often it is visited is reckoned anew."""
    home = _of(subject)
    if home is not None and home.stance == "yes":
        _weigh(home, at=at)


@office_verb
def leave(*, subject: str, by: Actor, at: datetime) -> None:
    """Somebody moved away or was forgotten: a home without anybody ends, else it is called by whoever is left. Records home.ended."""
    home = _of(subject)
    if home is not None:
        close(home=home.id, by=by, at=at)


@office_verb
def close(*, home: int, by: Actor, at: datetime) -> bool:
    """End a home in which nobody is left, with its visits and the household's own key; says whether it ended. Records home.ended."""
    row = _fresh(home)
    if row.ended is not None:
        return False
    household = people.household_at(row.building, row.label, row.household)
    if household is not None:
        Home.objects.filter(id=row.id).update(name=household.name)
        if row.stance == "yes":
            _weigh(row, at=at)
        return False
    Home.objects.filter(id=row.id).update(ended=rules.today(at), name="", next_due=None)
    _drop(row, by=by, at=at)
    dossier.end(subject=f"household:{row.id}", by=by, at=at)
    vault.forget(subject=f"household:{row.id}", reason="nobody lives there any more", by=by, at=at)
    journal.record(HomeEnded(f"home:{row.id}"), by=by, at=at)
    return True


@office_verb
def refresh(*, subject: str, by: Actor, at: datetime) -> None:
    """A name was put right: the home is called by it."""
    home = _of(subject)
    household = people.household_at(home.building, home.label, home.household) if home else None
    if home is not None and household is not None:
        Home.objects.filter(id=home.id).update(name=household.name)


@office_verb
def miss(*, call: int, by: Actor, at: datetime) -> None:
    """A visit's time is over: the community's desk is told, once. It can still be made. Records home_call.late."""
    store.lock("home call", call)
    row = Call.objects.select_related("home").filter(id=call, state="due", late=None).first()
    if row is None:
        return
    Call.objects.filter(id=row.id).update(late=at)
    journal.record(CallLate(f"home_call:{row.id}", row.post), by=by, at=at)
    desk = people.desk_from(row.path, 2, at=at)
    if desk is not None:
        # The desk does not read whose home it is: the house is enough to ask its keeper.
        place = places.at_building(row.home.building)
        values = {"place": place.words if place else "", "name": people.post_line(row.post)[0]}
        notices.tell(to=f"post:{desk.post}", about=f"home_call:{row.id}", text=LATE, values=values, by=by, at=row.due)


@office_verb
def follow_map(*, buildings: Collection[str], by: Actor, at: datetime) -> None:
    """Homes go behind the fence of the grid in which their building lies now; open visits go to its post."""
    epochs.forget()
    for code in buildings:
        place = places.at_building(code)
        if place is None:
            continue
        moved = {"grid": place.fence, "path": place.path}
        Home.objects.filter(building=code).exclude(**moved).update(**moved)
        Call.objects.filter(home__building=code).exclude(**moved).update(**moved)
        owner = planned.visitor(place.path, ("keeper",), at=at)
        if owner is None:
            continue
        for id_ in list(Call.objects.filter(home__building=code, state="due").exclude(post=owner.post).values_list("id", flat=True)):
            Call.objects.filter(id=id_).update(post=owner.post)
            tasks.hand_over(about=f"home_call:{id_}", owner=owner, by=by, at=at)


def _answered(home: Home, answers: Collection[rules.Answer], *, by: Actor, at: datetime) -> int:
    """Note, confirm or put right what was answered; gives how many were left out: the person took them back meanwhile."""
    known = queries.subjects_of(home)
    stands = {(one.subject, one.kind.code): one for lines in facts.known(known, seen_by=by, at=at).values() for one in lines}
    left_out = 0
    for answer in answers:
        if answer.subject not in known:
            raise BadInput(fact_rules.NO_KIND)
        fact = stands.get((answer.subject, answer.kind))
        if fact is not None and fact.state in ("withdrawn", "objected"):
            left_out += 1
        elif not answer.value and fact is not None and fact.state == "known":
            dossier.confirm(fact=fact.id, by=by, at=at)
        elif fact is not None and fact.state == "known":
            dossier.correct(fact=fact.id, saying=_saying(answer), by=by, at=at)
        elif answer.value:
            dossier.note(subject=answer.subject, building=home.building, saying=_saying(answer), by=by, at=at)
        else:
            # It ran out while the telephone was away: to say that it is still so, one would have to know what it was.
            left_out += 1
    return left_out


def _saying(answer: rules.Answer) -> fact_rules.Saying:
    kind = facts.kinds().get(answer.kind)
    if kind is None:
        raise BadInput(fact_rules.NO_KIND)
    basis = kind.bases[0] if answer.agreed or not kind.sensitive else ""
    return fact_rules.Saying(kind.code, answer.value, "family" if kind.minors else "person", basis)


def _checked(stance: str, how: str, wish: int) -> None:
    if stance not in ("yes", "no") or how not in rules.HOW or wish not in (0, *rules.WISHES):
        raise BadInput(rules.NO_STANCE)


def _say(home: Home, stance: str, how: str, wish: int, *, by: Actor, at: datetime) -> None:
    asked = wish if stance == "yes" else 0
    if (home.stance, home.wish) == (stance, asked):
        return
    home.stance, home.how, home.wish, home.said_at, home.said_to = stance, how, asked, at, by.name[:30]
    home.save(update_fields=["stance", "how", "wish", "said_at", "said_to"])
    event = HomeAgreed if stance == "yes" else HomeDeclined
    journal.record(event(f"home:{home.id}", how), by=by, at=at)
    if stance == "no":
        _drop(home, by=by, at=at)


def _drop(home: Home, *, by: Actor, at: datetime) -> None:
    """No visit of this home is open any more, and nobody is reminded of one."""
    for id_ in Call.objects.filter(home=home, state="due").values_list("id", flat=True):
        Call.objects.filter(id=id_).update(state="dropped", again=None)
        tasks.stop_all(about=f"home_call:{id_}", by=by, at=at)
        journal.record(CallDropped(f"home_call:{id_}"), by=by, at=at)


def _weigh(home: Home, *, at: datetime) -> None:
    """Reckon anew by which plan a home is visited, and when next."""
    plan, every = "", 0
    if home.stance == "yes":
        known = facts.weighed(queries.subjects_of(home), rules.weighed_kinds(planned.plans().values()), rules.PURPOSE)
        plan, every = rules.plan_for(known.values(), planned.plans().values(), home.wish)
    home.plan, home.every = plan, every
    home.next_due = rules.next_due(every, home.called, rules.today(at))
    home.save(update_fields=["plan", "every", "next_due"])


def _of(subject: str) -> Home | None:
    """The home of a person or a household, also of somebody who has just left it, while others who would write it wait."""
    kind, _, number = subject.partition(":")
    rows = Home.objects.filter(ended=None)
    if kind == "household":
        rows = rows.filter(id=int(number))
    elif (lived := people.where_lived(int(number))) is not None:
        rows = rows.filter(building=lived[0], label=lived[1], household=lived[2])
    else:
        return None
    found = rows.values_list("id", flat=True).first()
    return _fresh(found) if found else None


def _fresh(home: int) -> Home:
    """The row as it stands now, while others who would write it wait."""
    store.lock("home", home)
    return Home.objects.get(id=home)


def _home(home: int, by: Actor, step: str) -> Home:
    row = _fresh(home) if Home.objects.filter(id=home).exists() else None
    if row is None or row.ended is not None:
        raise NotFound(rules.NO_HOME)
    must(by, step, queries.thing(row))
    return row


def _call(call: int, by: Actor, step: str) -> tuple[Call, Home]:
    """The visit and its home, while others who would write them wait; whoever may not know of it is told that there is none."""
    whose = Call.objects.filter(id=call).values_list("home_id", flat=True).first()
    if whose is None or not by.is_staff:
        raise NotFound(rules.NO_CALL)
    # The home first: whoever takes its word back drops its visits under the same lock.
    home = _fresh(whose)
    store.lock("home call", call)
    row = Call.objects.get(id=call)
    must(by, step, Thing("home", f"home:{home.id}", area=row.path))
    return row, home
