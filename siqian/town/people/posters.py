"""A poster of a building grid: its people, what they are there for, and one code by which to tell them anything."""

from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from django.utils.translation import get_language, gettext as _

from siqian.kernel import printing
from siqian.kernel.clock import local
from siqian.kernel.permits import NotFound, Refusal
from siqian.town.places import queries as places
from siqian.ui import words

from . import queries

LAYOUT = Path(__file__).parent / "layouts" / "poster.typ"
MOST_PEOPLE, MOST_HOUSES = 8, 24
NO_AREA = Refusal("没有这个楼栋格，从“您楼里的人”那一页打开海报", field="area")


def poster(area: str, *, address: str, phone: str, sample: str, at: datetime) -> bytes:
    """The PDF for a building grid by its code. address: of this service, without a slash at the end; phone: for whoever complains of it.

    NotFound when there is no such area or it is larger than a grid.
    """
    place = places.at_area(area)
    if place is None or len(place.names) < 5:
        raise NotFound(NO_AREA)
    link = f"{address}/people?area={quote(area)}"
    names = [words.either(zh, en) for zh, en in zip(place.names, place.names_en, strict=True)]
    return printing.typeset(
        LAYOUT,
        {
            "lang": "en" if get_language() == "en" else "zh",
            "title": _("您楼里的人"),
            "community": names[2],
            "joint": " · ",
            "grid": names[4],
            "place": names[-1],
            "houses": _houses(place.path),
            "people": [_person(card) for card in _near(place.path, at)],
            "code": squares(link),
            "scan": _("扫一扫，有事说一声"),
            "lines": [_("30分钟内有人回您"), _("24小时内办好，办到哪步看得见"), _("不会用手机的，找上面任何一位都行")],
            "address": link,
            "supervised": _("没人管？打监督电话"),
            "phone": phone,
            "urgent": _("有危险先打"),
            "printed": _("{day}印。换了人，扫码看到的总是新的。").format(day=f"{local(at):%Y-%m-%d}"),
            "sample": sample,
        },
    )


def squares(text: str) -> list[str]:
    """A QR code as rows of 0 and 1, quiet zone left to the layout."""
    import segno

    return ["".join(str(int(bool(cell))) for cell in row) for row in segno.make(text, error="m", micro=False).matrix]


def _near(path: str, at: datetime) -> list[queries.Card]:
    """The place's own people, and of the desks the nearest one."""
    cards = [card for card in queries.my_people(path, at=at) if card.duty != "dispatcher"]
    desks = sorted((card for card in cards if card.duty == "desk"), key=lambda card: -len(queries.post_line(card.post)[2]))
    return [*[card for card in cards if card.duty != "desk"][: MOST_PEOPLE - 1], *desks[:1]]


def _houses(path: str) -> str:
    found = [words.either(line.name, line.name_en) for line in places.buildings(within=path)]
    shown = _("、").join(found[:MOST_HOUSES])
    return _("{shown}等{n}栋").format(shown=shown, n=len(found)) if len(found) > MOST_HOUSES else shown


def _person(card: queries.Card) -> dict[str, str]:
    name = words.either(card.name, card.name_en)
    where = words.either(card.area, card.area_en) + " " if card.duty == "desk" else ""
    return {"name": name, "first": card.name[:1], "duty": where + _(card.duty_words), "hint": _(card.hint)}
