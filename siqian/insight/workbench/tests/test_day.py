"""陈志明's day: one page, one walk; what his telephone sends is done once, whatever happens on the way."""

import json
from datetime import timedelta

import pytest

from siqian.insight.workbench import actions, sending, trip, way
from siqian.intake import actions as intake
from siqian.intake.rules import Message
from siqian.kernel import clock, deliveries
from siqian.kernel.permits import ANYONE, OFFICE, NotYours, Refused
from siqian.services.sensing import actions as sensing_actions, jobs, queries as sensing
from siqian.services.sensing.rules import SensorRow, Sent
from siqian.spine.matters import actions as matter_actions, queries as matters
from siqian.testing import monday_nine

LATER = monday_nine + timedelta(minutes=30)


@pytest.fixture
def lamp(town):
    message = Message(text="3栋东边楼梯2楼的灯坏了", channel="web", building=town.building("松涛苑3栋"))
    return intake.take(message=message, by=ANYONE, at=monday_nine)


@pytest.fixture
def phone(signed_in):
    """陈志明's telephone: posts as the queue does, at half past nine."""
    client = signed_in("chen")

    def send(where: str, at=LATER, **fields):
        with clock.stopped_at(at):
            return client.post(f"/day/{where}", fields, headers={"Accept": "application/json"})

    send.client = client
    return send


def entry(kind: str, key: str = "key-1-abcdef", then=None, **fields: str) -> sending.Entry:
    return sending.Entry(kind, key, fields, then)


def test_the_page_shows_matters_and_points_of_one_house_as_one_stop(town, lamp, phone):
    jobs.lay_out_the_day(at=monday_nine)
    found = trip.of(seen_by=town.actor("chen"), at=monday_nine)
    stop = next(stop for stop in found.stops if stop.errands)
    assert stop.key == town.building("松涛苑3栋") and stop.errands[0].matter.number == lamp.number
    assert {check.round.plan.code for stop in found.stops for check in stop.checks} == {"fire-lane", "e-bike"}
    with clock.stopped_at(LATER):
        page = phone.client.get("/day")
    text = page.content.decode()
    assert lamp.number in text and "消防通道" in text and "交班" in text and page["X-Day-Of"] == town.actor("chen").ref
    assert len(page.content) < 200_000


def test_an_alarm_of_sensors_that_is_mine_is_a_stop_and_leads_to_its_page(town, phone):
    row = SensorRow(1, "s3", "smoke", "3栋楼道", "", town.building("松涛苑3栋"), None, None)
    sensing_actions.register_sensors(sensors=[row], by=OFFICE, at=monday_nine)
    sensing_actions.take_readings(readings=[Sent(1, "s3", "smoke", 9.0, monday_nine)], by=OFFICE, at=monday_nine)
    stop = next(stop for stop in trip.of(seen_by=town.actor("chen"), at=LATER).stops if stop.rings)
    assert stop.key == town.building("松涛苑3栋") and stop.due is not None and stop.rings[0].line.title == "烟感报警"
    with clock.stopped_at(LATER):
        assert f'href="/desk/incidents/{stop.rings[0].number}"' in phone.client.get("/day").content.decode()


def test_whoever_keeps_no_grid_is_sent_to_the_desk(signed_in, client):
    assert signed_in("ruolan").get("/day")["Location"] == "/desk"
    assert client.get("/day")["Location"].startswith("/sign-in")
    assert client.get("/day/token")["Location"].startswith("/sign-in")


@pytest.mark.parametrize("where", ["records", "contacts", "closures", "reports", "returns", "retractions"])
def test_nobody_else_sends(town, lamp, signed_in, client, where, journal):
    fields = {
        "key": "key-1-abcdef",
        "number": lamp.number,
        "text": "灯座换了新的，试过了",
        "kind": "well",
        "building": town.building("松涛苑3栋"),
    }
    assert client.post(f"/day/{where}", fields)["Location"].startswith("/sign-in")
    before = journal.of(f"matter:{lamp.matter}")
    for who in ("ruolan", "wu", "qiang"):
        answer = signed_in(who).post(f"/day/{where}", fields, headers={"Accept": "application/json"})
        assert answer.status_code in (302, 403), who
    # Another grid's keeper has a telephone as well, and none of his matters.
    if where != "reports":
        assert signed_in("chunmei").post(f"/day/{where}", fields, headers={"Accept": "application/json"}).status_code in (403, 404)
    assert journal.of(f"matter:{lamp.matter}") == before


