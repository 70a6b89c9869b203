"""The only writers of hot topics, with `deciding` for what staff do: tellings are given topics as they come, and anew at night."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from siqian.kernel import rows, store
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import OFFICE, Actor, Thing, declare, must
from siqian.spine.matters import queries as matters

from . import following, rules
from .deciding import close, merge, part, raise_, rename, split, undo
from .events import TopicsAssigned, TopicsRegrouped
from .grouping import LAID, Grouping, standing
from .models import Night, Topic, Voice

__all__ = ["assign", "close", "merge", "part", "raise_", "regroup", "rename", "split", "undo"]

declare("topic", *rules.PERMITS)
# Of all topics together: who groups, and who decides, one after the other.
ALL = "topics:all"


@office_verb
def assign(*, most: int = rules.TOGETHER, by: Actor, at: datetime) -> int:
    """Give so many new tellings their topics, the oldest first; gives how many were new. Records topics.assigned.

    Safe to run twice and beside another worker: a telling is looked at once. What was told in confidence is never among them, and what
    turns out to be confided leaves.
    """
    must(by, "assign", Thing("topic"))
    store.lock("topics", "grouping")
    _drop(matters.confided_since(at - 2 * rules.WINDOW))
    new = list(matters.voices(following.unknown(at)[:most], seen_by=OFFICE).values())
    if not new:
        return 0
    desk = _Desk(at)
    opened = [made for voice in new if (made := desk.put(voice))]
    ids = [voice.telling for voice in new]
    refs = [f"topic:{number}" for number in opened]
    record(TopicsAssigned(ALL, len(ids), min(ids), max(ids), refs), by=by, at=at)
    return len(new)


@office_verb
def regroup(*, plan: Grouping, by: Actor, at: datetime) -> bool:
    """Take over what a night's grouping found, once a day; not when staff decided something meanwhile. Records topics.regrouped."""
    must(by, "regroup", Thing("topic"))
    store.lock("topics", "grouping")
    if Night.objects.filter(day=plan.day).exists() or plan.standing != standing():
        return False
    _drop(plan.confided)
    numbers = {key: _open(title, since).id for key, (title, since) in plan.opened.items()}
    for target, tellings in plan.moves.items():
        topic = numbers.get(target, target) or None
        Voice.objects.filter(telling__among=tellings).update(topic=topic, how="nightly")
    for leader, tellings in plan.leaders.items():
        Voice.objects.filter(telling__among=tellings).update(leader=leader)
    for telling, where in plan.laid.items():
        Voice.objects.filter(telling=telling).update(**where)
    for number, title in plan.titles.items():
        Topic.objects.filter(id=number, named=False).update(title=title)
    for number, target in plan.ended.items():
        _end(number, numbers.get(target, target), at)
    opened, ended = ([f"topic:{number}" for number in sorted(those)] for those in (numbers.values(), plan.ended))
    moved = sum(map(len, plan.moves.values()))
    Night.objects.create(day=plan.day, at=at, voices=plan.voices, moved=moved)
    record(TopicsRegrouped(ALL, f"{plan.day:%Y-%m-%d}", plan.voices, moved, opened, ended), by=by, at=at)
    return True


class _Desk:
    """Puts new tellings with their like, one after the other: each may be what the next one is like."""

    def __init__(self, at: datetime) -> None:
        self.topic_of, self.about = following.leaders(at)
        self.index = following.index_of(self.topic_of)
        self.sizes = Counter(self.topic_of.values())

    def put(self, voice: matters.Voice) -> int | None:
        """Put one telling; the number of the topic that it opens."""
        found = self._joins(voice)
        topic, opened = found.topic, None
        if found.beside:
            topic = opened = self._open_with(found.beside, voice)
        if not found.leader:
            following.add(self.index, [voice])
            self.topic_of[voice.telling], self.about[voice.telling] = topic, following.group_of(voice.item)
            self.sizes[topic] += 1
        _put(voice, topic or None, found.leader or voice.telling)
        return opened

    def _joins(self, voice: matters.Voice) -> rules.same.Joins:
        title, body = following.words_of(voice)
        if len(body) < rules.same.SHORTEST or not len(self.index):
            return rules.same.Joins()
        own, about = following.group_of(voice.item), self.about
        near = [(other, share) for other, share in self.index.near(title, body) if rules.same.agree(own, about.get(other, ""))]
        return rules.same.joins(near, self.topic_of, self.sizes)

    def _open_with(self, beside: int, voice: matters.Voice) -> int:
        rows.write_now()
        first = Voice.objects.get(telling=beside)
        topic = _open(following.title_of(following.words_of(voice)[1]), min(voice.at, first.at)).id
        Voice.objects.filter(leader=beside).update(topic=topic)
        self.topic_of[beside], self.sizes[topic] = topic, 1
        return topic


def _put(voice: matters.Voice, topic: int | None, leader: int) -> None:
    where = {name: getattr(voice, name) for name in LAID}
    who = {"telling": voice.telling, "matter": voice.matter, "teller": voice.teller, "at": voice.at}
    rows.put(Voice, **who, **where, topic_id=topic, how="online", leader=leader)


def _open(title: str, since: datetime) -> Topic:
    return Topic.objects.create(title=title[:60], opened=since)


def _end(number: int, became: int, at: datetime) -> None:
    """A topic that the night dissolved: what is left of it goes along with the most of it."""
    if became:
        Voice.objects.filter(topic=number).update(topic=became)
    state = "merged" if became else "closed"
    Topic.objects.filter(id=number).update(state=state, became=became or None, ended=at)


def _drop(confided: Collection[int]) -> None:
    Voice.objects.filter(matter__among=list(confided)).delete()
