"""A week's roster as offices keep it in Excel: a title on top, names instead of codes, words instead of hours. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from siqian.kernel.permits import Refusal
from siqian.town.people.rules import TurnRow

DAYS = ("d1", "d2", "d3", "d4", "d5", "d6", "d7")
FIELDS = ("person", "code", "post", *DAYS)
# How the head of a column is read, the first that fits.
HEADS = (
    ("code", re.compile(r"工号|人员编码|编号")),
    ("person", re.compile(r"姓名|人员|值班人|网格员$")),
    ("post", re.compile(r"岗位|网格|片区|责任区|区域|格$")),
    *(
        (day, re.compile(rf"(?:周|星期|礼拜)[{words}]|^[{words}]$"))
        for day, words in zip(DAYS, ("一1", "二2", "三3", "四4", "五5", "六6", "日天7"), strict=True)
    ),
)
HOURS = re.compile(r"(\d{1,2})(?:[:：点](\d{2})?)?\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})(?:[:：点](\d{2})?)?")
NUMBERS = re.compile(r"\d{7,}")
LOOKED_AT, MOST_ROWS, MOST_COLUMNS = 10, 2000, 40

NO_HEAD = Refusal("前{n}行里找不到表头。选一下哪一行是表头、哪一列是姓名", field="header", n=LOOKED_AT)


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a word of a roster means: the fields are told in hours.yaml."""

    code: str
    begin: str
    end: str


@dataclass(frozen=True)
class Reading:
    """How a sheet is to be read: which row is its head (from 0), what each column holds, what each word means in minutes; None: off."""

    header: int
    columns: Mapping[int, str]
    words: Mapping[str, tuple[int, int] | None]


@dataclass(frozen=True)
class Entry:
    """A row of the sheet, read: who, on which post, in which hours of the week."""

    row: int
    person: str
    post: str
    shifts: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Outcome:
    """What a reading makes of a sheet: turns to be taken, and every row that cannot be."""

    entries: tuple[Entry, ...]
    faults: tuple[Refusal, ...] = field(default_factory=tuple)

    def turns(self, since: date) -> list[TurnRow]:
        """As the roster takes them; since: the day from which somebody holds a post that they did not hold before."""
        return [TurnRow(entry.row, entry.post, entry.person, since, None, entry.shifts) for entry in self.entries]


@dataclass(frozen=True)
class Known:
    """Who and what there is: persons by code and by name, posts by code, name and area, whose posts are whose."""

    names: Mapping[str, Sequence[str]]
    codes: frozenset[str]
    posts: Mapping[str, Sequence[str]]
    held: Mapping[str, Sequence[str]]


