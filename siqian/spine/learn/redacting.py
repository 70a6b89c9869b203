"""Personal data in free text: numbers, addresses down to the door, names; found with their places and taken out. Pure.

Two strengths. `display`: what is surely personal, so that a text stays readable. `export`: all that may be, so that nothing goes
out; it takes some ordinary words with it. Structure of resident identity numbers: GB 11643-1999; of bank cards: ISO/IEC 7812-1
(Luhn); of licence plates: GA 36-2018.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
from ahocorasick_rs import AhoCorasick

Strength = Literal["display", "export"]
What = Literal["id", "phone", "card", "plate", "passport", "email", "account", "room", "name", "number"]
MARKS: dict[What, str] = {
    "id": "〔证件号〕",
    "phone": "〔电话〕",
    "card": "〔银行卡号〕",
    "plate": "〔车牌〕",
    "passport": "〔证件号〕",
    "email": "〔邮箱〕",
    "account": "〔社交账号〕",
    "room": "〔门牌〕",
    "name": "〔姓名〕",
    "number": "〔号码〕",
}


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One list of words by which names are told; code: firm, also, double, given, before, after, none, not-after, leads, follows."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the text, end not included, and what stands there."""

    start: int
    end: int
    what: What


class Redactor:
    """Takes personal data out of texts by one set of lists. Building takes milliseconds, a text of 250 characters well under one."""

    def __init__(self, names: Mapping[str, Names]) -> None:
        words = {code: row.words for code, row in names.items()}
        self._single = frozenset(words["firm"]) | frozenset(words["also"])
        self._firm = frozenset(words["firm"])
        self._double = frozenset(words["double"])
        self._given = frozenset("".join(words["given"]))
        self._none = _starts(words["none"])
        self._not_after = frozenset(words["not-after"])
        self._leads, self._follows = frozenset("".join(words["leads"])), frozenset("".join(words["follows"]))
        self._before = AhoCorasick(list(words["before"]))
        self._after = AhoCorasick(list(words["after"]))

    def redacted(self, text: str, strength: Strength = "display") -> str:
        """The text with a mark in place of each thing found; as many lines as before."""
        return _marked(text, self.find(text, strength))

    def find(self, text: str, strength: Strength = "display") -> list[Found]:
        """What was found, in order, without overlaps."""
        even = text.translate(_EVEN)
        return _apart([*_numbers(even, strength), *self._names(even, strength)])

    def _names(self, text: str, strength: Strength) -> Iterable[Found]:
        told = {end for _, _, end in self._before.find_matches_as_indexes(text, overlapping=True)}
        called = {start for _, start, _ in self._after.find_matches_as_indexes(text, overlapping=True)}
        for start in range(len(text) - 1):
            size = 2 if text[start : start + 2] in self._double else 1 if text[start] in self._single else 0
            if size and (end := self._ends(text, start, size, _is_led(told, text, start), called, strength)):
                yield Found(start, end, "name")

    def _ends(self, text: str, start: int, size: int, led: bool, called: set[int], strength: Strength) -> int:
        """Where a name that begins here ends; 0 where none does."""
        first = start + size
        if masked := _MASKED.match(text, first):
            return masked.end()
        lengths = [length for length in (2, 1) if first + length <= len(text) and all(_is_han(c) for c in text[first : first + length])]
        ordinary = any(text.startswith(word, start) for word in self._none.get(text[start], ()))
        joined = start > 0 and text[start - 1] in self._not_after and text[start] not in self._firm
        # 王小明先生, 王先生, 王主任.
        for length in (*lengths, 0):
            if first + length in called and not ordinary and (led or not joined):
                return first + length if length or strength == "export" else 0
        if led and not ordinary:
            found = [length for length in lengths if self._closes(text, first + length)]
            likely = [length for length in lengths if all(c in self._given for c in text[first : first + length])]
            return first + (found or likely or [0])[0] if found or likely else 0
        if strength == "display" or ordinary or joined:
            return 0
        return self._alone(text, start, size)

    def _alone(self, text: str, start: int, size: int) -> int:
        """A name that nothing announces: two given characters after a surname, or one where a word begins and ends."""
        first = start + size
        firm = size == 2 or text[start] in self._firm
        opens = start == 0 or not _is_han(text[start - 1]) or text[start - 1] in self._leads
        given = text[first : first + 2]
        if len(given) == 2 and all(c in self._given for c in given) and given[1] not in _PLACE:
            if _TRAILING.match(text, first + 2):
                return 0
            if firm or (opens and self._closes(text, first + 2)):
                return first + 2
        return first + 1 if opens and given[:1] in self._given and self._closes(text, first + 1) else 0

    def _closes(self, text: str, at: int) -> bool:
        """Whether a word may end here: the text does, or no character follows, or one that goes on after a name."""
        return at >= len(text) or not _is_han(text[at]) or text[at] in self._follows


