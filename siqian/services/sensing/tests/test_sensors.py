"""The register of sensors and what comes in of them: once each, told when it cannot count, and never of a person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siqian.kernel import catalogue
from siqian.kernel.permits import OFFICE, Actor, BadInput, Grant, NotFound, NotYours
from siqian.services.sensing import actions, catalogued, jobs, queries
from siqian.services.sensing.rules import sensors as rules
from siqian.services.sensing.rules.sensors import Sent
from siqian.testing import monday_nine

from .gauges import REGISTER, rows, send, sent

LATER = monday_nine + timedelta(minutes=5)


def test_a_second_run_of_the_register_changes_nothing(town, gauges, journal):
    assert actions.register_sensors(sensors=rows(), by=OFFICE, at=LATER) == actions.Brought(same=len(REGISTER))
    renamed = [replace(rows()[0], name="3栋车库口"), *rows()[1:]]
    assert actions.register_sensors(sensors=renamed, by=OFFICE, at=LATER) == actions.Brought(changed=1, same=len(REGISTER) - 1)
    gone = [replace(renamed[0], until=LATER)]
    assert actions.register_sensors(sensors=gone, by=OFFICE, at=LATER) == actions.Brought(ended=1)
    assert queries.sensor("w1", seen_by=town.desk("ry")).state == "off"
    assert journal.of("sensors:list") == ["sensors.registered"] * 3


def test_every_fault_of_the_register_is_told_and_nothing_is_written(town):
    bad = [
        replace(rows()[0], building="nowhere-1"),
        replace(rows()[1], building="", lon=1.0, lat=1.0),
        replace(rows()[2], code="s3"),
        rows()[3],
    ]
    told = [str(fault) for fault in actions.check_sensors(sensors=bad)]
    assert [told_.split("：")[0] for told_ in told] == ["第5行", "第2行", "第3行"]
    with pytest.raises(BadInput):
        actions.register_sensors(sensors=bad, by=OFFICE, at=LATER)
    assert queries.sensor_list(seen_by=town.desk("ry")) == []


def test_another_kind_under_a_known_code_is_refused(town, gauges):
    (fault,) = actions.check_sensors(sensors=[replace(rows()[0], kind="smoke")])
    assert "登记过了" in str(fault)


def test_a_row_says_everything_that_is_wrong_with_it():
    cells = {"code": "a b", "kind": "水怪", "name": ""}
    faults = rules.sensor_row(4, cells, catalogued.kinds(), None)
    assert isinstance(faults, list) and len(faults) == 4 and all(str(fault).startswith("第4行：") for fault in faults)
    row = rules.sensor_row(5, {"code": "w9", "kind": "积水", "name": "桥底", "lon": "114.03", "lat": "22.66"}, catalogued.kinds(), None)
    assert not isinstance(row, list) and (row.kind, row.lon, row.lat) == ("water", 114.03, 22.66)


def test_the_same_reading_is_taken_once_however_often_it_is_sent(town, gauges):
    one = sent("w1", 12, monday_nine)
    assert [answer.outcome for answer in send(one, one)] == ["taken", "known"]
    assert [answer.outcome for answer in send(one)] == ["known"]
    named = replace(one, id="gw-7", value=13)
    assert [answer.outcome for answer in send(named, replace(named, value=99))] == ["taken", "known"]
    line = queries.sensor("w1", seen_by=town.desk("ry"))
    assert [len(curve.points) for curve in queries.curves([line.id], since=monday_nine, until=LATER)[line.id]] == [2]
    assert line.last[0][1] == 13 and line.heard == monday_nine


def test_what_cannot_count_is_kept_aside_and_told_with_a_remedy(town, gauges):
    early, late = sent("w1", 12, LATER + timedelta(minutes=6)), sent("w1", 12, LATER - timedelta(hours=25))
    beyond = sent("w1", 900, LATER)
    answers = send(early, late, beyond, sent("w1", 12, LATER + timedelta(minutes=4)), at=LATER)
    assert [answer.outcome for answer in answers] == ["held", "held", "held", "taken"]
    assert ["时钟校准" in str(answers[0].why), "25小时" in str(answers[1].why), "0到500cm" in str(answers[2].why)] == [True] * 3
    line = queries.sensor("w1", seen_by=town.desk("ry"))
    kept = queries.held_of(line.id, since=monday_nine)
    assert sorted(one.why for one in kept) == ["太迟", "时间没到", "超出量程"]
    assert [answer.outcome for answer in send(early, late, beyond, at=LATER)] == ["known"] * 3
    assert (
        sum(
            len(curve.points)
            for curve in queries.curves([line.id], since=LATER - timedelta(days=2), until=LATER + timedelta(days=1))[line.id]
        )
        == 1
    )


def test_what_is_refused_says_why_and_keeps_nothing(town, gauges):
    answers = send(
        sent("w99", 1, monday_nine),
        sent("w1", 1, monday_nine, "colour"),
        sent("w1", float("nan"), monday_nine),
        sent("s3", 1, monday_nine, "smoke"),
    )
    assert [answer.outcome for answer in answers] == ["refused"] * 3 + ["taken"]
    assert "先登记" in str(answers[0].why) and "depth" in str(answers[1].why) and "不是一个数" in str(answers[2].why)
    with pytest.raises(BadInput, match="1000"):
        send(*[sent("w1", 1, monday_nine)] * 1001)


@pytest.mark.parametrize("field", ["name", "phone", "id_number", "person"])
def test_a_reading_that_tells_of_a_person_is_refused_by_the_fields_name(town, gauges, field):
    (answer,) = send(replace(sent("w1", 12, monday_nine), more=(field,)))
    assert answer.outcome == "refused" and f"“{field}”" in str(answer.why)
    raw = {"sensor": "w1", "quantity": "depth", "value": 12, "at": "2026-07-13T09:00:00+08:00", field: "13800000000"}
    read = rules.read(1, raw)
    assert isinstance(read, Sent) and read.more == (field,)


@pytest.mark.parametrize(
    "raw", [None, [], "x", {"sensor": "w1"}, {"sensor": "w1", "quantity": "depth", "value": 1, "at": "2026-07-13T09:00:00"}]
)
def test_what_is_no_reading_is_refused_and_does_not_stop_the_others(raw):
    answer = rules.read(3, raw)
    assert not isinstance(answer, Sent) and (answer.row, answer.outcome) == (3, "refused")


def test_no_column_of_a_sensor_or_a_reading_is_a_persons():
    from siqian.services.sensing.models import Alarm, Incident, Reading, Sensor

    persons = {"person", "account", "by", "by_name", "phone", "resident", "own"}
    for model in (Sensor, Reading, Alarm, Incident):
        assert persons.isdisjoint(field.name for field in model._meta.concrete_fields), model


def test_a_gateway_sends_for_its_own_area_until_it_is_ended(town, gauges, journal):
    token = actions.admit_gateway(code="ry-water", area="ry", by=OFFICE, at=monday_nine)
    actor = queries.gateway(token)
    assert actor is not None
    answers = actions.take_readings(readings=[sent("w1", 1, monday_nine), sent("w3", 1, monday_nine)], by=actor, at=monday_nine)
    assert [answer.outcome for answer in answers] == ["taken", "refused"]
    again = actions.admit_gateway(code="ry-water", area="ry", by=OFFICE, at=monday_nine)
    assert queries.gateway(token) is None and queries.gateway(again) is not None
    actions.end_gateway(code="ry-water", by=OFFICE, at=LATER)
    actions.end_gateway(code="ry-water", by=OFFICE, at=LATER)
    assert queries.gateway(again) is None and queries.gateway("") is None
    assert journal.of("gateway:ry-water") == ["gateway.admitted", "gateway.admitted", "gateway.ended"]
    with pytest.raises(NotYours):
        actions.register_sensors(sensors=rows(), by=Actor("gateway:x", grants=(Grant("gateway", "/"),)), at=LATER)


@pytest.mark.parametrize(
    ("who", "reads"), [("chen", True), ("chunmei", False), ("xiujuan", True), ("zheng", True), ("wu", False), ("qiang", False)]
)
def test_who_reads_a_sensor(town, gauges, who, reads):
    actor = town.actor(who)
    assert ("w1" in {line.code for line in queries.sensor_list(seen_by=actor)}) is reads
    if not reads:
        with pytest.raises(NotFound):
            queries.sensor("w1", seen_by=actor)


def test_a_batch_costs_as_many_statements_whether_it_is_long_or_short(town, gauges, db):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size, start in ((3, 0), (60, 100)):
        batch = [sent(f"w{1 + at % 3}", 10, monday_nine + timedelta(seconds=start + at)) for at in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            send(*batch)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_old_readings_are_forgotten_and_young_ones_stay(town, gauges):
    send(sent("w1", 12, monday_nine))
    send(sent("w1", 12, monday_nine + timedelta(days=20)))
    assert actions.forget_readings(by=OFFICE, at=monday_nine + timedelta(days=32)) == 1
    assert jobs.watch_the_sensors(at=monday_nine + timedelta(days=20, minutes=5)) >= 0
    line = queries.sensor("w1", seen_by=town.desk("ry"))
    assert len(queries.curves([line.id], since=monday_nine, until=monday_nine + timedelta(days=40))[line.id][0].points) == 1


FAULTY = """
version: "t"
effective: 2026-01-01
rows:
  - {code: a, zh: 甲, en: A, incident: flood, kinds: [water]}
  - {code: b, zh: 乙, en: B, incident: flood, kinds: [water], threshold: {quantity: depth, above: 1, below: 0}}
  - {code: c, zh: 丙, en: C, incident: flood, kinds: [water], threshold: {quantity: depth, above: 1, clear: 2}}
  - {code: d, zh: 丁, en: D, incident: flood, kinds: [water], missing: {intervals: 1}}
