"""What becomes of one telling: answered, settled and rated in most cases; late, falsely closed, sent away and back in others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from siqian.kernel import deadline
from siqian.kernel.clock import local
from siqian.spine.learn import queries as learn
from siqian.spine.learn.rules import Understanding
from siqian.spine.matters import rules
from siqian.spine.matters.rules.lives import Did, Holder, Life, Spot, Voice
from siqian.spine.remit import queries as remit
from siqian.town.people.rules import Owner

from . import asides, grammar

FOUND = (
    *grammar.FOUND,
    *(
        "先围起来，提醒大家绕行",
        "和两边都通了电话，晚上一起谈",
        "材料清单发过去了，缺一份居住证明",
        "记下了，明早八点到",
        "已报责任单位，他们排了班",
    ),
)
DONE = (
    *grammar.DONE,
    *("责任单位来人办了，跟您核对过", "手续办好，回执放在社区窗口", "换了新件，试了三遍", "钱已退到原卡，请查收", "挡板装好，拆了警戒带"),
)
HOLLOW = ("已处理，请放心", "已转相关部门跟进", "已安排人员处理", "情况已了解，将持续关注", "已按流程办理")
UNHAPPY = (*grammar.UNHAPPY, "照片是别的楼的", "说办好了，根本没动", "换了个说法，事情还在")
THANKS = ("谢谢，很快", "办好了，辛苦", "满意", "没想到当天就好了", "", "", "")
NOTES = ("先去看一眼，再定谁来", "家里有老人，敲门轻一点", "去年同一处报过", "物业钥匙在门岗", "要和楼长一起上门")
REMARKS = ("晚上八点后家里有人", "今天更严重了", "补一句：是单元门左边那个", "孩子睡午觉，来之前打个电话")


class Watch(Protocol):
    """Who covers a place at an instant, as `people.queries.Watch` answers it."""

    def owner(self) -> Owner: ...
    def desk(self, level: int) -> Owner | None: ...
    def other_than(self, *persons: str) -> Owner | None: ...
    def named_in(self, text: str) -> set[str]: ...
    def called(self, owner: Owner) -> str: ...


class Roster(Protocol):
    def __call__(self, path: str, *, at: datetime) -> Watch: ...


@dataclass(frozen=True)
class Home:
    """A building from which people tell."""

    code: str
    estate: str
    number: str
    spot: Spot


@dataclass(frozen=True)
class Scene:
    """A telling before anything is made of it. item: what the teller means; anger: how often it was told in vain."""

    at: datetime
    home: Home
    item: str
    text: str
    name: str = ""
    phone: str = ""
    channel: str = "web"
    anger: int = 0
    joins: float = 0.08
    strain: float = 1.0
    placed: bool = True


class Story:
    """Makes the life of one scene. `again`: the same teller's next telling, where this one was told in vain."""

    def __init__(self, scene: Scene, number: int, roster: Roster, district: Spot, chance: Random) -> None:
        self.scene, self.number, self.roster, self.chance = scene, number, roster, chance
        self.understood = learn.understand(scene.text)
        self.spot = scene.home.spot if scene.placed else replace(district, unplaced="没说在哪里")
        self.at = scene.at
        self.acts: list[Did] = []
        self.again: Scene | None = None
        self.reopened = 0
        self.watch = roster(self.spot.path, at=scene.at)
        complains = remit.kind(self.understood.kind).names
        self.against = tuple(sorted(self.watch.named_in(scene.text))) if complains else ()
        self.unsure = self.understood.unsure or not scene.placed
        self.holder = self.first = self.holder_of(self._first_owner())
        self.item = scene.item if self.unsure else self.understood.item
        self.teller = f"receipt:{number}"

    def life(self, until: datetime) -> Life:
        self._play()
        first = self._voice(self.scene.text, self.scene.at, self.scene.channel, self.understood, self.teller)
        voice = replace(first, name=self.scene.name, phone=self.scene.phone, external=f"year-{self.number}")
        acts = tuple(act for act in self.acts if act.at <= until)
        return Life(voice, self.spot, self.understood.item, self.understood.kind, self.first, acts, self.against)

    def _play(self) -> None:
        chance, strain = self.chance, self.scene.strain
        if self.unsure:
            self._rule()
        if chance.random() < 0.035:
            asides.sent_away(self)
        elif chance.random() < 0.004 and asides.refused(self):
            return
        self._accept()
        answered = self._answer()
        if remit.kind(self.understood.kind).withdrawn and chance.random() < 0.02:
            self.later(timedelta(hours=chance.uniform(0.2, 8)))
            self.did("withdraw", by=self.teller)
            return
        if chance.random() < min(0.3, 0.035 * strain):
            self._close_in_name(answered)
        else:
            self._settle(answered)
        self._rate(0)

    def _first_owner(self) -> Owner:
        """As the receiving verb finds it: nobody who is complained about; a desk while it is unsure what or where."""
        other = self.watch.other_than(*self.against) if self.against else None
        if other is not None:
            return other
        if self.unsure:
            level = 2 if self.scene.placed else 0
            desk = self.watch.desk(level)
            if desk is not None and (desk.person or level == 0):
                return desk
        return self.watch.owner()

    def _rule(self) -> None:
        """The desk says what it is, and where."""
        late = self.chance.random() < min(0.5, 0.1 * self.scene.strain)
        self.later(timedelta(minutes=self.chance.uniform(6, 70) if late else self.chance.uniform(0.7, 4.8)))
        desk, self.spot = self.holder, self.scene.home.spot
        self.holder = self.holder_of(self.watch_now().owner())
        self.did("assign", actor=desk, item=self.item, spot=None if self.scene.placed else self.spot, holder=self.holder)

    def _accept(self) -> None:
        if self.chance.random() < 0.08:
            return
        late = self.chance.random() < min(0.5, 0.035 * self.scene.strain)
        self.later(timedelta(minutes=self.chance.uniform(16, 55) if late else self.chance.uniform(0.8, 11)))
        self.did("accept")

    def _answer(self) -> datetime:
        """Speak to the teller, within the half hour in most cases; gives when."""
        late = self.chance.random() < min(0.6, 0.035 * self.scene.strain)
        if not late:
            self.later(timedelta(minutes=self.chance.uniform(1, 13)))
        else:
            if self.chance.random() < 0.4:
                self._urge(self.scene.at + timedelta(minutes=self.chance.uniform(20, 31)))
            self.to(self.scene.at + timedelta(minutes=self.chance.uniform(32, 90) * self.scene.strain**0.5))
        self._contact()
        return self.at

    def _contact(self, how: str = "") -> None:
        chance = self.chance
        promised = self.at + timedelta(hours=chance.randint(2, 20)) if chance.random() < 0.4 else None
        how = how or chance.choice(("phone", "phone", "phone", "visit", "message"))
        self.did("contact", how=how, text=chance.choice(FOUND), promised=promised)

    def _settle(self, answered: datetime) -> None:
        """Do it, within its term in most cases; neighbours join meanwhile, colleagues leave notes, tellers ask."""
        chance, begun = self.chance, self.scene.at
        # What was unsure keeps the term that it was received with.
        term = asides.term_of(self.understood.item, self.understood.kind)
        due = deadline.due(begun, term) or begun
        aside = asides.aside(self, begun, term)
        if aside is not None:
            self.to(self._by_day(max(aside, self.at + timedelta(minutes=20)), due))
            self._close(chance.choice(DONE))
            return
        late = chance.random() < min(0.55, 0.085 * self.scene.strain)
        share = chance.uniform(1.05, 2.2) if late else chance.betavariate(1.6, 2.6)
        done = max(answered + timedelta(minutes=chance.uniform(4, 50)), begun + (due - begun) * share)
        done = self._by_day(done, due)
        self._joined(done)
        span = done - self.at
        if chance.random() < 0.3:
            self.to(self.at + span * chance.uniform(0.1, 0.5))
            self._contact("visit")
        if chance.random() < 0.15:
            self.did("note", text=chance.choice(NOTES))
        if chance.random() < 0.08:
            self.to(self.at + (done - self.at) * chance.uniform(0.1, 0.6))
            self.did("remark", by=self.teller, text=chance.choice(REMARKS))
        if late and chance.random() < 0.5:
            self._urge(min(done, due + timedelta(hours=chance.uniform(0.1, 6))))
            if chance.random() < 0.35:
                self._tell_again(due + timedelta(hours=chance.uniform(2, 40)), done)
        self.to(done)
        self._close(chance.choice(DONE))

    def _close_in_name(self, answered: datetime) -> None:
        """Closed at once with words that say nothing."""
        self._joined(answered)
        self.to(answered + timedelta(minutes=self.chance.uniform(3, 45)))
        self._close(self.chance.choice(HOLLOW), hollow=True)
        self._rated_bad()

    def _rated_bad(self, told: bool = False) -> None:
        """Somebody else takes it up again, and does it. told: the teller said so when called back."""
        chance = self.chance
        if not told:
            self.later(timedelta(hours=chance.uniform(0.3, 14)))
        old, watch = self.holder, self.watch_now()
        self.holder = self.holder_of(watch.other_than(old.person) or watch.owner())
        if told:
            self.did("told_bad", actor=asides.caller(self), text=chance.choice(asides.CALLED_BAD), holder=self.holder)
        else:
            self.did("reopen", by=self.teller, text=chance.choice(UNHAPPY), holder=self.holder)
        if chance.random() < 0.3:
            self._tell_again(self.at + timedelta(hours=chance.uniform(20, 120)))
        self.later(timedelta(minutes=chance.uniform(1, 13)))
        self.did("accept")
        self.later(timedelta(minutes=chance.uniform(2, 15)))
        self._contact(chance.choice(("visit", "visit", "phone")))
        self.reopened += 1
        asides.supervised(self, self.reopened)
        self.to(self._by_day(self.at + timedelta(hours=chance.uniform(0.5, 20)), self.at + timedelta(hours=30)))
        self._close(chance.choice(DONE))

    def _close(self, text: str, hollow: bool = False) -> None:
        """Closed, and looked at on the spot where the list says so."""
        self.did("close", text=text)
        if remit.kind(self.understood.kind).looked_at(remit.item(self.item)):
            asides.checked(self, hollow)

    def _rate(self, times: int) -> None:
        chance, roll = self.chance, self.chance.random()
        if roll < 0.05 and times < 2:
            self._rated_bad()
            self._rate(times + 1)
        elif roll < 0.58:
            self.later(timedelta(hours=chance.uniform(0.2, 40)))
            self.did("praise", by=self.teller, text=chance.choice(THANKS))
        else:
            self._unrated(times)

    def _unrated(self, times: int) -> None:
        """Nobody rated: some are called, the others lapse after a week."""
        closed, said = self.at, ""
        if self.chance.random() < 0.4:
            said = asides.called_back(self)
        if said == "told_bad":
            self._rated_bad(told=True)
            self._rate(times + 1)
        elif not said:
            self.to(closed + rules.RATE + timedelta(seconds=self.chance.uniform(1, 50)))
            self.did("lapse", by="office", name="四千")

    def _joined(self, until: datetime) -> bool:
        """Neighbours tell the same while it is open, within the three days of one matter."""
        scene = self.scene
        if self._confided():
            return False
        count = min(40, int(self.chance.expovariate(1 / scene.joins) + 0.5)) if scene.joins > 0 else 0
        last = min(until, scene.at + timedelta(hours=60))
        joined = sorted(self.at + (last - self.at) * self.chance.random() ** 2 for _ in range(count)) if last > self.at else []
        for at in joined:
            text = grammar.too(scene.text, self.chance)
            name, phone = grammar.teller(self.chance)
            voice = self._voice(text, at, scene.channel, learn.understand(text), "anyone")
            self.to(at)
            self.did("join", by="anyone", voice=replace(voice, name=name, phone=phone))
        return bool(joined)

    def _confided(self) -> bool:
        """Nobody else is to learn of it, or nobody knows yet what it is: then nothing joins it."""
        understood = self.understood
        return self.unsure or rules.discreet(self.scene.text, remit.kind(understood.kind), understood.duties, self.against)

    def _urge(self, at: datetime) -> None:
        self.to(at)
        self.did("urge", by=self.teller)

    def _tell_again(self, at: datetime, done: datetime | None = None) -> None:
        """The same teller, angrier: joined to what is still open, or a matter of its own when that is over or too old."""
        scene = self.scene
        if scene.anger > 2:
            return
        text = grammar.again(scene.text, scene.anger + 1, self.chance)
        if done is not None and at < min(done, scene.at + rules.TWIN_WINDOW) and not self._confided():
            self.to(at)
            voice = self._voice(text, self.at, scene.channel, learn.understand(text), self.teller)
            self.did("join", by=self.teller, voice=replace(voice, name=scene.name, phone=scene.phone))
            return
        self.again = replace(scene, at=at, text=text, anger=scene.anger + 1, joins=0.0, strain=1.0)

    def _by_day(self, at: datetime, due: datetime) -> datetime:
        """Little is finished at night, but for what cannot wait."""
        here = local(at)
        if 7 <= here.hour < 22 or due - self.scene.at < timedelta(hours=13):
            return at
        morning = here.replace(hour=7, minute=30) + timedelta(days=here.hour >= 22)
        return morning + timedelta(minutes=self.chance.uniform(0, 150))

    def did(self, verb: str, *, by: str = "", name: str = "", actor: Holder | None = None, **more: object) -> None:
        if not by:
            holder = actor or self.holder
            by, name = f"person:{holder.person}" if holder.person else f"post:{holder.post}", holder.called if holder.person else ""
        self.acts.append(Did(verb, self.at, by, name, **more))  # type: ignore[arg-type]

    def _voice(self, text: str, at: datetime, channel: str, understood: Understanding, by: str) -> Voice:
        return Voice(text, at, channel, understood, by)

    def later(self, span: timedelta) -> None:
        self.at += span

    def to(self, at: datetime) -> None:
        self.at = max(self.at, at)

    def watch_now(self) -> Watch:
        return self.roster(self.spot.path, at=self.at)

    def holder_of(self, owner: Owner) -> Holder:
        return Holder(owner.post, owner.person, self.roster(self.spot.path, at=self.at).called(owner))


def names(homes: Sequence[Home]) -> dict[str, list[Home]]:
    """Homes by community."""
    found: dict[str, list[Home]] = {}
    for home in homes:
        found.setdefault(home.spot.path.split("/")[3], []).append(home)
    return found
