"""Lives of matters as they come in from elsewhere: who told, who owned it, what was done, in order. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from siqian.kernel.permits import BadInput, Refusal
from siqian.spine.learn.rules import Understanding


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is. grid: id of the smallest area known for certain; unplaced: why it is not one building grid."""

    path: str
    grid: int
    words: str
    building: str = ""
    lon: float | None = None
    lat: float | None = None
    unplaced: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who owns it from some act on: a post, the person who sat there if anybody did, what the thread calls them."""

    post: str
    person: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One telling: the words, what was made of them, who told. how, of one that joined: sure (by rule) or chosen (by the teller)."""

    text: str
    at: datetime
    channel: str
    understood: Understanding
    by: str = "anyone"
    name: str = ""
    phone: str = ""
    account: str = ""
    external: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    how: str = "sure"


@dataclass(frozen=True, slots=True)
class Did:
    """One act. verb: a verb of the flow table, join, note, remark, urge; or return, extend, ledger and grant or deny on them.

    text: what was said, done or given as reason; how and promised: of a contact; holder: of move, assign and reopen;
    item and spot: of assign; voice: of join; telling: which telling spoke, of remark, praise and reopen (0 is the first).
    why: of hold; until: of stage, ledger and review; unit: of return and its grant; clause: of return; amount: of extend.
    """

    verb: str
    at: datetime
    by: str = "office"
    name: str = ""
    text: str = ""
    how: str = ""
    promised: datetime | None = None
    item: str = ""
    spot: Spot | None = None
    holder: Holder | None = None
    voice: Voice | None = None
    telling: int = 0
    why: str = ""
    until: datetime | None = None
    unit: str = ""
    clause: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """A matter from its first telling on. against: codes of the persons whom it is about."""

    first: Voice
    spot: Spot
    item: str
    kind: str
    holder: Holder
    acts: tuple[Did, ...] = ()
    against: tuple[str, ...] = ()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Everybody who told of it, the first first."""
        return (self.first, *(act.voice for act in self.acts if act.voice is not None))

    @property
    def posts(self) -> frozenset[str]:
        return frozenset({self.holder.post, *(act.holder.post for act in self.acts if act.holder is not None)})

    @property
    def spots(self) -> tuple[Spot, ...]:
        return (self.spot, *(act.spot for act in self.acts if act.spot is not None))


class Unlawful(BadInput):
    """Lives that cannot have been lived so. faults: every one of them; the sentence shows the first twenty."""

    def __init__(self, faults: list[Refusal]) -> None:
        shown = "；".join(fault.why for fault in faults[:20])
        super().__init__(Refusal("历史里有{count}处要改，一件也没有收：{first}", count=len(faults), first=shown))
        self.faults = tuple(faults)


def digest(lives: Iterable[Life]) -> str:
    """SHA-256 over what was taken, so that whoever keeps the source can prove that it is this."""
    sums = hashlib.sha256()
    encode = msgspec.json.Encoder().encode
    for life in lives:
        sums.update(encode(life))
        sums.update(b"\n")
    return sums.hexdigest()


def understood(understanding: Understanding, spans: Iterable[tuple[int, int]] = ()) -> dict[str, object]:
    """What is kept with a telling of what was made of it; spans: where in the text the place stands."""
    return {
        "version": understanding.version,
        "title": understanding.title,
        "why": understanding.why,
        "risks": [risk.zh for risk in understanding.risks],
        "call": understanding.calls,
        "spans": understanding.marks(spans),
    }
