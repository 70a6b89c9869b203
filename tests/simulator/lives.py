"""Lives by chance: whoever comes next does what the state asks for, something else, or something that cannot be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random

from siqian.kernel import clock
from siqian.spine.learn import queries as learn
from siqian.spine.matters.rules import BESIDE, CONTACTS, ENDED, MATTER, OPEN, RUNNING, course
from siqian.spine.matters.rules.lives import Did, Holder, Life, Spot, Voice
from siqian.spine.matters.rules.living import VERBS, Book, Living
from siqian.spine.remit import queries as remit
from siqian.trades.tasks.rules import term

from . import minutes

UNTIL = datetime(2027, 3, 1, tzinfo=clock.TOWN)
FIRST = datetime(2026, 3, 2, tzinfo=clock.TOWN)
JUMPS = (0, 1, 4, 15, 31, 90, 400, 1500, 6000, 15000)
ACTORS = ("person:chen", "person:ruolan", "person:liang", "person:street", "person:district", "receipt:one")
POSTS = ("keeper", "desk-2", "desk-1", "desk-0", "secretary")
# What is done next in most cases, so that lives come to their ends.
NEXT = {
    "received": ("assign", "assign", "assign", "refuse", "contact"),
    "assigned": ("accept", "contact", "return", "refuse", "move", "urge"),
    "accepted": ("contact", "contact", "return", "refuse"),
    "in_hand": ("close", "close", "hold", "stage", "ledger", "extend", "refuse", "return"),
    "on_hold": ("resume", "remark", "contact", "close"),
    "returned": ("grant", "deny"),
    "staged": ("close", "ledger", "contact"),
    "shelved": ("review", "take_up", "close"),
    "to_check": ("pass", "fail", "resume"),
    "closed": ("praise", "reopen", "lapse", "call", "told_ok", "told_bad"),
    "refused": ("appeal",),
    "appealed": ("grant", "deny"),
}


class Wrong(AssertionError):
    """Something that must hold did not; the seed lives it again."""


@dataclass
class Told:
    """What was lived: how often each verb was done or refused, states that were reached, clocks that were counted."""

    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    states: set[str] = field(default_factory=set)
    clocks: int = 0
    levels: set[int] = field(default_factory=set)


@cache
def book() -> Book:
    def desk(_path: str, level: int, _at: datetime) -> Holder:
        return Holder(f"desk-{level}", f"fang-{level}", "desk")

    units = frozenset(remit.units())
    return Book(remit.items().get, remit.kind, lambda *_: "property", remit.lead_fault, units, desk, frozenset(POSTS), {}, UNTIL)


@cache
def messages() -> tuple[tuple[str, object], ...]:
    return tuple((item.sample, learn.understand(item.sample)) for item in remit.items().values())


def live(seed: int, told: Told) -> Living:
    """One life from its seed. Raises Wrong with the seed when anything that must hold does not."""
    chance = Random(seed)  # noqa: S311 - a seed, no secret
    text, understood = chance.choice(messages())
    begin = FIRST + timedelta(minutes=chance.randrange(200 * 1440))
    voice = Voice(text, begin, "web", understood, "receipt:one")
    spot = Spot("/d/s/c/p/g/", 7, "3栋", "b3", unplaced="没说在哪里" if chance.random() < 0.15 else "")
    living = Living(Life(voice, spot, understood.item, understood.kind, _holder(chance)), "周**", book())
    try:
        _holds(living)
        for _ in range(chance.randrange(1, 30)):
            _step(living, chance, told)
        living.climb(until=UNTIL)
        _holds(living)
        told.clocks += _counted(living)
    except Wrong as error:
        raise Wrong(f"seed {seed}: {error}") from None
    told.levels |= {clock_.level for clock_ in living.clocks}
    return living


def _step(living: Living, chance: Random, told: Told) -> None:
    at = _when(living, chance)
    if at > UNTIL:
        return
    act = _act(living, _verb(living, chance), at, chance)
    living.climb(before=act.at)
    before = _snapshot(living)
    refusal = living.go_on(act)
    counted = told.done if refusal is None else told.refused
    counted[act.verb] = counted.get(act.verb, 0) + 1
    if refusal is not None and _snapshot(living) != before:
        raise Wrong(f"{act.verb} was refused ({refusal.why}) and changed something in state {before[0]}")
    told.states.add(living.state)
    _holds(living)


def _verb(living: Living, chance: Random) -> str:
    if living.waiting() is not None and chance.random() < 0.4:
        return chance.choice(("grant", "grant", "deny"))
    if "supervise" in living.running and chance.random() < 0.3:
        return "supervise"
    return chance.choice(NEXT.get(living.state, tuple(VERBS)) if chance.random() < 0.75 else tuple(VERBS))


def _when(living: Living, chance: Random) -> datetime:
    """Soon, much later, at the last instant of a promise, or before what was done last: clocks of machines do jump."""
    at, roll = living.at + timedelta(minutes=chance.choice(JUMPS)), chance.random()
    if roll < 0.03:
        return living.at - timedelta(minutes=chance.choice((1, 60)))
    dues = [clock_.climbs_at for clock_ in living.running.values() if clock_.climbs_at is not None and clock_.climbs_at >= living.at]
    return min(dues) if roll < 0.15 and dues else at


def _act(living: Living, verb: str, at: datetime, chance: Random) -> Did:
    text = chance.choice(("", "换了新的，试过，亮了", "等厂家来人，约好后天上门"))
    text = text if chance.random() < 0.1 else "等厂家来人，约好后天上门"
    voice = Voice("楼梯灯还是不亮", at, "web", living.life.first.understood, "receipt:two") if verb == "join" else None
    return Did(
        verb,
        at,
        chance.choice(ACTORS),
        "某人",
        text,
        how=chance.choice(CONTACTS),
        promised=at + timedelta(hours=3) if chance.random() < 0.3 else None,
        item=chance.choice(("4.1.1", "2.2.2", "")),
        holder=_holder(chance) if chance.random() < 0.95 else None,
        voice=voice,
        why=chance.choice(tuple(course.HOLDS)),
        until=at + timedelta(days=chance.randrange(1, 29)),
        unit=chance.choice(("water", "urban", "property")),
        clause=chance.choice(("court", "elsewhere")),
        amount=chance.randrange(0, 6),
    )


def _holder(chance: Random) -> Holder:
    post = chance.choice(POSTS)
    return Holder(post, f"{post}-person", post)


def _snapshot(living: Living) -> tuple[object, ...]:
    clocks = tuple((one.what, one.due, one.stopped, one.level) for one in living.clocks)
    asked = tuple((one.kind, one.state) for one in living.asked)
    return (living.state, living.holder, living.item, len(living.traces), len(living.voices), len(living.pauses), clocks, asked)


def _holds(living: Living) -> None:
    """A lawful state, exactly one responsible post, the clocks of that state, one of each, nothing lost."""
    state, running = living.state, living.running
    if state not in MATTER.states:
        raise Wrong(f"{state} is no state")
    if not living.holder.post:
        raise Wrong(f"nobody is responsible in {state}")
    lawful = RUNNING[state]
    if set(running) - set(lawful) or (lawful and lawful[0] not in running):
        raise Wrong(f"in {state} there run {sorted(running)}")
    if sorted(one.what for one in living.clocks if one.stopped is None) != sorted(running):
        raise Wrong(f"in {state} a clock runs that nobody knows of")
    others = {one.post for what, one in running.items() if what not in BESIDE and state in OPEN} - {living.holder.post}
    if others:
        raise Wrong(f"{living.holder.post} is responsible and {sorted(others)} owes it")
    if sum(one.state == "asked" for one in living.asked) != ("rule" in running):
        raise Wrong(f"in {state} a request waits and nobody owes a ruling, or the other way round")
    if state in ENDED and running:
        raise Wrong(f"{state} is the end and {sorted(running)} run on")
    if 1 + sum(trace.kind == "joined" for trace in living.traces) != len(living.voices):
        raise Wrong("a telling is lost")


def _counted(living: Living) -> int:
    """Every clock with a term against whoever counts minutes; how many they were."""
    count = 0
    for one in living.clocks:
        length = term(one.minutes, one.working_days)
        if length is None:
            continue
        stops = [still for still in living.pauses if still.what == one.what and (one.stopped is None or still.since < one.stopped)]
        spans = [(still.since, still.limit if still.until is None else min(still.until, still.limit)) for still in stops]
        count += 1
        if (wanted := minutes.due(one.started, length, spans)) != one.due:
            raise Wrong(f"{one.what} from {one.started} is due {one.due}; whoever counts minutes says {wanted}")
    return count
