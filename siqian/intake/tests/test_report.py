"""The report page as a form: sent once, however often it is sent; asked where it may be told already."""

import io
import re

import pytest
from PIL import Image

from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries

LAMP = "3栋东边楼梯2楼的灯坏了，晚上看不清路"


@pytest.fixture
def form(client, town):
    """What a browser would send: the page's hidden fields, and whatever is typed."""

    def send(text: str, building: str = "松涛苑3栋", **more):
        page = client.get("/report").content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(once|joins|apart)" value="([^"]*)"', page))
        return client.post("/report", hidden | {"text": text, "building": town.building(building)} | more)

    return send


def census() -> int:
    return queries.census(seen_by=OFFICE)["事"]


def test_a_double_tap_tells_it_once(client, form, town):
    first = form(LAMP, once="TAP")
    second = form(LAMP, once="TAP")
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert census() == 1
    assert queries.lines([1], seen_by=OFFICE)[1].tellings == 1


def test_a_retry_whose_first_answer_was_lost_opens_the_matter_all_the_same(form, town):
    from django.test import Client

    where = form(LAMP, once="LOST")["Location"]
    other = Client()
    assert other.get(where).status_code == 404
    again = other.post("/report", {"text": LAMP, "once": "LOST", "building": town.building("松涛苑3栋")})
    assert again["Location"] == where and other.get(where).status_code == 200 and census() == 1


def test_two_tellers_of_the_same_lamp_are_two(form):
    form(LAMP)
    form(LAMP)
    assert census() == 1 and queries.lines([1], seen_by=OFFICE)[1].tellings == 2


def test_a_likely_twin_is_asked_and_another_matter_is_told_apart(form):
    form("3栋西边楼道堆满了纸箱，走路都要侧身")
    asked = form("我们楼道里一直堆着纸箱子")
    assert asked.status_code == 200 and "是不是这件事" in asked.content.decode() and census() == 1
    apart = form("我们楼道里一直堆着纸箱子", apart="1")
    assert apart.status_code == 302 and census() == 2


def test_a_photo_travels_without_its_place_and_a_text_is_no_photo(client, form):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (22.0, 39.0, 36.0)}
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif)
    out.seek(0)
    out.name = "灯.jpg"
    where = form(LAMP, photos=out)["Location"]
    sha = re.search(r"photos/([0-9a-f]{64})", client.get(where).content.decode())[1]
    kept = b"".join(client.get(f"{where}/photos/{sha}").streaming_content)
    assert Image.open(io.BytesIO(kept)).getexif() == {}
    fake = io.BytesIO(b"not a picture")
    fake.name = "灯.jpg"
    refused = form("4栋路面塌了一块", building="松涛苑4栋", photos=fake)
    assert refused.status_code == 400 and "不是照片" in refused.content.decode() and census() == 1


def test_a_stranger_does_not_see_the_photo(client, form):
    from django.test import Client

    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG")
    out.seek(0)
    out.name = "灯.png"
    where = form(LAMP, photos=out)["Location"]
    sha = re.search(r"photos/([0-9a-f]{64})", client.get(where).content.decode())[1]
    assert Client().get(f"{where}/photos/{sha}").status_code == 404


def shown(client, **asked):
    answer = client.get("/report/where", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_building_is_picked_by_community_estate_and_house(client, town):
    first = shown(client)
    assert "community=ry" in first and "<figure" not in first and "songtao-3" not in first
    estates = shown(client, community="ry")
    assert (
        "site=songtao" in estates
        and "building=" not in estates
        and (estates.count('<polygon class="g"'), estates.count('<polygon class="b"')) == (2, 1)
    )
    houses = shown(client, site="songtao")
    assert re.findall(r'href="/report\?building=([\w-]+)" aria-label', houses) == [f"songtao-{number}" for number in range(1, 7)]
    assert "云岭村" not in estates + houses


def test_who_lives_somewhere_begins_at_the_own_estate(client, town):
    client.post("/home", {"building": "songtao-3"})
    assert "building=songtao-4" in shown(client) and "site=songtao" in shown(client, community="ry")
    assert "/people?building=songtao-4" in shown(client, **{"for": "people"})


@pytest.mark.parametrize("asked", [{"community": "nowhere"}, {"community": "rj"}, {"site": "nowhere"}])
def test_what_is_not_on_the_map_begins_at_the_first_question(client, town, asked):
    assert "community=ry" in shown(client, **asked) and "<figure" not in shown(client, **asked)
