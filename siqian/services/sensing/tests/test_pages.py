"""What the desk reads of patrols; and that nothing anywhere follows a worker."""

import ast
import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import FloatField

import siqian
from siqian.kernel import clock, deliveries
from siqian.services.sensing import actions, jobs, queries
from siqian.services.sensing.rules import Sight
from siqian.testing import monday_nine
from siqian.trades.tasks import jobs as tasks_jobs

from .gauges import hear, send, sent

HOUSE = Path(siqian.__file__).parent
LATER = monday_nine + timedelta(hours=1)


@pytest.fixture
def seen(town):
    """One of each kind in 陈志明's grid, one in 李春梅's."""
    chen, chunmei, where = town.actor("chen"), town.actor("chunmei"), town.building("松涛苑3栋")
    sights = {
        "well": Sight("well", building=where),
        "fixed": Sight("fixed", "=杂物堆在楼道，搬走了", building=where, lon=114.0305, lat=22.6613),
        "needs": Sight("needs", "楼梯2楼的灯坏了", building=where),
    }
    found = {kind: actions.record(sight=sight, key=f"key-{kind}-abc", by=chen, at=monday_nine) for kind, sight in sights.items()}
    other = Sight("fixed", "电动车推走了", building=town.building("松涛苑1栋"))
    found["other"] = actions.record(sight=other, key="key-other-abc", by=chunmei, at=monday_nine)
    while deliveries.work(at=monday_nine):
        pass
    return found


def page(client, address: str) -> str:
    with clock.stopped_at(LATER):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_figure_is_as_many_as_the_list_behind_it(town, seen, signed_in):
    desk = town.desk("ry")
    span = {"since": monday_nine - timedelta(days=1), "until": LATER}
    counts = queries.counted(seen_by=desk, **span)
    assert counts == {"well": 1, "fixed": 2, "needs": 1}
    for kind, count in counts.items():
        assert len(queries.find(seen_by=desk, kind=kind, **span)) == count
    shown = page(signed_in("ruolan"), "/desk/patrols?kind=fixed")
    assert "杂物堆在楼道" in shown and "电动车推走了" in shown and "楼梯2楼的灯坏了" not in shown
    # His own grid's, and not the neighbour's, for a keeper.
    own = page(signed_in("chen"), "/desk/patrols")
    assert "杂物堆在楼道" in own and "电动车推走了" not in own


def test_filters_that_cannot_be_read_are_left_out(seen, signed_in):
    shown = page(signed_in("ruolan"), "/desk/patrols?since=yesterday&until=2999-01-01&kind=bad&round=none&in=/x/&before=abc")
    assert "杂物堆在楼道" in shown
    assert "这几天没有这样的记录" in page(signed_in("ruolan"), "/desk/patrols?since=2026-01-01&until=2026-01-02")


def test_the_table_opens_in_a_spreadsheet_and_holds_what_is_shown(seen, signed_in):
    with clock.stopped_at(LATER):
        answer = signed_in("zheng").get("/desk/patrols/list.csv?kind=fixed")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3 and {row[5] for row in rows[1:]} == {"陈志明", "李春梅"}
    assert any(row[3] == "'=杂物堆在楼道，搬走了" for row in rows), "what looks like a formula is text"
    assert len(list(csv.reader(io.StringIO(signed_in("wu").get("/desk/patrols/list.csv").content.decode("utf-8-sig"))))) == 1


def test_a_record_shows_where_and_when_and_what_came_of_it(seen, signed_in):
    desk = signed_in("ruolan")
    assert "114.0305" in page(desk, f"/desk/patrols/{seen['fixed']}")
    assert "0713-0001" in page(desk, f"/desk/patrols/{seen['needs']}")
    for who in ("chunmei", "wu", "qiang"):
        assert signed_in(who).get(f"/desk/patrols/{seen['fixed']}").status_code == 404
        assert signed_in(who).get(f"/desk/patrols/{seen['fixed']}/photos/{'a' * 64}").status_code == 404


