"""English pages with real values: nothing Chinese is left but what residents and keepers wrote."""

import re
from html import unescape

import pytest
from django.utils.translation import trans_real

from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel.permits import ANYONE, OFFICE
from siqian.spine.matters.reactions import LATE
from siqian.testing import monday_nine
from siqian.trades.notices import actions as notices
from siqian.web import words

SAID = "3栋东边楼梯2楼的灯坏了"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


@pytest.fixture(autouse=True)
def compiled():
    words.compile_all()
    trans_real._translations.clear()


@pytest.fixture
def told(town):
    return intake.take(message=Message(SAID, "web", building=town.building("松涛苑3栋")), photos=[], by=ANYONE, at=monday_nine)


def test_people_of_a_building_by_their_english_names(client, town):
    text = english(client, f"/people?building={town.building('松涛苑3栋')}")
    assert "Songtao Court Building 3" in text and "Rongyin Community › Rongyin Grid 2" in text
    assert "Chen Zhiming" in text and "Grid worker" in text and "Duty desk, Rongyin Community" in text
    assert chinese(text) == set()


def test_the_desks_page_of_a_matter_names_keeper_place_and_item_in_english(signed_in, told):
    text = english(signed_in("chen"), f"/desk/matters/{told.number}")
    assert 'Handed to Chen Zhiming, read as "Stairway lighting"' in text
    assert "Songtao Court Building 3, found in the building register" in text
    assert "Grid worker, Rongyin Grid 2" in text


@pytest.mark.parametrize("page", ["/desk", "/desk/matters", "/board", "/notices"])
def test_lists_are_english_but_for_what_was_written(signed_in, told, page):
    text = english(signed_in("liang" if page != "/desk" else "chen"), page)
    assert {piece for piece in chinese(text) if piece not in SAID} == set()


def test_a_notice_of_lateness_is_a_sentence_with_its_level(signed_in, told, town):
    to, about = f"post:{town.post('desk', 'ry')}", f"matter:{told.matter}"
    notices.tell(to=to, about=about, text=LATE["respond"], values={"level": "1"}, by=OFFICE, at=monday_nine)
    assert "回应超时，第1级，报到您这里" in shown(signed_in("ruolan").get("/notices"))
    assert '"Respond" is overdue and raised to you (level 1)' in english(signed_in("ruolan"), "/notices")


def english(visitor, page: str) -> str:
    visitor.cookies["django_language"] = "en"
    return shown(visitor.get(page))


def shown(response) -> str:
    """What stands on the page: tags and the language switch left out."""
    assert response.status_code == 200
    body = re.sub(r"<(script|style|svg).*?</\\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", body.replace("中文", ""))).split())


def chinese(text: str) -> set[str]:
    return set(CHINESE.findall(text))