def _numbers(text: str, strength: Strength) -> Iterable[Found]:
    for what, pattern, sure in _PATTERNS:
        for match in pattern.finditer(text):
            if strength == "export" or sure is None or sure(match):
                group = 1 if match.re.groups else 0
                yield Found(match.start(group), match.end(group), what)
    if strength == "export":
        for pattern in _LOOSE:
            for match in pattern.finditer(text):
                yield Found(match.start(), match.end(), "number")


def _marked(text: str, found: list[Found]) -> str:
    pieces, at = [], 0
    for spot in found:
        pieces += [text[at : spot.start], MARKS[spot.what]]
        at = spot.end
    return "".join([*pieces, text[at:]])


def _apart(found: list[Found]) -> list[Found]:
    """The longest of what overlaps; what touches stays two."""
    kept: list[Found] = []
    for spot in sorted(found, key=lambda spot: (-(spot.end - spot.start), spot.start)):
        if all(spot.end <= other.start or other.end <= spot.start for other in kept):
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


def _identity(match: re.Match[str]) -> bool:
    """Whether the last character is the checksum of the other seventeen (ISO 7064, MOD 11-2)."""
    digits = re.sub(r"[\s-]", "", match.group()).upper()
    if len(digits) != 18:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _luhn(match: re.Match[str]) -> bool:
    digits = [int(digit) for digit in re.sub(r"\D", "", match.group())]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_led(told: set[int], text: str, start: int) -> bool:
    """Whether a word that announces a name ends right before this, or before a colon and the like."""
    at = start
    while at > max(start - 2, 0) and text[at - 1] in _BETWEEN:
        at -= 1
    return at in told or start in told