def test_who_missed_a_round_is_for_whoever_looks_after_the_place(town, signed_in):
    jobs.lay_out_the_day(at=monday_nine)
    night = monday_nine.replace(hour=0, minute=1) + timedelta(days=1)
    from siqian.trades.tasks import jobs as tasks_jobs

    tasks_jobs.climb_what_is_late(at=night)
    while deliveries.work(at=night):
        pass
    with clock.stopped_at(night + timedelta(hours=9)):
        assert "没走完的" in signed_in("xiujuan").get("/desk/patrols").content.decode()
        assert "没走完的" not in signed_in("chunmei").get("/desk/patrols").content.decode()
        told = signed_in("ruolan").get("/notices").content.decode()
    assert "巡查今天没走完，还差3处" in told and 'href="/desk/patrols"' in told


def test_no_table_holds_a_position_of_somebody_but_a_record():
    """Places, things and matters lie somewhere; of a worker there is the point of a record, and of a closing (in its step), no track."""
    # What an instrument shows is a figure of a thing and no position, and neither is a probability.
    shown = {("sensing.Reading", "value"), ("sensing.Alarm", "value"), ("learn.Lesson", "share"), ("learn.Raised", "floor")}
    positions = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FloatField) or re.search(r"^(lon|lat)$|position|track", field.name)
    }
    assert positions - shown == {
        ("places.Building", "lon"),
        ("places.Building", "lat"),
        ("matters.Matter", "lon"),
        ("matters.Matter", "lat"),
        ("sensing.Record", "lon"),
        ("sensing.Record", "lat"),
        ("sensing.Sensor", "lon"),
        ("sensing.Sensor", "lat"),
        ("intake.Report", "lon"),
        ("intake.Report", "lat"),
    }


def test_no_script_watches_where_a_telephone_is():
    # The map's library could; nothing of ours asks it to.
    scripts = [path for path in HOUSE.rglob("static/**/*.js") if "vendor" not in path.parts]
    assert len(scripts) > 5
    watching = ("watchPosition", "GeolocateControl")
    assert [path.name for path in scripts if any(word in path.read_text(encoding="utf-8") for word in watching)] == []
    asked = {path.name for path in scripts if "getCurrentPosition" in path.read_text(encoding="utf-8")}
    assert asked <= {"day.js", "staff.js", "report.js"}


def test_events_and_keys_hold_no_position(town, seen, journal):
    from siqian.kernel.journal import of
    from siqian.kernel.once import Kept

    assert "lon" not in str([line.body for line in of(f"patrol:{seen['fixed']}")])
    assert "lon" not in Kept.__dataclass_fields__
    events = ast.parse((HOUSE / "services" / "sensing" / "events.py").read_text(encoding="utf-8"))
    fields = {node.target.id for node in ast.walk(events) if isinstance(node, ast.AnnAssign)}
    patrols = {"round", "post", "points", "patrol", "kind", "to"}
    alarms = {"sensors", "gateway", "path", "incident", "into", "alarms", "verb"}
    assert fields - patrols == alarms | {"publicity", "rounds", "added", "changed"}


def test_an_incident_s_notices_are_english_in_english(town, gauges, signed_in):
    send(sent("w1", 34, monday_nine), sent("w1", 36, monday_nine + timedelta(minutes=2)))
    late = monday_nine + timedelta(minutes=20)
    tasks_jobs.climb_what_is_late(at=late)
    hear(late)
    page = signed_in("lifen")
    with clock.stopped_at(late):
        chinese = page.get("/notices").content.decode()
        page.cookies["django_language"] = "en"
        english = page.get("/notices").content.decode()
    assert "积水内涝报警" in chinese and "积水内涝没人接" in chinese
    assert english.count("Flooding") == chinese.count("积水内涝") and "积水内涝" not in english and "松涛苑3栋" not in english
