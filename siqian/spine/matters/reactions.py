"""What follows from events: lateness climbs, tellers are told how their matter goes on, some steps go on paper."""

from datetime import datetime

from siqian.kernel.clock import local
from siqian.kernel.journal import Event, Ref, on
from siqian.kernel.permits import Actor
from siqian.kernel.said import said
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places.events import BuildingsMoved
from siqian.trades.notices import actions as notices
from siqian.trades.notices.events import ServiceReached
from siqian.trades.tasks.events import TaskOverdue

from . import actions, cases, papering, queries, rules, summonses
from .events import (
    AppealRuled,
    CaseMoved,
    CaseOwned,
    CaseProposed,
    JointCalled,
    JointHeld,
    MatterAccepted,
    MatterAlarmed,
    MatterAssigned,
    MatterChecked,
    MatterClosed,
    MatterHeld,
    MatterRated,
    MatterRefused,
    MatterReopened,
    MatterShelved,
    MatterSorted,
    MatterStaged,
    MatterSupervised,
    MatterWithdrawn,
    PartGathered,
    PartsDone,
    PetitionAnswered,
    PetitionAskedUp,
    PetitionProlonged,
    PetitionRegistered,
    PetitionTakenUp,
    RequestRuled,
    TellerCalled,
    TellerContacted,
)
from .rules.telling import ALARM, ASKED, COME, MOST_LETTERS, PART_CLOSED, READY, RING, TOLD, Said

LATE = {
    "assign": said("派出超时，第{level}级，报到您这里"),
    "accept": said("签收超时，第{level}级，报到您这里"),
    "respond": said("回应超时，第{level}级，报到您这里"),
    "settle": said("办结超时，第{level}级，报到您这里"),
    "rate": said("评价超时，第{level}级，报到您这里"),
    "stage": said("阶段答复到期没办好，第{level}级，报到您这里"),
    "check": said("现场核查超时，第{level}级，报到您这里"),
    "rule": said("裁定超时，第{level}级，报到您这里"),
    "review": said("挂账没按月复核，第{level}级，报到您这里"),
    "supervise": said("督办超时，第{level}级，报到您这里"),
    "inform": said("信访没按期告知是否受理，第{level}级，报到您这里"),
    "opinion": said("信访没按期出具处理意见，第{level}级，报到您这里"),
    "reexamine": said("信访复查没按期答复，第{level}级，报到您这里"),
    "recheck": said("信访复核没按期答复，第{level}级，报到您这里"),
    "approve": said("信访延期没按时批，第{level}级，报到您这里"),
    "explain": said("说事的人问为什么，没人回，第{level}级，报到您这里"),
    "confirm": said("叫了的单位没按时确认到场，第{level}级，报到您这里"),
    "arrive": said("叫了的单位没按时到场，第{level}级，报到您这里"),
    "lead": said("包案7天没看，第{level}级，报到您这里"),
    "meet": said("包案15天没接访，第{level}级，报到您这里"),
}


@on(TaskOverdue, of=("matter", "petition", "summoned", "adoption"))
def climb(event: TaskOverdue, *, by: Actor, at: datetime) -> None:
    """Level 1 is the community's desk, 2 the street's, 3 the district's."""
    kind, _, id_ = event.about.partition(":")
    desk = people.desk_at(event.path, rules.climbs_to(event.what, event.level), at=at)
    if desk is None:
        return
    name, _, _ = people.post_line(desk.post)
    if kind == "summoned":
        # Which unit is late stays among colleagues: tellers see no quarrel.
        matter = actions.note_unit_late(summoned=int(id_), what=event.what, level=event.level, to=name, by=by, at=event.due)
    else:
        matter = cases.case_matter(int(id_)) if kind == "adoption" else int(id_)
        actions.note_late(matter=matter, what=event.what, level=event.level, to=name, by=by, at=event.due)
    notices.tell(
        to=f"post:{desk.post}", about=f"matter:{matter}", text=LATE[event.what], values={"level": str(event.level)}, by=by, at=event.due
    )


@on(PetitionRegistered)
def register(event: PetitionRegistered, *, by: Actor, at: datetime) -> None:
    """The worker begins the procedure, so that receiving waits for none."""
    actions.register(matter=int(event.matter.removeprefix("matter:")), by=by, at=at)


