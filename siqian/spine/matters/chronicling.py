"""The verb that takes over matters which were lived before or elsewhere, with everything that happened to them."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime

from siqian.kernel import clock, links, rows, vault
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, Refusal, Thing, must
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.trades.tasks import actions as tasks

from . import recusal, rules, terms
from .events import MattersChronicled
from .models import Matter, Request, Step, Telling
from .rules.incoming import first_faults
from .rules.left import Asked, Clock, Still
from .rules.lives import Holder, Life, Unlawful, Voice, digest, understood
from .rules.living import Book, Living
from .taught import teach_lived
from .tellings import receipt_mark, told_before

CLOCK = tuple(field.name for field in fields(Clock))
STILL = tuple(field.name for field in fields(Still))
ASKED = tuple(field.name for field in fields(Asked))


@office_verb
def chronicle(*, lives: Sequence[Life], by: Actor, at: datetime) -> list[int]:
    """Take over lives in the order given: all of them or, with a fault anywhere, none. Gives the matters' ids.

    State, steps and clocks become what the single verbs would have made of the same acts at their times; what is open goes
    on. A life whose first telling was taken before (channel and external id) is not taken again: the id that is there is
    given. Nobody is notified of what is past. Raises lives.Unlawful with every fault. Records matters.chronicled, once.
    """
    must(by, "chronicle", Thing("matter"))
    # Whoever takes the same message by another door at this instant waits, or is waited for.
    rows.ids(locks=tuple(f"external:{channel}:{external}" for channel, external in _keys(lives)))
    there = _there(lives)
    fresh = _fresh(lives, there)
    lived = _lived(lives, fresh, there, at)
    made = dict(zip(fresh, _write(lived, by=by, at=at), strict=True))
    for number, id_ in made.items():
        if lives[number].first.external:
            there[_key(lives[number].first)] = id_
    if made:
        first, last = min(made.values()), max(made.values())
        taken = digest(lives[number] for number in fresh)
        record(MattersChronicled(f"matters:{first}-{last}", first, last, len(made), taken), by=by, at=at)
    return [made[number] if number in made else there[_key(life.first)] for number, life in enumerate(lives)]


def _key(voice: Voice) -> tuple[str, str]:
    return voice.channel, voice.external


def _keys(lives: Sequence[Life]) -> set[tuple[str, str]]:
    return {_key(voice) for life in lives for voice in life.voices if voice.external}


def _there(lives: Sequence[Life]) -> dict[tuple[str, str], int]:
    """(channel, external id) -> matter, of tellings that were taken before."""
    keys = _keys(lives)
    channels, names = {channel for channel, _ in keys}, {external for _, external in keys}
    found = told_before(channels, names).values_list("channel", "external", "matter_id")
    return {(channel, external): matter for channel, external, matter in found if (channel, external) in keys}


def _fresh(lives: Sequence[Life], there: dict[tuple[str, str], int]) -> list[int]:
    """Numbers of the lives that are new; of two with one external id the first."""
    found, seen = [], set(there)
    for number, life in enumerate(lives):
        key = _key(life.first)
        if not life.first.external or key not in seen:
            found.append(number)
            seen.add(key)
    return found


def _lived(lives: Sequence[Life], fresh: list[int], there: dict[tuple[str, str], int], at: datetime) -> list[Living]:
    book, lived, faults = _book([lives[number] for number in fresh], at), [], []
    for number in fresh:
        life = lives[number]
        unknown = first_faults(life, book)
        faults += [Refusal("第{life}件：{what}", life=number + 1, what=fault.why) for fault in unknown]
        if unknown:
            continue
        again = [voice.external for voice in life.voices[1:] if voice.external and _key(voice) in there]
        faults += [Refusal("第{life}件：并入的{external}以前收过了，删去这一次", life=number + 1, external=external) for external in again]
        living = Living(life, vault.masked_name(life.first.name) or life.first.channel, book)
        faults += [
            Refusal("第{life}件第{act}步（{verb}）：{what}", life=number + 1, act=step, verb=act.verb if act else "receive", what=fault.why)
            for step, act, fault in living.live()
        ]
        lived.append(living)
    if faults:
        raise Unlawful(faults)
    return lived


def _book(lives: Sequence[Life], at: datetime) -> Book:
    items = remit.items()
    called: dict[str, str] = {}
    units = frozenset(remit.units())

    def unit(code: str, path: str, when: datetime, against: Collection[str]) -> str:
        return recusal.lead(code, path, when, against=against)

    def desk(path: str, level: int, when: datetime) -> Holder | None:
        found = people.desk_at(path, level, at=when)
        if found is None:
            return None
        if found.post not in called:
            called[found.post] = people.post_line(found.post)[0]
        return Holder(found.post, found.person, called[found.post])

    posts = people.known_posts(frozenset().union(*(life.posts for life in lives)))
    paths = places.fences_of({spot.path for life in lives for spot in life.spots})
    return Book(items.get, remit.kind, unit, remit.lead_fault, units, desk, posts, paths, at, terms.term("object"))


def _write(lived: Sequence[Living], *, by: Actor, at: datetime) -> list[int]:
    matters, tellings = rows.ids((Matter, len(lived)), (Telling, sum(len(living.voices) for living in lived)))
    left = iter(tellings)
    for living, matter in zip(lived, matters, strict=True):
        told = [next(left) for _ in living.voices]
        rows.put(Matter, id=matter, **_matter(living))
        _tell(living, matter, told, at)
        _step(living, matter, told)
        for asked in living.asked:
            rows.put(Request, matter_id=matter, grid=living.spot.grid, **{name: getattr(asked, name) for name in ASKED})
    clocks = (
        {"about": f"matter:{matter}"} | {name: getattr(ran, name) for name in CLOCK}
        for living, matter in zip(lived, matters, strict=True)
        for ran in living.clocks
    )
    pauses = (
        {"about": f"matter:{matter}"} | {name: getattr(still, name) for name in STILL}
        for living, matter in zip(lived, matters, strict=True)
        for still in living.pauses
    )
    tasks.lay_clocks(clocks=clocks, by=by, at=at)
    tasks.lay_pauses(pauses=pauses, by=by, at=at)
    teach_lived(lived, matters)
    return matters


def _matter(living: Living) -> dict[str, object]:
    life, understanding, spot = living.life, living.life.first.understood, living.spot
    return {
        "state": living.state,
        "kind": life.kind,
        "item": living.item,
        "guesses": [{"item": guess.item, "share": round(guess.share, 3)} for guess in understanding.guesses],
        "unsure": living.unsure,
        "title": living.title,
        "place": spot.words[:80],
        "building": spot.building,
        "lon": spot.lon,
        "lat": spot.lat,
        "grid": spot.grid,
        "path": spot.path,
        "unplaced": living.unplaced,
        "candidates": living.candidates,
        "unit": living.unit,
        "post": living.holder.post,
        "person": living.holder.person,
        "urgent": living.urgent,
        "against": sorted(life.against),
        "discreet": living.discreet,
        "received": life.first.at,
        "tellings": len(living.voices),
        "reopened": living.reopened,
        "closed": living.closed,
        "rating": living.rating,
    }


def _tell(living: Living, matter: int, told: Sequence[int], at: datetime) -> None:
    for number, (voice, id_) in enumerate(zip(living.voices, told, strict=True)):
        mark, name, phone = receipt_mark(clock.code(10)), "", ""
        if voice.name or voice.phone:
            name, phone = vault.seal_new(rules.sealed_under(mark), voice.name, voice.phone, at=at)
        rows.put(
            Telling,
            id=id_,
            matter_id=matter,
            grid=living.spot.grid,
            channel=voice.channel,
            external=voice.external,
            text=voice.text,
            understood=understood(voice.understood, voice.spans),
            at=voice.at,
            how=voice.how if number else "first",
            account=voice.account,
            receipt=mark,
            name_sealed=name,
            phone_sealed=phone,
            name_masked=vault.masked_name(voice.name),
            phone_masked=vault.masked_phone(voice.phone) if voice.phone else "",
            phone_mark=vault.mark(voice.phone),
        )
        if number:
            links.tie_new(f"telling:{id_}", "joined", f"matter:{matter}", at=voice.at)


def _step(living: Living, matter: int, told: Sequence[int]) -> None:
    for trace in living.traces:
        rows.put(
            Step,
            matter_id=matter,
            grid=living.spot.grid,
            kind=trace.kind,
            public=trace.public,
            text=trace.text,
            values=trace.values if trace.telling is None else trace.values | {"telling": told[trace.telling]},
            by=trace.by,
            by_name=trace.by_name,
            at=trace.at,
        )
