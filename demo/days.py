"""The past weeks, lived through the verbs: told, accepted, answered, closed, rated, late, reopened, told twice."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from siqian.intake import actions as intake, rules as intake_rules
from siqian.kernel import deliveries
from siqian.kernel.clock import local
from siqian.kernel.permits import ANYONE, OFFICE, Actor, Refused
from siqian.spine.matters import actions as matters, jobs as matters_jobs, queries
from siqian.town.people import queries as people
from siqian.trades.tasks import jobs

from . import detours, grammar
from .topics import RHYTHM


@dataclass(order=True)
class Act:
    at: datetime
    order: int
    do: Callable[[datetime], None] = field(compare=False)


class Days:
    """A queue of things that people are going to do, in order of time."""

    turn = -1

    def __init__(self, chance: Random, buildings: list[tuple[str, str, str]], leave_to_newcomer: frozenset[str] = frozenset()) -> None:
        self.chance, self.buildings = chance, buildings
        self.queue: list[Act] = []
        self.samples = grammar.samples()
        self.leave = leave_to_newcomer
        # Of its own, so that what else is said and done stays as it was.
        self.second = Random(len(buildings))
        self.count = 0
        self.told: list[tuple[str, str, str]] = []

    def later(self, at: datetime, do: Callable[[datetime], None]) -> None:
        self.count += 1
        heapq.heappush(self.queue, Act(at, self.count, do))

    def run(self, until: datetime) -> None:
        """Let everything happen that is due before `until`; lateness climbs in between, as it would have."""
        climbed = None
        while self.queue and self.queue[0].at <= until:
            act = heapq.heappop(self.queue)
            if climbed is None or act.at - climbed > timedelta(minutes=30):
                matters_jobs.go_on_after_the_limit(at=act.at)
                jobs.climb_what_is_late(at=act.at)
                deliveries.work(at=act.at)
                climbed = act.at
            act.do(act.at)

    def tell(self, at: datetime) -> None:
        """Somebody says something; what follows is planned at once."""
        chance = self.chance
        if self.told and chance.random() < 0.12:
            building, text, item = self.told[-chance.randrange(1, min(6, len(self.told)) + 1)]
        else:
            building, estate, number = chance.choice(self.buildings)
            item, sample = self.samples[self._next_item()]
            text = grammar.say(sample, estate, number, chance)
            self.told.append((building, text, item))
        if self.second.random() < 0.04:
            text = f"{text.rstrip('。，')}，{self.second.choice(grammar.JOINERS)}{self.second.choice(self.samples)[1]}"
        name, phone = grammar.teller(chance)
        picked = building if chance.random() < 0.9 else ""
        message = intake_rules.Message(
            text=text, channel=chance.choice(("web", "web", "web", "phone", "desk")), building=picked, near="", name=name, phone=phone
        )
        receipt = intake.take(message=message, by=ANYONE, at=at)
        for one in (receipt, *receipt.others):
            if not one.joined:
                self._plan(one.matter, at)

    def take_up(self, at: datetime) -> None:
        """What was open by then goes on from there; what visitors have told since is left to them."""
        after = 0
        while lines := queries.find(seen_by=OFFICE, state="open", after=after, most=500):
            for line in lines:
                if line.received <= at:
                    self._plan(line.id, at)
            after = lines[-1].id

    def _next_item(self) -> int:
        # Every item comes up before one comes up twice, but for what is always on people's minds.
        if self.chance.random() < 0.35:
            return self.chance.randrange(len(self.samples) // 6)
        self.turn = (self.turn + 17) % len(self.samples)
        return self.turn

    def _plan(self, matter: int, at: datetime) -> None:
        chance = self.chance
        teller = Actor(ref=f"receipt:demo-{matter}", own=frozenset([f"matter:{matter}"]))
        slow = chance.random()
        answer = timedelta(minutes=chance.uniform(3, 26) if slow < 0.93 else chance.uniform(33, 200))
        settle = timedelta(hours=chance.uniform(1, 20) if slow < 0.88 else chance.uniform(25, 60))
        self.later(at + answer * 0.4, lambda when: self._try(matter, self._accept, when))
        self.later(at + answer, lambda when: self._try(matter, self.answer, when))
        done = detours.plan(self, matter, at + answer, at + settle)
        self.attempt(done, matter, self._close)
        if chance.random() < 0.6:
            self.later(done + timedelta(hours=chance.uniform(0.2, 30)), lambda when: self._rate(matter, teller, when))
        elif chance.random() < 0.5:
            detours.call(self, matter, done)

    def attempt(self, at: datetime, matter: int, act: Callable[[int, datetime], None]) -> None:
        """Plan what somebody means to do about a matter."""
        self.later(at, lambda when: self._try(matter, act, when))

    def _try(self, matter: int, act: Callable[..., Any], at: datetime) -> None:
        """What a keeper means to do may have become needless meanwhile; then nothing happens, as in life."""
        if self._post(matter) in self.leave:
            return
        try:
            act(matter, at)
        except Refused:
            return

    def _post(self, matter: int) -> str:
        line = queries.lines([matter], seen_by=OFFICE).get(matter)
        return line.post if line else ""

    def keeper(self, matter: int, at: datetime) -> Actor:
        """Whoever sits on the post that owns a matter now."""
        card = people.card_of(self._post(matter), at=at)
        name = card.name if card else ""
        return Actor(
            ref=f"person:{card.person if card else ''}", name=name, grants=OFFICE.grants, posts=(self._post(matter),), fence=OFFICE.fence
        )

    def _accept(self, matter: int, at: datetime) -> None:
        line = queries.lines([matter], seen_by=OFFICE)[matter]
        keeper = self.keeper(matter, at)
        if line.state == "received":
            if self.chance.random() < 0.15:
                self.later(at + timedelta(minutes=40), lambda when: self._try(matter, self._accept, when))
                return
            code = self.chance.choice(self.buildings)[0] if line.unplaced else ""
            guess = line.guesses[0][0] if line.guesses else self.chance.choice(self.samples)[0]
            matters.assign(matter=matter, item=guess if line.unsure else line.item, building=code, by=keeper, at=at)
            self.later(at + timedelta(minutes=self.chance.uniform(4, 25)), lambda when: self._try(matter, self.answer, when))
            self.later(at + timedelta(hours=self.chance.uniform(1, 18)), lambda when: self._try(matter, self._close, when))
            return
        matters.accept(matter=matter, by=keeper, at=at)

    def answer(self, matter: int, at: datetime) -> None:
        text = self.chance.choice(grammar.FOUND)
        promised = at + timedelta(hours=self.chance.randint(2, 8)) if self.chance.random() < 0.5 else None
        how = self.chance.choice(("phone", "phone", "visit", "message"))
        matters.contact(matter=matter, how=how, text=text, promised=promised, by=self.keeper(matter, at), at=at)
        if self.second.random() < 0.02:
            self._divide(matter, at)

    def _divide(self, matter: int, at: datetime) -> None:
        """Whoever talks with the teller hears of another job, which somebody else does."""
        item, sample = self.second.choice(self.samples)
        part = matters.Wanted(sample.rstrip("。"), item)
        for made in matters.divide(matter=matter, parts=[part], by=self.keeper(matter, at), at=at):
            self._plan(made, at)

    def _close(self, matter: int, at: datetime) -> None:
        if any(not part.is_over for part in queries.of_whole(matter, seen_by=OFFICE)):
            # Whoever leads waits for the parts.
            self.attempt(at + timedelta(hours=self.second.uniform(3, 9)), matter, self._close)
            return
        matters.close(matter=matter, text=self.chance.choice(grammar.DONE), by=self.keeper(matter, at), at=at)
        if queries.lines([matter], seen_by=OFFICE)[matter].state == "to_check":
            detours.look_at(self, matter, at)

    def _rate(self, matter: int, teller: Actor, at: datetime) -> None:
        good = self.chance.random() < 0.88
        try:
            matters.rate(matter=matter, good=good, words="" if good else self.chance.choice(grammar.UNHAPPY), by=teller, at=at)
        except Refused:
            return
        if not good:
            self._plan(matter, at)


def weeks(days: Days, *, until: datetime, count: int, span: timedelta) -> None:
    """Plan so many tellings over a span that ends now, by the hours of the day; the last hours get their share."""
    chance = days.chance
    planned = 0
    while planned < count:
        at = until - span * chance.random() ** 1.3
        if chance.random() * max(RHYTHM) <= RHYTHM[local(at).hour] or until - at < timedelta(hours=2):
            days.later(at, days.tell)
            planned += 1