def kept(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """A sheet as it is kept while somebody says how to read it: no wider and longer than a roster is, and without telephones and ids."""
    return [[NUMBERS.sub("", cell)[:60] for cell in row[:MOST_COLUMNS]] for row in cells[:MOST_ROWS]]


def guess(cells: Sequence[Sequence[str]], words: Mapping[str, Word]) -> Reading:
    """How a sheet is most likely to be read: the row of the first ten whose heads say most."""
    rows = [columns_of(row) for row in cells[:LOOKED_AT]]
    header = max(range(len(rows)), key=lambda at: (len(rows[at]), -at), default=0)
    columns = rows[header] if rows else {}
    meant = {word: guessed(word, words) for word in distinct(cells, header, columns)}
    return Reading(header, columns, {word: hours for word, hours in meant.items() if not isinstance(hours, Refusal)})


def distinct(cells: Sequence[Sequence[str]], header: int, columns: Mapping[int, str]) -> list[str]:
    """The words that stand in the days of a sheet, in their order."""
    days = [at for at, name in columns.items() if name in DAYS]
    found = (row[at].strip() for row in cells[header + 1 :] for at in days if at < len(row))
    return [word for word in dict.fromkeys(found) if word]


def read(cells: Sequence[Sequence[str]], reading: Reading, known: Known) -> Outcome:
    """Every row as who sits where when; what is left empty under a name or a post is meant as above it."""
    where = {name: at for at, name in reading.columns.items()}
    if "person" not in where and "code" not in where:
        return Outcome((), (NO_HEAD,))
    entries: list[Entry] = []
    faults: list[Refusal] = []
    post_above = ""
    for number, row in enumerate(cells[reading.header + 1 :], reading.header + 2):
        cell = {name: row[at].strip() if at < len(row) else "" for name, at in where.items()}
        post_above = cell.get("post") or post_above
        if not cell.get("person") and not cell.get("code"):
            continue
        found = _entry(number, cell | {"post": post_above}, reading, known)
        if isinstance(found, Refusal):
            faults.append(found)
        elif any(other.person == found.person and other.post == found.post for other in entries):
            faults.append(
                Refusal("第{row}行：{name}在这个岗位上已经写过一行，合成一行", row=number, name=cell.get("person") or found.person)
            )
        else:
            entries.append(found)
    return Outcome(tuple(entries), tuple(faults))


def hours_of(written: str) -> tuple[int, int] | Refusal | None:
    """08:00-20:00 in minutes; empty: off; an end that is not later runs into the next day."""
    if not written.strip():
        return None
    match = HOURS.search(written)
    if match is None:
        return Refusal("“{word}”写成08:00-20:00这样，休息就空着", field="words", word=written[:20])
    begin, end = int(match[1]) * 60 + int(match[2] or 0), int(match[3]) * 60 + int(match[4] or 0)
    if begin >= 1440 or end > 1440 or int(match[2] or 0) > 59 or int(match[4] or 0) > 59:
        return Refusal("“{word}”不是一天里的时间", field="words", word=written[:20])
    return begin, end if end > begin else end + 1440


def columns_of(row: Sequence[str]) -> dict[int, str]:
    """What the columns under a head hold, as far as the head says."""
    found: dict[int, str] = {}
    for at, head in enumerate(row):
        name = next((name for name, fits in HEADS if fits.search(head.replace(" ", ""))), "")
        if name and name not in found.values():
            found[at] = name
    return found


def guessed(word: str, words: Mapping[str, Word]) -> tuple[int, int] | Refusal | None:
    """What a word means where nobody said: by the list, or because it says the hours itself."""
    own = words.get(word)
    return hours_of(word) if own is None else hours_of(f"{own.begin}-{own.end}" if own.begin else "")


def _entry(number: int, cell: Mapping[str, str], reading: Reading, known: Known) -> Entry | Refusal:
    person = _person(number, cell, known)
    if isinstance(person, Refusal):
        return person
    post = _post(number, cell, person, known)
    if isinstance(post, Refusal):
        return post
    said = {weekday: word for weekday, day in enumerate(DAYS) if (word := cell.get(day, ""))}
    strange = next((word for word in said.values() if word not in reading.words), "")
    if strange:
        return Refusal("第{row}行：“{word}”是几点到几点，还没说", row=number, word=strange[:20])
    shifts = [(weekday, *hours) for weekday, word in said.items() if (hours := reading.words[word])]
    if not shifts:
        return Refusal("第{row}行：整周都没有班。休假走请假，不在这里改", row=number)
    return Entry(number, person, post, tuple(shifts))


def _person(number: int, cell: Mapping[str, str], known: Known) -> str | Refusal:
    if code := cell.get("code"):
        return code if code in known.codes else Refusal("第{row}行：名单里没有工号{code}", row=number, code=code)
    name = cell["person"].replace(" ", "").replace("\u3000", "")
    people = known.names.get(name, ())
    if len(people) == 1:
        return people[0]
    if not people:
        return Refusal("第{row}行：名单里没有{name}，先登记，或者核对名字", row=number, name=name)
    return Refusal("第{row}行：有{n}位{name}，加一列工号来分", row=number, n=len(people), name=name)


def _post(number: int, cell: Mapping[str, str], person: str, known: Known) -> str | Refusal:
    own, written = known.held.get(person, ()), cell.get("post", "")
    fitting = known.posts.get(written, ()) if written else own
    mine = [post for post in fitting if post in own] or list(fitting)
    if len(mine) == 1:
        return mine[0]
    if written and not fitting:
        return Refusal("第{row}行：这里没有“{post}”这个岗位或网格", row=number, post=written)
    if not fitting:
        return Refusal("第{row}行：写上在哪个岗位或网格", row=number)
    return Refusal("第{row}行：“{post}”对得上几个岗位，写岗位编码", row=number, post=written or cell.get("person", ""))
