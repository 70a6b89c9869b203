"""How the list is changed by people: an edition's life, what of it is wrong, how editions lie over the files. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from siqian.kernel import catalogue
from siqian.kernel.catalogue import Catalogue
from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Actor, Permit, Refusal

from .rules import Item, Rule

R = TypeVar("R", bound=catalogue.Row)
WHO = "dispatcher, district desk"
EDITION = Flow(
    Move("draft", "change", "draft", WHO),
    Move("draft", "check", "checked", WHO),
    Move("checked", "change", "draft", WHO),
    Move("checked", "check", "checked", WHO),
    Move("checked", "put_in_force", "in_force", "another of them"),
    Move("draft", "withdraw", "withdrawn", WHO),
    Move("checked", "withdraw", "withdrawn", WHO),
    Move("in_force", "withdraw", "withdrawn", "one of them, before its day"),
)
EDITORS = ("dispatcher", "desk")
VERBS = ("draft", "change", "check", "put_in_force", "withdraw")
PERMITS = (Permit("staff", "read", "any"), *(Permit(role, verb, "area") for role in EDITORS for verb in VERBS))

NO_EDITION = Refusal("没有这一版清单。回清单页看看有哪些版")
NO_ITEM = Refusal("清单里没有这一项。回清单页找一找", field="code")
NO_ROW = Refusal("这一版里没有改这一行", field="code")
NO_RULE = Refusal("规则表里没有这条规则", field="code")
NO_VERSION = Refusal("写一个版本名，例如2026.8，最多24个字", field="version")
VERSION_TAKEN = Refusal("这个版本名用过了，换一个", field="version")
NO_DAY = Refusal("写生效的日子", field="effective")
PAST_DAY = Refusal("生效日不能早于今天：已经收下的事按原来的清单办。改成今天或以后", field="effective")
SECOND_PERSON = Refusal("起草和改过这一版的人不能自己批准生效，请另一位调度员或区值班台来批")
HAS_BEGUN = Refusal("这一版已经生效，收下的事按它办了，撤不回。要改，再起草一版")
OVERTAKEN = Refusal("这一行在别的版里改过了。打开它，对着现在的样子重新写一遍")
EMPTY = Refusal("这一版还没有改任何一行")
LONGEST = {"zh": 40, "en": 80, "sample": 200, "basis": 120, "needs": 120, "not_ours": 200, "why": 120, "code": 16}


@dataclass(frozen=True)
class Made:
    """What one edition changes, once it is in force: rows put in by code, and the codes of rules taken away."""

    version: str
    effective: date
    items: tuple[Item, ...] = ()
    rules: tuple[Rule, ...] = ()
    dropped: tuple[str, ...] = ()


def laid_over(base: Catalogue[R], made: Iterable[Made], part: str) -> Catalogue[R]:
    """A catalogue ("items" or "rules") with the editions on top, each from its day on; of one day the later approved wins."""
    layers = sorted(made, key=lambda edition: edition.effective)
    if not layers:
        return base
    days = sorted({edition.effective for edition in base.editions} | {edition.effective for edition in layers})
    editions = []
    for day in days:
        rows, version = dict(base.at(day).rows), base.at(day).version
        for layer in layers:
            if layer.effective <= day:
                rows.update({row.code: row for row in getattr(layer, part)})
                version = layer.version
                if part == "rules":
                    for code in layer.dropped:
                        rows.pop(code, None)
        editions.append(catalogue.Edition(version, day, MappingProxyType(rows)))
    return Catalogue(tuple(editions), base.places)


def version_fault(version: str, effective: date | None, today: date) -> Refusal | None:
    """A name of up to 24 letters, and a day that is not over."""
    if not 0 < len(version.strip()) <= 24:
        return NO_VERSION
    if effective is None:
        return NO_DAY
    return PAST_DAY if effective < today else None


def approval_fault(hands: Iterable[str], by: Actor, effective: date, today: date) -> Refusal | None:
    """Somebody who had no hand in it, on its day or before."""
    if by.ref in hands:
        return SECOND_PERSON
    return PAST_DAY if effective < today else None


def item_of(sent: Mapping[str, str], joint: Iterable[str]) -> Item | Refusal:
    """An item from what was typed; words are parted by 、 or by lines. What the list says against it is found by `check`."""
    numbers: dict[str, int] = {}
    for name, usual in (("hours", 0), ("working_days", 0), ("respond", 30)):
        written = sent.get(name, "").strip() or str(usual)
        if not (written.isascii() and written.isdigit() and len(written) < 6):
            return Refusal("写一个整数", field=name)
        numbers[name] = int(written)
    texts = {name: sent.get(name, "").strip() for name in ("code", "zh", "en", "lead", "sample", "basis", "needs", "not_ours", "kind")}
    if fault := _too_long(texts):
        return fault
    row = texts | numbers | {"words": parted(sent.get("words", "")), "joint": list(joint), "check": sent.get("check") == "on"}
    return _converted(row, Item)


def rule_of(sent: Mapping[str, str], weekdays: Iterable[str]) -> Rule | Refusal:
    """A rule from what was typed; days as 2026-07-13, hours as 22:00-06:00."""
    row: dict[str, Any] = {name: sent.get(name, "").strip() for name in ("code", "match", "unit", "why", "daily")}
    row["area"] = sent.get("area", "").strip().strip("/")
    if fault := _too_long(row):
        return fault
    for name in ("since", "until"):
        try:
            row[name] = date.fromisoformat(sent[name]).isoformat() if sent.get(name) else None
        except ValueError:
            return Refusal("日期写成2026-07-13这样", field=name)
    row["weekdays"] = sorted(int(day) for day in weekdays if day in "1234567")
    return _converted(row, Rule)


def parted(written: str) -> list[str]:
    """Words as they were typed, each once."""
    return list(
        dict.fromkeys(word for part in written.replace("，", "、").splitlines() for word in map(str.strip, part.split("、")) if word)
    )


def plain(row: Item | Rule) -> dict[str, Any]:
    """A row as it is kept, and as it is read back."""
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(row))
    return kept


def differences(was: Mapping[str, Any] | None, row: Mapping[str, Any] | None) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of what changes in a row; None: there was no row, or there is none any more."""
    old, new = was or {}, row or {}
    return [(name, old.get(name), new.get(name)) for name in {**new, **old} if (old.get(name) or None) != (new.get(name) or None)]


def made_of(version: str, effective: date, rows: Mapping[str, Any]) -> Made:
    """An edition's changes from how they are kept."""
    items = tuple(msgspec.convert(change["row"], Item) for change in rows["items"].values())
    kept = {code: change["row"] for code, change in rows["rules"].items()}
    rules = tuple(msgspec.convert(row, Rule) for row in kept.values() if row is not None)
    return Made(version, effective, items, rules, tuple(code for code, row in kept.items() if row is None))


def overtaken(rows: Mapping[str, Any], items: Mapping[str, Item], rules: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """(part, code) of rows that somebody else's edition has changed since they were written here."""
    for part, standing in (("items", items), ("rules", rules)):
        for code, change in rows[part].items():
            row = standing.get(code)  # type: ignore[attr-defined]
            if (plain(row) if row is not None else None) != change["was"]:
                yield part, code


def _too_long(texts: Mapping[str, str]) -> Refusal | None:
    for name, most in LONGEST.items():
        if len(texts.get(name, "")) > most:
            return Refusal("写短些，最多{most}个字", field=name, most=most)
    return None


def _converted(row: dict[str, Any], kind: type[Any]) -> Any:
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`")
        return Refusal("这一格的值不在选项里，从列表里选", field=field)
