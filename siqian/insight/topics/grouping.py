"""The night's work: all tellings of the window compared pair by pair, staff's decisions kept. Reads only; `actions` takes it over."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q

from siqian.kernel import store
from siqian.kernel.permits import OFFICE
from siqian.spine.learn import queries as learn
from siqian.spine.matters import queries as matters

from . import following, rules
from .models import Constraint, Decision, Topic, Voice
from .rules.linking import Constraints, clusters, constraints, numbered

# Where a telling lies and what it is about: its matter may lie elsewhere, or be about something else, by now.
LAID = ("grid", "path", "building", "item", "unit")


@dataclass(frozen=True)
class Grouping:
    """What a night found. A new topic has a key below zero, 0 is none.

    moves: topic -> tellings that go there; leaders: leader -> those that follow it from now on; ended: topic -> what it became;
    laid: of tellings whose matter moved since, where it lies now; standing: staff's decisions on which it rests.
    """

    day: date
    standing: tuple[int, int]
    voices: int
    moves: Mapping[int, list[int]]
    leaders: Mapping[int, list[int]]
    opened: Mapping[int, tuple[str, datetime]]
    ended: Mapping[int, int]
    titles: Mapping[int, str] = field(default_factory=dict)
    laid: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    confided: Collection[int] = ()


def standing() -> tuple[int, int]:
    """Changes with every decision of staff and with every one that is taken back."""
    found = Decision.objects.aggregate(last=Max("id"), undone=Count("undone"))
    return found["last"] or 0, found["undone"]


def grouped(day: date, *, at: datetime) -> Grouping:
    """How the tellings of the window belong together by now."""
    seen = standing()
    with store.reading_all():
        kept = constraints(_decisions())
        held = list(Voice.objects.filter(at__gte=at - rules.WINDOW).order_by("telling"))
    told = {voice.telling: voice for voice in matters.voices_since(at - rules.WINDOW, seen_by=OFFICE)}
    confided = {row.matter for row in held if row.telling not in told}
    held = [row for row in held if row.telling in told]
    leader_of, followers = _bundles(held, kept)
    words = {id_: following.words_of(told[id_]) for id_ in followers}
    # What says too little to be compared stands alone, unless staff put it somewhere.
    ids = sorted(id_ for id_ in followers if len(words[id_][1]) >= rules.same.SHORTEST or id_ in kept.named)
    silent = [""] * rules.same.BESIDE
    pairs = learn.alike.pairs(
        [*(words[id_][0] for id_ in ids), *silent], [*(words[id_][1] for id_ in ids), *silent], least=rules.same.FAINT
    )
    about = {id_: following.group_of(told[id_].item) for id_ in ids}
    links = [(one, other, share) for one, other, share in _links(ids, pairs) if rules.same.agree(about[one], about[other])]
    whole = [[telling for id_ in group for telling in followers[id_]] for group in clusters(ids, links, kept, near=rules.same.NEAR)]
    return _plan(day, seen, held, whole, leader_of, told, confided)


def _links(ids: list[int], pairs: learn.alike.Pairs) -> Iterator[rules.linking.Link]:
    for one, other, share in zip(pairs.one.tolist(), pairs.other.tolist(), pairs.alike.tolist(), strict=True):
        yield ids[one], ids[other], share


def _decisions() -> list[rules.linking.Decision]:
    sides: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for decision, telling, one in Constraint.objects.filter(decision__undone=None).values_list("decision", "telling", "one"):
        sides[decision][0 if one else 1].add(telling)
    kinds = dict(Decision.objects.filter(id__in=sides).values_list("id", "kind"))
    return [
        rules.linking.Decision(kinds[id_] == "merge", frozenset(sides[id_][0]), frozenset(sides[id_][1]))
        for id_ in sorted(sides)
        if kinds[id_] in ("merge", "split", "part")
    ]


def _bundles(held: Iterable[Voice], kept: Constraints) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Who leads whom: what a decision names stands for itself, and whoever lost its leader follows the first that is left."""
    there, named = {row.telling for row in held}, kept.named
    leader_of: dict[int, int] = {}
    heirs: dict[int, int] = {}
    for row in held:
        leader = row.leader
        if row.telling in named:
            leader = row.telling
        elif leader not in there or leader in named:
            leader = heirs.setdefault(leader, row.telling)
        leader_of[row.telling] = leader
    followers: dict[int, list[int]] = defaultdict(list)
    for telling, leader in leader_of.items():
        followers[leader].append(telling)
    return leader_of, followers


def _plan(
    day: date,
    seen: tuple[int, int],
    held: list[Voice],
    groups: list[list[int]],
    leader_of: Mapping[int, int],
    told: Mapping[int, matters.Voice],
    confided: Collection[int],
) -> Grouping:
    before = {row.telling: row.topic_id or 0 for row in held}
    firm = set(Topic.objects.filter(Q(state__in=rules.FIRM) | Q(named=True)).values_list("id", flat=True))
    # One telling alone is a topic only where staff laid hands on it.
    groups = [group for group in groups if len(group) > 1 or before[group[0]] in firm]
    numbers, became = numbered(groups, before, firm=firm)
    keys = [number or -1 - at for at, number in enumerate(numbers)]
    after = {telling: key for key, group in zip(keys, groups, strict=True) for telling in group}
    moves: dict[int, list[int]] = defaultdict(list)
    leaders: dict[int, list[int]] = defaultdict(list)
    for row in held:
        if after.get(row.telling, 0) != before[row.telling]:
            moves[after.get(row.telling, 0)].append(row.telling)
        if leader_of[row.telling] != row.leader:
            leaders[leader_of[row.telling]].append(row.telling)
    titles = {key: _title(group, leader_of, told) for key, group in zip(keys, groups, strict=True)}
    opened = {key: (titles[key], min(told[telling].at for telling in group)) for key, group in zip(keys, groups, strict=True) if key < 0}
    live = set(Topic.objects.filter(state__in=rules.LIVE).values_list("id", flat=True))
    gone = {number: 0 for number in live if number not in numbers} | {old: keys[at] for old, at in became.items() if old in live}
    kept_titles = {key: title for key, title in titles.items() if key > 0}
    return Grouping(day, seen, len(held), dict(moves), dict(leaders), opened, gone, kept_titles, _laid(held, told), sorted(confided))


def _laid(held: Iterable[Voice], told: Mapping[int, matters.Voice]) -> dict[int, dict[str, Any]]:
    now = {row.telling: {name: getattr(told[row.telling], name) for name in LAID} for row in held}
    return {row.telling: now[row.telling] for row in held if any(getattr(row, name) != now[row.telling][name] for name in LAID)}


def _title(group: Iterable[int], leader_of: Mapping[int, int], told: Mapping[int, matters.Voice]) -> str:
    """Of the way of saying it that most share, of two the older."""
    often = Counter(leader_of[telling] for telling in group)
    leader = max(often, key=lambda telling: (often[telling], -telling))
    return following.title_of(following.words_of(told[leader])[1])
