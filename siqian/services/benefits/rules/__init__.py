"""How a policy comes into force, what becomes of an entitlement, who may do what, and which way of giving the law allows. Pure."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit, Refusal
from siqian.kernel.said import Both, said

PURPOSE = "benefit"
MODES = {"free": said("免申即享"), "quick": said("快申快享"), "help": said("主动发现帮申")}
GIVES = {"money": said("钱"), "service": said("服务")}
PERIODS = {"once": said("一次"), "month": said("每月"), "quarter": said("每季度"), "year": said("每年")}
PER_YEAR = {"once": 1, "month": 12, "quarter": 4, "year": 1}
DEMANDS = {"application": said("本人申请"), "survey": said("入户调查"), "notice": said("公示")}
STATES = {
    "draft": said("草稿"),
    "asked": said("等法制审核"),
    "passed": said("等同事发布"),
    "in_force": said("在用"),
    "replaced": said("换成了新版"),
    "ended": said("停了"),
}
# Three persons stand behind a policy in force: whoever wrote it, whoever read it against the law, whoever published it.
EDITION = Flow(
    Move("draft", "ask", "asked", "clerk"),
    Move("asked", "pass", "passed", "legal"),
    Move("asked", "return", "draft", "legal"),
    Move("passed", "publish", "in_force", "another clerk"),
    Move("passed", "return", "draft", "clerk legal"),
    Move("in_force", "replace", "replaced", "office"),
    Move("in_force", "end", "ended", "clerk"),
)
# No move to a no is the office's: refusing and stopping have a name and a reason.
ENTITLEMENT = Flow(
    Move("told", "accept", "accepted", "person staff"),
    Move("told", "decline", "declined", "person"),
    Move("told", "confirm", "confirmed", "clerk"),
    Move("told", "refuse", "refused", "clerk"),
    Move("told", "leave", "gone", "office"),
    Move("accepted", "decline", "declined", "person"),
    Move("accepted", "confirm", "confirmed", "clerk"),
    Move("accepted", "refuse", "refused", "clerk"),
    Move("accepted", "leave", "gone", "office"),
    Move("told", "queue", "queued", "clerk"),
    Move("accepted", "queue", "queued", "clerk"),
    Move("queued", "confirm", "confirmed", "clerk office"),
    Move("queued", "decline", "declined", "person"),
    Move("queued", "refuse", "refused", "clerk"),
    Move("queued", "leave", "gone", "office"),
    Move("declined", "accept", "accepted", "person staff"),
    Move("declined", "leave", "gone", "office"),
    Move("confirmed", "grant", "granted", "clerk"),
    Move("confirmed", "refuse", "refused", "clerk"),
    Move("confirmed", "leave", "gone", "office"),
    Move("granted", "stop", "stopped", "clerk"),
    Move("granted", "renew", "granted", "clerk"),
    Move("refused", "appeal", "appealed", "person staff"),
    Move("stopped", "appeal", "appealed", "person staff"),
    Move("appealed", "allow", "confirmed", "another clerk"),
    Move("appealed", "uphold", "upheld", "another clerk"),
)
# Steps after which a letter goes to the person.
DECIDED = ("refuse", "stop", "allow", "uphold")
FREES = ("refuse", "stop", "decline", "leave")
OPEN = ("told", "accepted", "queued", "declined", "confirmed", "granted", "refused", "stopped", "appealed", "upheld")
PERMITS = (
    *(Permit("clerk", verb, "area") for verb in ("read", "write", "ask", "publish", "return", "end")),
    *(Permit("legal", verb, "area") for verb in ("read", "pass", "return")),
    *(Permit("office", verb, "area") for verb in ("read", "write", "ask", "pass", "publish", "end")),
    *(Permit("inspector", verb, "area") for verb in ("read",)),
)
ENTITLEMENT_PERMITS = (
    *(Permit("clerk", verb, "area") for verb in ("read", "confirm", "refuse", "grant", "stop", "renew", "allow", "uphold")),
    *(Permit("office", verb, "area") for verb in ("read", "find", "leave", "confirm", "grant")),
    *(Permit("inspector", verb, "area") for verb in ("read",)),
    *(Permit("keeper", verb, "area") for verb in ("accept", "appeal")),
    *(Permit("social_worker", verb, "area") for verb in ("accept", "appeal")),
    *(Permit("teller", verb, "own") for verb in ("read", "accept", "decline", "appeal")),
)

NO_POLICY = Refusal("没有这项政策，从列表里选")
NO_EDITION = Refusal("没有这一版，回到政策里看看")
NO_ENTITLEMENT = Refusal("没有这一条，或者不归您看")
NO_LETTER = Refusal("这一条还没有作出决定，没有告知书")
NOT_DRAFT = Refusal("这一版已经交出去了，改不了。退回来再改，或者起草新的一版")
SAME_PERSON = Refusal("谁起草的，谁不能发布，请另一位同事来")
SAME_HAND = Refusal("原来是您定的，申诉要换一个人看")
NO_REASON = Refusal("写明理由，本人会原样看到", field="why")
NO_TITLE = Refusal("写政策的名字，最多{most}个字", field="title", most=40)
CODE_TAKEN = Refusal("编号{code}已经有了，换一个", field="code")
BAD_CODE = Refusal("编号用小写字母、数字和横线，最多{most}个", field="code", most=40)
NO_BASIS = Refusal("写明依据哪一条，没有依据不能发布", field="basis")
NO_MONEY = Refusal("给钱的要写多少", field="amount")
LAW_DEMANDS = Refusal(
    "“{law}”要求{demands}，不能{mode}。改成“快申快享”（填好表等本人点头）或“主动发现帮申”（有人上门帮着办）",
    field="mode",
)
EXAMPLES_WRONG = Refusal("{count}个例子和条件对不上，改条件或改例子再交", field="examples")
NEVER = Refusal("这些条件没有人会符合，改好再交", field="when")
ASKED_ONCE = Refusal("您说过不想说，就不再问。想说了，到“我的资料”里填", field="kind")
LONGEST = 400


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause on which a policy stands. demands: application, survey, notice."""

    code: str
    zh: str
    en: str
    source: str
    demands: tuple[str, ...] = ()


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a fact is said in a policy. holds, fails: of a yes and a no; unit: after a number; group: where the builder lists it."""

    code: str
    group: str
    holds: str = ""
    fails: str = ""
    unit: str = ""
    age: bool = False


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A policy as it ships. when, amount: the outside form; examples: persons on a day with the answer that must come out."""

    code: str
    zh: str
    en: str
    group: str
    mode: str
    gives: str
    period: str
    told: str
    told_en: str
    basis: tuple[str, ...]
    when: dict[str, Any]
    examples: tuple[dict[str, Any], ...]
    amount: dict[str, Any] | None = None


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A dated figure. values: since, value."""

    code: str
    zh: str
    en: str
    values: tuple[dict[str, Any], ...]


def mode_fault(mode: str, cited: Collection[Law]) -> Refusal | None:
    """Why a policy cannot be given this way. Nobody is given without asking what the law lets be given on application only."""
    if mode != "free":
        return None
    for law in cited:
        if law.demands:
            demanded = Both("、".join(DEMANDS[one] for one in law.demands), ", ".join(law.demands))
            named = Both(MODES[mode], "without applying")
            return Refusal(LAW_DEMANDS.template, field="mode", law=Both(law.zh, law.en), demands=demanded, mode=named)
    return None


def title_fault(title: str) -> Refusal | None:
    return None if 0 < len(title.strip()) <= 40 else NO_TITLE


def code_fault(code: str) -> Refusal | None:
    good = 0 < len(code) <= 40 and code.isascii() and all(sign.islower() or sign.isdigit() or sign == "-" for sign in code)
    return None if good else BAD_CODE


def reason_fault(why: str) -> Refusal | None:
    return None if 0 < len(why.strip()) <= LONGEST else NO_REASON


def has_room(places: int, budget: int, held: int, spent: int, more: int) -> bool:
    """Whether one more fits. places: 0 for any number; budget, spent: fen a year, budget 0 for none written; more: of the one who comes."""
    return (not places or held < places) and (not budget or spent + more <= budget)


def due_day(day: date, days: int = 10) -> date:
    """By when the unit has looked at what was found: so many days, weekends with them (a working assumption of ours)."""
    return date.fromordinal(day.toordinal() + days)


def match_files(policies: Path, facts: Path, day: date, out: Path, workers: int = 1) -> tuple[int, int, list[str]]:
    """Everybody in a Parquet file against a folder of policies; gives (people, pairs, facts without a column). Needs the extra."""
    from ..engine import stream

    return stream.match(policies, facts, day, out, workers)


def make_people(count: int, seed: int, day: date, out: Path) -> None:
    """So many residents who do not exist, as Parquet. Needs the extra."""
    from ..engine import synthetic

    synthetic.write(count, seed, day, out)


def explain_files(policies: Path, person: Path, day: date, code: str) -> Mapping[str, Any]:
    """One person against one policy of a folder: state, missing, why."""
    from ..engine import explaining

    return explaining.explain(policies, person, day, code)
