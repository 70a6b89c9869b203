"""Thirty-seven outside systems, each in its own words: what they send is done once, what is wrong is kept, and they are told back."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import override_settings
from msgspec.structs import replace

from siqian.intake import actions, arriving, jobs, keys, posting, standing, writing
from siqian.intake.models import Arrival, Letter
from siqian.intake.reporting import system_actor
from siqian.intake.systems import signing
from siqian.intake.systems.listed import systems
from siqian.kernel import clock, deliveries, store
from siqian.kernel.permits import OFFICE, BadInput, NotYours, Refused
from siqian.spine.matters import actions as matters
from siqian.spine.matters.models import Matter, Telling
from siqian.spine.remit import queries as remit
from siqian.testing import monday_nine, seat_administrators
from siqian.town.places import queries as places
from siqian.trades.tasks import queries as tasks

CITY = {
    "orderNo": "SZ-1",
    "subject": "路灯不亮",
    "content": "松涛苑3栋门口路灯不亮，晚上看不清路",
    "contact": {"name": "周女士", "phone": "138 0000 0001"},
    "createdAt": "2026-07-13T08:58:00+08:00",
    "deadline": "2026-07-15 18:00",
}
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()


@pytest.fixture(autouse=True)
def morning():
    with clock.stopped_at(monday_nine):
        yield


@pytest.fixture
def send(client, town):
    """What a system would send, signed with its key."""

    def posted(
        system: str,
        payload: object,
        *,
        ident: str = "msg_1",
        at=monday_nine,
        secret: str = "",
        kind: str = "application/json",
        **headers: str,
    ):
        if not keys.secrets_of(system):
            actions.admit(system=system, key=f"{SECRET}{system}" if secret == "" else secret, by=OFFICE, at=monday_nine)
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        stamp = str(int(at.timestamp()))
        signed = signing.signature(secret or f"{SECRET}{system}", "msg_1", stamp, body)
        signs = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signed}
        return client.post(f"/api/intake/systems/{system}", body, content_type=kind, headers=signs | headers)

    return posted


def told() -> list[Telling]:
    with store.reading_all():
        return list(Telling.objects.select_related("matter").order_by("id"))


def answers(response) -> list[dict[str, str]]:
    return json.loads(response.content)["answers"]


def test_there_are_thirty_seven_and_every_class_of_theirs_is_an_item_of_the_list():
    assert len(systems()) == 37
    assert {item for row in systems().values() for item in row.items.values()} <= set(remit.items())


def test_an_order_of_the_city_becomes_a_matter_with_its_own_due_time(send):
    (answer,) = answers(send("city", CITY))
    assert answer["outcome"] == "taken" and answer["number"]
    (telling,) = told()
    assert telling.channel == "system" and telling.matter.building == "songtao-3"
    assert telling.matter.upstream.isoformat() == "2026-07-15T10:00:00+00:00"
    assert telling.name_masked == "周**" and "13800000001" not in telling.phone_masked


def test_the_same_number_again_is_the_same_message_and_of_another_system_another(send):
    first, again = answers(send("city", CITY)), answers(send("city", CITY | {"content": "别的话"}))
    assert [first[0]["outcome"], again[0]["outcome"]] == ["taken", "again"] and first[0]["number"] == again[0]["number"]
    other = answers(send("message-board", {"tid": "SZ-1", "subject": "松涛苑3栋门口路灯不亮", "content": "", "dateline": ""}))
    assert other[0]["outcome"] == "joined" and len(told()) == 2


def test_who_does_not_sign_or_signs_with_another_s_key_or_an_old_clock_is_not_believed(send, client):
    assert send("city", CITY, secret="whsec_AAAA").status_code == 200  # its own key, given just now
    for response in (
        client.post("/api/intake/systems/city", json.dumps(CITY), content_type="application/json"),
        send("city", CITY, secret=f"{SECRET}urban"),
        send("city", CITY, secret="whsec_AAAA", at=monday_nine - timedelta(minutes=6)),
    ):
        assert response.status_code == 403 and json.loads(response.content)["field"].startswith("webhook-")
    assert len(told()) == 1


def test_a_body_that_was_changed_on_the_way_is_not_believed(send, client):
    send("city", CITY)
    stamp = str(int(monday_nine.timestamp()))
    signed = signing.signature(f"{SECRET}city", "msg_2", stamp, json.dumps(CITY).encode())
    headers = {"webhook-id": "msg_2", "webhook-timestamp": stamp, "webhook-signature": signed}
    changed = client.post("/api/intake/systems/city", json.dumps(CITY | {"content": "x"}), content_type="application/json", headers=headers)
    assert changed.status_code == 403


def test_a_bearer_key_opens_its_own_system_only(client, town):
    key = actions.admit(system="urban", by=OFFICE, at=monday_nine)
    payload = {"taskNum": "7", "eventDesc": "松涛苑3栋旁边井盖松了", "eventTypeCode": "0203"}
    bearer = {"Authorization": f"Bearer {key}"}
    send = lambda system: client.post(f"/api/intake/systems/{system}", json.dumps(payload), content_type="application/json", headers=bearer)  # noqa: E731
    assert send("urban").status_code == 200 and send("city").status_code == 403
    assert told()[0].matter.item == "2.3.1"


LEAK = {"id": "1", "source": "/water/7", "type": "leak", "data": {"problem": "松涛苑3栋水管爆了"}}


@pytest.mark.parametrize(
    ("kind", "payload", "headers"),
    [
        ("application/cloudevents+json", LEAK, {}),
        ("application/json", LEAK["data"], {"ce-id": "1", "ce-source": "/water/7", "ce-type": "leak"}),
        (
            "application/cloudevents-batch+json",
            [{"id": "1", "source": "/water/7", "type": "leak", "data": {"problem": "松涛苑3栋水管爆了"}}],
            {},
        ),
    ],
)
def test_cloudevents_come_alone_in_headers_and_in_batches(send, kind, payload, headers):
    (answer,) = answers(send("water", payload, kind=kind, **headers))
    assert answer["outcome"] == "taken" and told()[0].external == "water:/water/7#1"


def test_two_sources_of_one_system_may_both_count_from_one(send):
    event = {"id": "1", "type": "leak", "data": {"problem": "松涛苑3栋水管爆了"}}
    batch = [event | {"source": "/a"}, event | {"source": "/b"}, event | {"source": "/a"}, {"id": "2"}]
    outcomes = [one["outcome"] for one in answers(send("water", batch, kind="application/cloudevents-batch+json"))]
    assert outcomes[0] == "taken" and outcomes[1] in ("joined", "taken") and outcomes[2:] == ["again", "refused"]


def test_a_point_in_another_frame_is_brought_to_ours(send, town):
    lon, lat = town.point("松涛苑3栋")
    # Some 500 m off: read as it stands, it would lie in another grid.
    shifted = (lon + 0.0051, lat - 0.0028)
    back = places.in_wgs84("GCJ-02", *shifted)
    assert isinstance(back, tuple) and abs(back[0] - lon) < 0.0006 and abs(back[1] - lat) < 0.0006
    send("mini-app", {"id": "m-1", "text": "这里路灯不亮", "location": {"longitude": shifted[0], "latitude": shifted[1]}})
    (telling,) = told()
    assert telling.matter.lon is not None and abs(telling.matter.lon - back[0]) < 1e-6


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{nonsense", "正文不是JSON"),
        (b"[1, 2]", "正文要是一个对象"),
        (json.dumps({"id": "1", "body": CITY["content"]}).encode(), "“orderNo”里没有编号"),
        (json.dumps(CITY | {"content": "", "subject": ""}).encode(), "“content”里没有内容"),
        (json.dumps(CITY | {"geo": {"lng": "x", "lat": "y"}}).encode(), "geo.lng不是坐标"),
        (json.dumps(CITY | {"deadline": "soon"}).encode(), "上级时限“soon”不是时间"),
        (b"[" * 5000, "正文不是JSON"),
    ],
)
def test_rubbish_is_answered_with_the_place_that_is_wrong_and_kept(send, body, why):
    response = send("city", body)
    assert response.status_code == 400 and why in answers(response)[0]["why"]
    assert not told()
    again = send("city", body)
    assert again.status_code == 400 and Arrival.objects.get().times == 2


def test_a_field_that_was_renamed_is_taken_once_the_row_is_mended(send, monkeypatch):
    renamed = {name: value for name, value in CITY.items() if name != "content"} | {"contents": CITY["content"], "subject": ""}
    assert send("city", renamed).status_code == 400
    row = Arrival.objects.get()
    with pytest.raises(NotYours):
        arriving.take_again(arrival=row.id, by=system_actor("city"), at=monday_nine)
    assert arriving.take_again(arrival=row.id, by=OFFICE, at=monday_nine).outcome == "refused"
    city = systems()["city"]
    mended = dict(systems()) | {"city": replace(city, fields=city.fields | {"text": "contents"})}
    monkeypatch.setattr(arriving, "systems", lambda: mended)
    assert arriving.take_again(arrival=row.id, by=OFFICE, at=monday_nine).outcome == "taken"
    assert [one.text for one in told()] == [CITY["content"]] and not Arrival.objects.filter(outcome="refused").exists()


def test_why_it_was_refused_is_read_in_english_too(send, signed_in):
    send("city", {"number": "SZ-9"})
    liang = signed_in("liang")
    liang.cookies["django_language"] = "en"
    assert "There is no number at “orderNo”" in liang.get("/desk/systems/city").content.decode()


def test_what_can_be_mended_is_taken_though_rubbish_lies_beside_it(send, signed_in, monkeypatch):
    send("city", b"{rubbish")
    send("city", {"number": "SZ-9", "content": CITY["content"]})
    city = systems()["city"]
    mended = dict(systems()) | {"city": replace(city, fields=city.fields | {"external": "number"})}
    monkeypatch.setattr(arriving, "systems", lambda: mended)
    liang = signed_in("liang")
    assert liang.post("/desk/systems/city/retaken").status_code == 302
    assert [one.text for one in told()] == [CITY["content"]] and Arrival.objects.get(outcome="refused").why == "正文不是JSON"
    assert "收了1件。还不行的：正文不是JSON" in liang.get("/desk/systems/city").content.decode()


def test_two_long_numbers_that_begin_alike_are_two_letters(send):
    for number in ("SZ-2026-07-13-LONGHUA-RONGYIN-0000000000000000001", "SZ-2026-07-13-LONGHUA-RONGYIN-0000000000000000002"):
        send("city", CITY | {"orderNo": number})
    assert writing.write(matter=told()[0].matter.id, event="accepted", by=OFFICE, at=monday_nine) == 2


def test_one_faulty_message_of_a_batch_keeps_no_other_out(send):
    event = {"source": "/w", "type": "leak"}
    batch = [event | {"id": str(n), "data": {"problem": text}} for n, text in enumerate(("松涛苑3栋水管爆了", "", "木棉苑2栋没有水"))]
    response = send("water", batch, kind="application/cloudevents-batch+json")
    assert response.status_code == 200 and [one["outcome"] for one in answers(response)] == ["taken", "refused", "taken"]


def test_what_is_too_much_at_once_is_said(send):
    many = [{"id": str(n), "source": "/w", "type": "t", "data": {"problem": "水管爆了"}} for n in range(101)]
    assert "最多100件" in answers(send("water", many, kind="application/cloudevents-batch+json"))[0]["why"]


def test_a_system_is_told_in_order_what_becomes_of_its_message(send, town):
    send("city", CITY)
    writing.address(system="city", url="https://city.example/orders", by=OFFICE, at=monday_nine)
    matter, chen = told()[0].matter, town.actor("chen")
    matters.accept(matter=matter.id, by=chen, at=monday_nine + timedelta(minutes=2))
    matters.contact(matter=matter.id, how="phone", text="问过了", by=chen, at=monday_nine + timedelta(minutes=3))
    matters.close(matter=matter.id, text="灯换好了", by=chen, at=monday_nine + timedelta(minutes=40))
    while deliveries.work(at=monday_nine + timedelta(minutes=41)):
        pass
    rows = list(Letter.objects.order_by("id"))
    assert [(row.event, row.body["data"]["id"], row.body["data"]["status"]) for row in rows] == [
        ("accepted", "SZ-1", "open"),
        ("closed", "SZ-1", "closed"),
    ]
    assert rows[1].body["data"]["words"] == "灯换好了"
    first = writing.claim(by=OFFICE, at=monday_nine + timedelta(hours=1))
    assert first is not None and first.body["data"]["event"] == "accepted"
    assert writing.claim(by=OFFICE, at=monday_nine + timedelta(hours=1)) is None, "the second waits for the first"
    writing.settle(letter=first.id, by=OFFICE, at=monday_nine + timedelta(hours=1))
    second = writing.claim(by=OFFICE, at=monday_nine + timedelta(hours=1))
    assert second is not None and second.body["data"]["event"] == "closed" and second.key != first.key


def test_a_reaction_that_comes_twice_writes_one_letter(send):
    send("city", CITY)
    matter = told()[0].matter.id
    assert [writing.write(matter=matter, event="accepted", by=OFFICE, at=monday_nine) for _ in range(2)] == [1, 0]


def test_a_letter_is_tried_again_later_each_time_and_lies_dead_until_somebody_sends_it(send, monkeypatch):
    send("city", CITY)
    writing.address(system="city", url="https://city.example/orders", by=OFFICE, at=monday_nine)
    writing.write(matter=told()[0].matter.id, event="accepted", by=OFFICE, at=monday_nine)
    seen = []

    def refuse(letter, at):
        seen.append((letter.key, at))
        raise posting.Fault("HTTP 503")

    monkeypatch.setattr(posting, "_post", refuse)
    at = monday_nine
    for _ in range(40):
        jobs.send_letters(at=at)
        at += timedelta(minutes=30)
    assert len(seen) == writing.MOST_TRIES and len({key for key, _ in seen}) == 1
    assert Letter.objects.get().state == "dead" and standing.troubles(seen_by=OFFICE) == 1
    monkeypatch.setattr(posting, "_post", lambda letter, at: seen.append((letter.key, at)))
    assert writing.send_again(system="city", by=OFFICE, at=at) == 1 and jobs.send_letters(at=at) == 1
    assert Letter.objects.get().state == "sent" and standing.troubles(seen_by=OFFICE) == 0


def test_a_worker_that_dies_while_sending_leaves_the_letter_to_the_next(send):
    send("city", CITY)
    writing.address(system="city", url="https://city.example/orders", by=OFFICE, at=monday_nine)
    writing.write(matter=told()[0].matter.id, event="accepted", by=OFFICE, at=monday_nine)
    first = writing.claim(by=OFFICE, at=monday_nine)
    assert writing.claim(by=OFFICE, at=monday_nine + timedelta(seconds=30)) is None
    second = writing.claim(by=OFFICE, at=monday_nine + timedelta(seconds=61))
    assert first is not None and second is not None and first.key == second.key


def test_no_letter_goes_into_the_house_s_own_network(send):
    send("city", CITY)
    writing.address(system="city", url="http://127.0.0.1:9/", by=OFFICE, at=monday_nine)
    writing.write(matter=told()[0].matter.id, event="accepted", by=OFFICE, at=monday_nine)
    with override_settings(SIQIAN_DEMO=False):
        jobs.send_letters(at=monday_nine)
    row = Letter.objects.get()
    assert row.state == "dead" and "内网" in row.fault
    with pytest.raises(BadInput):
        writing.address(system="city", url="file:///etc/passwd", by=OFFICE, at=monday_nine)


def test_a_silent_system_is_missed_and_its_return_ends_it(send, town):
    send("city", CITY)
    assert arriving.watch(by=OFFICE, at=monday_nine + timedelta(minutes=239)) == 0
    later = monday_nine + timedelta(minutes=241)
    assert arriving.watch(by=OFFICE, at=later) == 1 and arriving.watch(by=OFFICE, at=later) == 0
    (clock_,) = tasks.clocks("system:city")
    assert clock_.what == "reconnect" and clock_.stopped is None
    (city,) = [row for row in standing.standings(seen_by=town.actor("liang"), at=later) if row.system.code == "city"]
    assert city.state == "silent"
    with clock.stopped_at(later):
        send("city", CITY | {"orderNo": "SZ-2"}, at=later)
    assert arriving.watch(by=OFFICE, at=later + timedelta(minutes=1)) == 1
    assert tasks.clocks("system:city")[0].stopped is not None


def test_lag_is_measured_by_what_the_system_says(send, town):
    send("city", CITY)
    (city,) = [row for row in standing.standings(seen_by=town.actor("liang"), at=monday_nine) if row.system.code == "city"]
    assert (city.lag, city.day, city.refused) == (120, 1, 0)


def test_who_may_read_mend_and_let_in(town, send):
    seat_administrators()
    found = {who: standing.verbs(town.actor(who)) for who in ("liang", "min", "zheng", "chen", "ruolan", "shen", "lei")}
    assert standing.verbs(town.desk("rj")) == {"read", "mend"} and standing.verbs(town.desk("st")) == frozenset()
    assert found["liang"] == {"read", "mend"} and found["min"] == {"read", "mend", "admit"} and found["zheng"] == {"read"}
    assert found["chen"] == found["ruolan"] == found["shen"] == found["lei"] == frozenset()
    with pytest.raises(Refused):
        standing.standings(seen_by=town.actor("chen"), at=monday_nine)


def test_an_unknown_system_and_one_that_comes_by_another_door_are_not_found(client, town):
    for code in ("no-such", "paper", "city-app"):
        assert client.post(f"/api/intake/systems/{code}", "{}", content_type="application/json").status_code == 404


def test_matters_of_every_system_count_as_one_channel(send):
    send("city", CITY)
    with store.reading_all():
        assert Matter.objects.count() == 1 and Telling.objects.get().channel == "system"
