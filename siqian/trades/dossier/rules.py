"""What may be kept of a person, on what ground, for what, and until when; what still has to be asked. Pure."""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import Both, said

# Personal information protection law: 13 (consent, duty), 29 (separate consent), 31 (a guardian's).
BASES = {
    "consent": said("本人同意"),
    "separate": said("本人单独同意"),
    "guardian": said("监护人同意"),
    "duty": said("法律规定要知道"),
}
AGREED = ("consent", "separate", "guardian")
HOW = {"spoken": said("当面说的"), "signed": said("签了字"), "online": said("本人在网上填的")}
SOURCES = {
    "person": said("本人说的"),
    "family": said("家里人说的"),
    "visit": said("上门看到的"),
    "register": said("登记名册"),
}
TYPES = ("yesno", "choice", "number", "money", "day", "text")
YES_NO = {"yes": said("是"), "no": said("不是")}
LONGEST = 40
STAFF = ("keeper", "secretary", "social_worker", "doctor")
# Whoever confirms what somebody is entitled to opens the facts that it rests on, and writes none down.
READERS = (*STAFF, "clerk")
# Whoever has no telephone is served as well: what a person says at the door, staff write down for them.
FACT = Flow(
    Move("known", "confirm", "known", "staff person"),
    Move("known", "correct", "known", "staff person"),
    Move("known", "withdraw", "withdrawn", "staff person"),
    Move("known", "object", "objected", "staff person"),
    Move("known", "expire", "expired", "office"),
    Move("known", "end", "over", "office"),
    Move("objected", "lift", "known", "person"),
    Move("objected", "withdraw", "withdrawn", "staff person"),
    Move("objected", "expire", "expired", "office"),
    Move("objected", "end", "over", "office"),
    Move("withdrawn", "note", "known", "person"),
    Move("withdrawn", "end", "over", "office"),
    Move("expired", "note", "known", "staff person"),
    Move("expired", "withdraw", "withdrawn", "person"),
    Move("expired", "end", "over", "office"),
)
PERMITS = (
    *(Permit(role, verb, "area") for role in STAFF for verb in ("read", "look", "note", "confirm", "correct", "withdraw", "object")),
    *(Permit("clerk", verb, "area") for verb in ("read", "look")),
    *(Permit("office", verb, "area") for verb in ("read", "look", "note", "confirm", "correct", "withdraw", "object", "expire", "end")),
    *(Permit("teller", verb, "own") for verb in ("read", "note", "confirm", "correct", "withdraw", "object", "end")),
)

NO_KIND = Refusal("没有这一种情况，从列表里选", field="kind")
NO_PURPOSE = Refusal("没有这个用途，从列表里选", field="purpose")
NO_WHY = Refusal("看资料要写明用来做什么，比如“上门前看看要带什么”", field="why")
NO_FACT = Refusal("没有这条情况，或者不归您看")
NO_CONSENT = Refusal("这条要本人单独同意才能记，先问清楚，再勾上", field="basis")
NO_GUARDIAN = Refusal("孩子的事要监护人同意才能记，先问清楚，再勾上", field="basis")
NOT_FOR_THIS = Refusal("这条情况不能用在“{purpose}”上，只能用在：{known}", field="purpose")
KNOWN_ALREADY = Refusal("“{kind}”已经知道了，不用再问。变了就点“变了”", field="kind")
TAKEN_BACK = Refusal("本人收回了“{kind}”，不再问。要记，由本人在“我的资料”里自己填", field="kind")
OBJECTED = Refusal("本人反对用“{kind}”，现在谁也看不到")
OUT_OF_DATE = Refusal("“{kind}”过期没有确认，已经看不到了，要用先重新问")
GONE = Refusal("“{kind}”已经不再用了，看不到了")


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What facts may be used for."""

    code: str
    zh: str
    en: str


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    zh: str
    en: str


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of fact: the fields are told in facts.yaml."""

    code: str
    zh: str
    en: str
    ask: str
    ask_en: str
    about: str
    type: str
    purposes: tuple[str, ...]
    bases: tuple[str, ...]
    readers: tuple[str, ...]
    confirm_months: int
    keep_months: int
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 0
    sensitive: bool = False
    minors: bool = False


@dataclass(frozen=True)
class Saying:
    """A fact as it is said: who said it, on what ground it is kept, how they agreed, for which purposes (all of its kind, when empty)."""

    kind: str
    value: str
    source: str = "person"
    basis: str = ""
    how: str = "spoken"
    purposes: tuple[str, ...] = ()
    since: date | None = None


