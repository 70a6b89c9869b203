"""A city's app speaks the open standard: what it sends is done by people, and what becomes of it stands where everybody may read it."""

import io
import json
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image

from siqian.intake import actions
from siqian.intake.models import Report
from siqian.kernel import clock, store
from siqian.kernel.permits import OFFICE, NotYours
from siqian.spine.matters import actions as matters
from siqian.spine.matters.models import Matter, Telling
from siqian.testing import monday_nine, seat_administrators

V2, TRIAL = "/open311/v2", "/open311/trial/v2"
WORDS = "桥头第三根灯杆不亮，晚上看不清路"


@pytest.fixture(autouse=True)
def morning():
    with clock.stopped_at(monday_nine):
        yield


@pytest.fixture(autouse=True)
def key(town):
    return actions.admit(system="app", key="demo", by=OFFICE, at=monday_nine)


@pytest.fixture
def send(client, town):
    def posted(root: str = V2, form: str = "json", *, headers: dict[str, str] | None = None, **fields):
        lon, lat = town.point("松涛苑3栋")
        sent = {"api_key": "demo", "service_code": "litter", "lat": lat, "long": lon, "description": WORDS} | fields
        sent = {name: value for name, value in sent.items() if value is not None}
        return client.post(f"{root}/requests.{form}", sent, headers=headers or {})

    return posted


@pytest.fixture
def ask(client):
    def asked(where: str, root: str = V2):
        answer = client.get(f"{root}/{where}")
        return json.loads(answer.content) if answer.status_code == 200 else answer.status_code

    return asked


def tree_of(answer) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer


def matter_of(report: str) -> Matter:
    with store.reading_all():
        return Report.objects.select_related("telling__matter").get(id=int(report)).telling.matter


def faults(answer) -> list[tuple[int, str]]:
    return [(one["code"], one["description"]) for one in json.loads(answer.content)]


def test_discovery_names_both_endpoints_in_both_forms(client):
    found = json.loads(client.get("/open311/discovery.json").content)
    tree = tree_of(client.get("/open311/discovery.xml"))
    assert [one["type"] for one in found["endpoints"]] == ["production", "test"]
    assert [one.text for one in tree.findall("endpoints/endpoint/url")] == [one["url"] for one in found["endpoints"]]
    for endpoint in found["endpoints"]:
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert client.get(endpoint["url"].removeprefix("http://testserver") + "/services.xml").status_code == 200
    assert client.get("/open311/discovery.xml")["Content-Type"] == "text/xml; charset=utf-8"


def test_services_say_the_same_in_both_forms_and_each_names_an_item_of_the_list(client, ask):
    rows = ask("services.json")
    tree = tree_of(client.get(f"{V2}/services.xml"))
    assert len(rows) >= 18 and tree.tag == "services"
    assert [one.findtext("service_code") for one in tree.findall("service")] == [row["service_code"] for row in rows]
    lamp = next(row for row in rows if row["service_code"] == "street-light")
    assert lamp["metadata"] is True and lamp["type"] == "realtime" and lamp["group"] == "市政设施"
    assert {row["type"] for row in rows} == {"realtime", "batch"}


def test_a_definition_says_what_else_is_asked(client, ask):
    row = ask("services/street-light.json")
    fault = row["attributes"][0]
    assert fault["code"] == "fault" and fault["required"] is True and fault["datatype"] == "singlevaluelist" and fault["order"] == 1
    tree = tree_of(client.get(f"{V2}/services/street-light.xml"))
    assert tree.tag == "service_definition"
    assert [one.text for one in tree.findall("attributes/attribute/values/value/key")] == [one["key"] for one in fault["values"]]
    assert ask("services/no-such.json") == 404 and ask("services/litter.json")["attributes"] == []


