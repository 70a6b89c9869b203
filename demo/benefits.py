"""What belongs to whom in the demo: policies in force and in hand, facts of neighbours, entitlements on every step of their way."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from siqian.kernel import clock
from siqian.kernel.permits import Refused
from siqian.services.benefits import actions, queries
from siqian.town.people import queries as people
from siqian.trades.dossier import actions as dossier, queries as facts
from siqian.trades.dossier.rules import Saying

from .days import Days
from .patrols import keeper

WRITER, SECOND, REVIEWER = "fanglan", "qiubo", "yanli"
IN_FORCE = (
    *("elder-allowance-80", "elder-allowance-90", "elder-card", "elder-bus", "elder-checkup", "meal-home", "home-help", "care-subsidy"),
    *("handrail", "alarm-bell", "visit-weekly", "couple-elder", "elder-course", "low-allowance", "low-top-up", "festival-gift"),
    *("medical-relief", "disabled-care", "wheelchair", "child-care", "second-child", "after-school", "screening", "single-parent"),
    *("lost-child", "job-help", "social-subsidy", "graduate-rent", "skill-3", "startup", "rider-insure", "rent-aid", "stairs-help"),
    *("gas-alarm", "veteran-check", "blood-thanks", "volunteer-50"),
)
ASKED, PASSED, DRAFTED = ("elder-meal", "home-bath"), ("rider-check",), ("home-fit", "village-fire", "big-family")
PEOPLE = 36
# What the resident says of herself whom a newcomer can be; one question is left, and one more that she did not want.
OWN = {
    "born": "1983-05-16",
    "sex": "female",
    "hukou": "city",
    "permit_years": "9",
    "work": "flexible",
    "insured": "worker",
    "housing": "own",
}
OWN |= {"hours": "36", "donated": "6", "lift": "yes", "floor": "12", "insured_months": "118"}


def plan(days: Days, now: datetime) -> None:
    """Policies two weeks ago; since then people say something, are found, are decided on."""
    if not any(row.role == "policy clerk" for row in people.roles()):
        return
    chance = Random(68)
    days.later(_daytime(now, 16), _published)
    post = _post(now)
    living = [home for _, home in sorted(people.living_in(people.post_line(post)[2]).items())] if post else []
    for home in chance.sample(living, min(PEOPLE, len(living))):
        days.later(_daytime(now, chance.randrange(4, 14)), _said(post, home, chance.random()))
    days.later(_daytime(now, 9), _own)
    days.later(_daytime(now, 2), _decided)
    days.later(_daytime(now, 1), _drafted)


def _post(at: datetime) -> str:
    """The post of the keeper whom a newcomer can be."""
    role = next((row for row in people.roles() if row.role == "grid worker"), None)
    return next(iter(people.actor(role.account, at=at).posts), "") if role else ""


def _daytime(now: datetime, days_ago: int) -> datetime:
    return clock.local(now).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


def _clerks(at: datetime) -> tuple[Any, Any, Any]:
    return tuple(people.actor_of(name, at=at) for name in (WRITER, SECOND, REVIEWER))  # type: ignore[return-value]


def _published(at: datetime) -> None:
    writer, second, reviewer = _clerks(at)
    for code in IN_FORCE:
        actions.begin_from(code=code, by=writer, at=at)
        actions.ask(code=code, by=writer, at=at)
        actions.pass_on(code=code, by=reviewer, at=at)
        actions.publish(code=code, by=second, at=at)


def _drafted(at: datetime) -> None:
    """What is still on somebody's desk."""
    writer, _, reviewer = _clerks(at)
    for code in (*DRAFTED, *ASKED, *PASSED):
        actions.begin_from(code=code, by=writer, at=at)
    for code in (*ASKED, *PASSED):
        actions.ask(code=code, by=writer, at=at)
    for code in PASSED:
        actions.pass_on(code=code, by=reviewer, at=at)


