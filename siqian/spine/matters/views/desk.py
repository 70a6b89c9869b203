"""Pages of staff: the words with their evidence, the clocks, the verbs on keys; the list of everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from siqian.kernel import vault
from siqian.kernel.clock import local
from siqian.kernel.permits import Refused
from siqian.spine.learn import queries as understanding
from siqian.spine.remit import queries as remit
from siqian.spine.remit.rules import Item
from siqian.town.people import queries as people
from siqian.town.places import queries as places
from siqian.ui.pages import back_to, csv_file, page, post
from siqian.ui.words import either, say

from .. import actions, outside, papering, queries, rules
from ..templatetags.matters import kind_word, state_word
from . import cases, joint, petition
from .reading import id_of, number_in, photos_in, spot_in, time_in


@page("matters/desk.html")
def desk(request: HttpRequest, number: str):
    """Staff: the words with their evidence, the clocks, the verbs on keys."""
    view = queries.seen(number, seen_by=request.actor, at=request.at)
    if request.method == "GET" and not queries.was_read(view.line.id, seen_by=request.actor):
        actions.mark_read(matter=view.line.id, by=request.actor, at=request.at)
    return _desk(request, view)


@page("matters/list.html")
def all_matters(request: HttpRequest):
    """Every matter that this person may see: search, filter, next page."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    after = int(request.GET["after"]) if request.GET.get("after", "").isdigit() else 0
    lines = queries.find(seen_by=request.actor, words=words, state=state, after=after, most=51)
    return {"lines": lines[:50], "more": lines[49].id if len(lines) > 50 else 0, "q": words, "state": state, "states": STATES}


def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file, the newest so many; no name, no telephone."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = queries.find(seen_by=request.actor, words=words, state=state, most=MOST_ROWS)
    heads = [
        _("编号"),
        _("什么事"),
        _("种类"),
        _("事项"),
        _("在哪里"),
        _("走到哪步"),
        _("什么时候说的"),
        _("办结"),
        _("几位说的"),
        _("主办岗位"),
    ]
    return csv_file("matters", heads, map(_row, found))


def _row(line: queries.MatterLine) -> Sequence[object]:
    item, done = remit.item(line.item), f"{local(line.closed):%Y-%m-%d %H:%M}" if line.closed else ""
    told, owner = f"{local(line.received):%Y-%m-%d %H:%M}", people.post_line(line.post)
    what = either(item.zh, item.en)
    return (
        line.number,
        line.title,
        kind_word(line.kind),
        what,
        line.place,
        state_word(line.state),
        told,
        done,
        line.tellings,
        either(*owner[:2]),
    )


MOST_ROWS = 10_000
STATES = ("open", *rules.OPEN, "closed", "settled", "withdrawn", "refused", "appealed", "dismissed", "gathered", "archived")


@post
def accept(request: HttpRequest, number: str) -> HttpResponse:
    actions.accept(matter=id_of(number), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("签收了"))


