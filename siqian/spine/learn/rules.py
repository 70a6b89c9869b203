"""What a message is about, by the words of the catalogues. Pure: catalogues in, an understanding out."""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import msgspec

from siqian.kernel.said import said
from siqian.spine.remit.rules import KIND, UNSURE, Item

from .splitting import Heard
from .words import Finder, Hit, fold

VERSION = "words-1"
Stage = Literal["class", "risk"]


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that may not wait for a class: emergency (call at once) or duty (law or promise asks us to act)."""

    code: str
    zh: str
    en: str
    level: Literal["emergency", "duty"]
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()  # words that, in the same clause, make it harmless
    call: tuple[str, ...] = ()  # 110, 119, 120, 122
    always: bool = False  # even where it is only feared: 万一着火 is no fire, but 怕他跳楼 is a danger


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words by which one kind of message is known."""

    code: KIND
    zh: str
    en: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the original text, end not included."""

    start: int
    end: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Guess:
    """An item that the words speak for.

    share: the part of all evidence, 0 to 1, that speaks for this item. It orders guesses and says how contested
    the first is; it is no probability of being right.
    """

    item: str
    share: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """A duty that the words call for, with the words."""

    duty: str
    zh: str
    level: Literal["emergency", "duty"]
    call: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood. `why` says in a sentence why it is unsure; empty where it is sure."""

    kind: KIND
    guesses: tuple[Guess, ...]  # at most three, the likeliest first
    unsure: bool
    why: str
    risks: tuple[Risk, ...]
    title: str  # at most 20 characters
    version: str = VERSION

    @property
    def item(self) -> str:
        """The item under which the matter opens: the first guess, or the unsure item."""
        return UNSURE if self.unsure else self.guesses[0].item

    @property
    def emergency(self) -> bool:
        return any(risk.level == "emergency" for risk in self.risks)

    @property
    def duties(self) -> frozenset[str]:
        """Codes of what the words call for."""
        return frozenset(risk.duty for risk in self.risks)

    @property
    def calls(self) -> list[str]:
        """The emergency numbers to call first."""
        return sorted({number for risk in self.risks for number in risk.call})

    def marks(self, places: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int, str]]:
        """(start, end, stage) over the text, in order: the places given, what the first guess and the dangers rest on."""
        found = [span for guess in self.guesses[:1] for span in guess.spans] + [span for risk in self.risks for span in risk.spans]
        return sorted([(start, end, "place") for start, end in places] + [(span.start, span.end, span.stage) for span in found])