def test_contact_and_closing_are_done_once_however_often_they_come(town, lamp, phone, journal):
    said = {"key": "key-1-abcdef", "number": lamp.number, "how": "phone", "text": "问清是2楼到3楼之间"}
    first = phone("contacts", **said)
    assert first.status_code == 200 and "again" not in first.json()
    for minute in range(1, 4):
        again = phone("contacts", at=LATER + timedelta(minutes=minute), **said)
        assert again.status_code == 200 and again.json()["again"] is True and again.json()["at"] == first.json()["at"]
    assert journal.of(f"matter:{lamp.matter}").count("teller.contacted") == 1
    closing = {"key": "key-2-abcdef", "number": lamp.number, "text": "灯座换了新的，试过三遍，都亮"}
    assert [phone("closures", **closing).status_code for _ in range(2)] == [200, 200]
    assert journal.of(f"matter:{lamp.matter}").count("matter.closed") == 1


def test_the_same_key_with_other_words_is_refused_and_says_so(lamp, phone, journal):
    said = {"key": "key-1-abcdef", "number": lamp.number, "how": "phone", "text": "问清是2楼到3楼之间"}
    phone("contacts", **said)
    answer = phone("contacts", **(said | {"text": "换一句话"}))
    assert answer.status_code == 409 and "已经收过别的内容" in answer.json()["title"]
    assert journal.of(f"matter:{lamp.matter}").count("teller.contacted") == 1


def test_a_refusal_leaves_the_key_free_and_says_what_is_true_now(lamp, phone):
    closing = {"key": "key-1-abcdef", "number": lamp.number, "text": "灯座换了新的，试过三遍，都亮"}
    answer = phone("closures", **closing)
    assert answer.status_code == 409 and answer.json()["title"] and "现在：已交出去，在陈志明手上" in answer.json()["now"]
    phone("contacts", key="key-2-abcdef", number=lamp.number, how="visit", text="上门看过，灯座烧了")
    assert phone("closures", **closing).status_code == 200


def test_a_matter_that_went_elsewhere_meanwhile_is_told(town, lamp, phone):
    matter_actions.move(matter=lamp.matter, post=town.post("keeper", "mm-g1"), why="不在本社区", by=town.actor("liang"), at=monday_nine)
    answer = phone("contacts", key="key-1-abcdef", number=lamp.number, how="phone", text="打过电话了")
    assert answer.status_code == 403 and answer.json()["title"] and "在王建军手上" in answer.json()["now"]


def test_a_key_is_ones_own(town, lamp, journal):
    chen, desk = town.actor("chen"), town.actor("chunmei")
    report = {"text": "路口的井盖松了", "building": town.building("松涛苑1栋")}
    one = actions.take(entry=entry("report", **report), by=chen, at=monday_nine)
    two = actions.take(entry=entry("report", **report), by=desk, at=monday_nine)
    # The neighbours' telephones made the same key: two messages, of one manhole.
    assert "again" not in one.answer and "again" not in two.answer and one.answer["number"] == two.answer["number"]


def test_what_was_seen_on_the_way_is_taken_once_and_comes_by_patrol(town, phone):
    sent = {"key": "key-1-abcdef", "text": "路口的井盖松了，踩上去会响", "building": town.building("松涛苑1栋")}
    answers = [phone("reports", **sent) for _ in range(3)]
    assert {answer.json()["number"] for answer in answers} == {answers[0].json()["number"]}
    (line,) = matters.find(seen_by=OFFICE, words="")
    view = matters.seen(line.number, seen_by=OFFICE, at=LATER)
    assert [telling.channel for telling in view.tellings] == ["patrol"]


def test_a_record_needing_a_matter_is_one_matter_after_three_tries(town, phone):
    jobs.lay_out_the_day(at=monday_nine)
    line = next(line for line in sensing.rounds(monday_nine.date(), seen_by=town.actor("chen")) if line.plan.code == "fire-lane")
    sent = {"key": "key-1-abcdef", "kind": "needs", "round": str(line.id), "point": line.points[0].code, "text": "防火门关不上"}
    for _ in range(3):
        assert phone("records", **sent).status_code == 200
        deliveries.work(at=LATER)
    assert len(matters.find(seen_by=OFFICE, words="")) == 1
    assert sum(sensing.counted(seen_by=town.desk("ry"), since=monday_nine, until=LATER + timedelta(days=1)).values()) == 1


def test_not_my_grid_in_one_tap_and_back(lamp, phone, journal):
    assert phone("returns", key="key-1-abcdef", number=lamp.number).status_code == 200
    view = matters.seen(lamp.number, seen_by=OFFICE, at=LATER)
    assert view.line.state == "returned" and view.steps[-1].values["elsewhere"] is True
    page = phone.client.get(f"/desk/matters/{lamp.number}").content.decode()
    assert "陈志明说不在TA的网格" in page
    assert phone("retractions", key="key-2-abcdef", number=lamp.number).status_code == 200
    assert matters.seen(lamp.number, seen_by=OFFICE, at=LATER).line.state in ("accepted", "assigned")
    # The return that was sent again meanwhile is the one that was taken back.
    assert phone("returns", key="key-1-abcdef", number=lamp.number).json()["again"] is True
    assert matters.seen(lamp.number, seen_by=OFFICE, at=LATER).line.state in ("accepted", "assigned")