"""


def test_faults_of_the_rules_are_all_told_with_their_place(tmp_path):
    (tmp_path / "alarms.yaml").write_text(FAULTY, encoding="utf-8")
    with pytest.raises(catalogue.Faulty) as faulty:
        catalogue.load(tmp_path, catalogued.Rule, files="alarms*.yaml")
    assert [(fault.row, fault.code) for fault in faulty.value.faults] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]


def test_a_rule_of_the_district_that_names_what_is_not_there_is_told_with_file_and_row(tmp_path, monkeypatch):
    (tmp_path / "sensing").mkdir()
    row = "{code: own, zh: 甲, en: A, incident: none, kinds: [cow], missing: {intervals: 3}}"
    text = f'version: "t"\neffective: 2026-01-01\nrows:\n  - {row}\n'
    (tmp_path / "sensing" / "alarms.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("SIQIAN_CATALOGUE_DIR", str(tmp_path))
    catalogued.rules.cache_clear()
    try:
        with pytest.raises(catalogue.Faulty) as faulty:
            catalogued.rules()
    finally:
        catalogued.rules.cache_clear()
    assert [(fault.file, fault.row, fault.field) for fault in faulty.value.faults] == [
        ("alarms.yaml", 1, "incident"),
        ("alarms.yaml", 1, "kinds"),
    ]