@post
def contact(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.contact(
        matter=id_of(number),
        how=sent.get("how", "message"),
        text=sent.get("text", ""),
        photos=photos_in(request),
        promised=time_in(request, "promised"),
        by=request.actor,
        at=request.at,
    )
    return back_to(f"/desk/matters/{number}", request, _("记下了，说事的人看得到"))


@post
def note(request: HttpRequest, number: str) -> HttpResponse:
    actions.note(matter=id_of(number), text=request.POST.get("text", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("记下了，只有同事看得到"))


@post
def close(request: HttpRequest, number: str) -> HttpResponse:
    text, photos, stood = request.POST.get("text", ""), photos_in(request), spot_in(request)
    actions.close(matter=id_of(number), text=text, photos=photos, stood=stood, by=request.actor, at=request.at)
    return back_to("/desk", request, _("办结了，请说事的人来评"))


@post
def assign(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.assign(matter=id_of(number), item=sent.get("item", ""), building=sent.get("building", ""), by=request.actor, at=request.at)
    where = sent.get("next", "")
    return back_to(where if where in ("/board", "/desk") else f"/desk/matters/{number}", request, _("定好了，交出去了"))


@post
def move(request: HttpRequest, number: str) -> HttpResponse:
    actions.move(matter=id_of(number), post=request.POST.get("post", ""), why=request.POST.get("why", ""), by=request.actor, at=request.at)
    return back_to("/desk", request, _("转过去了"))


@post
def sort(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.POST
    actions.sort(matter=id_of(number), kind=sent.get("kind", ""), why=sent.get("why", ""), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{number}", request, _("改好了，时限按这一种重新算了"))


@post
def part(request: HttpRequest, number: str) -> HttpResponse:
    own = actions.part(telling=number_in(request, "telling"), by=request.actor, at=request.at)
    return back_to(f"/desk/matters/{queries.number_of(own)}", request, _("分出来了，单独办"))


@page("matters/looked.html")
@post
def look(request: HttpRequest, number: str):
    """Name and telephone for a stated purpose; the look is in the journal."""
    purpose = request.POST.get("purpose", "")
    telling = number_in(request, "telling")
    principal = request.POST.get("whose") == "principal"
    subject, name, phone = queries.sealed(number, telling, principal=principal, seen_by=request.actor)
    told = {
        what: vault.look(subject=subject, sealed=sealed, what=what, purpose=purpose, by=request.actor, at=request.at)
        for what, sealed in (("name", name), ("phone", phone))
        if sealed
    }
    return {"told": told, "number": number, "purpose": purpose}


@post
def accept_many(request: HttpRequest) -> HttpResponse:
    """Bulk: sign for all that are marked; each failure is named, the others stand."""
    return _many(request, lambda id_: actions.accept(matter=id_, by=request.actor, at=request.at), _("签收了{n}件"))


@post
def contact_many(request: HttpRequest) -> HttpResponse:
    """Bulk: one answer to all that are marked."""
    text = request.POST.get("text", "")
    return _many(
        request, lambda id_: actions.contact(matter=id_, how="message", text=text, by=request.actor, at=request.at), _("回复了{n}件")
    )


def _many(request: HttpRequest, act, says: str) -> HttpResponse:
    done, faults = 0, []
    for number in request.POST.getlist("number"):
        try:
            act(id_of(number))
            done += 1
        except Refused as error:
            faults.append(_("{number}：{why}").format(number=number, why=say(error.refusal)))
    text = says.format(n=done) + (_("。没成的：") + _("；").join(faults) if faults else "")
    return back_to("/desk", request, text)


def _desk(request: HttpRequest, view: queries.MatterView) -> dict[str, object]:
    line, words = view.line, request.GET.get("item", "").strip()
    item = remit.item(line.item)
    items = [row for row in remit.items().values() if words and (words in row.zh or words.lower() in row.en.lower() or words in row.words)]
    parts = queries.of_whole(line.id, seen_by=request.actor)
    open_parts = sum(not part.is_over for part in parts)
    return {
        "view": view,
        "line": line,
        "item": item,
        "checked": understanding.checked(),
        "unit": remit.unit(view.unit),
        "due": queries.due_of(line),
        "kind": remit.kind(line.kind),
        "kinds": remit.kinds().values(),
        "gates": remit.gates().values(),
        "spoken_of": {gate.code for telling in view.tellings for gate in remit.doors(telling.text)},
        "looked_at": remit.kind(line.kind).looked_at(item),
        "guesses": [(remit.item(code), share) for code, share in line.guesses],
        "outside": _outside(view),
        "items": items[:12],
        "item_words": words,
        "earlier": queries.earlier(line, view.building, seen_by=request.actor),
        "others": _takers(view, item, request.at),
        **_named(view),
        "candidates": [place for code in line.candidates[:6] if (place := places.at_building(code))],
        "found": places.find(request.GET["place"])[:8] if request.GET.get("place") else [],
        "place_words": request.GET.get("place", ""),
        "holds": rules.course.HOLDS_OF_WHOLE if open_parts else rules.course.HOLDS,
        "whole": queries.whole_of(line.id, seen_by=request.actor) if line.is_part else None,
        "parts": parts,
        "gatherable": queries.gatherable(line.id, seen_by=request.actor, at=request.at) if line.is_part else False,
        "parts_open": open_parts,
        "divide_items": remit.items().values() if "divide" in view.verbs else [],
        "papers": papering.about(line.id, seen_by=request.actor),
        **petition.shown_to_staff(request, line),
        **joint.shown_to_staff(request, line),
        **cases.shown_to_staff(request, line),
        "units": sorted(remit.units().values(), key=lambda unit: unit.code != view.unit),
    }


def _outside(view: queries.MatterView) -> Item | None:
    """What an adviser outside the house names for an unsure matter, where it is none of the guesses."""
    known = {code for code, _ in view.line.guesses}
    said = outside.said_of(view.tellings[0].text) if view.line.unsure and view.tellings else None
    return said if said is not None and said.code not in known else None


def _named(view: queries.MatterView) -> dict[str, object]:
    """How sure the place was that was read out of the words, and what else they name: (words, why, building that may be taken instead)."""
    read: dict[str, Any] = {}
    others: list[tuple[str, str, places.Place | None]] = []
    for telling in view.tellings[:1]:
        for one in telling.understood.get("named", ()):
            codes = one["buildings"]
            if one["meant"] and (not view.building or view.building in codes):
                read = read or one
            elif view.building not in codes or not view.building:
                place = places.at_building(codes[0]) if len(codes) == 1 else None
                others.append((telling.text[one["start"] : one["end"]], one["why"], place))
    return {"read_as": read, "also_named": others, "may_place": bool(view.verbs & {"move", "assign"})}


def _takers(view: queries.MatterView, item: Item, at: datetime) -> list[people.Card]:
    """To whom it may be given: the place's own people, and those of the units that the list names."""
    near = [card for card in people.my_people(view.line.path, at=at) if card.duty in ("keeper", "secretary", "desk", "dispatcher")]
    working = people.unit_cards({view.unit, item.lead, *item.joint}, view.line.path, at=at)
    return [card for card in (*near, *working) if card.post != view.line.post]