@on(MatterClosed)
@on(MatterRefused)
@on(AppealRuled)
@on(MatterWithdrawn)
@on(MatterSorted)
def follow(event: Event, *, by: Actor, at: datetime) -> None:
    """The procedure of a petition goes where its matter went."""
    verb_ = AFTER[event.name]
    if isinstance(event, AppealRuled) and not event.overturned:
        return
    if isinstance(event, MatterSorted) and rules.petition.led_by_law(remit.kind(event.kind)):
        return
    actions.follow(matter=int(event.subject.removeprefix("matter:")), verb_=verb_, by=by, at=at)


AFTER = {
    "matter.closed": "opine",
    "matter.refused": "turn_away",
    "appeal.ruled": "overturn",
    "matter.withdrawn": "drop",
    "matter.sorted": "drop",
}


@on(MatterRated)
@on(MatterRefused)
@on(MatterWithdrawn)
@on(AppealRuled)
@on(MatterSorted)
def follow_jointly(event: Event, *, by: Actor, at: datetime) -> None:
    """A joint action and a leader's own case end with their matter."""
    matter = int(event.subject.removeprefix("matter:"))
    actions.follow_joint(matter=matter, by=by, at=at)
    actions.follow_case(matter=matter, by=by, at=at)


@on(JointCalled)
def call_units(event: JointCalled, *, by: Actor, at: datetime) -> None:
    """Whoever acts for a unit hears of it at once, and so do those who told of it."""
    called, here = summonses.posts_called(event.summons), queries.audience(int(event.matter.removeprefix("matter:")))
    if here is None or not called:
        return
    spot, day = called[0].place, _minute(event.meets)
    values = {"title": here.title, "spot": spot, "day": day}
    leaves = [notices.Leaf(f"post:{post}", event.matter, COME, values) for post in dict.fromkeys(one.post for one in called)]
    notices.tell_each(leaves=leaves, urgency="now", by=by, at=at)
    _tell(event.matter, event.name, n=str(len(called)), spot=spot, day=day, by=by, at=at)


@on(JointHeld)
def joint_was_held(event: JointHeld, *, by: Actor, at: datetime) -> None:
    _tell(event.matter, event.name, by=by, at=at)


@on(CaseProposed)
def ask_leader(event: CaseProposed, *, by: Actor, at: datetime) -> None:
    here = queries.audience(int(event.matter.removeprefix("matter:")))
    if here is not None:
        notices.tell(to=f"post:{event.post}", about=event.matter, text=ASKED, values={"title": here.title}, by=by, at=at)


@on(CaseOwned)
@on(CaseMoved)
def case_is_owned(event: CaseOwned | CaseMoved, *, by: Actor, at: datetime) -> None:
    """Tellers read who owns it by name, and until when they meet."""
    name, post, meet_by = cases.case_told(event.case)
    _tell(event.matter, event.name, leader=f"{post}{name}", day=_day(meet_by) if meet_by else "", by=by, at=at)


@on(PetitionTakenUp)
@on(PetitionProlonged)
@on(PetitionAskedUp)
def petition_went_on(event: PetitionTakenUp | PetitionProlonged | PetitionAskedUp, *, by: Actor, at: datetime) -> None:
    _tell(event.matter, event.name, day=f"{rules.petition.last_day(event.until):%Y-%m-%d}", by=by, at=at)


@on(PetitionAnswered)
def petition_answered(event: PetitionAnswered, *, by: Actor, at: datetime) -> None:
    if event.until is None:
        _tell(event.matter, "petition.ended", by=by, at=at)
    else:
        _tell(event.matter, event.name, day=f"{rules.petition.last_day(event.until):%Y-%m-%d}", by=by, at=at)


@on(BuildingsMoved)
def follow_the_map(event: BuildingsMoved, *, by: Actor, at: datetime) -> None:
    """Open matters go with their building into the grid in which it lies now."""
    actions.follow_map(buildings=event.codes, by=by, at=at)


@on(MatterAlarmed)
def alarmed(event: MatterAlarmed, *, by: Actor, at: datetime) -> None:
    """An emergency goes to its service and to the desk on duty, at once and at any hour."""
    told = queries.emergency(event.telling)
    desk = people.desk_at(told.path, 2, at=at)
    values = {"place": told.place, "text": told.text[:MOST_LETTERS], "case": told.number, "to": "、".join(event.to)}
    leaves = [notices.Leaf(f"service:{number}", event.matter, ALARM, values) for number in event.to]
    leaves += [notices.Leaf(f"post:{desk.post}", event.matter, RING, values)] if desk else []
    notices.tell_each(leaves=leaves, urgency="danger", by=by, at=at)


