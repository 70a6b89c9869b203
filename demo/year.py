"""A year of the district, life by life in order of time, from a seed: what `matters.actions.chronicle` takes over."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from siqian.kernel.clock import local
from siqian.spine.matters.rules.lives import Life, Spot

from . import grammar
from .stories import Home, Roster, Scene, Story, names
from .topics import Topic, moments, moments_of, strain, topics

CHANNELS = ("web",) * 9 + ("phone",) * 6 + ("desk",) * 3 + ("api",) * 2
# Of ten tellings beside the topics, so many are of what comes up everywhere and always.
COMMON = 0.4


def year(homes: Sequence[Home], district: Spot, roster: Roster, chance: Random, *, until: datetime, count: int) -> Iterator[Life]:
    """So many lives that begin within 365 days before `until`, in order. Every item comes up before one comes up twice.

    roster: who covers a path at an instant (`people.queries.Watch`); district: where it is while nobody knows where.
    """
    wave = Wave(homes, chance, until)
    waiting: list[tuple[datetime, int, Scene]] = []
    planned = iter(sorted(wave.plan(count), key=lambda plan: plan.at))
    plan = next(planned, None)
    for number in range(count):
        if waiting and (plan is None or waiting[0][0] <= plan.at):
            # Whoever comes again comes in the place of somebody who would have come for the first time.
            scene, plan = heapq.heappop(waiting)[2], next(planned, plan)
        elif plan is not None:
            scene = wave.scene(plan)
            plan = next(planned, None)
        else:
            return
        story = Story(scene, number, roster, district, chance)
        yield story.life(until)
        if story.again is not None and story.again.at < until:
            heapq.heappush(waiting, (story.again.at, number, story.again))


@dataclass(frozen=True)
class Plan:
    """When something will be told, and within which topic if any."""

    at: datetime
    topic: Topic | None = None
    homes: Sequence[Home] = field(default=(), compare=False)


class Wave:
    """Who tells what when: the ordinary days, and the topics above them."""

    def __init__(self, homes: Sequence[Home], chance: Random, until: datetime) -> None:
        self.homes, self.chance, self.until = homes, chance, until
        self.topics, self.samples = topics(until), grammar.samples()
        self.common = chance.sample(self.samples, len(self.samples) // 6)
        self.turn: list[tuple[str, str]] = []

    def plan(self, count: int) -> list[Plan]:
        found: list[Plan] = []
        by_community = list(names(self.homes).values())
        for topic in self.topics:
            wide = self.chance.sample(by_community, min(topic.wide, len(by_community)))
            homes = [home for part in wide for home in part] or self.homes
            found += [Plan(at, topic, homes) for at in moments_of(topic, round(count * topic.share), self.until, self.chance)]
        return found + [Plan(at) for at in moments(count - len(found), self.until, self.chance)]

    def scene(self, plan: Plan) -> Scene:
        chance = self.chance
        home = chance.choice(plan.homes or self.homes)
        name, phone = grammar.teller(chance)
        hard = strain(local(plan.at).date(), self.topics)
        if plan.topic is not None:
            item, sample = chance.choice(plan.topic.says)
            joins = plan.topic.joins
        else:
            (item, sample), joins = self._sample(), 0.08
        text = grammar.say(sample, home.estate, home.number, chance)
        placed = chance.random() < 0.97
        return Scene(plan.at, home, item, text, name, phone, chance.choice(CHANNELS), joins=joins, strain=hard, placed=placed)

    def _sample(self) -> tuple[str, str]:
        if self.chance.random() < COMMON:
            return self.chance.choice(self.common)
        if not self.turn:
            self.turn = self.chance.sample(self.samples, len(self.samples))
        return self.turn.pop()