def test_when_it_was_done_is_shown_and_every_clock_counts_by_the_server(lamp, phone):
    then, at = monday_nine + timedelta(minutes=5), monday_nine + timedelta(minutes=50)
    said = {"key": "key-1-abcdef", "number": lamp.number, "how": "phone", "text": "问清是2楼到3楼之间"}
    assert phone("contacts", at=at, then=then.isoformat(), **said).status_code == 200
    view = matters.seen(lamp.number, seen_by=OFFICE, at=at)
    assert view.respond.stopped == at > view.respond.due
    with clock.stopped_at(at):
        page = phone.client.get(f"/desk/matters/{lamp.number}").content.decode()
    assert "当时今天9:05，没网，后来才送到" in page


def test_a_form_without_scripts_does_the_same_and_comes_back(lamp, phone):
    with clock.stopped_at(LATER):
        answer = phone.client.post("/day/contacts", {"key": "key-1-abcdef", "number": lamp.number, "how": "phone", "text": "打过了"})
        assert answer.status_code == 302 and answer["Location"] == "/day"
        assert "记下了" in phone.client.get("/day").content.decode()


@pytest.mark.parametrize("bad", [{"key": ""}, {"key": "short"}, {"key": "k" * 65}, {"number": "x"}, {"lon": "east", "lat": "1"}])
def test_what_cannot_be_read_changes_nothing_and_says_why(lamp, phone, journal, bad):
    sent = {"key": "key-1-abcdef", "number": lamp.number, "how": "phone", "text": "打过了"}
    kind = "closures" if "lon" in bad else "contacts"
    answer = phone(kind, **(sent | bad))
    assert 400 <= answer.status_code < 500 and answer.json()["title"]
    assert "teller.contacted" not in journal.of(f"matter:{lamp.matter}")


def test_two_telephones_with_one_key_and_a_try_in_the_middle_of_a_commit(postgres, town, lamp, race, journal):
    chen = town.actor("chen")
    one = entry("contact", number=lamp.number, how="phone", text="问清是2楼到3楼之间")
    finishes = race(*[lambda: actions.take(entry=one, by=chen, at=LATER)] * 4)
    assert [finish.why for finish in finishes] == [""] * 4
    assert sorted("again" in finish.value.answer for finish in finishes) == [False, True, True, True]
    assert journal.of(f"matter:{lamp.matter}").count("teller.contacted") == 1


def test_a_crash_after_the_deed_and_before_the_key_undoes_both(town, lamp, monkeypatch, journal):
    from siqian.kernel import once

    chen = town.actor("chen")
    one = entry("contact", number=lamp.number, how="phone", text="问清是2楼到3楼之间")

    def crash(*_args, **_more):
        raise RuntimeError("the plug was pulled")

    with monkeypatch.context() as broken:
        broken.setattr(once, "done", crash)
        with pytest.raises(RuntimeError):
            actions.take(entry=one, by=chen, at=LATER)
    assert "teller.contacted" not in journal.of(f"matter:{lamp.matter}")
    assert "again" not in actions.take(entry=one, by=chen, at=LATER).answer
    assert journal.of(f"matter:{lamp.matter}").count("teller.contacted") == 1


def test_only_keepers_send_and_an_unknown_kind_is_refused(town):
    with pytest.raises(NotYours):
        actions.take(entry=entry("report", text="井盖松了"), by=town.desk("ry"), at=LATER)
    with pytest.raises(Refused):
        actions.take(entry=entry("erase"), by=town.actor("chen"), at=LATER)


def test_the_script_in_the_telephone_names_its_version_and_files_that_are_there(phone):
    answer = phone.client.get("/day-worker.js")
    text = answer.content.decode()
    assert answer["Service-Worker-Allowed"] == "/day" and "__" not in text.replace("siqian-day-", "")
    shell = json.loads(text.split("SHELL = ")[1].split(", PAGE")[0])
    assert len(shell) == 11
    total = 0
    for name in shell:
        file = phone.client.get(name)
        assert file.status_code == 200, name
        total += sum(len(part) for part in file.streaming_content) if file.streaming else len(file.content)
    assert total < 120_000


def test_a_walk_takes_what_would_be_late_first_and_then_the_nearest():
    start = (114.03, 22.66)
    east = [way.Stop(str(number), 114.03 + 0.001 * number, 22.66) for number in (3, 1, 2)]
    assert [stop.key for stop in way.order(start, east)] == ["1", "2", "3"]
    # Three is owed in four minutes and three hundred metres away: after one and two it would be late.
    owed = [way.Stop(stop.key, stop.lon, stop.lat, 5.0 if stop.key == "3" else None) for stop in east]
    assert next(stop.key for stop in way.order(start, owed)) == "3"
    # What is late whatever one does does not turn the walk round for ever.
    late = [way.Stop(stop.key, stop.lon, stop.lat, -5.0) for stop in east]
    assert sorted(stop.key for stop in way.order(start, late)) == ["1", "2", "3"]
