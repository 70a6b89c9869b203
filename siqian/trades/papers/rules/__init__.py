"""The life of a paper: drafted, signed, numbered, frozen, replaced, filed, destroyed by two. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from siqian.kernel.clock import local
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Actor, Permit, Refusal, Thing

from .kinds import FIELDS, LEVELS, Issuer, Kind, faults, filled, short, values_fault

__all__ = ["FIELDS", "LEVELS", "Issuer", "Kind", "faults", "filled", "short", "values_fault"]

# The version of the layout by which a paper is set; what was issued keeps the one it was issued with.
LAYOUT = "2026-1"

PAPER = Flow(
    #    from      verb       to           who
    Move("draft",  "sign",    "issued",    "signer"),
    Move("draft",  "drop",    "dropped",   "signer office"),
    Move("issued", "file",    "filed",     "archivist"),
    Move("filed",  "destroy", "destroyed", "two archivists"),
)  # fmt: skip

READERS = ("keeper", "secretary", "desk", "dispatcher", "office")
SIGNERS = ("secretary", "desk", "dispatcher")
ARCHIVISTS = ("desk", "dispatcher", "office")
PERMITS = (
    *(Permit(role, verb, "area") for role in READERS for verb in ("read", "draft")),
    Permit("teller", "read", "own"),
    *(Permit(role, verb, "area") for role in SIGNERS for verb in ("sign", "drop", "correct")),
    *(Permit("office", verb, "area") for verb in ("drop", "follow")),
    *(Permit(role, "file", "area") for role in ARCHIVISTS),
    *(Permit(role, verb, "area") for role in ("desk", "dispatcher") for verb in ("propose", "destroy")),
)

NO_SUCH = Refusal("没有这份文书，或者不归您看。核对一下文号")
NO_KIND = Refusal("没有这种文书，从列表里选", field="kind")
NOT_BY_HAND = Refusal("这种文书办到那一步自己出，不用手拟")
SECOND_PERSON = Refusal("您自己办的、自己拟的，要由别人来签发")
NOT_DRAFT = Refusal("这份已经签发，或已经不用了，刷新看看")
NOT_ISSUED = Refusal("还没签发的直接改稿，签发了的才要更正")
CORRECTED = Refusal("这份已经更正过了，从更正后的那份再改")
CORRECTING = Refusal("这份的更正稿在等签发，签发或作废后再改")
UNCHANGED = Refusal("和原来一字不差，不用更正", field="text")
NO_REASON = Refusal("写一句为什么，至少4个字，以后查的人要看", field="why")
NOTHING_EXPIRED = Refusal("没有保管期满的文书，不用列清册")
LISTED = Refusal("已有一份销毁清册在等审批，批完再列")
OWN_LIST = Refusal("清册是您列的，要由另一位来批")
RULED = Refusal("这份清册已经批过了，刷新看看")
NO_LIST = Refusal("没有这份销毁清册")
DESTROYED = Refusal("这份文书保管期满，已按清册销毁，只留文号和日期")


@dataclass(frozen=True)
class Spot:
    """Where a paper belongs: the grid and the thing of one's own by which the fence shows it, the area path, whom it is about."""

    grid: int
    own: int
    path: str
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A paper that somebody or something calls for. cause: the same cause makes one paper; called: what people call the thing by.

    actor: who did what it tells.
    """

    kind: str
    about: str
    cause: str
    spot: Spot
    values: Mapping[str, str]
    called: str = ""
    actor: str = ""
    actor_name: str = ""


@dataclass(frozen=True)
class Head:
    """What stands around the text of an issued paper."""

    number: str
    issuer: str
    signatory: str
    on: str
    replaces: str = ""
    why: str = ""


def thing(path: str, about: str, against: Collection[str]) -> Thing:
    """What permits need to know of a paper: it is seen by whoever sees what it is about."""
    return Thing("paper", ref=about, area=path, against=frozenset(against))


def number(year: int, word: str, serial: int) -> str:
    """〔2026〕榕荫社受字第12号 (GB/T 9704: six-cornered brackets, the whole year, no leading zeros)."""
    return f"〔{year}〕{word}字第{serial}号"


def day(at: datetime) -> str:
    """2026年7月13日."""
    here = local(at)
    return f"{here.year}年{here.month}月{here.day}日"


def moment(at: datetime) -> str:
    """2026年7月13日9时05分."""
    return f"{day(at)}{local(at):%-H}时{local(at):%M}分"


def face(kind: Kind, edition: str, values: Mapping[str, str], head: Head) -> dict[str, Any]:
    """All that stands on an issued paper, as it is frozen and as the layout sets it; strings and lists of strings only."""
    basis = [part for line in kind.basis for part in filled(line, values)]
    return {
        "layout": LAYOUT,
        "edition": edition,
        "kind": kind.code,
        "title": kind.zh,
        "red": kind.red,
        "number": head.number,
        "issuer": head.issuer,
        "to": "".join(filled(kind.addressee, values)) + "：",
        "text": [part for line in kind.text for part in filled(line, values)],
        "basis": f"依据：{'；'.join(basis)}。" if basis else "",
        "remedy_head": "救济途径" if kind.remedy else "",
        "remedy": [part for line in kind.remedy for part in filled(line, values)],
        "signed": f"签发人：{head.signatory}" if head.signatory else "",
        "on": head.on,
        "correction": f"本件替代{head.replaces}，原件不再有效。更正理由：{head.why}。" if head.replaces else "",
        "values": {name: values[name].strip() for name in kind.fields},
    }


def digest(written: Mapping[str, Any]) -> str:
    """SHA-256 over all that stands on a paper, keys in order, no blanks."""
    return hashlib.sha256(json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def volume_digest(papers: Sequence[tuple[str, str]]) -> str:
    """SHA-256 over (number, digest) of a volume's papers in their order."""
    return hashlib.sha256("\n".join(f"{number_}\t{sha}" for number_, sha in papers).encode()).hexdigest()


def kept_until(year: int, years: int | None) -> date | None:
    """The first day on which a paper of this year may be destroyed; None never. Counted from the first of January after its year."""
    return None if years is None else date(year + 1 + years, 1, 1)


def sign_fault(actor: str, drafted_by: str, by: Actor) -> Refusal | None:
    """Whoever did what a paper tells, or drafted it, does not sign it."""
    return SECOND_PERSON if by.ref in (actor, drafted_by) else None


def why_fault(why: str) -> Refusal | None:
    return NO_REASON if len(why.strip()) < 4 else None


def file_fault(year: int, at: datetime) -> Refusal | None:
    """A year is filed when it is over."""
    return Refusal("{year}年还没过完，明年起再归档", field="year", year=year) if year >= local(at).year else None


def nothing_to_file(year: int) -> Refusal:
    return Refusal("{year}年没有办完、还没归档的文书", field="year", year=year)
