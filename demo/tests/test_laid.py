"""The whole district laid in through the doors: every building finds its grid, and every grid its people, at any hour."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE
from siqian.town.people import actions as people_actions, queries as people
from siqian.town.places import actions as places_actions, queries as places

NOW = datetime(2026, 7, 15, 10, 0, tzinfo=clock.TOWN)
NIGHT = datetime(2026, 7, 15, 3, 30, tzinfo=clock.TOWN)


@pytest.fixture
def laid(db, made):
    """The district beside the small town of the tests."""
    places_actions.lay_out(areas=made.areas, sites=made.sites, buildings=made.buildings, by=OFFICE, at=NOW)
    people_actions.lay_in(persons=made.persons, seats=made.seats, since=date(2026, 1, 1), by=OFFICE, at=NOW)
    for leave in made.leaves[:40]:
        since, until = NOW + leave.since, NOW + leave.until
        people_actions.take_leave(person=leave.person, since=since, until=until, stand_in=leave.stand_in, by=OFFICE, at=NOW)
    return made


LIGHT = 60_000


@pytest.mark.long
def test_everybody_has_people_at_any_hour_and_picks_a_building_in_light_steps(laid, client):
    """In one test, since laying in takes longer than all that is asked."""
    _everybody_has_people(laid)
    _a_building_is_picked_in_light_steps(laid, client)


def _a_building_is_picked_in_light_steps(laid, client):
    """Community, estate, house: each page below 60 kB as plain text, before the server compresses it; without scripts."""
    below = Counter(row.site.partition("S")[0] for row in laid.buildings)
    of_site = Counter(row.site for row in laid.buildings)
    (community, count), (site, houses) = below.most_common(1)[0], of_site.most_common(1)[0]
    assert count > 700 and houses > 60
    for asked in ({}, {"community": community}, {"site": site}, {"q": "松涛苑"}):
        answer = client.get("/report/where", asked)
        assert answer.status_code == 200 and len(answer.content) < LIGHT, (asked, len(answer.content))
    page = client.get("/report/where", {"community": community}).content.decode()
    sites = [row.code for row in laid.sites if row.code.startswith(f"{community}S") and of_site[row.code]]
    assert all(f"site={code}&" in page for code in sites)
    assert client.get("/report/where", {"site": site}).content.decode().count("?building=") == 2 * houses


def _everybody_has_people(laid):
    cells = places.cells_at([row.lon for row in laid.buildings], [row.lat for row in laid.buildings]).tolist()
    ids = places.area_ids()
    assert cells == [ids[row.area] for row in laid.buildings], "every house is found by its point"
    for row in Random(5).sample(laid.buildings, 300):
        place = places.at_building(row.code)
        assert place.area == ids[row.area] and len(place.names) == 6 and len(place.names_en) == 6
        duties = [card.duty for card in people.my_people(place.path, at=NOW)]
        assert duties[0] == "keeper" and {"building_head", "secretary", "police", "desk"} <= set(duties)
        for at in (NOW, NIGHT, NOW + timedelta(days=4)):
            assert people.owner_at(place.path, at=at).person, "nothing is ever unowned"
    home = next(row for row in laid.buildings if row.name == "松涛苑3栋")
    for at in (NOW, NIGHT):
        assert people.my_people(places.at_building(home.code).path, at=at)[0].name == "陈志明"
    found = {line.name for line in places.find("松涛苑3栋")}
    assert "松涛苑3栋" in found and places.read("松涛苑3栋", near="YR").buildings == (home.code,)
    shown = places.sites_at(home.lon, home.lat)
    assert [line.name for line in shown] == ["松涛苑"] and len(places.sites_in(places.at_area("YR").path)) > 20
