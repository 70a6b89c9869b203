"""A line of another system's history, as JSON, made into a life that `matters.actions.chronicle` takes over.

Place, item and owner are read as for a new message where the line does not name them; docs/imports.md shows a line.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from siqian.kernel.permits import Refusal, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.matters.rules.lives import Did, Holder, Life, Spot, Voice
from siqian.town.people import queries as people

from . import locating
from .rules import Message

VOICE = {"external", "at", "text", "channel", "name", "phone"}
PLACE = {"building", "address", "near"}
LINE = VOICE | PLACE | {"item", "kind", "post", "acts"}
ACT = {"verb", "at", "by", "name", "text", "how", "promised", "item", "post", "telling", "why", "until", "unit", "clause", "amount"}
ACT |= {"voice", "building"}
TIMES = ("at", "promised", "until")


def life(line: Mapping[str, Any]) -> Life | Refusal:
    """The life that a line tells, or why it cannot be read."""
    try:
        return _life(line)
    except Refused as error:
        return error.refusal
    except (AttributeError, TypeError, ValueError):
        return Refusal("这一行的格式不对，对照说明里的例子：文字加引号，acts是一列对象")


def _life(line: Mapping[str, Any]) -> Life | Refusal:
    strange, missing = sorted(line.keys() - LINE), [name for name in ("external", "at", "text") if not line.get(name)]
    if strange:
        return Refusal("不认识“{name}”，能写的有{known}", name=strange[0], known="、".join(sorted(LINE)))
    if missing:
        return Refusal("少了{name}。每件事都要有原来的编号external、时间at、内容text", name="、".join(missing))
    first = _voice(line)
    if isinstance(first, Refusal):
        return first
    building, address, near = (str(line.get(name) or "") for name in ("building", "address", "near"))
    located = locating.locate(Message(first.text, first.channel, building=building, address=address, near=near))
    spot = _spot(located)
    watch = people.Watch(spot.path, at=first.at)
    owner = watch.owner()
    holder = _holder(str(line["post"])) if line.get("post") else Holder(owner.post, owner.person, watch.called(owner))
    acts = _acts(line.get("acts") or (), holder)
    if isinstance(acts, Refusal):
        return acts
    item, kind = line.get("item") or first.understood.item, line.get("kind") or first.understood.kind
    return Life(first, spot, str(item), str(kind), holder, acts)


def _voice(line: Mapping[str, Any], channel: str = "file") -> Voice | Refusal:
    at = _instant(line.get("at"))
    if isinstance(at, Refusal):
        return at
    text = str(line.get("text") or "")
    name, phone, external = (str(line.get(name) or "") for name in ("name", "phone", "external"))
    how = str(line.get("channel") or channel)
    return Voice(text, at, how, learn.understand(text), name=name, phone=phone, external=external)


def _acts(lines: Iterable[Mapping[str, Any]], holder: Holder) -> tuple[Did, ...] | Refusal:
    found: list[Did] = []
    for number, line in enumerate(lines, start=1):
        act = _act(line, holder)
        if isinstance(act, Refusal):
            return Refusal("第{act}步：{what}", act=number, what=act.why)
        found.append(act)
        holder = act.holder or holder
    return tuple(found)


def _act(line: Mapping[str, Any], holder: Holder) -> Did | Refusal:
    strange = sorted(line.keys() - ACT)
    if strange or not line.get("verb"):
        return Refusal("不认识“{name}”，能写的有{known}", name=(strange or ["verb"])[0], known="、".join(sorted(ACT)))
    times = {name: _instant(line[name]) for name in TIMES if line.get(name)}
    wrong = next((time for time in times.values() if isinstance(time, Refusal)), None if "at" in times else _instant(None))
    if isinstance(wrong, Refusal):
        return wrong
    voice = _voice(line["voice"]) if line.get("voice") else None
    if isinstance(voice, Refusal):
        return voice
    words = {name: str(line[name]) for name in ("text", "how", "item", "why", "unit", "clause") if line.get(name)}
    counts = {name: int(line[name]) for name in ("telling", "amount") if line.get(name)}
    # Who did it is the owner where the line does not say.
    by = str(line.get("by") or (f"person:{holder.person}" if holder.person else "office"))
    spot = _spot(locating.locate(Message("", "file", building=str(line["building"])))) if line.get("building") else None
    to = _holder(str(line["post"])) if line.get("post") else None
    given: dict[str, Any] = {**times, **words, **counts, "spot": spot, "holder": to, "voice": voice}
    return Did(str(line["verb"]), by=by, name=str(line.get("name") or holder.called), **given)


def _holder(post: str) -> Holder:
    return Holder(post, "", people.post_line(post)[0] or post)


def _spot(located: locating.Located) -> Spot:
    place = located.place
    return Spot(place.path, place.fence, located.words, place.building, place.lon, place.lat, located.why, located.candidates)


def _instant(written: object) -> datetime | Refusal:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        at = None
    return at if at is not None and at.tzinfo else Refusal("时间“{at}”写全，例如2026-07-13T09:00+08:00", at=str(written or ""))
