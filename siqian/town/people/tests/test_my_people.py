"""Who are my people? By building, by address, by point; at noon and at night; the page says the same as the API."""

from siqian.kernel import clock
from siqian.testing import monday_nine


def asked(client, **where):
    answer = client.get("/api/people", where)
    return answer.status_code, answer.json()


def test_a_building_an_address_and_a_point_of_one_house_lead_to_the_same_people(town, client):
    lon, lat = town.point("松涛苑3栋")
    with clock.stopped_at(monday_nine):
        (one, two, three) = (asked(client, building="songtao-3"), asked(client, address="松涛花园3栋"), asked(client, lon=lon, lat=lat))
        page = client.get("/people?building=songtao-3").content.decode()
    assert one[0] == two[0] == three[0] == 200
    names = [[card["name"] for card in body["people"]] for _, body in (one, two, three)]
    assert names[0] == names[1] == names[2]
    keeper = one[1]["people"][0]
    assert (keeper["name"], keeper["duty"], keeper["on"]) == ("陈志明", "keeper", True) and keeper["hint"]
    assert {card["duty"] for card in one[1]["people"]} >= {
        "keeper",
        "building_head",
        "secretary",
        "police",
        "social_worker",
        "doctor",
        "desk",
    }
    assert "陈志明" in page and "199" not in page


def test_at_night_the_keeper_is_shown_as_away_and_until_when(town, client):
    with clock.stopped_at(monday_nine.replace(hour=23)):
        cards = asked(client, building="songtao-3")[1]["people"]
    keeper = next(card for card in cards if card["duty"] == "keeper")
    assert keeper["on"] is False and keeper["next"] and any(card["on"] for card in cards if card["duty"] == "desk")


def test_what_leads_nowhere_is_said_with_the_field(town, client):
    assert asked(client)[0] == 400
    for where, field in (({"building": "nowhere"}, "building"), ({"address": "月亮上"}, "address"), ({"lon": 100, "lat": 30}, "lon")):
        status, body = asked(client, **where)
        assert (status, body["field"]) == (404, field)
