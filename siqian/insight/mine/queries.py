"""All that is kept of oneself, gathered from wherever it lies. Values only, and one's own only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siqian.kernel.clock import local
from siqian.kernel.permits import Actor
from siqian.kernel.said import Both
from siqian.services.care import queries as care
from siqian.spine.matters import queries as matters
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.dossier import queries as facts, rules as fact_rules
from siqian.trades.dossier.queries import Ask

MOST_LOOKS = 200


@dataclass(frozen=True)
class FactLine:
    """A fact of one's own: what was said in both languages; ours: of the household, not of oneself alone."""

    known: facts.Known
    zh: str
    en: str
    ours: bool


@dataclass(frozen=True)
class LookLine:
    """One look. what: name, phone, or fact; zh, en: of which kind the fact is; purpose: in both languages; about: register, told."""

    at: datetime
    who: str
    what: str
    zh: str
    en: str
    purpose: Both
    about: str


@dataclass(frozen=True)
class Whole:
    """What the house keeps of somebody. stays: what the law keeps when all else is destroyed."""

    kept: people.Mine
    place: places.Place | None
    home: care.HomeLine | None
    calls: tuple[care.CallLine, ...]
    facts: tuple[FactLine, ...]
    could: tuple[Ask, ...]
    matters: tuple[matters.MatterLine, ...]
    looks: tuple[LookLine, ...]

    @property
    def coming(self) -> care.CallLine | None:
        """The visit that is due, if any."""
        return next((call for call in self.calls if call.state == "due"), None)

    @property
    def made(self) -> list[care.CallLine]:
        """Visits that were made, whoever was met."""
        return [call for call in self.calls if call.at is not None]

    @property
    def subjects(self) -> list[str]:
        return [f"resident:{self.kept.line.id}", *([self.home.ref] if self.home else [])]


def whole(actor: Actor, *, at: datetime) -> Whole | None:
    """Everything that is kept of the actor; None for whoever stands in no register."""
    kept = people.mine(actor)
    own = care.mine(actor, at=at)
    if kept is None or own is None:
        return None
    actor = care.with_home(actor, at=at)
    subjects = [f"resident:{kept.line.id}", *([own.home.ref] if own.home else [])]
    known = [_fact(one) for one in facts.mine(subjects, seen_by=actor, at=at)]
    return Whole(
        kept,
        places.at_building(kept.line.building),
        own.home,
        own.calls,
        tuple(known),
        tuple(_could(subjects, {(line.known.subject, line.known.kind.code) for line in known})),
        tuple(matters.mine(seen_by=actor)),
        tuple(_looks(kept, subjects, actor)),
    )


def counted(found: Whole) -> dict[str, int]:
    """What would be destroyed, and what would stay, by number."""
    own = [line for line in found.facts if not line.ours]
    ours = [line for line in found.facts if line.ours]
    return {"facts": len(own), "ours": len(ours), "matters": len(found.matters), "looks": len(found.looks), "calls": len(found.made)}


def exported(found: Whole, *, at: datetime) -> dict[str, Any]:
    """One's own data to take along (PIPL article 45), as plain values that another house can read."""
    line = found.kept.line
    return {
        "format": "siqian-my-data/1",
        "exported": local(at).isoformat(timespec="seconds"),
        "register": {
            "name": found.kept.name,
            "phone": found.kept.phone,
            "building": line.building,
            "address": found.place.words if found.place else "",
            "room": line.label,
            "household": line.household,
            "relation": line.relation,
            "moved_in": line.moved_in.isoformat() if line.moved_in else None,
            "source": line.source,
            "basis": line.basis,
            "objected": line.objected,
        },
        "visits": {
            "wanted": found.home.stance if found.home else "unasked",
            "every_days": found.home.wish if found.home else 0,
            "made": [{"at": _iso(one.at), "by": one.by_name, "outcome": one.outcome} for one in found.made],
        },
        "facts": [_exported_fact(one) for one in found.facts],
        "matters": [
            {"number": one.number, "title": one.title, "received": _iso(one.received), "state": one.state} for one in found.matters
        ],
        "looks": [{"at": _iso(one.at), "by": one.who, "what": one.zh or one.what, "purpose": one.purpose} for one in found.looks],
    }


def _exported_fact(line: FactLine) -> dict[str, Any]:
    known, names = line.known, facts.purposes()
    return {
        "kind": known.kind.code,
        "words": known.kind.zh,
        "of": "household" if line.ours else "person",
        "value": known.value,
        "shown": line.zh,
        "state": known.state,
        "source": fact_rules.SOURCES.get(known.source, known.source),
        "basis": fact_rules.BASES.get(known.basis, known.basis),
        "agreed": fact_rules.HOW.get(known.how, known.how),
        "purposes": [names[code].zh for code in known.purposes if code in names],
        "noted_by": known.by_name,
        "since": known.since.isoformat(),
        "keep_until": known.keep_until.isoformat(),
        "history": [{"at": _iso(step.at), "what": step.what, "by": step.by_name} for step in known.steps],
    }


def _fact(known: facts.Known) -> FactLine:
    zh, en = facts.shown(known.kind, known.value) if known.value else ("", "")
    return FactLine(known, zh, en, known.subject.startswith("household:"))


# What is needed for benefits alone is asked where it unlocks something, one fact at a time.
BENEFITS = ("benefit",)


def _could(subjects: Sequence[str], there: set[tuple[str, str]]) -> list[facts.Ask]:
    """What one could tell by oneself, so that nobody need ask: every kind that was never said."""
    return [
        facts.Ask(subject, kind, "ask", 0)
        for subject in subjects
        for kind in facts.kinds().values()
        if subject.startswith(f"{kind.about}:") and (subject, kind.code) not in there and kind.purposes != BENEFITS
    ]


def _looks(kept: people.Mine, subjects: Sequence[str], actor: Actor) -> list[LookLine]:
    """Who looked at the register, at facts and at what one told, the newest first."""
    seen = [(look, "register") for look in (*kept.looks, *people.looks_at(subjects[1:], seen_by=actor))]
    ids = [int(look.what.removeprefix("fact:")) for look, _ in seen if look.what.startswith("fact:")]
    kinds = facts.kinds_of(ids, seen_by=actor)
    lines = []
    for look, about in seen:
        kind = kinds.get(int(look.what.removeprefix("fact:"))) if look.what.startswith("fact:") else None
        what = "fact" if look.what.startswith("fact:") else look.what
        lines.append(
            LookLine(look.at, look.who, what, kind.zh if kind else "", kind.en if kind else "", facts.purpose_said(look.purpose), about)
        )
    for told in matters.own_looks(seen_by=actor):
        lines.append(LookLine(told.at, told.name, told.what, "", "", Both(told.purpose, told.purpose), "told"))
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST_LOOKS]


def _iso(at: datetime | None) -> str | None:
    return local(at).isoformat(timespec="seconds") if at else None
