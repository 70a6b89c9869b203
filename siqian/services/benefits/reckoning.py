"""One person judged by every policy in force, as the reference says it: what is told, what is missing, why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from siqian.kernel.journal import Ref

from . import catalogued, queries, snapshot
from .engine import reference, saying
from .engine.reference import Verdict


@dataclass(frozen=True)
class Judged:
    """A policy in force and what it says of somebody."""

    line: queries.EditionLine
    verdict: Verdict

    def reasons(self, day: date) -> list[str]:
        return saying.reasons(self.verdict.step, catalogued.labels(), day) if self.verdict.step else []

    def why(self, day: date) -> str:
        return saying.why(self.verdict, catalogued.labels(), day)


@dataclass(frozen=True)
class Person:
    """Somebody with what is known of them and of whoever lives with them."""

    subject: Ref
    facts: Mapping[str, Any]
    household: Sequence[Mapping[str, Any]]


def person(subject: Ref) -> Person | None:
    """None for whoever has moved away."""
    members = snapshot.household(subject)
    return persons([subject], dict.fromkeys(members, members)).get(subject)


def persons(subjects: Sequence[Ref], living: Mapping[Ref, tuple[Ref, ...]] | None = None) -> dict[Ref, Person]:
    """living: with whom each lives, where that is known already."""
    living = snapshot.households(subjects) if living is None else {subject: living[subject] for subject in subjects if subject in living}
    everybody = {member for members in living.values() for member in members}
    known = snapshot.known(everybody)
    return {
        subject: Person(subject, known.get(subject, {}), [known.get(member, {}) for member in members])
        for subject, members in living.items()
    }


def judged(whom: Person, lines: Sequence[queries.EditionLine], day: date) -> list[Judged]:
    values = queries.parameters().at(day)
    return [Judged(line, reference.judge(line.policy(), whom.facts, whom.household, values, day)) for line in lines]


def unlocks(found: Sequence[Judged], shut: set[str]) -> list[tuple[str, list[Judged]]]:
    """The one fact that is missing, for each policy that lacks nothing else; what unlocks most first. shut: facts that nobody asks for."""
    by_fact: dict[str, list[Judged]] = {}
    for one in found:
        missing = [fact for fact in one.verdict.missing if fact in catalogued.labels()]
        if one.verdict.state == "unknown" and len(missing) == 1 and missing[0] not in shut:
            by_fact.setdefault(missing[0], []).append(one)
    return sorted(by_fact.items(), key=lambda row: (-len(row[1]), row[0]))
