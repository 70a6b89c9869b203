"""Which papers there are, as a district may change them: who issues and signs, what stands on them, how long they are kept. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

# What can be filled in: what it is called, how many lines it has.
FIELDS: dict[str, tuple[str, int]] = {
    "number": (said("编号"), 1),
    "title": (said("什么事"), 1),
    "place": (said("地点"), 1),
    "received": (said("反映时间"), 1),
    "unit": (said("主办单位"), 1),
    "keeper": (said("经办人"), 1),
    "on": (said("办理时间"), 1),
    "respond": (said("联系期限"), 1),
    "settle": (said("办结期限"), 1),
    "until": (said("期限"), 1),
    "was": (said("原单位"), 1),
    "reason": (said("理由"), 3),
    "waits": (said("在等谁"), 1),
    "answer": (said("答复内容"), 5),
    "clause": (said("不予受理的情形"), 2),
    "door": (said("该去哪里"), 2),
    "law": (said("依据"), 2),
    "to_unit": (said("发给谁"), 1),
    "order": (said("要求"), 5),
    "found": (said("查明的情况"), 5),
    "opinion": (said("意见"), 5),
    "outcome": (said("结果"), 1),
    "words": (said("说了什么"), 3),
    "meeting": (said("到场时间和地点"), 1),
    "asked_on": (said("申请日期"), 1),
    "approver": (said("同意的人"), 1),
}
PLACEHOLDER = re.compile(r"\{(\w*)\}")
SUFFIX = re.compile(r"(?:社区|街道|区|县|市)?(?:（[^）]*）)?$")
LEVELS = ("district", "street", "community")


class Kind(msgspec.Struct, frozen=True):
    """One kind of paper. signs: house (issued at once), actor (by whoever did what it tells), person (waits for a signature).

    to: teller or unit. made: event (by itself), hand, both. word: what its number is called by. needs: fields that somebody fills in.
    """

    code: str
    zh: str
    en: str
    word: str
    level: Literal["community", "street", "district"]
    to: Literal["teller", "unit"]
    made: Literal["event", "hand", "both"]
    signs: Literal["house", "actor", "person"]
    addressee: str
    text: list[str]
    retention: Literal["permanent", "30", "10"]
    source: str
    basis: list[str] = []
    remedy: list[str] = []
    needs: list[str] = []
    red: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that stands on it, in the order in which it is read."""
        lines = (self.addressee, *self.text, *self.basis, *self.remedy)
        return tuple(dict.fromkeys(name for line in lines for name in PLACEHOLDER.findall(line)))

    @property
    def years(self) -> int | None:
        """How long it is kept; None for ever."""
        return None if self.retention == "permanent" else int(self.retention)


class Issuer(msgspec.Struct, frozen=True):
    """How the body of an area level is called, and the word that its numbers begin with; {name} is the area's, {short} without its kind."""

    code: Literal["district", "street", "community"]
    zh: str
    en: str
    word: str


class Fault(msgspec.Struct, frozen=True):
    code: str
    field: str
    says: str


def faults(rows: Mapping[str, Kind]) -> Iterator[Fault]:
    """What is wrong in a catalogue that is well formed: unknown fields, two kinds with one word, a remedy that is missing."""
    words: dict[str, str] = {}
    for row in rows.values():
        for name in (*row.fields, *row.needs):
            if name not in FIELDS:
                yield Fault(row.code, "text", f"没有“{name}”这一项，从{'、'.join(FIELDS)}里选")
        if missing := sorted(set(row.needs) - set(row.fields)):
            yield Fault(row.code, "needs", f"要填的“{'、'.join(missing)}”正文里没有用到")
        if row.word in words:
            yield Fault(row.code, "word", f"字号“{row.word}”和{words[row.word]}重了，换一个")
        words.setdefault(row.word, row.code)
        if row.code in ADVERSE and not row.remedy:
            yield Fault(row.code, "remedy", "不予受理、意见、责令改正都要写清怎么救济")


# Whoever gets one of these must read on it what can be done against it.
ADVERSE = frozenset({"refusal", "opinion", "review-opinion", "rectification"})


def values_fault(kind: Kind, values: Mapping[str, str]) -> Refusal | None:
    """Everything that stands on a paper is filled in before it goes out."""
    for name in kind.fields:
        if not values.get(name, "").strip():
            return Refusal("“{field_name}”还没填，补上再出文书", field=name, field_name=FIELDS[name][0])
        if len(values[name]) > 2000:
            return Refusal("“{field_name}”超过2000字，写短些，细节作附件", field=name, field_name=FIELDS[name][0])
    return None


def filled(line: str, values: Mapping[str, str]) -> list[str]:
    """A line of a kind with its fields filled in; what was written in several lines becomes several."""
    whole = PLACEHOLDER.sub(lambda match: values[match[1]].strip(), line)
    return [part.strip() for part in whole.splitlines() if part.strip()]


def short(name: str) -> str:
    """榕荫社区 -> 榕荫; what stands in brackets behind a name is no part of it."""
    return SUFFIX.sub("", name, count=1) or name