def test_a_report_becomes_a_matter_of_the_building_s_keeper(send, ask, town, journal):
    answer = send(service_code="street-light", **{"attribute[fault]": "out", "attribute[pole]": "L-0382"})
    assert answer.status_code == 200
    (made,) = json.loads(answer.content)
    matter = matter_of(made["service_request_id"])
    assert matter.post == town.post("keeper", "ry-g2") and matter.item == "2.2.1" and matter.state == "assigned"
    with store.reading_all():
        told = Telling.objects.get(matter=matter)
    assert told.channel == "open311" and "灯怎么了：不亮" in told.text and "L-0382" in told.text
    (shown,) = ask(f"requests/{made['service_request_id']}.json")
    assert shown["status"] == "open" and shown["service_code"] == "street-light" and shown["description"] == WORDS
    assert shown["agency_responsible"] and shown["expected_datetime"] and shown["requested_datetime"].endswith("+08:00")
    assert journal.of(f"report:{made['service_request_id']}") == ["report.taken"]


def test_the_class_is_the_service_s_whatever_the_words_sound_like(send):
    (made,) = json.loads(send(service_code="strays", description="垃圾桶满了没人收").content)
    assert matter_of(made["service_request_id"]).item == "1.5.4"


def test_its_course_is_read_until_it_is_closed(send, ask, town):
    (made,) = json.loads(send().content)
    number, matter = made["service_request_id"], matter_of(made["service_request_id"])
    chen = town.actor("chen")
    matters.accept(matter=matter.id, by=chen, at=monday_nine + timedelta(minutes=1))
    matters.contact(matter=matter.id, how="phone", text="问了李大姐（13800000001）具体位置", by=chen, at=monday_nine + timedelta(minutes=2))
    matters.close(matter=matter.id, text="垃圾清走了，有问题打13800000001", by=chen, at=monday_nine + timedelta(minutes=30))
    (shown,) = ask(f"requests/{number}.json")
    assert shown["status"] == "closed" and shown["status_notes"] == "垃圾清走了，有问题打〔电话〕"
    assert shown["updated_datetime"] == "2026-07-13T09:30:00+08:00"
    course = [one for one in ask("servicerequestupdates.json") if one["service_request_id"] == number]
    assert [one["status"] for one in course] == ["open", "open", "closed"] and len({one["update_id"] for one in course}) == 3
    assert not any("李大姐" in one["description"] or "13800000001" in one["description"] for one in course)
    assert [one["service_request_id"] for one in ask("requests.json?status=closed&end_date=2026-07-14T00:00:00Z")] == [number]
    assert ask("requests.json?status=open&end_date=2026-07-14T00:00:00Z") == []


def test_two_reports_of_one_thing_have_two_numbers_and_one_matter(send):
    at_home = {"lat": None, "long": None, "address_id": "songtao-3"}
    (first,), (second,) = json.loads(send(**at_home).content), json.loads(send(**at_home).content)
    assert first["service_request_id"] != second["service_request_id"]
    assert matter_of(first["service_request_id"]).id == matter_of(second["service_request_id"]).id


def test_the_sender_s_own_key_makes_a_retry_one_report(send):
    answers = [json.loads(send(headers={"Idempotency-Key": "a-1"}).content) for _ in range(2)]
    assert answers[0] == answers[1]
    with store.reading_all():
        assert Telling.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "named"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "no-such"}, 404, "service_code"),
        ({"jurisdiction_id": "elsewhere.gov"}, 404, "jurisdiction_id"),
        ({"lat": None, "long": None}, 400, "lat"),
        ({"long": None}, 400, "long"),
        ({"lat": "north"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"address_id": "no-such"}, 400, "address_id"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"service_code": "street-light"}, 400, "fault"),
        ({"service_code": "street-light", "attribute[fault]": "purple"}, 400, "fault"),
        ({"service_code": "street-light", "attribute[fault]": "out", "attribute[lamps]": "many"}, 400, "lamps"),
        ({"service_code": "bulky-waste", "attribute[since]": "yesterday"}, 400, "since"),
        ({"attribute[colour]": "red"}, 400, "colour"),
        ({"description": "a\x00b"}, 400, "空字符"),
    ],
)
@pytest.mark.parametrize("root", [V2, TRIAL])
def test_a_fault_says_which_argument_in_the_standard_s_form(send, fields, status, named, root):
    answer = send(root, **fields)
    assert answer.status_code == status and all(code == status for code, _ in faults(answer))
    assert named in faults(answer)[0][1]
    tree = tree_of(send(root, "xml", **fields))
    assert tree.tag == "errors" and tree.findtext("error/code") == str(status) and named in tree.findtext("error/description")
    with store.reading_all():
        assert not Telling.objects.exists()


