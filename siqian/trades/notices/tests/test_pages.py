"""A resident's own page of notices, the same over the API, and the gateways' receipts."""

import json

import pytest
from django.test import Client

from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine
from siqian.trades.notices import actions, jobs, queries
from siqian.trades.notices.gateways import SIGNATURE, signature
from siqian.trades.notices.tests.test_sending import Line


@pytest.fixture(autouse=True)
def open_ways(settings_of):
    settings_of(SIQIAN_GATEWAYS={"sms": "console", "email": "console"}, SIQIAN_GATEWAY_SECRET="shared")


@pytest.fixture
def zhou(town):
    actor = town.resident("zhou")
    told = {"number": "0713-0001", "title": "楼梯灯不亮"}
    actions.tell(to=actor.ref, about="matter:1", text="办好了。办得好不好，请您评一评", values=told, by=OFFICE, at=monday_nine)
    return actor


@pytest.fixture
def client(zhou, signed_in):
    return signed_in("zhou")


def shown(client, path="/me/notices"):
    return client.get(path).content.decode()


def test_what_one_was_told_stands_on_ones_page_and_is_seen_once_shown(zhou, client):
    assert "有1条消息您还没看" in shown(client, "/?resident")
    first = shown(client)
    assert "办好了。办得好不好，请您评一评" in first and 'href="/matters/0713-0001"' in first and ">新<" in first
    assert ">新<" not in shown(client) and "条消息您还没看" not in shown(client, "/?resident")


def test_one_agrees_and_takes_it_back_by_the_page(zhou, client):
    wrong = client.post("/me/notices/ways", {"channel": "sms", "address": "110"})
    assert wrong.status_code == 400 and "手机号是1开头的11位数字" in wrong.content.decode()
    client.post("/me/notices/ways", {"channel": "sms", "address": "199 0000 0001"})
    assert "199 **** 0001" in shown(client) and "19900000001" not in shown(client)
    client.post("/me/notices/withdrawals", {"reader": zhou.ref, "channel": "sms"})
    assert queries.given([zhou.ref]) == []
    client.post("/me/notices/hours", {"quiet_from": "21:00", "quiet_to": "08:00", "digest_at": "18:30"})
    assert (queries.hours(zhou.ref).quiet_from, queries.hours(zhou.ref).digest_at) == (21 * 60, 18 * 60 + 30)
    assert client.post("/me/notices/hours", {"quiet_from": "25:00", "quiet_to": "08:00", "digest_at": "18:30"}).status_code == 400


def test_nobody_takes_back_what_another_agreed_to(zhou, client, town):
    lin = town.resident("lin")
    actions.agree(reader=lin.ref, channel="sms", address="19900000002", by=lin, at=monday_nine)
    assert client.post("/me/notices/withdrawals", {"reader": lin.ref, "channel": "sms"}).status_code == 403
    assert len(queries.given([lin.ref])) == 1


def test_a_stranger_sees_an_empty_page_and_is_shown_the_way_in(db):
    client = Client()
    page = shown(client)
    assert "还没有消息" in page and "/sign-in?next=/me/notices" in page
    assert client.post("/me/notices/ways", {"channel": "sms", "address": "19900000001"}).status_code == 403
    assert client.put("/api/notices/ways/sms", {"address": "19900000001"}, content_type="application/json").status_code == 403
    assert client.get("/api/notices").json() == []


def test_the_same_over_the_api(zhou, client):
    (line,) = client.get("/api/notices").json()
    assert (line["text"], line["seen"], line["out"]) == ("办好了。办得好不好，请您评一评", False, [])
    ways = client.put("/api/notices/ways/email", {"address": "zhou@example.com"}, content_type="application/json").json()
    assert ways == [{"channel": "sms", "masked": ""}, {"channel": "email", "masked": "z***@example.com"}]
    wrong = client.put("/api/notices/ways/email", {"address": "zhou"}, content_type="application/json")
    assert wrong.status_code == 400 and wrong.json()["field"] == "address"
    assert client.delete("/api/notices/ways/email").json()[1]["masked"] == ""


def test_a_gateways_receipt_counts_when_it_is_signed(zhou, client):
    actions.agree(reader=zhou.ref, channel="sms", address="19900000001", by=zhou, at=monday_nine)
    actions.tell(to=zhou.ref, about="matter:2", text="有进展", by=OFFICE, at=monday_nine)
    line = Line()
    jobs.send_what_is_due(gateways={"sms": line}, at=monday_nine)
    (key,) = line.delivered

    def send(secret, **more):
        body = json.dumps({"key": key, "delivered": True} | more).encode()
        header = {SIGNATURE: signature(secret, body)}
        return client.post("/api/notices/receipts", body, content_type="application/json", headers=header)

    assert send("guessed").status_code == 403
    assert send("shared", key="siqian-9999").status_code == 404
    assert send("shared").status_code == 204 and send("shared").status_code == 204
    assert "送到了" in shown(client)


def test_without_a_secret_no_receipt_is_believed(zhou, client, settings_of):
    settings_of(SIQIAN_GATEWAY_SECRET="")
    body = json.dumps({"key": "siqian-1", "delivered": True}).encode()
    answer = client.post("/api/notices/receipts", body, content_type="application/json", headers={SIGNATURE: signature("", body)})
    assert answer.status_code == 403