@on(ServiceReached)
def handed(event: ServiceReached, *, by: Actor, at: datetime) -> None:
    if event.about.startswith("matter:"):
        matter, to = int(event.about.removeprefix("matter:")), event.service.removeprefix("service:")
        actions.note_handed(matter=matter, to=to, reached=event.reached, by=by, at=at)


@on(MatterAccepted)
@on(MatterClosed)
@on(MatterReopened)
@on(MatterRefused)
@on(AppealRuled)
def went_on(event: Event, *, by: Actor, at: datetime) -> None:
    settled = isinstance(event, MatterClosed) and queries.settled_as_part(int(event.matter.removeprefix("matter:")))
    _tell(event.subject, event.name, told=PART_CLOSED if settled else None, by=by, at=at)


@on(MatterClosed)
@on(MatterWithdrawn)
@on(MatterRefused)
@on(AppealRuled)
@on(PartGathered)
def part_is_over(event: Event, *, by: Actor, at: datetime) -> None:
    """The last part of a matter is over: its thread says so."""
    actions.note_parts_done(part=int(event.subject.removeprefix("matter:")), by=by, at=at)


@on(PartsDone)
def whole_is_ready(event: PartsDone, *, by: Actor, at: datetime) -> None:
    """Whoever leads learns that the whole may be closed."""
    id_ = int(event.matter.removeprefix("matter:"))
    here, post = queries.audience(id_), queries.post_of(id_)
    if here is not None:
        values = {"number": here.number, "title": here.title, "n": str(event.count)}
        notices.tell(to=f"post:{post}", about=event.matter, text=READY, values=values, by=by, at=at)


@on(TellerContacted)
def contacted(event: TellerContacted, *, by: Actor, at: datetime) -> None:
    """What is written to one teller is written to all: one sentence answers everybody who told of the same power cut."""
    if event.how == "message":
        _tell(event.matter, event.name, text=queries.step_text(event.step)[:MOST_LETTERS], by=by, at=at)


@on(MatterHeld)
def held(event: MatterHeld, *, by: Actor, at: datetime) -> None:
    _tell(event.matter, event.name, day=_day(event.limit), by=by, at=at)


@on(MatterStaged)
def staged(event: MatterStaged, *, by: Actor, at: datetime) -> None:
    _tell(event.matter, event.name, day=_day(event.until), by=by, at=at)


@on(MatterShelved)
def shelved(event: MatterShelved, *, by: Actor, at: datetime) -> None:
    _tell(event.matter, event.name, day=_day(event.until), by=by, at=at)


@on(RequestRuled)
def ruled(event: RequestRuled, *, by: Actor, at: datetime) -> None:
    if (event.kind, event.state) == ("extension", "granted"):
        _tell(event.matter, "extension.granted", by=by, at=at)


@on(MatterSupervised)
def supervised(event: MatterSupervised, *, by: Actor, at: datetime) -> None:
    if not event.decided:
        _tell(event.matter, event.name, by=by, at=at)


def _tell(matter: Ref, what: str, *, told: Said | None = None, by: Actor, at: datetime, **values: str) -> None:
    """Tell all who told of a matter; what is dangerous goes out at any hour."""
    told, here = told or TOLD[what], queries.audience(int(matter.removeprefix("matter:")))
    if here is None:
        return
    urgency = "danger" if here.urgent and told.urgency == "now" else told.urgency
    known = {"number": here.number, "title": here.title, "keeper": here.keeper}
    notices.tell_all(to=here.tellers, about=matter, text=told.text, values=known | values, urgency=urgency, by=by, at=at)


def _day(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d}"


def _minute(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}"


@on(MatterAccepted)
@on(MatterAssigned)
@on(MatterSorted)
@on(RequestRuled)
@on(MatterHeld)
@on(MatterStaged)
@on(MatterRefused)
@on(AppealRuled)
@on(MatterChecked)
@on(MatterClosed)
@on(MatterRated)
@on(MatterReopened)
@on(TellerCalled)
@on(MatterSupervised)
@on(MatterWithdrawn)
@on(PetitionTakenUp)
@on(PetitionProlonged)
@on(PetitionAnswered)
def paper(event: Event, *, by: Actor, at: datetime) -> None:
    """Official papers are drawn up by the worker, so that no step waits for one."""
    papering.hear(event, by=by, at=at)
