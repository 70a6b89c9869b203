"""Several asks in one message: where one ends and the next begins. Pure.

Careful before clever: one thing told in three sentences stays one. A message is cut where a person counts or joins (1. 2., 另外,
还有, 顺便) or ends a sentence; what stands between two cuts is an ask of its own only if its words are surely about
something else than all before it, or if it is a question about something of its own beside a demand.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from siqian.spine.remit.rules import KIND

MOST = 6  # asks in one message; more than that is a letter that a person sorts
LONG = 200  # letters: what is longer tells a story, in which counting and joining words set out reasons as often as asks
SHORT = 60  # letters of a message in which a sentence may be an ask of its own without such a word


@dataclass(frozen=True, slots=True)
class Heard:
    """What a piece is about by its words: its item, empty where they are not sure, and its kind."""

    item: str
    kind: KIND


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked: its own words, and their places in the message (several where it was taken up again later)."""

    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def bare(self) -> str:
        """Without what only counts or joins."""
        return _bare(self.text) or self.text


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    told: str  # "count", "join" or "" where only a sentence ended before it


def split(text: str, hear: Callable[[str], Heard]) -> tuple[Ask, ...]:
    """The asks of a message, in their order; one where it is one. All of the text stands in them, nothing twice."""
    pieces = _pieces(text) if 0 < len(text) <= LONG else []
    if len(pieces) < 2:
        return (Ask(text, ((0, len(text)),)),)
    asks: list[list[_Piece]] = [[]]
    heard: list[Heard] = []
    for piece in pieces:
        own = hear(_bare(text[piece.start : piece.end]))
        at = _belongs(piece, own, heard, text[piece.start : piece.end], len(text))
        if at == len(asks):
            asks.append([])
        asks[at].append(piece)
        if at == len(heard):
            heard.append(own)
        elif own.item and not heard[at].item:
            heard[at] = own
    if len(asks) > MOST:
        return (Ask(text, ((0, len(text)),)),)
    return tuple(_ask(text, own) for own in asks)


def _belongs(piece: _Piece, own: Heard, heard: list[Heard], words: str, whole: int) -> int:
    """Which ask a piece belongs to; the number of asks so far where it begins a new one."""
    if not heard:
        return 0
    last = len(heard) - 1
    # What opens the message names nothing yet: a greeting, who one is, where one lives.
    if not heard[0].item:
        return 0
    same = next((at for at, other in enumerate(heard) if own.item and _alike(own.item, other.item)), None)
    if same is not None:
        return same
    if own.item:
        return len(heard) if _stands_alone(piece, words, whole) else last
    asks_beside = piece.told and heard[0].kind not in ASKING and _own_question(words)
    return len(heard) if asks_beside else last


def _stands_alone(piece: _Piece, words: str, whole: int) -> bool:
    bare = _bare(words)
    if piece.told == "count":
        return True
    if BACK.match(bare):
        return False
    if piece.told == "join":
        return FOLLOWS.search(bare) is None
    return whole <= SHORT and FOLLOWS.search(bare) is None and TELLS_ON.search(bare) is None


def _own_question(words: str) -> bool:
    """Whether a piece asks about something that it names itself: 另外问一下老年卡怎么办, but not 另外什么时候能修好."""
    bare = _bare(words)
    if not ASKED.search(words) or BACK.match(bare) or ABOUT_IT.search(bare):
        return False
    return len(re.sub(r"[\W_]", "", EMPTY.sub("", bare))) >= 2


def _alike(one: str, other: str) -> bool:
    """Items of one class (2.2.1 and 2.2.2) are too near each other for words to tell them apart for certain."""
    return one.rpartition(".")[0] == other.rpartition(".")[0]


