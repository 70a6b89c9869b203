"""Readings from a broker: acknowledged once written, brought again when not, each taken once; the register by file."""

import csv
import json
import threading
import time
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner
from django.db import OperationalError

from siqian.kernel import clock
from siqian.kernel.permits import OFFICE
from siqian.services.sensing import actions, queries
from siqian.testing import monday_nine
from siqian.web import listening
from siqian.web.cli import house

from .broker import broker

SHEET = """编码,类别,名称,楼栋编码
w1,积水,3栋车库口,songtao-3
w2,积水,4栋低洼处,songtao-4
s3,烟感,3栋楼道,songtao-3
"""


@pytest.fixture
def sheet(tmp_path):
    def written(text: str, name: str = "sensors.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def command(*words: object) -> tuple[int, str]:
    with clock.stopped_at(monday_nine):
        ran = CliRunner().invoke(house, [str(word) for word in words])
    return ran.exit_code, ran.output


@pytest.fixture
def gauges(town, sheet):
    assert command("import", "sensors", sheet(SHEET))[0] == 0


def reading(sensor: str = "w1", value: float = 12, second: int = 0, **more: object) -> dict[str, object]:
    at = monday_nine + timedelta(seconds=second)
    return {"sensor": sensor, "quantity": "depth", "value": value, "at": at.isoformat(), **more}


def points(town, code: str = "w1") -> int:
    line = queries.sensor(code, seen_by=town.desk("ry"))
    return len(queries.curves([line.id], since=monday_nine - timedelta(days=1), until=monday_nine + timedelta(days=1))[line.id][0].points)


def listen_until(at, enough, seconds: float = 20) -> list[str]:
    """Listen in this thread until it is enough; gives what was told."""
    told: list[str] = []
    until = time.monotonic() + seconds
    with clock.stopped_at(monday_nine):
        listening.listen(at.address, ["water"], "tests", going=lambda: not enough() and time.monotonic() < until, told=told.append)
    assert enough(), told
    return told


def test_what_a_broker_brings_is_taken_and_acknowledged(town, gauges):
    with broker() as there:
        there.publish(json.dumps(reading()).encode())
        there.publish(json.dumps([reading(second=1), reading("w2", second=1)]).encode())
        there.publish(json.dumps({"readings": [reading(second=2)]}).encode())
        listen_until(there, lambda: there.waiting == 0 and there.connected)
    assert (points(town), points(town, "w2")) == (3, 1)


def test_nothing_is_acknowledged_before_it_is_written(town, gauges, monkeypatch):
    take, refused = actions.take_readings, []

    def full_disk(**more):
        if not refused:
            refused.append(there.waiting)
            raise OperationalError("database or disk is full")
        return take(**more)

    monkeypatch.setattr(actions, "take_readings", full_disk)
    with broker() as there:
        there.publish(json.dumps(reading()).encode())
        told = listen_until(there, lambda: there.waiting == 0 and there.connected > 1)
    assert refused == [1] and there.brought_again >= 1 and points(town) == 1
    assert any("数据库写不了" in text for text in told)


def test_a_line_that_breaks_is_mended_and_nothing_is_lost_or_taken_twice(town, gauges):
    with broker() as there:
        there.publish(json.dumps(reading()).encode())

        def breaking() -> None:
            there.subscribed.wait(10)
            for second in range(1, 4):
                there.cut()
                there.publish(json.dumps(reading(second=second)).encode())
                there.subscribed.wait(10)

        thread = threading.Thread(target=breaking)
        thread.start()
        listen_until(there, lambda: not thread.is_alive() and there.waiting == 0)
        thread.join()
    assert points(town) == 4 and there.connected > 1


def test_what_cannot_be_read_or_tells_of_a_person_is_told_and_keeps_nothing_back(town, gauges):
    with broker() as there:
        there.publish(b"\xff\x00 no json")
        there.publish(json.dumps([reading(name="陈志明"), reading("nowhere"), reading(second=5), 7]).encode())
        told = listen_until(there, lambda: there.waiting == 0 and there.connected)
    assert points(town) == 1
    assert sum("读不懂" in text for text in told) == 1 and any("“name”" in text for text in told) and any("先登记" in text for text in told)


def test_an_address_that_is_none_is_refused_with_how_to_write_it():
    with pytest.raises(click.ClickException, match="mqtt://"):
        listening.listen("http://example.org", ["x"], "tests", going=lambda: False, told=print)


def test_without_the_extra_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "paho.mqtt", None)
    with pytest.raises(click.ClickException, match=r"siqian\[mqtt\]"):
        listening.listen("mqtt://localhost", ["x"], "tests", going=lambda: False, told=print)


def test_the_register_comes_in_and_goes_out_and_a_second_run_changes_nothing(town, sheet, tmp_path):
    status, said = command("import", "sensors", sheet(SHEET))
    assert status == 0 and "新登记3个" in said
    assert "没有变3个" in command("import", "sensors", sheet(SHEET))[1]
    assert command("export", "sensors", tmp_path / "out.csv")[0] == 0
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["s3", "w1", "w2"] and rows[0][0] == "传感器编码"
    assert "没有变3个" in command("import", "sensors", tmp_path / "out.csv")[1]


def test_every_fault_is_told_with_its_row_and_nothing_is_written(town, sheet, tmp_path):
    bad = SHEET.replace("songtao-4", "nowhere-9").replace("s3,烟感", "s 3,水怪")
    status, said = command("import", "sensors", sheet(bad), "--faults", tmp_path / "faults.csv")
    assert status == 1 and "第3行" in said and said.count("第4行") == 2 and "一个也没有" not in said
    assert "一行也没有写进去" in said and queries.sensor_list(seen_by=OFFICE) == []
    status, said = command(
        "import",
        "sensors",
        sheet(SHEET.replace("名称,楼栋编码", "名称,楼栋编码,截止日期").replace("songtao-3\nw2", "songtao-3,2027-01-01\nw2")),
    )
    assert status == 1 and "截止日期" in said


def test_points_need_their_frame_and_lie_where_it_says(town, sheet):
    lon, lat = town.point("松涛苑3栋")
    text = f"code,kind,name,lon,lat\nm1,manhole,门口井盖,{lon},{lat}\n"
    status, said = command("import", "sensors", sheet(text))
    assert status != 0 and "--crs" in said
    assert command("import", "sensors", sheet(text), "--crs", "WGS-84")[0] == 0
    line = queries.sensor("m1", seen_by=town.desk("ry"))
    assert (line.building, round(line.lon, 6)) == ("", round(lon, 6)) and line.path.startswith(town.area("ry").path)


def test_a_gateway_has_a_token_that_is_shown_once_and_ends(gauges):
    status, said = command("gateway", "ry-water", "--area", "ry")
    token = said.strip().rsplit("：", 1)[1]
    assert status == 0 and queries.gateway(token) is not None
    assert "停用了" in command("gateway", "ry-water", "--end")[1] and queries.gateway(token) is None
    assert command("gateway", "ry-water", "--area", "nowhere")[0] == 1 and command("gateway", "unknown", "--end")[0] == 1
