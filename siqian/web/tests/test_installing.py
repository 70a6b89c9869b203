"""A district set up from its files: sites, buildings and accounts come in by command, and the first sign-in."""

import csv
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from siqian.kernel import journal as ink
from siqian.testing import PASSWORD, monday_nine
from siqian.town.people import queries as people
from siqian.town.places import queries as places

SITES = """场所编码,类别,名称,英文名,别名,区域编码
wutong,小区,梧桐苑,Wutong Court,梧桐花园、老梧桐,ry
songtao,小区,松涛苑,Songtao Court,松涛花园、松涛新村,ry
"""
BUILDINGS = """楼栋编码,场所编码,栋号,经度,纬度,层数,每层户数
wutong-1,wutong,1栋,114.0305,22.6602,18,4
wutong-a,wutong,a,114.0305,22.6604,18,4
"""
WGS = ("--crs", "WGS-84")
HOURS = "2026-01-01,1-7,00:00,00:00"


def test_a_new_estate_is_found_by_its_address_once_it_came_in(say, saved):
    assert say("import", "sites", saved("sites.csv", SITES), "--dry-run")[1] == "sites.csv：2行都对，可以导入（这次没有写）\n"
    assert places.read("梧桐苑1栋").buildings == ()
    assert say("import", "sites", saved("sites.csv", SITES)) == (0, "sites.csv：2个场所，其中新加1个，改了1个\n")
    path = saved("buildings.csv", BUILDINGS)
    assert say("import", "buildings", path, *WGS) == (0, "buildings.csv：2栋，其中新加2栋，改了0栋，0栋换了楼栋格\n")
    assert places.read("老梧桐A座").buildings == ("wutong-a",)
    assert places.read("松涛新村3栋").buildings == ("songtao-3",)
    place = places.at_building("wutong-1")
    assert (place.names[-1], place.words, place.words_en) == ("榕荫1格1组", "梧桐苑1栋", "Wutong Court Building 1")
    assert "ry-g1:keeper" in {card.post for card in people.my_people(place.path, at=monday_nine)}
    assert say("import", "buildings", path, *WGS) == (0, "buildings.csv：2栋，其中新加0栋，改了0栋，0栋换了楼栋格\n")


def test_the_map_that_goes_out_comes_in_again_and_changes_nothing(say, tmp_path):
    for what, count, one in (("sites", 3, "个场所"), ("buildings", 24, "栋")):
        out = tmp_path / f"{what}.geojson"
        assert say("export", what, out) == (0, f"导出了{count}{one}：{out}\n")
        status, told = say("import", what, out)
        assert status == 0 and "新加0" in told and "改了0" in told
    assert [name for name in ink.names_of("area:rj") if name == "map.changed"] == ["map.changed"]


def test_a_house_that_is_moved_over_a_border_takes_its_people_with_it(say, saved):
    moved = "楼栋编码,场所编码,栋号,经度,纬度\nsongtao-3,songtao,3,114.0315,22.6602\n"
    before = places.at_building("songtao-3").names[-1]
    assert say("import", "buildings", saved("b.csv", moved), *WGS)[1] == "b.csv：1栋，其中新加0栋，改了1栋，1栋换了楼栋格\n"
    assert (before, places.at_building("songtao-3").names[-1]) == ("榕荫2格1组", "榕荫1格2组")
    assert "buildings.moved" in ink.names_of("area:rj")


