"""Who opens the pages of outside systems over HTTP, and who presses their buttons, account by account."""

import pytest

from siqian.intake import actions, arriving, queries
from siqian.intake.models import Arrival
from siqian.kernel.permits import OFFICE
from siqian.testing import monday_nine, seat_administrators

# page, its refused messages, taking again, letters, a new key, ending keys, an address
MATRIX = {
    "liang": "200 200 302 302 403 403 403",  # dispatcher
    "min": "200 200 302 302 302 302 302",  # administrator of the system
    "zheng": "200 403 403 403 403 403 403",  # inspector
    "chen": "403 403 403 403 403 403 403",
    "xiujuan": "403 403 403 403 403 403 403",
    "qiang": "403 403 403 403 403 403 403",
    "leader": "403 403 403 403 403 403 403",
    "yan": "403 403 403 403 403 403 403",
    "an": "403 403 403 403 403 403 403",  # of security
    "shen": "403 403 403 403 403 403 403",  # of audit
}


@pytest.fixture
def refused(town) -> int:
    actions.admit(system="city", by=OFFICE, at=monday_nine)
    seat_administrators()
    arriving.receive(system=queries.systems()["city"], payloads=[{"x": 1}], by=queries.system_actor("city"), at=monday_nine)
    return Arrival.objects.get().id


@pytest.mark.parametrize("who", MATRIX)
def test_who_opens_the_pages_of_systems(signed_in, refused, who):
    client = signed_in(who)
    answers = [
        client.get("/desk/systems/city"),
        client.get(f"/desk/systems/city/refused/{refused}"),
        client.post("/desk/systems/city/retaken", {"arrival": refused}),
        client.post("/desk/systems/city/letters"),
        client.post("/desk/systems/city/key"),
        client.post("/desk/systems/city/key/end"),
        client.post("/desk/systems/city/address", {"url": "https://city.example/"}),
    ]
    assert " ".join(str(answer.status_code) for answer in answers) == MATRIX[who]
    assert client.get("/desk/systems").status_code == answers[0].status_code


def test_nobody_s_page_leads_to_the_sign_in(client, town):
    assert client.get("/desk/systems")["Location"].startswith("/sign-in")
