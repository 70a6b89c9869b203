"""Every place that a message names: which is meant, which is only the teller's home or said in passing, and how sure that is. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from siqian.kernel.said import said

from .rules import AND, UNKNOWN_SITE, Mention, Reading, Register, has_number, mentions, numbers_alone, of_mentions, said_after

# here: where the trouble is; home: where the teller lives; aside: said in passing; denied: where it is not.
Role = Literal["here", "home", "aside", "denied"]
Spans = tuple[tuple[int, int], ...]

FULL, HOME, NUMBER, BESIDE, ASIDE, NAME, AROUND, SEVERAL, DENIED = 0.97, 0.8, 0.75, 0.7, 0.5, 0.45, 0.35, 0.3, 0.05
WHY = {
    FULL: said("小区和楼号都说了"),
    HOME: said("说的是住处，没说别的地方"),
    NUMBER: said("只说了楼号，按说事人的小区认的"),
    BESIDE: said("说的是这一栋旁边，周围是同一个网格"),
    ASIDE: said("只是顺带提到的"),
    NAME: said("只说了名字，没说哪一栋"),
    AROUND: said("说的是旁边，不一定在这里，请人工确认"),
    SEVERAL: said("几栋都对得上"),
    DENIED: said("说的是不在这里"),
}
OF_ROLE = {"home": said("说的是住处"), "aside": WHY[ASIDE], "denied": WHY[DENIED]}

# The last of these before a name, in its own clause and near it, says what the name is there for.
CUES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("denied", re.compile(r"(?<!是)不是|并非|不在|而非")),
    (
        "aside",
        re.compile(
            r"户籍|经过|路过|离开|原来住?|以前住?|之前|上次|去年|前年|像|不如|听说|(?:朋友|同事|亲戚|熟人|同学)(?:家?住|家?在|是)在?"
        ),
    ),
    (
        "home",
        re.compile(r"家住|(?<!不)住在|居住在?|租住?在|租住|现住|我们?家?住|我们?家在|我们?家是|家在|住址|(?<!不)我们?是|本人是?|业主[:：]"),
    ),
    ("here", re.compile(r"发生|事发|位于|地点|地址|(?<!住)(?<!家)(?<!租)(?<!不)(?<!籍)(?<!居)在|走到|来到|今年|现在|是(?!不是)")),
)
PLACED_FROM = 0.6  # so sure it has to be to go out without a person, unless the district asks for another
AROUND_M = 40  # metres that count as beside a house
LON_M, LAT_M = 102_700, 110_800  # metres a degree near Shenzhen, good enough for that
# Steps in degrees from a house to itself and to what is beside it.
BESIDES = [(0.0, 0.0), *((east * AROUND_M / LON_M, north * AROUND_M / LAT_M) for east, north in ((1, 0), (-1, 0), (0, 1), (0, -1)))]
SHOWN = 6
BEHIND = 40  # letters behind a name in which its numbers stand
NEAR = 12  # letters between such a word and the name that it still speaks of
CLAUSE = "，。！？；,!?;\n"
TELLS = re.compile(r"的?(?:业主|住户|居民|租户|租客|村民|群众)们?(?:来电|来信|向我们?)?(?:反映|投诉|咨询|举报|来电|求助)")
LEAVES = re.compile(r"(?:搬|到|回|走|去|出来|过来|出发)")
# 从…: a thing may fall from there; only whoever goes on from there is elsewhere.
FROM = re.compile(r"从$")
LIKE = re.compile(r"(?:那样|一样|上班|工作|就没|没事|早就)")
ROAD = re.compile(r"到\s?$")
ROAD_OF = re.compile(r"(?:的|之间|中间|这段|沿线)?(?:路|马路|道路|小路|之间|中间|这段|沿线)")
ROOM = re.compile(r"\s?(?:[\dA-Za-z]{1,2}\s?单元)?\s?(?:\d{3,4}\s?[室房]?)?")
RELATION = re.compile(
    r"\s?(?:的|小区)?(斜?对面|旁边|边上|隔壁|后面|后边|背后|附近|周边|周围|之间|中间|路口|[东西南北]侧|围墙外|外面|门口|门前|前面)"
)
AT_THE_DOOR = ("门口", "门前")  # of a building that is the building itself
BETWEEN = ("之间", "中间")
# The same said of one's own home, which is named elsewhere: 我家对面的工地.
OF_HOME = re.compile(
    r"(?:^|[，,。！？；;!?\s]|家|小区|楼|房子)(斜?对面|隔壁|旁边|后面|后边|前面|附近)(?:的|那个|有个|有一个|有家|一家|新开|在建){0,3}"
    r"(?:工地|小区|楼盘|学校|公园|市场|马路|空地|店|餐馆|饭店|烧烤|工厂|厂房|停车场|变压器|广场|酒吧|幼儿园|垃圾站|医院|河|水沟|草坪)"
)
INDOORS = re.compile(r"家里|家中|屋里")
# Any of all these near a name.
MORE_THAN_PLAIN = re.compile(
    "|".join(f"(?:{cue.pattern})" for cue in (*(cue for role, cue in CUES if role != "here"), TELLS, LIKE, RELATION)) + "|从"
)
BLANK = "\0"


@dataclass(frozen=True, slots=True)
class Named:
    """One place that is named. spans: where, in order; site, area: codes, one of them empty; buildings: codes, several where it is open.

    relation: 对面, where it is not the place itself; confidence: 0 to 1, how sure it is that the trouble is there; why: in a sentence.
    """

    spans: Spans
    confidence: float
    role: Role = "here"
    site: str = ""
    area: str = ""
    buildings: tuple[str, ...] = ()
    relation: str = ""
    meant: bool = False

    @property
    def why(self) -> str:
        return WHY[self.confidence] if self.meant else OF_ROLE.get(self.role, WHY[self.confidence])


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says about places. reading: of the one that is meant; relation: where it is only near that one."""

    reading: Reading
    named: tuple[Named, ...] = ()
    relation: str = ""
    confidence: float = 0.0
    area: str = ""


