"""The poster at the entrance: whose people one's own are, on one page, with a code that opens them."""

import re

import pytest
from django.utils import translation

from siqian.kernel.permits import NotFound
from siqian.testing import monday_nine
from siqian.town.people import posters

CELL = "ry-g2-c1"


def made(town, area=CELL, sample="示例数据"):
    return posters.poster(area, address="http://siqian.test", phone="12345", sample=sample, at=monday_nine)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_is_one_page_with_its_fonts(town, language):
    with translation.override(language):
        pdf = made(town)
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_it_names_the_nearest_first_and_one_desk_only(town):
    near = posters._near(town.area(CELL).path, monday_nine)
    assert [card.name for card in near[:3]] == ["陈志明", "吴建国", "林秀娟"]
    assert [card.post for card in near if card.duty == "desk"] == [town.post("desk", "ry")]
    assert not any(card.duty in ("dispatcher", "handler", "leader") for card in near)


def test_its_code_is_the_address_of_these_people(town, client):
    rows = posters.squares(f"http://siqian.test/people?area={CELL}")
    assert len(rows) == len(rows[0]) >= 21 and set("".join(rows)) == {"0", "1"}
    # The three corners by which a camera finds it.
    assert all(rows[y][x : x + 7] == "1111111" for y, x in ((0, 0), (0, len(rows) - 7), (len(rows) - 7, 0)))
    assert "陈志明" in client.get(f"/people?area={CELL}").content.decode()


def test_a_grid_that_is_none_is_named(town, client):
    with pytest.raises(NotFound, match="没有这个楼栋格"):
        made(town, area="nowhere")
    # A community is no entrance.
    with pytest.raises(NotFound, match="没有这个楼栋格"):
        made(town, area="ry")
    assert client.get("/people/poster.pdf?area=nowhere").status_code == 404


def test_anybody_may_print_it_from_the_page(town, client):
    page = client.get(f"/people?building={town.building('松涛苑3栋')}").content.decode()
    assert f"/people/poster.pdf?area={CELL}" in page
    answer = client.get(f"/people/poster.pdf?area={CELL}")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
