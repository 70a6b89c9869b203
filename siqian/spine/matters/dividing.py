"""The verbs of a matter in parts (分办): divide it, note that all parts are done. Each: permit, decide, write, record."""

from collections.abc import Sequence
from datetime import datetime

from siqian.kernel import rows
from siqian.kernel.journal import office_verb, record
from siqian.kernel.permits import Actor, BadInput, Refusal, Refused
from siqian.spine.learn import queries as learn
from siqian.spine.learn.rules import Understanding
from siqian.spine.remit import queries as remit
from siqian.town.people import queries as people
from siqian.trades.tasks import actions as tasks, queries as clocks

from . import recusal, rules
from .events import MatterReceived, MatterResumed, PartGathered, PartsDone
from .keeping import drop, give, go, locked, owner_but, write
from .models import Behalf, Matter, Step, Telling
from .parts import rated_alone
from .receiving import LAID, due_times, tie_parts
from .rules.parts import Wanted
from .tellings import understanding


@office_verb
def divide(*, matter: int, parts: Sequence[Wanted], by: Actor, at: datetime) -> list[int]:
    """Make parts of what else is in a matter, each with an owner and clocks of its own from now on; gives their ids.

    Whoever has the matter leads: it closes only when its parts are over. The same part asked for twice is made once.
    Records matter.received of each, matter.divided of the whole.
    """
    row = locked(matter, by, "divide")
    wanted = [Wanted(one.text.strip(), one.item.strip()) for one in parts if one.text.strip()]
    fault = rules.parts.divide_fault(remit.kind(row.kind), is_part=row.whole_id is not None, unplaced=row.unplaced, wanted=wanted)
    if fault is not None:
        raise (BadInput if fault.field else Refused)(fault)
    read = [_read(one) for one in wanted]
    go(row, "divide")
    there = _there(row)
    own = [
        there.get(one.text) or _make(row, one, item, understood, by=by, at=at) for one, (item, understood) in zip(wanted, read, strict=True)
    ]
    made = [id_ for id_ in own if id_ not in there.values()]
    if made:
        write(row, "divided", values={"n": len(made)}, by=by, at=at)
        tie_parts(row.id, made, by=by, at=at)
    return own


@office_verb
def gather(*, matter: int, by: Actor, at: datetime) -> None:
    """Take a part back (收回) within the hour, while nobody took it up: it is done with the whole. Twice is once.

    Records part.gathered.
    """
    # The whole first, as whoever withdraws it does: two who lock in two orders would wait for each other.
    lead = Matter.objects.filter(id=matter).values_list("whole_id", flat=True).first()
    whole = locked(lead, by, "divide") if lead is not None else None
    row = locked(matter, by, "divide")
    if row.state == "gathered":
        return
    fault = rules.parts.gather_fault(
        row.state,
        row.received,
        at,
        is_part=whole is not None,
        whole_open=whole is not None and whole.state in rules.OPEN,
        alone=rated_alone(row),
    )
    if fault is not None or whole is None:
        raise Refused(fault or rules.parts.NOT_GATHERED)
    go(row, "gather")
    drop(row, by=by, at=at)
    tasks.stop_all(about=f"matter:{row.id}", by=by, at=at)
    write(row, "gathered", by=by, at=at)
    write(whole, "gathered", by=by, at=at)
    record(PartGathered(f"matter:{row.id}", f"matter:{whole.id}"), by=by, at=at)


@office_verb
def note_parts_done(*, part: int, by: Actor, at: datetime) -> None:
    """A part is over: if it was the last, the whole's thread says so, and a whole that waited for it goes on. Records parts.done."""
    whole = Matter.objects.filter(id=part).values_list("whole_id", flat=True).first()
    if whole is None:
        return
    row = locked(whole, by, "read")
    count = Matter.objects.filter(whole=row).exclude(state="gathered").count()
    if row.state not in rules.OPEN or Matter.objects.filter(whole=row, state__in=rules.OWED).exists():
        return
    about = f"matter:{row.id}"
    if count and not Step.objects.filter(matter=row, kind="parts_done", values__n=count).exists():
        write(row, "parts_done", values={"n": count}, by=by, at=at)
        record(PartsDone(about, count), by=by, at=at)
    if row.state == "on_hold" and clocks.waits_for(about, "settle") == "parts":
        go(row, "resume")
        tasks.resume(about=about, what="settle", by=by, at=at)
        write(row, "resumed", by=by, at=at)
        record(MatterResumed(about), by=by, at=at)