def _said(post: str, home: people.Household, seed: float) -> Callable[[datetime], None]:
    def said(at: datetime) -> None:
        own, actor = Random(seed), keeper(post, at)
        adults = [one for one in home.members if one.relation != "child"]
        if actor is None or not adults:
            return
        for adult in adults[:2]:
            for code, value in _facts(own):
                _note(f"resident:{adult.id}", home.building, code, value, actor, at)

    return said


def _facts(own: Random) -> list[tuple[str, str]]:
    """A person as they might be: what goes together goes together, and something is always left unsaid."""
    age = own.choice((34, 41, 47, 58, 63, 68, 72, 76, 79, 81, 84, 88, 92))
    old = age >= 60
    told = {
        "born": f"{2026 - age}-{own.randrange(1, 13):02d}-{own.randrange(1, 29):02d}",
        "sex": own.choice(("female", "male")),
        "hukou": own.choice(("here", "here", "here", "city", "else")),
        "permit_years": str(own.randrange(0, 15)),
        "insured": "pension" if old else own.choice(("worker", "worker", "resident", "none")),
        "work": "retired" if old else own.choice(("employed", "flexible", "seeking")),
        "housing": own.choice(("own", "own", "rent", "village", "public")),
        "outside": "no",
        "lift": own.choice(("yes", "yes", "no")),
        "floor": str(own.randrange(1, 18)),
    }
    if old:
        told |= {
            "alone": own.choice(("yes", "no", "no")),
            "mobility": own.choice(("none", "none", "some", "chair")),
            "care_need": own.choice(("none", "none", "part", "full")),
            "handrail": own.choice(("yes", "no", "no")),
            "wants_meal": own.choice(("yes", "no")),
        }
    if own.random() < 0.3:
        told["hardship"] = own.choice(("none", "low", "edge"))
    return [(code, value) for code, value in told.items() if own.random() < 0.86]


def _note(subject: str, building: str, code: str, value: str, by: Any, at: datetime) -> None:
    kind = facts.kinds()[code]
    with suppress(Refused):
        dossier.note(subject=subject, building=building, saying=Saying(code, value, "person", kind.bases[0]), by=by, at=at)


def _own(at: datetime) -> None:
    zhou = people.actor_of("zhou", at=at)
    kept = people.mine(zhou)
    if kept is None:
        return
    for code, value in OWN.items():
        _note(f"resident:{kept.line.id}", kept.line.building, code, value, zhou, at)


def _decided(at: datetime) -> None:
    """Most of what was found is confirmed and done; one is refused and appealed against; some wait."""
    writer, second, _ = _clerks(at)
    zhou = people.actor_of("zhou", at=at)
    mine = queries.mine(zhou)
    free = [line for line in mine if line.mode == "free"]
    for line in free[:-1]:
        if len(free) > 2 and line.id == free[1].id:
            actions.refuse(entitlement=line.id, why="登记的材料里少一页，请核对", by=second, at=at)
            actions.appeal(entitlement=line.id, why="材料上次都交齐了，请再看一看", by=zhou, at=at + timedelta(hours=3))
            continue
        actions.confirm(entitlement=line.id, by=writer, at=at)
        if line.id != free[0].id:
            actions.grant(entitlement=line.id, why="已经约好，社康中心会打电话告诉您时间", by=writer, at=at)
    rows = [line for page in range(1, 9) for line in queries.waiting(seen_by=writer, show="due", page=page)[0]]
    for number, line in enumerate(rows):
        if line.subject in zhou.own or number % 9 == 3:
            continue
        if number == 1:
            actions.refuse(entitlement=line.id, why="登记的户口在外区，先请您核对", by=second, at=at)
            continue
        actions.confirm(entitlement=line.id, by=second, at=at)
        if number % 4 != 2:
            actions.grant(entitlement=line.id, why="月底前到社保卡" if line.gives == "money" else "已经安排好", by=second, at=at)