def test_several_faults_are_told_at_once(send):
    said = faults(send(service_code="street-light", lat="95", media_url="x"))
    assert [why.partition(":")[0] for _, why in said] == ["lat", "media_url", "fault"]


def test_a_point_elsewhere_goes_to_a_person_and_an_address_is_read(send, ask):
    (far,) = json.loads(send(lat=37.76524078, long=-122.4212043).content)
    matter = matter_of(far["service_request_id"])
    assert matter.state == "received" and matter.unplaced
    (shown,) = ask(f"requests/{far['service_request_id']}.json")
    assert (shown["lat"], shown["long"]) == (37.76524078, -122.4212043)
    (near,) = json.loads(send(lat=None, long=None, address_string="松涛苑3栋").content)
    assert matter_of(near["service_request_id"]).building == "songtao-3"
    (known,) = json.loads(send(lat=None, long=None, address_id="songtao-4").content)
    assert matter_of(known["service_request_id"]).building == "songtao-4"


def test_who_told_is_nowhere_in_what_everybody_reads(send, ask, client):
    (made,) = json.loads(
        send(first_name="小兰", last_name="周", phone="13800000001", email="a@b.cn", description=f"{WORDS}，电话13800000001").content
    )
    for where in (f"requests/{made['service_request_id']}.json", "requests.xml", "servicerequestupdates.xml"):
        said = client.get(f"{V2}/{where}").content.decode()
        assert "13800000001" not in said and "周" not in said and "a@b.cn" not in said
    with store.reading_all():
        assert Telling.objects.get().phone_masked


def test_what_is_told_in_confidence_is_no_longer_anybody_s_to_read(send, ask):
    (made,) = json.loads(send(service_code="other", description="我要实名举报城管队长收摊贩的钱").content)
    number = ask(f"tokens/{made['token']}.json")
    with store.reading_all():
        assert Matter.objects.get().discreet
    assert number == 404 and ask("requests.json") == []


def test_a_service_of_the_kind_batch_answers_with_a_token(send, ask, client):
    (made,) = json.loads(send(service_code="other", description="门口的公告栏玻璃碎了").content)
    assert "service_request_id" not in made
    (known,) = ask(f"tokens/{made['token']}.json")
    assert known["token"] == made["token"] and ask(f"requests/{known['service_request_id']}.json")
    tree = tree_of(client.get(f"{V2}/tokens/{made['token']}.xml"))
    assert tree.findtext("request/service_request_id") == known["service_request_id"]
    assert ask("tokens/no-such.json") == 404


def test_a_photo_is_drawn_anew_and_shown_and_what_is_none_is_refused(send, ask, client):
    raw = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(raw, "PNG")
    raw.name, _ = "lamp.png", raw.seek(0)
    (made,) = json.loads(send(media=raw).content)
    (shown,) = ask(f"requests/{made['service_request_id']}.json")
    photo = client.get(shown["media_url"].removeprefix("http://testserver"))
    assert photo.status_code == 200 and photo["Content-Type"] == "image/jpeg"
    bad = io.BytesIO(b"MZ not a picture")
    bad.name = "lamp.png"
    assert faults(send(media=bad))[0] == (400, "photos: “lamp.png”不是照片。能收的照片：JPG、PNG、WebP")


