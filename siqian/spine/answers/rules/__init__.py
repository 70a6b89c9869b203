"""The life of an answer: who may do what with it, what is wrong with a draft, what two versions differ in. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Literal

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal

from .searching import ENOUGH, FAINT, NEAR, Entry, Hit, Index, Words, is_about, is_question

__all__ = ["ENOUGH", "FAINT", "NEAR", "Entry", "Hit", "Index", "Words", "is_about", "is_question"]

ANSWER = Flow(
    Move("draft", "write", "draft", "desk, secretary, dispatcher"),
    Move("draft", "publish", "live", "desk, secretary, dispatcher"),
    Move("draft", "retire", "retired", "desk, secretary, dispatcher"),
    Move("live", "write", "live", "desk, secretary, dispatcher"),
    Move("live", "publish", "live", "desk, secretary, dispatcher"),
    Move("live", "look_again", "live", "desk, secretary, dispatcher"),
    Move("live", "retire", "retired", "desk, secretary, dispatcher"),
    Move("retired", "write", "draft", "desk, secretary, dispatcher"),
)
KEEPERS = ("desk", "secretary", "dispatcher")
PERMITS = (
    # Whoever works here may propose an answer: without a second person it goes nowhere.
    Permit("staff", "propose", "any"),
    Permit("office", "propose", "any"),
    *(Permit(role, verb, "area") for role in KEEPERS for verb in ("write", "publish", "retire", "look_again")),
)
USUAL, LONGEST = timedelta(days=180), timedelta(days=366)
# So many days before the day of its review an answer comes onto its desk's page.
AHEAD = timedelta(days=14)
CLOCK = "renew"
QUESTION, TEXT, NOTE = (4, 80), (10, 1200), 200

NO_ANSWER = Refusal("没有这一条常见问答，或者已经撤下了。回去搜一下，或者直接说给我们听")
SECOND_PERSON = Refusal("写的人自己不能发布，换一位来看过再发")
NEWER = Refusal("刚才又有人改了一版，刷新看看再决定")


@dataclass(frozen=True)
class Draft:
    """What somebody writes. path: the area for which it holds; review: the day on which it is looked at again."""

    question: str
    text: str
    item: str
    unit: str
    path: str
    review: date | None
    question_en: str = ""
    text_en: str = ""
    basis: str = ""


def draft_faults(draft: Draft, *, item: bool, unit: bool, path: bool, today: date) -> list[Refusal]:
    """Everything that is wrong with a draft, each with its field; item, unit, path: whether there is such a one."""
    found = [
        _length(draft.question, QUESTION, Refusal("问题写{least}到{most}个字，像居民会问的那样", field="question")),
        _length(draft.text, TEXT, Refusal("答案写{least}到{most}个字，写清楚去哪里、带什么、多久", field="text")),
        None if item else Refusal("没有这个事项，从责任清单里选", field="item"),
        None if unit else Refusal("没有这个单位，从清单里选", field="unit"),
        None if path else Refusal("没有这个范围，从列表里选", field="path"),
        review_fault(draft.review, today),
    ]
    if bool(draft.question_en.strip()) != bool(draft.text_en.strip()):
        found.append(Refusal("英文的问题和答案要一起写，或者都空着", field="text_en"))
    if len(draft.question_en) > 200 or len(draft.text_en) > 4000:
        found.append(Refusal("英文太长了：问题最多200个字母，答案最多4000个", field="text_en"))
    if len(draft.basis) > 120:
        found.append(Refusal("依据最多120个字，写法规的名称就行", field="basis"))
    return [fault for fault in found if fault is not None]


def review_fault(review: date | None, today: date) -> Refusal | None:
    """Why a day cannot be the next review: within a year, after today."""
    if review is None or not today < review <= today + LONGEST:
        return Refusal("复核日写明天以后、一年以内的一天", field="review")
    return None


def note_fault(note: str) -> Refusal | None:
    if not 2 <= len(note.strip()) <= NOTE:
        return Refusal("写一句为什么，2到{most}个字", field="note", most=NOTE)
    return None


def publish_fault(written_by: str, by: str, *, newest: bool, review: date, today: date) -> Refusal | None:
    """Why this person cannot publish this version now."""
    if not newest:
        return NEWER
    if written_by == by:
        return SECOND_PERSON
    if review <= today:
        return Refusal("这一版的复核日已经过了，改一版、换个日子再发布")
    return None


def _length(text: str, span: tuple[int, int], fault: Refusal) -> Refusal | None:
    if span[0] <= len(text.strip()) <= span[1]:
        return None
    return Refusal(fault.template, field=fault.field, least=span[0], most=span[1])


Part = tuple[Literal["same", "out", "in"], str]


def changes(old: str, new: str) -> list[Part]:
    """What became of a text, letter by letter: parts that stayed, went out and came in, in reading order."""
    found: list[Part] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("same", old[a:b]))
            continue
        if b > a:
            found.append(("out", old[a:b]))
        if d > c:
            found.append(("in", new[c:d]))
    return found


WORDED = ("question", "text", "question_en", "text_en")
FIELDS = (*WORDED, "item", "unit", "basis", "review")


def changed(old: Draft, new: Draft) -> tuple[tuple[str, list[Part]], ...]:
    """Which fields of two versions differ, and in what."""
    pairs = ((field, str(getattr(old, field) or ""), str(getattr(new, field) or "")) for field in FIELDS)
    return tuple((field, changes(one, other) if field in WORDED else _instead(one, other)) for field, one, other in pairs if one != other)


def _instead(old: str, new: str) -> list[Part]:
    """Of a code or a day nobody reads the letters."""
    parts: tuple[Part, ...] = (("out", old), ("in", new))
    return [part for part in parts if part[1]]