class Reader:
    """Understands messages by the words of one catalogue. Building takes milliseconds, reading a fraction of one."""

    def __init__(self, items: Collection[Item], duties: Collection[Duty], cues: Collection[Cue]) -> None:
        self._items = {item.code: item for item in items}
        said = [(item.code, word) for item in items for word in item.words]
        self._classes = Finder((code, word.rstrip(HINT)) for code, word in said)
        self._hints = {(code, fold(word.rstrip(HINT))[0]) for code, word in said if word.endswith(HINT)}
        self._weights = {w: _weight(w, len(owners), len(items)) for w, owners in self._classes.owners.items()}
        self.duties, self.cues = duties, cues
        self._duties = {duty.code: duty for duty in duties}
        self._dangers = Finder((duty.code, word) for duty in duties for word in duty.words)
        self._harmless = Finder((duty.code, word) for duty in duties for word in duty.unless)
        self._cues = Finder((cue.code, word) for cue in cues for word in cue.words)
        self._sounds = {item.code: len(_pairs(item.zh + item.sample)) for item in items if item.code != UNSURE}
        self._heard_in: dict[str, list[str]] = defaultdict(list)
        for item in items:
            if item.code != UNSURE:
                for pair in _pairs(item.zh + item.sample):
                    self._heard_in[pair].append(item.code)

    def understand(self, text: str) -> Understanding:
        """Read one message: title, kind, item or unsure, dangers."""
        folded, places = fold(text)
        guesses, why = self._guess(folded, places)
        if why and len(guesses) < 2:
            guesses += self._nearest(folded, guesses)
        return Understanding(
            kind=self._kind(folded, "" if why else guesses[0].item),
            guesses=guesses,
            unsure=bool(why),
            why=why,
            risks=self._risks(folded, places),
            title=title(text),
        )

    def hear(self, piece: str) -> Heard:
        """What a piece of a message is about, in little time: no second guesses, no dangers, no title."""
        folded, places = fold(piece)
        guesses, why = self._guess(folded, places)
        item = "" if why else guesses[0].item
        return Heard(item, self._kind(folded, item))

    def _guess(self, text: str, places: list[int] | None) -> tuple[tuple[Guess, ...], str]:
        head = _head(text)
        scores: dict[str, float] = defaultdict(float)
        evidence: dict[str, list[Hit[str]]] = defaultdict(list)
        told: dict[str, int] = defaultdict(int)
        firm: set[str] = set()
        led: set[str] = set()
        for hit in self._classes.find(text):
            told[hit.word] += 1
            # The third time a word is said it proves little more than the first.
            worth = self._weights[hit.word] / told[hit.word] ** 2
            for item in hit.keys:
                if hit.within(evidence[item]):
                    continue
                evidence[item].append(hit)
                hint = (item, hit.word) in self._hints
                if not hint:
                    firm.add(item)
                    if hit.start < head:
                        led.add(item)
                scores[item] += worth * (FAINT if hint else 1.0) * (HEAD if hit.start < head else 1.0)
        best = sorted(scores, key=lambda code: (-scores[code], code))[:3]
        total = sum(scores.values()) + GROUND
        guesses = tuple(Guess(i, round(scores[i] / total, 3), _spans(evidence[i], places, "class")) for i in best)
        return guesses, _doubt(guesses, scores[best[0]], best[0] in firm, best[0] in led) if best else NOTHING

    def _nearest(self, text: str, known: tuple[Guess, ...]) -> tuple[Guess, ...]:
        """Whose sample sounds most like this, for a person to choose from where words prove nothing; share 0 says so."""
        heard = _pairs(text)
        shared = Counter(chain.from_iterable(self._heard_in.get(pair, ()) for pair in heard))
        alike = {code: count / (len(heard) + self._sounds[code] - count) for code, count in shared.items()}
        # Where nothing sounds like anything the first of the list stand for whatever it is.
        others = [code for code in (alike if len(alike) > 2 + len(known) else self._sounds) if all(code != guess.item for guess in known)]
        best = heapq.nsmallest(2, others, key=lambda code: (-alike.get(code, 0.0), code))
        return tuple(Guess(code, 0.0, ()) for code in best[: 2 - len(known)])

    def _kind(self, text: str, item: str) -> KIND:
        said: dict[KIND, int] = defaultdict(int)
        for hit in self._cues.find(text):
            for kind in hit.keys:
                said[kind] += len(hit.word)
        default = self._items[item].kind if item else "complaint"
        if set(said) == {"praise"} and not item:
            return "praise"
        # Thanks at the end of a complaint are good manners, not praise.
        if default != "praise" and said.get("praise", 0) <= 2:
            said.pop("praise", None)
        said[default] += 2
        return max(said, key=lambda kind: (said[kind], kind == default))

    def _risks(self, text: str, places: list[int] | None) -> tuple[Risk, ...]:
        dangers = self._dangers.find(text)
        if len(text) > SPOKEN:
            dangers = [hit for hit in dangers if "|" not in hit.word]
        if not dangers:
            return ()
        harmless = [(hit.start, code) for hit in self._harmless.find(text) for code in hit.keys]
        found: dict[str, list[Hit[str]]] = defaultdict(list)
        for hit in dangers:
            start, end = _clause(text, hit.spans[0][0], hit.spans[-1][1])
            before = text[start : hit.start]
            denied, feared = bool(_NOT.search(before)), bool(_FEARED.search(before))
            for code in hit.keys:
                excused = any(start <= place < end and code == other for place, other in harmless)
                if not (denied or excused or (feared and not self._duties[code].always)):
                    found[code].append(hit)
        risks = [self._risk(code, hits, places) for code, hits in found.items()]
        return tuple(sorted(risks, key=lambda risk: (risk.level != "emergency", risk.spans[0].start)))

    def _risk(self, code: str, hits: list[Hit[str]], places: list[int] | None) -> Risk:
        duty = self._duties[code]
        return Risk(code, duty.zh, duty.level, duty.call, _spans(hits, places, "risk"))


# Letters up to which a message is spoken: whoever is in danger says it in few words. In a long letter two of the many words that
# may mean danger stand near each other by chance.
SPOKEN = 160
HINT = "?"  # ends a word that is said of other things too: 公园? may be where a lamp is broken
FAINT = 0.35
HEAD = 3.0  # what is said first weighs more
GROUND = 4.0  # evidence that any message might show by chance: one weak word alone never looks certain
ENOUGH = 5.0  # below this the first guess rests on too little
NOTHING = said("没有认出责任清单里的词，请人工选择事项")
SHARE = 0.25  # below this the message speaks of too many things
SHARE_LATER = 0.4  # the same where the first sentence did not speak of it
MARGIN = 0.15  # the second must stay this part of the first behind