def _starts(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    kept: dict[str, list[str]] = {}
    for word in words:
        kept.setdefault(word[0], []).append(word)
    return {first: tuple(found) for first, found in kept.items()}


def _is_han(letter: str) -> bool:
    return "一" <= letter <= "鿿"


_EVEN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BETWEEN = " \t:：是为叫，,、（(“\"'"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The last character of a place far oftener than of a name.
_PLACE = "镇村乡桥塘湾冲坡岭坝屯寨圩路街巷苑园庭厦楼栋洞坪铺垸垅田段区县市局部"
_MASKED = re.compile(r"[某xX*＊×]{1,3}(?![a-zA-Z])")
# 王家村, 李家路: a place named after a family; 张江镇 and the like.
_TRAILING = re.compile(
    r"[路街道村镇乡县市区省州巷弄桥湾山河湖江岭坪冲坡塘庙寺店站场园苑城府院厂馆楼厦阁庭轩居号栋组社]|公司|集团|小区|花园|广场|学校|医院|大道"
)
_GAP = r"[ \t\-—_.·]{0,2}"
_LEFT, _RIGHT = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"
_DIGIT = rf"(?:\d{_GAP})"
_CN = "〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_PATTERNS: tuple[tuple[What, re.Pattern[str], Callable[[re.Match[str]], bool] | None], ...] = (
    ("id", re.compile(rf"(?<!\d)[1-9]{_GAP}{_DIGIT}{{16}}[\dXx](?!\d)"), _identity),
    ("id", re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"), None),
    ("phone", re.compile(rf"(?<!\d)(?:(?:\+|00)?{_GAP}86{_GAP})?1{_GAP}[3-9]{_GAP}{_DIGIT}{{8}}\d(?!\d)"), None),
    ("phone", re.compile(r"(?<!\d)\(?0(?:10|2\d|[3-9]\d{2})\)?[ \-—]{0,2}[2-8]\d{2,3}[ -]?\d{4}(?:[-转 ]{1,2}\d{1,5})?(?!\d)"), None),
    ("phone", re.compile(r"(?<!\d)[48]00[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"), None),
    (
        "phone",
        re.compile(r"(?:电话|座机|致电|拨打|固话|[Tt][Ee][Ll]|联系方式|热线)[号码为是]{0,2}[:：\s]{0,2}([2-9]\d{2,3}[ -]?\d{4})(?!\d)"),
        None,
    ),
    ("phone", re.compile(rf"[{_CN}](?:{_GAP}[{_CN}]){{10}}(?![{_CN}])"), None),
    ("card", re.compile(rf"(?<!\d)[1-9]{_GAP}{_DIGIT}{{14,17}}\d(?!\d)"), _luhn),
    (
        "plate",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][ ]?[A-HJ-NP-Za-hj-np-z][ ·•・.\-]{0,2}"
            r"(?:[A-HJ-NP-Za-hj-np-z0-9][ ]?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领](?![A-Za-z0-9])"
        ),
        None,
    ),
    ("passport", re.compile(rf"{_LEFT}(?:[EeGgDdPpSsKk][A-Za-z]?\d{{7,8}}|[HhMm]\d{{8,10}}){_RIGHT}"), None),
    ("email", re.compile(r"[A-Za-z0-9._%+\-]+ ?@ ?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"), None),
    (
        "account",
        re.compile(
            r"(?:微信号?|[Vv]信|[Ww]e[Cc]hat|[Vv][Xx]|[Ww][Xx]|[Qq]{2}群?号?|扣扣|企鹅号?|抖音号?|支付宝账?号?|微博号?)(?:号码?|账号|是|为|同号)?"
            r"[ :：]{0,3}([A-Za-z][A-Za-z0-9_\-]{4,19}|\d{5,12})(?![A-Za-z0-9])"
        ),
        None,
    ),
    (
        "room",
        re.compile(
            r"(?:(?:\d{1,4}|[A-Za-z]\d{0,2}|[一二三四五六七八九十百]{1,4})[ ]?(?:栋|幢|座|号楼|号院|#楼?|#)[ ]?(?:之[一二三\d])?[ ]?)?"
            r"(?:(?:\d{1,2}|[甲乙丙丁A-Za-z]|[一二三四五六七八九十]{1,2})[ ]?(?:单元|梯|门栋|门洞|门)[ ]?)?"
            r"(?:\d{1,2}[ ]?(?:楼|层)[ ]?)?(?:[A-Za-z]?\d{2,4}[A-Za-z]?(?:[\-之]\d{1,2})?)[ ]?"
            r"(?:室|房(?![东产价租款管贷屋地改])|户(?![籍口主的]))"
        ),
        None,
    ),
    (
        "room",
        re.compile(
            r"(?:\d{1,4}|[A-Za-z]\d{0,2}|[一二三四五六七八九十百]{1,4})[ ]?(?:栋|幢|座|号楼|#)[ ]?"
            r"(?:(?:\d{1,2}|[甲乙丙丁A-Za-z]|[一二三四五六七八九十]{1,2})[ ]?(?:单元|梯|门)[ ]?)?"
            r"[A-Za-z]?\d{3,4}[A-Za-z]?(?![\d年元米万个户平人m%])"
        ),
        None,
    ),
    ("room", re.compile(r"(?<![\d\-/.])\d{1,3}[\-—]\d{1,2}[\-—]\d{3,4}(?![\d\-/.])"), None),
)
# At export: every long number, whatever it is of.
_LOOSE = (re.compile(r"(?<![\d.])\d(?:[ \-]?\d){6,}[Xx]?(?!\d)"),)