def kind_faults(kind: Kind, purposes: Collection[str]) -> list[str]:
    """What is wrong with a kind of the catalogue, as sentences."""
    found = []
    if kind.type not in TYPES or (kind.type == "choice") != bool(kind.choices):
        found.append("type")
    if not kind.purposes or not set(kind.purposes) <= set(purposes):
        found.append("purposes")
    if not kind.bases or not set(kind.bases) <= set(BASES):
        found.append("bases")
    # Sensitive facts and facts about children stand on a consent of their own, and on nothing else.
    if kind.sensitive and not set(kind.bases) <= {"separate", "guardian"}:
        found.append("bases")
    if kind.minors and (kind.bases != ("guardian",) or not kind.sensitive):
        found.append("minors")
    if kind.about not in ("resident", "household"):
        found.append("about")
    if not set(kind.readers) <= set(READERS) or not kind.readers:
        found.append("readers")
    if not 0 < kind.confirm_months <= kind.keep_months:
        found.append("keep_months")
    return found


def value_fault(kind: Kind, value: str) -> Refusal | None:
    """Why this is no value of the kind."""
    good = {
        "yesno": value in YES_NO,
        "choice": value in {choice.code for choice in kind.choices},
        "number": _whole(value) and kind.least <= int(value) <= kind.most,
        "money": _whole(value) and kind.least <= int(value) <= kind.most,
        "day": _is_day(value),
        "text": 0 < len(value.strip()) <= LONGEST,
    }[kind.type]
    if good:
        return None
    if kind.type == "number":
        return Refusal("“{kind}”写{least}到{most}的数", field="value", kind=_named(kind), least=kind.least, most=kind.most)
    if kind.type == "money":
        return Refusal("“{kind}”写整数的元，最多{most}元", field="value", kind=_named(kind), most=kind.most // 100)
    if kind.type == "text":
        return Refusal("“{kind}”写1到{most}个字", field="value", kind=_named(kind), most=LONGEST)
    return Refusal("“{kind}”从列出的里面选一个", field="value", kind=_named(kind))


def saying_fault(kind: Kind, saying: Saying) -> Refusal | None:
    """Why it cannot be kept as it is said: the value, the ground, the purposes."""
    if (fault := value_fault(kind, saying.value)) is not None:
        return fault
    if saying.basis not in kind.bases:
        return NO_GUARDIAN if kind.minors else NO_CONSENT if kind.sensitive else Refusal("说明凭什么记，从列表里选", field="basis")
    if saying.source not in SOURCES or (saying.basis in AGREED and saying.how not in HOW):
        return Refusal("写明是谁说的、怎么同意的", field="how")
    if not set(saying.purposes) <= set(kind.purposes):
        return Refusal("“{kind}”不能用在这上面，从列表里选用途", field="purposes", kind=_named(kind))
    return None


def terms(kind: Kind, today: date) -> tuple[date, date]:
    """(until when nobody asks again, until when it can be read) of what was said today."""
    return later(today, kind.confirm_months), later(today, kind.keep_months)


def later(day: date, months: int) -> date:
    """So many months on, the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def need(state: str, confirm_by: date | None, today: date) -> str:
    """What is to be done about a fact: ask it, confirm it, or nothing because it is known; empty when nobody may ask.

    state: empty while nothing was ever said.
    """
    if state == "known" and confirm_by is not None:
        return "known" if today <= confirm_by else "confirm"
    return "ask" if state in ("", "expired") else ""


def use_fault(kind: Kind, state: str, purpose: str, allowed: Collection[str], names: Mapping[str, Both]) -> Refusal | None:
    """Why a fact cannot be used for a purpose. allowed: the purposes for which it was said; names: of purposes."""
    if purpose not in allowed:
        known = [names.get(code, Both(code, code)) for code in allowed]
        listed = Both("、".join(known), ", ".join(name.en for name in known))
        return Refusal(NOT_FOR_THIS.template, field="purpose", purpose=names.get(purpose, purpose), known=listed)
    told = {"known": None, "objected": OBJECTED, "expired": OUT_OF_DATE}.get(state, GONE)
    return Refusal(told.template, kind=_named(kind)) if told else None


def note_fault(kind: Kind, state: str, own: bool) -> Refusal | None:
    """Why it is not asked now: it is known, or the person took it back, which only they themselves undo."""
    if state in ("known", "objected"):
        return Refusal(KNOWN_ALREADY.template, field="kind", kind=_named(kind))
    if state == "withdrawn" and not own:
        return Refusal(TAKEN_BACK.template, field="kind", kind=_named(kind))
    if state == "over":
        return Refusal(GONE.template, kind=_named(kind))
    return None


def _whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 13


def _named(kind: Kind) -> Both:
    return Both(kind.zh, kind.en)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
