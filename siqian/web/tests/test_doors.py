"""What the site says at its edges: unknown addresses, our own faults, sign-in, language, health."""

import pytest

from siqian.testing import PASSWORD


def test_an_unknown_page_is_404_in_the_form_that_was_asked_for(client, town):
    page = client.get("/nowhere")
    assert page.status_code == 404 and "没有这一页" in page.content.decode()
    answer = client.get("/api/nowhere")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


def test_our_own_fault_says_what_was_not_saved(client, town, monkeypatch):
    from siqian.web import views

    monkeypatch.setattr(views.people, "my_people", lambda *_, **__: 1 / 0)
    client.raise_request_exception = False
    client.post("/home", {"building": town.building("松涛苑3栋")})
    answer = client.get("/")
    assert answer.status_code == 500 and "没有存上" in answer.content.decode()


def test_staff_sign_in_and_go_where_they_wanted(client, town):
    assert client.get("/desk")["Location"] == "/sign-in?next=/desk"
    wrong = client.post("/sign-in", {"username": "chen", "password": "wrong", "next": "/desk"})
    assert wrong.status_code == 400 and "对不上" in wrong.content.decode() and 'value="chen"' in wrong.content.decode()
    right = client.post("/sign-in", {"username": "chen", "password": PASSWORD, "next": "/desk"})
    assert right.status_code == 302 and right["Location"] == "/desk"
    assert client.get("/desk").status_code == 200


def test_nobody_is_sent_to_another_site_after_signing_in(client, town):
    answer = client.post("/sign-in", {"username": "chen", "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_eight_wrong_passwords_lock_out(client, town):
    for _ in range(8):
        answer = client.post("/sign-in", {"username": "chen", "password": "wrong"})
    assert answer.status_code == 429 and "先锁15分钟" in answer.content.decode()
    assert client.post("/sign-in", {"username": "chen", "password": PASSWORD}).status_code == 429


def test_the_role_switcher_exists_in_the_demo_only(client, town):
    assert client.get("/roles").status_code == 404
    assert client.post("/roles/taken", {"role": "dispatcher"}).status_code == 404


@pytest.mark.parametrize("path", ["/matters/0713-0001/rating", "/desk/acceptances", "/language", "/home", "/sign-out", "/report/hearing"])
def test_steps_are_posted_and_never_followed_by_a_link(signed_in, town, path):
    assert signed_in("chen").get(path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/people", "/report", "/matters", "/receipts", "/sign-in", "/board", "/desk", "/health", "/report/where"]
)
def test_a_method_that_a_page_does_not_know_is_405(town, path):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    for method in ("put", "delete", "patch"):
        assert getattr(strict, method)(path).status_code == 405, method


def test_a_form_without_its_token_changes_nothing(town):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/report", {"text": "3栋楼道灯坏了"}).status_code == 403


def test_health_names_nobody(client, town):
    assert client.get("/health").json() == {"status": "ok", "deliveries_due": 0, "deliveries_dead": 0}


def test_every_page_carries_the_fences_of_the_browser(client, town):
    answer = client.get("/")
    assert "default-src 'self'" in answer["Content-Security-Policy"] and "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", ["3栋灯坏了\x00", "3栋灯坏了\ud800"])
def test_what_no_database_can_store_is_refused_at_the_door(client, town, text):
    import json

    answer = client.post("/api/intake/api", json.dumps({"text": text}), content_type="application/json")
    assert answer.status_code == 400 and answer.json()["title"].startswith("请求读不懂")
    assert client.get("/desk/matters?q=%00").status_code == 400
    assert client.post("/report", {"text": "3栋灯坏了\x00"}).status_code == 400


def test_the_api_answers_in_letters_that_people_read(client, town):
    answer = client.get("/api/people", {"building": town.building("松涛苑3栋")})
    assert "陈志明" in answer.content.decode()