def _pieces(text: str) -> list[_Piece]:
    cuts = {0: ""}
    for match in CUT.finditer(text):
        told = TOLD.get(match.lastgroup or "", "")
        at = match.start(match.lastgroup) if match.lastgroup else match.end()
        cuts[at] = told or cuts.get(at, "")
    if sum(told == "count" for told in cuts.values()) == 1 and not FIRST.search(text):
        # One number alone counts nothing: 2. may be a floor.
        cuts = {at: "" if told == "count" else told for at, told in cuts.items()}
    starts = sorted(at for at in cuts if at < len(text))
    found = [_Piece(start, end, cuts[start]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return _joined(found, text)


def _joined(pieces: list[_Piece], text: str) -> list[_Piece]:
    """Pieces that say nothing themselves (a number, a joining word alone) go with the next one; blanks with the one before."""
    kept: list[_Piece] = []
    for piece in pieces:
        before = kept[-1] if kept else None
        if before is not None and not _bare(text[before.start : before.end]):
            before.end, before.told = piece.end, before.told or piece.told
        elif before is not None and not _bare(text[piece.start : piece.end]) and not piece.told:
            before.end = piece.end
        else:
            kept.append(piece)
    return kept


def _bare(words: str) -> str:
    """A piece without what only counts or joins."""
    return LEAD.sub("", words).strip(" \t\r\n\u3000，。；、,.;！!")


def _ask(text: str, pieces: list[_Piece]) -> Ask:
    spans: list[tuple[int, int]] = []
    for piece in pieces:
        if spans and spans[-1][1] == piece.start:
            spans[-1] = spans[-1][0], piece.end
        else:
            spans.append((piece.start, piece.end))
    return Ask("".join(text[start:end] for start, end in spans), tuple(spans))


TOLD = {"count": "count", "ring": "count", "join": "join", "loose": "join"}
ASKING = ("consult", "praise")
# （1） ① 1. 1、 一是 第一， 其一，
_RING = r"[（(](?:[1-9]|[一二三四五六七八九])[）)]|[①-⑨]"
_COUNT = (
    rf"{_RING}|[1-9一二三四五六七八九][）)、]|[1-9](?:．|[.](?!\d))|[一二三四五六七八九]是"
    r"|第[一二三四五六七八九](?:[，、：:]|件|个|是)|其[一二三四五][，、：:]"
)
# 另外两栋 and 另外的 are others of the same; 另外一个问题 is another one.
_OTHERS = r"[一两二三四五几半](?:栋|台|户|盏|边|侧|些|位|名|辆|条|头|半|个(?!问题|事))|的|那|还是"
_STRONG = rf"另外(?!{_OTHERS})|顺便|此外|除此之外|再一个|再一件|再就是|还有(?:就是|一个|一件|件事|个事)|还想(?:问|反映|说|咨询)"
_JOIN = (
    rf"{_STRONG}|还有(?!人|些|的|多久|几天|多少)|另(?=[，,：:])|再有[，,]|同时(?!间|还可|也可)"
    r"|我?(?:也|再)?想?再?(?:问一下|咨询一下|请教一下|打听一下)|再(?:说|反映)一?[下个件]"
)
_AFTER = r"(?:^|(?<=[，。；！？,.;!?\n\s、：:]))\s*"
# A joining word after a stop; the strongest also in the middle of what was spoken in one breath; the end of a sentence.
CUT = re.compile(
    rf"{_AFTER}(?P<count>{_COUNT})|(?P<ring>{_RING})|{_AFTER}(?P<join>{_JOIN})|(?<=[^，。；！？,.;!?\n\s、：:])(?P<loose>{_STRONG})"
    r"|[。！？!?；;\n]+\s*"
)
FIRST = re.compile(rf"{_AFTER}(?:[1一][）)、]|1[．.]|一是|第一|其一)|[（(][1一][）)]|①")
LEAD = re.compile(rf"^[\s，。；、,.;]*(?:(?:{_COUNT}|{_JOIN})[\s，、：:,]*)*(?:就是|的是)?[，,：:\s]*")
# Points back at what was said: the same thing goes on.
BACK = re.compile(
    r"这|那|该|此|它|其|上述|以上|因此|所以|结果|导致|造成|影响|并且|而且|但|可是|不过|然后|现在|之前|当时|后来|就|才|已经|一直|都|也不|也没"
)
FOLLOWS = re.compile(
    r"导致|造成|引起|引发|因为|由于|害得|弄得|搞得|从而|以致|反映过|投诉过|打过|报修过|找过|说过|没人来|没人管|没有人管|[了吗呢]怎么办"
    r"|(?:请|希望|要求|恳请|建议|望).{0,6}(?:尽快|早日|处理|解决|维修|落实|回复|答复|重视|关注|协调|管)|(?:什么时候|几时|多久|何时)能"
)
# Without a joining word a next sentence mostly tells on: who, since when, what was done about it.
TELLS_ON = re.compile(
    r"这|那|该|他|她|它|我们?(?:家|是|找|打|想|已)|物业(?:说|来|不|也|推|让)|每天|每晚|天天|昨天|今天|上次|上周|结果|希望|请|要求|谢谢|影响"
    r"|味道|臭味|声音|里面|上面|下面|旁边|全是|到处|老人|孩子|小孩|摔|滑"
)
ASKED = re.compile(r"问一?下|问问|想问|请问|咨询|请教|打听|了解一下|(?:怎么|如何)(?:办理|申请|报名|领|交|查)")
# Asks about what was just told: when, by whom, whether at all.
ABOUT_IT = re.compile(
    r"什么时候|几时|何时|多久|几天|谁(?:来|管|负责|修)|谁的责任|归谁|哪个部门|有没有人|能不能|可不可以|是否|修|处理|解决|赔|这|那|它|该怎么|为什么|怎么回事"
)
EMPTY = re.compile(
    r"我|您|你们?|想|再|也|还|就|请|麻烦|一下|下|问问|问|咨询|请教|打听|了解|怎么|如何|办理|申请|报名|办|领|交|查|要|带|什么|材料|手续"
    r"|在|哪里|哪|需要|多少|钱|的|吗|呢|啊|呀|有|是"
)
