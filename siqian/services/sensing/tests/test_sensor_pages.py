"""What is seen and clicked of sensors and incidents, and what comes in at the machine's door."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions, queries
from siqian.testing import monday_nine

from .gauges import flood, send, sent

SOON = monday_nine + timedelta(minutes=10)


@pytest.fixture
def token(town, gauges) -> str:
    return actions.admit_gateway(code="ry-1", area="ry", by=OFFICE, at=monday_nine)


@pytest.fixture
def burning(town, gauges) -> int:
    send(sent("s3", 0.2, monday_nine - timedelta(minutes=20), "smoke"), sent("s3", 9, monday_nine, "smoke"))
    (line,) = queries.incident_list(seen_by=town.desk("ry"), at=SOON)
    return line.id


def page(client, address: str, status: int = 200) -> str:
    with clock.stopped_at(SOON):
        answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def post(client, address: str, **sent_: object):
    with clock.stopped_at(SOON):
        return client.post(address, sent_)


def call(client, body: object, token: str = ""):
    head = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    with clock.stopped_at(monday_nine):
        return client.post("/api/sensing/readings", json.dumps(body), content_type="application/json", **head)


def reading(**more: object) -> dict[str, object]:
    return {"sensor": "w1", "quantity": "depth", "value": 12, "at": monday_nine.isoformat()} | more


def test_a_batch_is_answered_row_by_row_and_a_fault_keeps_none_of_the_others_out(client, token):
    batch = [reading(), reading(), reading(value=900, id="x"), reading(sensor="w3"), reading(phone="13800000000", id="y")]
    answer = call(client, {"readings": batch}, token)
    assert answer.status_code == 200
    told = answer.json()
    assert [one["outcome"] for one in told["answers"]] == ["taken", "known", "held", "refused", "refused"]
    assert (told["taken"], told["known"], told["held"], told["refused"]) == (1, 1, 1, 2)
    assert "网关" in told["answers"][3]["why"] and "phone" in told["answers"][4]["why"]
    assert call(client, {"readings": [reading()]}, token).json()["known"] == 1


def test_without_a_token_that_is_good_nothing_is_taken(client, town, token):
    for wrong in ("", "guessed"):
        answer = call(client, {"readings": [reading()]}, wrong)
        assert answer.status_code == 403 and "siqian gateway" in answer.json()["title"]
    assert queries.sensor("w1", seen_by=town.desk("ry")).last == ()


@pytest.mark.parametrize("body", [{"readings": []}, {"readings": [reading()] * 1001}, {"readings": [{"sensor": "w1"}]}, {}])
def test_a_batch_that_is_none_is_a_400_with_the_field(client, token, body):
    answer = call(client, body, token)
    assert answer.status_code == 400 and answer.json()["field"]


def test_the_list_shows_those_that_want_somebody_first_and_is_narrowed(gauges, burning, signed_in):
    desk = signed_in("ruolan")
    shown = page(desk, "/desk/sensors")
    assert shown.index("松涛苑3栋楼道") < shown.index("松涛苑4栋低洼处")
    assert "松涛苑3栋楼道" not in page(desk, "/desk/sensors?kind=water") and "松涛苑3栋楼道" in page(desk, "/desk/sensors?state=alarm")
    assert "没有这样的传感器" in page(desk, "/desk/sensors?q=nothing&state=bad&kind=cow")
    rows = list(csv.reader(io.StringIO(desk.get("/desk/sensors/list.csv?kind=smoke").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["s3", "s5"]


def test_the_page_of_one_draws_its_curve_and_says_it_in_words(gauges, burning, signed_in):
    shown = page(signed_in("ruolan"), "/desk/sensors/s3")
    assert '<svg class="curve"' in shown and "烟雾：2次读数，最低0.2%/m，最高9%/m" in shown and "还没恢复" in shown
    assert "24小时里没有读数" in page(signed_in("ruolan"), "/desk/sensors/m1")
    page(signed_in("chunmei"), "/desk/sensors/s3", 404)


def test_the_owner_takes_it_up_notes_with_a_picture_and_ends_it(burning, town, signed_in):
    chen, where = signed_in("chen"), f"/desk/incidents/{burning}"
    assert "我来处理" in page(chen, where) and "烟感报警" in page(chen, "/desk/incidents")
    for _ in range(2):
        assert post(chen, f"{where}/acknowledgement").status_code == 302
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#39474A").save(out, "JPEG")
    for _ in range(2):
        photo = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
        assert post(chen, f"{where}/notes", text="厨房烧干锅了", photos=photo, key="k" * 12).status_code == 302
    view = queries.incident(burning, seen_by=town.desk("ry"), at=SOON)
    assert [step.verb for step in view.steps] == ["acknowledge", "note"]
    desk = signed_in("ruolan")
    shown = page(desk, where)
    assert "厨房烧干锅了" in shown and "陈志明" in shown
    assert desk.get(f"{where}/photos/{view.steps[1].photos[0]}").status_code == 200
    assert signed_in("chunmei").get(f"{where}/photos/{view.steps[1].photos[0]}").status_code == 404
    refused = post(chen, f"{where}/closure", text="")
    assert refused.status_code == 400 and "还有1个传感器" in refused.content.decode()
    assert post(chen, f"{where}/closure", text="锅端走了，烟散了").status_code == 302
    assert "结束了" in page(desk, where) and "眼下没有报警" in page(desk, "/desk/incidents")
    assert "烟感报警" in page(desk, "/desk/incidents?show=over")


def test_what_was_typed_stays_when_a_step_is_refused(burning, signed_in):
    desk = signed_in("ruolan")
    refused = post(desk, f"/desk/incidents/{burning}/false-alarm", text="无")
    assert refused.status_code == 400 and 'value="无"' in refused.content.decode()
    not_a_photo = SimpleUploadedFile("a.txt", b"hello", "text/plain")
    refused = post(desk, f"/desk/incidents/{burning}/notes", text="看过了", photos=not_a_photo, key="k" * 12)
    assert refused.status_code == 400 and "看过了" in refused.content.decode() and "不是照片" in refused.content.decode()
    assert [step.verb for step in queries.incident(burning, seen_by=OFFICE, at=SOON).steps] == []


def test_a_notice_and_the_list_of_the_day_lead_to_the_incident(burning, signed_in):
    assert f'href="/desk/incidents/{burning}"' in page(signed_in("chen"), "/notices")
    assert f'href="/desk/incidents/{burning}"' in page(signed_in("chen"), "/desk")


def test_who_may_not_act_sees_no_button_and_is_refused(burning, signed_in):
    inspector = signed_in("zheng")
    shown = page(inspector, f"/desk/incidents/{burning}")
    assert "我来处理" not in shown and "是误报" not in shown
    assert post(inspector, f"/desk/incidents/{burning}/acknowledgement").status_code == 403
    assert post(signed_in("chunmei"), f"/desk/incidents/{burning}/acknowledgement").status_code == 404


def test_the_table_of_incidents_opens_in_a_spreadsheet(burning, town, signed_in):
    flood()
    rows = list(csv.reader(io.StringIO(signed_in("liang").get("/desk/incidents/list.csv").content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["积水内涝", "烟感报警"]
