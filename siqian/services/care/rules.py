"""Who is visited, how often, and what a visit may leave behind. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from siqian.kernel.clock import TOWN, local
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import said

PURPOSE = "care_visit"
STANCES = {"unasked": said("还没问过"), "yes": said("愿意"), "no": said("不要来")}
OUTCOMES = {"met": said("见到了"), "nobody": said("没人在家"), "declined": said("今天不方便")}
HOW = {"spoken": said("当面说的"), "phone": said("电话里说的"), "online": said("本人在网上点的")}
WISHES = (7, 14, 30, 90)
# So often nobody opens the door, then the visit is over; the next one comes in its time.
MOST_TRIES, TRY_AGAIN = 3, timedelta(days=2)
# A first call at so many doors of a grid a day at most: a keeper has other work.
FIRST_CALLS, NEWLY = 2, 15
# A visit is laid so long before it is due: it lies in the walk of a day on which one is near anyway.
AHEAD = timedelta(days=3)
EVENING = time(20)
MOST_FACTS, MOST_WORDS = 3, 400
OLDEST, EARLY = timedelta(days=31), timedelta(minutes=10)
CALL = Flow(
    Move("due", "meet", "done", "keeper social_worker"),
    Move("due", "miss", "due", "keeper social_worker"),
    Move("due", "give up", "done", "keeper social_worker"),
    Move("due", "decline", "done", "keeper social_worker"),
    Move("due", "drop", "dropped", "office person"),
)
VISITORS = ("keeper", "secretary", "social_worker", "doctor")
# Whose work it is to see that homes are visited; the desk reads how many are late in a grid, and no name.
OVERSEERS = (*VISITORS, "desk")
PERMITS = (
    *(Permit(role, verb, "area") for role in VISITORS for verb in ("read", "record", "agree")),
    *(Permit("office", verb, "area") for verb in ("read", "record", "agree", "lay", "end")),
    *(Permit("teller", verb, "own") for verb in ("read", "agree", "end")),
)

NO_CALL = Refusal("没有这次走访，或者不归您走", field="visit")
NOT_VISITING = Refusal("入户走访给有岗位的工作人员看，先登录")
NO_HOME = Refusal("没有这一户，或者不归您看")
DONE_ALREADY = Refusal("这次走访已经记过了，刷新看看", field="visit")
DROPPED = Refusal("这一户不要走访了，不用再去", field="visit")
NO_OUTCOME = Refusal("选一个：见到了、没人在家、今天不方便", field="outcome")
NO_STANCE = Refusal("选一个：愿意、不要来", field="stance")
NOT_MET = Refusal("没见到人，就不能记家里的情况", field="fact")
ASK_FIRST = Refusal("先问要不要来看。愿意了，才记家里的情况", field="stance")
NEEDS_WORDS = Refusal("写一句要办什么，至少4个字，别人才知道怎么办", field="text")
TOO_LONG = Refusal("写短些，最多400个字", field="text")
SAID_NO = Refusal("这一户说过不要走访。本人想要了，由本人说一声再去", field="stance")


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One reason to visit: the fields are told in visits.yaml."""

    code: str
    zh: str
    en: str
    calm: str
    calm_en: str
    every: int
    within: int
    agreed: bool
    duty: tuple[str, ...]
    when: dict[str, str] = {}
    own: bool = False
    newly: bool = False


@dataclass(frozen=True)
class Answer:
    """A fact as it was answered at the door: still so (value empty), or what it is now. agreed: to what needs a consent of its own."""

    subject: str
    kind: str
    value: str = ""
    agreed: bool = False


@dataclass(frozen=True)
class Held:
    """How a visit was: whom one met, whether they want more, what they answered, what they need from somebody else."""

    outcome: str
    stance: str = ""
    answers: tuple[Answer, ...] = ()
    text: str = ""


def plan_for(facts: Iterable[Mapping[str, str]], plans: Iterable[Plan], wish: int) -> tuple[str, int]:
    """(plan, days from one visit to the next) of a home that said yes. facts: of each person; wish: days that the home asked for, or 0."""
    if wish:
        return "wish", wish
    people = list(facts)
    fits = [plan for plan in plans if plan.agreed and not plan.own and _fits(plan, people)]
    best = min(fits, key=lambda plan: (plan.every, plan.code), default=None)
    return (best.code, best.every) if best else ("", 0)


def _fits(plan: Plan, people: list[Mapping[str, str]]) -> bool:
    return not plan.when or any(all(one.get(kind) == value for kind, value in plan.when.items()) for one in people)


def weighed_kinds(plans: Iterable[Plan]) -> frozenset[str]:
    """The kinds of facts by which plans go."""
    return frozenset(kind for plan in plans for kind in plan.when)


def next_due(every: int, last: date | None, today: date) -> date | None:
    """When a home is visited next: so long after the last time, today when that is past or there was none."""
    if not every:
        return None
    return max(last + timedelta(days=every), today) if last else today


def evening(day: date) -> datetime:
    """Until when a visit of that day is in time."""
    return datetime.combine(day, EVENING, tzinfo=TOWN)


def first_plan(since: date | None, today: date, plans: Mapping[str, Plan]) -> tuple[str, date]:
    """(plan, due) of the first call at a home that was never asked: soon after it moved in, else in its turn."""
    new = next((plan for plan in plans.values() if plan.newly), None)
    if new is not None and since is not None and today - since <= timedelta(days=new.within):
        return new.code, since + timedelta(days=new.within)
    hello = next(plan for plan in plans.values() if not plan.agreed and not plan.newly)
    return hello.code, today + timedelta(days=hello.within)


def held_fault(held: Held, stance: str) -> Refusal | None:
    """Why this is no record of a visit. stance: how the home stood before."""
    text = held.text.strip()
    if held.outcome not in OUTCOMES:
        return NO_OUTCOME
    if held.stance not in ("", "yes", "no"):
        return NO_STANCE
    if held.outcome != "met" and (held.answers or text):
        return NOT_MET
    if held.answers and after(held, stance) != "yes":
        return ASK_FIRST
    if text and len(text) < 4:
        return NEEDS_WORDS
    if len(text) > MOST_WORDS:
        return TOO_LONG
    return SAID_NO if stance == "no" and held.stance != "yes" else None


def answers_of(fields: Mapping[str, str]) -> tuple[Answer, ...]:
    """What was answered in a form: fact/SUBJECT/KIND is "same" or a value; what is typed stands in new/SUBJECT/KIND."""
    found = []
    for name in dict.fromkeys(name.partition("/")[2] for name in fields if name.startswith(("fact/", "new/"))):
        subject, _, kind = name.partition("/")
        typed, chosen = fields.get(f"new/{name}", "").strip(), fields.get(f"fact/{name}", "").strip()
        value = typed or chosen
        if kind and value:
            found.append(Answer(subject, kind, "" if value == "same" else value, bool(fields.get(f"agreed/{name}"))))
    return tuple(found)


def step_of(held: Held, tries: int) -> str:
    """The move that a record makes."""
    if held.outcome == "nobody":
        return "give up" if tries + 1 >= MOST_TRIES else "miss"
    return "meet" if held.outcome == "met" else "decline"


def after(held: Held, stance: str) -> str:
    """How the home stands after it was asked."""
    return held.stance or stance


def done_then(then: datetime | None, at: datetime) -> datetime | None:
    """When it was done by the telephone's own clock, if that can be true; no clock counts by it."""
    return then if then is not None and at - OLDEST <= then <= at + EARLY else None


def today(at: datetime) -> date:
    return local(at).date()