def test_lists_are_asked_for_by_number_service_time_and_page(send, ask):
    numbers = [json.loads(send(description=f"{name}边上有一堆垃圾").content)[0]["service_request_id"] for name in ("东门", "西门", "北门")]
    (lamp,) = json.loads(send(service_code="manhole", **{"attribute[state]": "broken"}).content)
    until = "end_date=2099-01-01T00:00:00Z"
    assert [
        one["service_request_id"] for one in ask(f"requests.json?service_request_id={numbers[0]},{lamp['service_request_id']},999999")
    ] == [
        lamp["service_request_id"],
        numbers[0],
    ]
    assert {one["service_request_id"] for one in ask("requests.json?service_code=litter,manhole")} == {*numbers, lamp["service_request_id"]}
    assert [one["service_code"] for one in ask("requests.json?service_code=manhole")] == ["manhole"]
    pages = [ask(f"requests.json?page={page}&page_size=3") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 1, 0]
    assert ask(f"requests.json?start_date=2098-12-01T00:00:00Z&{until}") == []
    assert ask("requests.json?start_date=2020-01-01T00:00:00Z&end_date=2020-05-01T00:00:00Z") == 400
    assert ask("requests.json?start_date=2020-01-01") == 400 and ask("requests.json?status=half") == 400
    assert ask("requests.json?page_size=1001") == 400 and ask("requests.json?service_code=no-such") == 404
    assert ask("requests/999999.json") == 404 and ask("requests/x.json") == 404 and ask("nothing/here.json") == 404


def test_the_sender_adds_to_its_own_report_and_to_no_other(send, ask, client):
    (made,) = json.loads(send().content)
    number = made["service_request_id"]
    more = {"api_key": "demo", "service_request_id": number, "description": "今天又多了两袋"}
    (added,) = json.loads(client.post(f"{V2}/servicerequestupdates.json", more).content)
    (shown,) = ask(f"servicerequestupdates.json?service_request_id={number}")
    assert shown["update_id"] == added["update_id"] and shown["description"] == "补充：今天又多了两袋"
    actions.admit(system="other", key="other-key", by=OFFICE, at=monday_nine)
    refused = client.post(f"{V2}/servicerequestupdates.json", more | {"api_key": "other-key"})
    assert refused.status_code == 400 and len(ask("servicerequestupdates.json")) == 1
    assert client.post(f"{V2}/servicerequestupdates.json", more | {"service_request_id": "999"}).status_code == 404
    assert client.post(f"{V2}/servicerequestupdates.json", more | {"description": ""}).status_code == 400


def test_a_trial_is_answered_like_the_real_thing_and_troubles_nobody(send, ask, client):
    (made,) = json.loads(send(TRIAL).content)
    number = made["service_request_id"]
    with store.reading_all():
        assert not Matter.objects.exists()
    (shown,) = ask(f"requests/{number}.json", TRIAL)
    assert shown["status"] == "open" and ask(f"requests/{number}.json") == 404 and ask("requests.json") == []
    sent = {"api_key": "demo", "service_request_id": number, "description": "再试一句"}
    (added,) = json.loads(client.post(f"{TRIAL}/servicerequestupdates.json", sent).content)
    assert [one["update_id"] for one in ask("servicerequestupdates.json", TRIAL)] == [added["update_id"]]


def test_a_key_that_was_ended_opens_nothing(send):
    assert actions.shut_out(system="app", by=OFFICE, at=monday_nine) == 1
    assert send().status_code == 403 and actions.shut_out(system="app", by=OFFICE, at=monday_nine) == 0


def test_only_the_system_s_administrator_gives_keys(town):
    seat_administrators()
    assert actions.admit(system="city-app", by=town.actor("min"), at=monday_nine)
    for who in ("chen", "liang", "shen", "zheng"):
        with pytest.raises(NotYours):
            actions.admit(system="city-app", by=town.actor(who), at=monday_nine)


def test_without_an_ending_the_form_is_the_one_that_is_asked_for(client):
    assert client.get(f"{V2}/services", headers={"Accept": "application/json"})["Content-Type"].startswith("application/json")
    assert client.get(f"{V2}/services")["Content-Type"].startswith("text/xml")


def test_other_methods_and_strange_addresses_are_answered_in_the_standard_s_form(client):
    for where in ("requests/1.json", "services.json", "no/such.json"):
        answer = client.delete(f"{V2}/{where}")
        assert answer.status_code == 405 and json.loads(answer.content)[0]["code"] == 405
    assert tree_of(client.get(f"{V2}/")).tag == "errors"
    assert client.get(f"{V2}/services.pdf").status_code == 404 and tree_of(client.get(f"{V2}/services.pdf")).tag == "errors"
    assert client.get(f"{V2}/requests.json?description={quote('灯')}").status_code == 200