def test_an_outline_says_in_which_area_a_site_lies(say, saved):
    def site(code, west, east):
        ring = [[west, 22.6601], [east, 22.6601], [east, 22.6609], [west, 22.6609], [west, 22.6601]]
        properties = {"code": code, "kind": "school", "name": code, "aliases": ["甲校", "乙校"]}
        return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    features = [site("in-a-cell", 114.0301, 114.0309), site("in-a-grid", 114.0305, 114.0315), site("over-two", 114.0315, 114.0325)]
    path = saved("sites.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert say("import", "sites", path, *WGS)[0] == 0
    assert [places.site_line(site["properties"]["code"]).path.split("/")[-2] for site in features] == ["ry-g1-c1", "ry-g1", "st"]
    out = saved("outside.geojson", json.dumps({"type": "FeatureCollection", "features": [site("far", 114.05, 114.06)]}))
    assert say("import", "sites", out, *WGS)[1].splitlines()[0] == "✗ 第1行：位置有一块在区外，核对坐标"


def test_every_fault_of_sites_and_buildings_is_told_and_nothing_is_written(say, saved):
    rows = ("a b,小区,甲,,,ry", "s1,宫殿,乙,,,ry", "s2,小区,,,,ry", "s3,小区,丙,,,nowhere", "s4,小区,丁,,,", "s4,小区,戊,,,ry")
    status, told = say("import", "sites", saved("sites.csv", SITES.splitlines()[0] + "\n" + "\n".join(rows) + "\n"))
    assert status == 1 and places.site_line("s3") is None
    assert told.splitlines()[:-1] == [
        "✗ 第2行：编码“a b”要写成1到24个字母、数字、-或_",
        "✗ 第3行：类别“宫殿”不认识，写小区、城中村、园区、学校、商场、居委会、医院、其他之一",
        "✗ 第4行：名称要有1到60个字",
        "✗ 第5行：没有nowhere这个网格，核对编码",
        "✗ 第6行：写明区域编码，或给出它的点或轮廓",
        "✗ 第7行：s4在第6行已经有了，删去一行",
    ]
    rows = (
        "b1,nowhere,1,114.0305,22.6602,,",
        "b2,songtao,3,114.0305,22.6602,,",
        "songtao-4,songtao,9,114.0305,22.6602,,",
        "b3,songtao,88,114.5305,22.6602,,",
        "b4,songtao,89,东边,22.6602,,",
        "b5,songtao,东楼,114.0305,22.6602,高,",
    )
    status, told = say("import", "buildings", saved("b.csv", BUILDINGS.splitlines()[0] + "\n" + "\n".join(rows) + "\n"), *WGS)
    assert status == 1 and places.at_building("b1") is None
    assert told.splitlines()[:-1] == [
        "✗ 第6行：位置看不懂，写经度和纬度，或在GeoJSON里画点或轮廓",
        "✗ 第7行：栋号“东楼”写成3、12、A这样",
        "✗ 第7行：层数写0到200的数，每层户数写0到999的数",
        "✗ 第2行：没有场所nowhere，先用 siqian import sites 导入",
        "✗ 第3行：songtao的3栋已经是songtao-3",
        "✗ 第4行：songtao-4的场所和栋号不能改，另用一个楼栋编码",
        "✗ 第5行：这个位置不在任何楼栋格里，经度在前，用WGS-84坐标",
    ]


ACCOUNTS = "用户名,工号,姓名,启用\nnewcomer,newkeeper,,\nmrs.li,,李阿姨,是\nchen,chen,,否\n"


def test_accounts_come_in_with_first_passwords_in_a_file_of_their_own(say, saved, tmp_path):
    say("import", "persons", saved("persons.csv", "工号,姓名\nnewkeeper,方小云\n"))
    secret = tmp_path / "passwords.csv"
    told = say("import", "accounts", saved("accounts.csv", ACCOUNTS), "--passwords", secret)
    assert told == (0, f"accounts.csv：3个账号，其中新开2个；密码写在{secret}，发给本人后删掉\n")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    rows = list(csv.reader(secret.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["用户名", "newcomer", "mrs.li"] and all(len(row[1]) == 12 for row in rows[1:])
    assert people.actor_of("chen", at=monday_nine).posts == ()  # switched off
    status, told = say("import", "accounts", saved("accounts.csv", ACCOUNTS), "--passwords", secret)
    assert status == 1 and "换一个文件名" in told


def test_where_the_passwords_cannot_be_written_no_account_is_opened(say, saved, tmp_path):
    path = saved("accounts.csv", "用户名,姓名\nmrs.li,李阿姨\n")
    status, told = say("import", "accounts", path, "--passwords", tmp_path / "nowhere" / "p.csv")
    assert status == 1 and "账号一个也没有开" in told
    assert say("password", "mrs.li")[0] == 1


def test_faults_of_accounts_are_told_and_nobody_gets_in(say, saved, tmp_path):
    rows = ("x y,,甲,", "none,,,", "ghost,nobody,,", "second,chen,,", "third,su,,也许")
    path = saved("accounts.csv", ACCOUNTS.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    status, told = say("import", "accounts", path, "--passwords", tmp_path / "p.csv")
    assert status == 1 and not (tmp_path / "p.csv").exists()
    assert told.splitlines()[:-1] == [
        "✗ 第2行：用户名“x y”写2到40个字母、数字或.@+-_",
        "✗ 第3行：写工号；没有工号的写姓名，1到30个字",
        "✗ 第6行：启用一栏写是或否",
        "✗ 第4行：名单里没有nobody，先用 siqian import persons 导入",
        "✗ 第5行：chen已经有账号chen",
    ]


SHEETS = {
    "sites": SITES,
    "buildings": BUILDINGS,
    "units": "楼栋编码,房号\nwutong-1,1203\n",
    "persons": "工号,姓名\n1001,方小云\n",
    "posts": "岗位编码,职责,网格编码,岗位名称\n77,网格员,ry-g1,榕荫1格夜间\n",
    "rosters": f"岗位编码,工号,任职起,星期,上班,下班\n77,1001,{HOURS}\n",
    "accounts": "用户名,工号\n19900000009,1001\n",
}


def test_every_register_comes_in_from_excel_as_people_type_it(say, tmp_path):
    """Numbers where people type numbers: codes, storeys, telephones."""
    import xlsxwriter

    for what, text in SHEETS.items():
        path = tmp_path / f"{what}.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as book:
            sheet = book.add_worksheet()
            for row, line in enumerate(text.splitlines()):
                sheet.write_row(row, 0, line.split(","))
        more = ("--passwords", tmp_path / "p.csv") if what == "accounts" else WGS if what == "buildings" else ()
        status, told = say("import", what, path, *more)
        assert status == 0, told
    assert [line.label for line in places.units("wutong-1")] == ["1203"]
    assert people.actor_of("19900000009", at=monday_nine).posts == ("77",)


def test_a_password_that_the_office_made_opens_nothing_but_the_choice_of_ones_own(say, client):
    first = say("password", "chen")[1].strip().rpartition("：")[2]
    assert client.post("/sign-in", {"username": "chen", "password": PASSWORD}).status_code == 400
    assert client.post("/sign-in", {"username": "chen", "password": first, "next": "/desk"})["Location"] == "/desk"
    assert client.get("/desk")["Location"] == "/password?next=/desk"
    refused = client.get("/api/todo")
    assert refused.status_code == 403 and "/password" in refused.json()["title"]
    page = client.get("/password?next=/desk").content.decode()
    assert "别人也知道" in page
    chosen = "a tram over the hill"
    for old, new, again, says in (
        ("wrong", chosen, chosen, "现在的密码不对"),
        (first, "short", "short", "太短"),
        (first, chosen, "x", "不一样"),
    ):
        refused = client.post("/password", {"old": old, "new": new, "again": again})
        assert refused.status_code == 400 and says in refused.content.decode()
    done = client.post("/password", {"old": first, "new": chosen, "again": chosen, "next": "/desk"})
    assert done["Location"] == "/desk" and client.get("/desk").status_code == 200
    client.post("/sign-out")
    assert client.post("/sign-in", {"username": "chen", "password": chosen})["Location"] == "/"


def test_nobody_is_told_of_an_account_that_is_not_there(say):
    assert say("password", "ghost") == (1, "Error: 没有ghost这个账号，先开账号\n")


@pytest.mark.long
def test_a_district_is_set_up_from_nothing_by_its_files_alone(say, tmp_path):
    """Everything that a report needs, by commands in a home of its own; then messages come in and each has an owner and clocks."""
    for what in ("areas", "sites", "buildings"):
        assert say("export", what, tmp_path / f"{what}.geojson")[0] == 0
    files = {
        "persons.csv": "工号,姓名\nchen,陈志明\nfang,方若兰\n",
        "posts.csv": "岗位编码,职责,网格编码,岗位名称\nry-g2:keeper,网格员,ry-g2,榕荫2格\nrj:desk,值班台,rj,区值班台\n",
        "rosters.csv": f"岗位编码,工号,任职起,星期,上班,下班\nry-g2:keeper,chen,{HOURS}\nrj:desk,fang,{HOURS}\n",
        "accounts.csv": "用户名,工号\nchen,chen\nfang,fang\n",
        "messages.csv": "编号,内容,地址\n1,楼梯灯不亮,松涛苑3栋\n2,想问问医保怎么交,\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    steps = [("migrate",)] + [("import", what, f"{what}.geojson") for what in ("areas", "sites", "buildings")]
    steps += [("import", what, f"{what}.csv") for what in ("persons", "posts", "rosters")]
    steps += [
        ("import", "accounts", "accounts.csv", "--passwords", "passwords.csv"),
        ("import", "messages", "messages.csv"),
        ("check", "--deep"),
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith("SIQIAN_")} | {
        "SIQIAN_HOME": str(tmp_path / "home"),
        "SIQIAN_SECRET": "n" * 50,
    }
    root = Path(__file__).resolve().parents[3]
    script = "\n".join(f"{sys.executable} -m siqian {' '.join(step)} || exit 1" for step in steps)
    ran = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=env | {"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "24栋，其中新加24栋" in ran.stdout and "2个账号，其中新开2个" in ran.stdout and ran.stdout.endswith("✓ 一切就绪\n")