def kept(named: Iterable[Named]) -> list[dict[str, Any]]:
    """What is worth keeping of the places in a message: nothing of one that is named alone and for certain."""
    found = list(named)
    if all(one.meant and one.confidence == FULL for one in found):
        return []
    return [
        {
            "start": one.spans[0][0],
            "end": one.spans[-1][1],
            "buildings": list(one.buildings[:SHOWN]),
            "site": one.site,
            "area": one.area,
            "relation": one.relation,
            "meant": one.meant,
            "confidence": one.confidence,
            "why": one.why,
        }
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class _Spot:
    mention: Mention
    numbers: Spans
    said: tuple[str, ...]
    role: Role
    relation: str

    @property
    def end(self) -> int:
        return _end(self.mention.end, self.numbers)


def understand(text: str, register: Register, communities: Mapping[str, str], *, near: str = "", home: str = "") -> Said:
    """Every place in a text and which is meant. communities: name -> code; near, home: as of `rules.read`."""
    names = mentions(text, register.every_name_in(text), register)
    if not names:
        return _without_site(text, register, communities, near, home)
    if len(names) == 1 and not MORE_THAN_PLAIN.search(text, max(0, names[0].start - NEAR), names[0].end + BEHIND):
        return _plainly(of_mentions(text, names, near=near))
    found = _spots(text, names)
    if (parted := _parted(text, found)) != text:
        text, found = parted, _spots(parted, names)
    chosen = _chosen(text, found)
    if not chosen:
        nowhere = Reading(why=said("没说在哪里"))
        return Said(nowhere, tuple(_named(spot, nowhere, 0.0) for spot in found))
    others = [spot for spot in found if spot not in chosen]
    reading = of_mentions(_blanked(text, others), [spot.mention for spot in chosen], near=near)
    if all(spot.role == "home" for spot in chosen) and len(reading.buildings) == 1:
        chosen, reading = _beyond_home(_blanked(text, found), register, chosen, reading)
    relation = _relation(text, chosen)
    confidence = _confidence(chosen, reading, relation)
    named = [_named(spot, reading, confidence if spot in chosen else 0.0) for spot in found]
    if not chosen:
        named.append(Named(_apart(reading.spans), confidence, site=reading.site, buildings=reading.buildings, meant=True))
    return Said(_doubted(reading, relation, confidence), tuple(sorted(named, key=lambda one: one.spans)), relation, confidence)


def settled(found: Said, grids: int) -> tuple[float, str]:
    """(how sure, why) once it is known over how many grids the surroundings of a near place spread."""
    if found.relation and grids == 1 and len(found.reading.buildings) == 1 and found.confidence == AROUND:
        return BESIDE, WHY[BESIDE]
    return found.confidence, found.reading.why


def _plainly(reading: Reading) -> Said:
    """One name, and no word that makes it anything but where it is: most messages."""
    confidence = (FULL if len(reading.buildings) == 1 else SEVERAL) if reading.buildings else NAME
    return Said(
        reading, (Named(_apart(reading.spans), confidence, site=reading.site, buildings=reading.buildings, meant=True),), "", confidence
    )


def _spots(text: str, names: Sequence[Mention]) -> list[_Spot]:
    found: list[_Spot] = []
    for at, mention in enumerate(names):
        stop = names[at + 1].start if at + 1 < len(names) else len(text)
        there = text[: min(stop, mention.end + BEHIND)]
        numbers, numbered = said_after(there, mention.end, stop) if has_number(there, mention.end) else ((), [])
        numbers = _apart(span for span in numbers if span[0] >= mention.end)
        end = _end(mention.end, numbers)
        room = ROOM.match(text, end)
        match = RELATION.match(text, room.end() if room else end)
        relation = match[1] if match else ""
        if numbers and relation in AT_THE_DOOR:
            relation = ""
        found.append(_Spot(mention, numbers, tuple(numbered), _role(text, mention.start, end), relation))
    return _joined(text, found)


def _parted(text: str, found: Sequence[_Spot]) -> str:
    """我住松涛苑3栋，5栋…: behind a comma it is no longer the home that goes on; every letter where it was."""
    for spot in found:
        if spot.role != "here" and len(spot.numbers) > 1:
            (_, end), (start, _) = spot.numbers[:2]
            text = text[:end] + text[end:start].replace("，", "；").replace(",", ";") + text[start:]
    return text


def _apart(spans: Iterable[tuple[int, int]]) -> Spans:
    """In order, without what overlaps the one before."""
    kept: list[tuple[int, int]] = []
    for span in sorted(set(spans)):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def _end(end: int, numbers: Spans) -> int:
    for start, stop in numbers:
        if start - end <= 3:
            end = max(end, stop)
    return end


def _role(text: str, start: int, end: int) -> Role:
    if TELLS.match(text, end):
        return "home"
    begin = max(max(text.rfind(mark, 0, start) for mark in CLAUSE) + 1, start - NEAR)
    before = text[begin:start]
    if LIKE.match(text, end) or (FROM.search(before) and LEAVES.match(text, end)):
        return "aside"
    last = [(match.end(), -at, role) for at, (role, cue) in enumerate(CUES) for match in cue.finditer(before)]
    return max(last)[2] if last else "here"


def _joined(text: str, found: list[_Spot]) -> list[_Spot]:
    """What one name says of the next: 和…之间 is of both, 从…到…的路 as well, and 对面的… tells where the next one lies."""
    for at in range(len(found) - 2, -1, -1):
        spot, after = found[at], found[at + 1]
        gap = text[spot.end : after.mention.start]
        both = AND.fullmatch(gap) and after.relation in BETWEEN
        road = ROAD.fullmatch(gap) and ROAD_OF.match(text, after.end)
        if both or road:
            found[at], found[at + 1] = replace(spot, role="here", relation="之间"), replace(after, role="here", relation="之间")
        elif spot.relation and spot.relation not in BETWEEN and len(gap) <= len(spot.relation) + 2 and not set(gap) & set(CLAUSE):
            found[at] = replace(spot, role="aside")
    return found


def _chosen(text: str, found: Sequence[_Spot]) -> list[_Spot]:
    """Those that may be where it is: the trouble's place goes before the home's, the home's before what is said in passing."""
    tiers = {role: [spot for spot in found if spot.role == role] for role in ("here", "home", "aside")}
    here, home = tiers["here"], tiers["home"]
    if here and home and INDOORS.search(text):
        return [spot for spot in found if spot.role in ("here", "home")]
    if here and not any(spot.numbers for spot in here):
        # 我是松涛苑3栋的业主，松涛苑物业…: the same estate, said better before.
        better = [spot for spot in found if spot.role in ("home", "aside") and spot.numbers and _sites(spot) == _sites(here[0])]
        if better and all(_sites(spot) == _sites(here[0]) for spot in here):
            return better
    return here or home or tiers["aside"]


def _sites(spot: _Spot) -> set[str]:
    return {entry.code for entry in spot.mention.entries}


def _blanked(text: str, others: Sequence[_Spot]) -> str:
    """The text without other places, every letter where it was."""
    for spot in others:
        for start, end in ((spot.mention.start, spot.mention.end), *spot.numbers):
            text = text[:start] + BLANK * (end - start) + text[end:]
    return text


def _beyond_home(rest: str, register: Register, chosen: list[_Spot], reading: Reading) -> tuple[list[_Spot], Reading]:
    """我住松涛苑3栋，5栋楼下…: a number of its own is of the home's estate; 号 alone may be a day."""
    own = register.by_building[reading.buildings[0]]
    other = numbers_alone(rest, register, own.community, reading.buildings[0])
    if other.why == UNKNOWN_SITE:
        return chosen, replace(reading, why=other.why)
    if len(other.buildings) == 1 and not any(rest[start:end].endswith("号") for start, end in other.spans):
        return [], other
    return chosen, reading


def _relation(text: str, chosen: Sequence[_Spot]) -> str:
    """Where what is meant only lies near the place; nothing where one of them is the place itself."""
    exact = [spot for spot in chosen if spot.numbers] or list(chosen)
    if exact and all(spot.relation for spot in exact):
        return exact[0].relation
    if chosen and all(spot.role == "home" for spot in chosen) and (match := OF_HOME.search(text)):
        return match[1]
    return ""


def _confidence(chosen: Sequence[_Spot], reading: Reading, relation: str) -> float:
    if relation or reading.why == UNKNOWN_SITE:
        return AROUND
    if not reading.buildings:
        return NAME
    if len(reading.buildings) > 1:
        return SEVERAL
    if not chosen:
        return NUMBER
    roles = {spot.role for spot in chosen}
    return FULL if "here" in roles else HOME if "home" in roles else ASIDE


def _doubted(reading: Reading, relation: str, confidence: float) -> Reading:
    if relation:
        return replace(reading, why=WHY[AROUND])
    return replace(reading, why=WHY[ASIDE]) if confidence == ASIDE else reading


ALONE: dict[Role, float] = {"here": FULL, "home": HOME, "aside": ASIDE, "denied": DENIED}


def _named(spot: _Spot, reading: Reading, confidence: float) -> Named:
    """One place by itself; as sure as the reading where it is meant (confidence is not 0)."""
    entries = spot.mention.entries
    codes = tuple(dict.fromkeys(entry.buildings[number] for entry in entries for number in spot.said if number in entry.buildings))
    own = ALONE[spot.role]
    if spot.role != "denied":
        own = min(own, AROUND if spot.relation else SEVERAL if len(codes) > 1 else FULL if codes else NAME)
    if confidence and len(codes) != 1 and len(reading.buildings) == 1:
        codes = reading.buildings
    spans = ((spot.mention.start, spot.mention.end), *spot.numbers)
    site = entries[0].code if len(entries) == 1 else ""
    return Named(spans, confidence or own, spot.role, site, "", codes, spot.relation, bool(confidence))


def _without_site(text: str, register: Register, communities: Mapping[str, str], near: str, home: str) -> Said:
    """A number alone, or the name of a community."""
    places = sorted((at, name) for name in communities if (at := text.find(name)) >= 0)
    at, name = places[0] if places else (0, "")
    area = communities.get(name, "")
    reading = numbers_alone(text, register, area or near, "" if area and area != near else home)
    span = ((at, at + len(name)),) if area else ()
    if not reading.buildings and area:
        match = RELATION.match(text, at + len(name))
        relation = match[1] if match else ""
        confidence = AROUND if relation else SEVERAL
        reading = Reading(why=WHY[AROUND] if relation else said("说了社区，没说哪一栋"), spans=span)
        return Said(reading, (Named(span, confidence, area=area, relation=relation, meant=True),), relation, confidence, area)
    if not reading.spans:
        return Said(reading)
    confidence = NUMBER if len(reading.buildings) == 1 else SEVERAL
    spans = _apart((*span, *reading.spans))
    return Said(replace(reading, spans=spans), (Named(spans, confidence, buildings=reading.buildings, meant=True),), "", confidence, area)
