"""Editions as programs read them."""

from datetime import date

from siqian.kernel import clock
from siqian.spine.remit import actions
from siqian.testing import monday_nine


def test_editions_are_read_as_json_by_staff(town, client, signed_in):
    actions.draft(version="2026.8", effective=date(2026, 7, 14), by=town.actor("liang"), at=monday_nine)
    actions.drop_rule(edition=1, code="R01", by=town.actor("liang"), at=monday_nine)
    with clock.stopped_at(monday_nine):
        keeper = signed_in("chen")
        (line,) = keeper.get("/api/remit/editions").json()
        assert (line["version"], line["effective"], line["state"], line["changes"]) == ("2026.8", "2026-07-14", "draft", 1)
        whole = keeper.get(f"/api/remit/editions/{line['id']}").json()
        assert whole["rows"]["rules"]["R01"]["row"] is None
        assert keeper.get("/api/remit/editions/99").status_code == 404
    assert client.get("/api/remit/editions").status_code == 403