_NOT = re.compile(r"((没有?|不是|并非).{0,2}|(防止|预防|避免|以免|免得|演练|演习|宣传|讲座|不存在).{0,6})$")
# "怕是", "怕他", "可能" alone do not silence: somebody who cannot see it yet is often right.
_FEARED = re.compile(
    r"万一|如果|要是|一旦|假如|可能(会|导致|引|发生|造成)|随时|容易|存在|担心|怕(?!是|他|她)|隐患|风险|经常|常有|时有|曾|有一次|去年|每次"
)
_CLAUSE = "，。！？；,!?;\n"


def _weight(word: str, owners: int, items: int) -> float:
    """How much a word proves: the fewer items share it and the longer it is, the more."""
    letters = len(word.replace("+", ""))
    return math.log2(1 + min(items, 400) / owners) * math.sqrt(min(letters, 6)) / 2.5


def _doubt(guesses: tuple[Guess, ...], strength: float, firm: bool, led: bool) -> str:
    """Why the first guess is not sure, or nothing. firm: rests on a word and not on hints; led: said first."""
    share = guesses[0].share
    # Hints alone prove nothing, however many: 公园 may be where a bus should stop.
    if not firm or strength < ENOUGH:
        return said("依据太少，请人工确认事项")
    # What a letter comes to only later is seldom what it is about.
    if share < (SHARE if led else SHARE_LATER):
        return said("说到的事情太多，请人工选择事项")
    if len(guesses) > 1 and guesses[1].share > share * (1 - MARGIN):
        return said("前两个候选不相上下，请人工选择")
    return ""


def _pairs(text: str) -> set[str]:
    """Letters and pairs of letters; single ones too, so that something is always nearest."""
    return set(text) | {text[at : at + 2] for at in range(len(text) - 1)}


def _head(text: str) -> int:
    """Where the first sentence ends, the greeting not counted."""
    start = _GREETING.match(text)
    begin = start.end() if start else 0
    stop = re.search(r"[。！？!?]", text[begin : begin + 40])
    return begin + (stop.end() if stop else 40)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    begin = max(text.rfind(mark, 0, start) for mark in _CLAUSE) + 1
    stops = [stop for mark in _CLAUSE if (stop := text.find(mark, end)) >= 0]
    return begin, min(stops, default=len(text))


def _spans(hits: list[Hit[str]], places: list[int] | None, stage: Stage) -> tuple[Span, ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spot for hit in hits for spot in hit.spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    if places is None:
        return tuple(Span(start, end, stage) for start, end in merged)
    return tuple(Span(places[start], places[end - 1] + 1, stage) for start, end in merged)


_GREETING = re.compile(
    r"^(\s|尊敬的|敬爱的|各位|[一-鿿]{0,4}(领导|书记|市长|区长|局长|主任|同志|工作人员)们?"
    r"|(有关|相关|各)部门|您好|你们?好|好|[，。！：:,!、~])+"
)
_PLACE_ONLY = re.compile(r"^[^，。！？]*(栋|座|号楼|单元|社区|小区)$")
_FILLER = re.compile(r"^(((麻烦|请)(帮忙)?看一下|有人管吗|又来了|我是\d{1,3}(栋|号楼)的|你们管不管)[，。？?！!,：:\s]+)+")
_LEAD_IN = re.compile(r"^(我(们)?(是来|想|要)?|本人)?(投诉|反映|举报|咨询|请问|想问|问)(一下|下)?[，：:,]?")


def title(text: str) -> str:
    """At most 20 characters from the text itself, cut where a clause ends."""
    body = _GREETING.sub("", text.strip()) or text.strip()
    body = _FILLER.sub("", body) or body
    body = _LEAD_IN.sub("", body) or body
    whole = ""
    for part in re.findall(r"[^，。！？；,!?;\n]+[，。！？；,!?;\n]*", body):
        joined = whole + part
        bare = joined.rstrip("，。！；,!;\n 　")
        if len(bare) > 20 or (whole and whole.rstrip()[-1] in "。！？!?\n"):
            break
        whole = joined
    short = whole.rstrip("，。！；,!;\n 　")
    # A place alone says nothing: then the text itself, cut.
    return (
        short
        if short == body.strip() or (len(short) >= 2 and not _PLACE_ONLY.search(short))
        else body.split("\n")[0][:19].rstrip() + ("…" if len(body) > 19 else "")
    )