def _read(wanted: Wanted) -> tuple[str, Understanding]:
    """(item, understanding) of a part's words; whoever divides says the item where the words do not."""
    understood = learn.understand(wanted.text)
    item = wanted.item or understood.item
    if item not in remit.items():
        raise BadInput(Refusal(rules.parts.NO_ITEM.template, field="item", item=item))
    if item == remit.unsure().code:
        raise BadInput(Refusal(rules.parts.UNSORTED.template, field="item", text=wanted.text[:20]))
    return item, understood


def _there(row: Matter) -> dict[str, int]:
    """Parts that are worked on already, by their words."""
    first = Telling.objects.filter(matter__whole=row, matter__state__in=rules.OWED, how="first")
    return dict(first.values_list("text", "matter_id"))


def _make(row: Matter, wanted: Wanted, item: str, understood: Understanding, *, by: Actor, at: datetime) -> int:
    watch = people.Watch(row.path, at=at)
    kind = remit.kind(rules.parts.kind_of(remit.kind(row.kind), remit.kind(understood.kind)))
    against = set(row.against) | (recusal.named(wanted.text, watch) if kind.names else set())
    owner = owner_but(watch, against)
    part = Matter.objects.create(
        **{name: getattr(row, name) for name in LAID},
        state="assigned",
        kind=kind.code,
        item=item,
        unsure=False,
        guesses=[{"item": guess.item, "share": guess.share} for guess in understood.guesses],
        title=understood.title[:60] or wanted.text[:60],
        unit=recusal.lead(item, row.path, at, against=against),
        post=owner.post,
        person=owner.person,
        urgent=bool(understood.risks),
        against=sorted(against),
        discreet=row.discreet or rules.discreet(wanted.text, kind, understood.duties, against),
        received=at,
        tellings=row.tellings,
        whole=row,
    )
    first = _tell_again(row, part, wanted.text, understood, at=at)
    write(part, "told", photos=[], values={"telling": first}, by=by, at=at)
    give(part, owner, by=by, at=at)
    about = f"matter:{part.id}"
    record(MatterReceived(about, f"telling:{first}", "desk", item, part.grid, owner.post, *due_times(item, kind.code, at)), by=by, at=at)
    return part.id


def _tell_again(row: Matter, part: Matter, text: str, understood: Understanding, *, at: datetime) -> int:
    """Everybody who told the whole waits for its part, each under the receipt that they have; gives the first telling's id."""
    told = list(Telling.objects.filter(matter=row).order_by("id"))
    behalf = {one.telling_id: one for one in Behalf.objects.filter(matter=row)}
    (ids,) = rows.ids((Telling, len(told)))
    for id_, one in zip(ids, told, strict=True):
        mark = rules.parts.receipt_of(one.receipt, id_)
        columns = {name: getattr(one, name) for name in TAKEN_OVER} | {"understood": understanding(understood), "photos": []}
        rows.put(
            Telling,
            id=id_,
            matter_id=part.id,
            grid=part.grid,
            text=text,
            at=at,
            receipt=mark,
            told_with_id=one.told_with_id or one.id,
            **columns,
        )
        if one.id in behalf:
            spoken_for = {name: getattr(behalf[one.id], name) for name in SPOKEN_FOR}
            rows.put(Behalf, telling_id=id_, matter_id=part.id, grid=part.grid, **spoken_for)
    rows.write_now()
    return next(id_ for id_, one in zip(ids, told, strict=True) if one.how == "first")


# What a telling of a part keeps of the whole's. Sealed words stay under the key of the first one.
TAKEN_OVER = ("channel", "how", "account", "name_sealed", "phone_sealed", "name_masked", "phone_masked", "phone_mark")
SPOKEN_FOR = ("relation", "name_sealed", "phone_sealed", "name_masked", "phone_masked")
