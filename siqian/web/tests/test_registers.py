"""Registers as an operator brings them in: units, residents, persons, posts and rosters, and a history of matters."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection

from siqian.kernel import anchors, journal as ink
from siqian.kernel.permits import OFFICE
from siqian.spine.matters import queries as matters
from siqian.testing import monday_nine
from siqian.town.people import queries as people
from siqian.town.places import actions as places_actions, queries as places
from siqian.web import importing


def lived_in(building="songtao-3"):
    return {label: [line.name for line in lines] for label, lines in people.homes(building, seen_by=OFFICE).items()}


UNITS = "楼栋编码,房号,楼层,用途,截止日期\nsongtao-3,1203,,住宅,\nsongtao-3,1单元101室,,商铺,\nsongtao-3,B2,-1,其他,\n"


def test_units_come_in_from_a_file_and_again_change_nothing(say, saved):
    path = saved("units.csv", UNITS)
    assert say("import", "units", path, "--dry-run") == (0, "units.csv：3行都对，可以导入（这次没有写）\n")
    assert places.units("songtao-3") == []
    assert say("import", "units", path) == (0, "units.csv：新登记3，改了0，到期0，没有变0\n")
    assert [(line.label, line.floor, line.use) for line in places.units("songtao-3")] == [
        ("B2", -1, "other"),
        ("1-101", 1, "shop"),
        ("1203", 12, "home"),
    ]
    assert say("import", "units", path) == (0, "units.csv：新登记0，改了0，到期0，没有变3\n")


def test_units_that_go_out_come_in_again_and_change_nothing(say, saved, tmp_path):
    say("import", "units", saved("units.csv", UNITS))
    out = tmp_path / "out.csv"
    assert say("export", "units", out) == (0, f"导出了3处房屋：{out}\n")
    assert say("import", "units", out) == (0, "out.csv：新登记0，改了0，到期0，没有变3\n")


def test_every_fault_of_a_file_of_units_is_told_and_nothing_is_written(say, saved, tmp_path):
    path = saved("units.csv", UNITS + "songtao-9,101,,住宅,\nsongtao-3,东屋,,住宅,\nsongtao-3,B3,,住宅,\nsongtao-3,102,1,住宅,明年\n")
    status, told = say("import", "units", path, "--faults", tmp_path / "faults.csv")
    assert status == 1 and places.units("songtao-3") == []
    assert told.splitlines() == [
        "✗ 第6行：房号“东屋”写成1203，有单元的写成2-1203",
        "✗ 第7行：看不出几层，在“楼层”一列写一个数",
        "✗ 第8行：日期写成2026-07-13这样",
        "✗ 第5行：名册里没有songtao-9这栋楼，先导入楼栋或改编码",
        f"units.csv：4处要改，一行也没有写进去，其余的写在{tmp_path / 'faults.csv'}",
    ]
    assert "第8行" in (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")


def test_a_file_without_the_column_of_rooms_says_which_is_missing(say, saved):
    status, told = say("import", "units", saved("units.csv", "楼栋编码,楼层\nsongtao-3,1\n"))
    assert status == 1 and "表头里找不到“房号”" in told


RESIDENTS = (
    "楼栋编码,房号,住址,姓名,电话,与户主关系,搬来日期\n"
    "songtao-3,1203,,周小兰,199-0000-0001,户主,2020-05-01\n"
    ",,松涛苑3栋1203室,周一鸣,,子女,2020/5/1\n"
    ",,松涛苑3栋9901室,林大同,19900000003,租住,\n"
)
GROUND = ("--source", "派出所名单", "--basis", "居住登记")


@pytest.fixture
def numbered(db):
    places_actions.number_units(buildings=["songtao-3"], by=OFFICE, at=monday_nine)


def test_residents_come_in_by_room_or_by_address_and_none_is_lost(say, saved, numbered):
    path = saved("residents.csv", RESIDENTS)
    assert say("import", "residents", path, *GROUND) == (0, "1行的房号名册里没有，只记到楼栋：第4行\nresidents.csv：新登记3人\n")
    assert lived_in() == {"1203": ["周**", "周**"], "": ["林**"]}
    assert say("import", "residents", path, *GROUND)[1].endswith("新登记0人\n")


def test_an_excel_sheet_is_read_as_people_type_it(say, tmp_path, numbered):
    """Rooms and telephones as numbers, days as days, hours as text."""
    import xlsxwriter

    path = tmp_path / "residents.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["楼栋编码", "房号", "姓名", "电话", "搬来日期", "备注"])
        sheet.write_row(1, 0, ["songtao-3", 1203, "周小兰", 19900000001])
        sheet.write_datetime(1, 4, datetime(2020, 5, 1), day)
    assert say("import", "residents", path, *GROUND) == (0, "residents.xlsx：新登记1人\n")
    (line,) = people.homes("songtao-3", seen_by=OFFICE)["1203"]
    assert (line.phone, line.moved_in) == ("199 **** 0001", date(2020, 5, 1))


def test_every_fault_of_a_file_of_residents_is_told_and_nobody_is_written(say, saved, numbered):
    more = "songtao-3,9999,,张三,,户主,\n,,月亮上,李四,,户主,\nsongtao-3,1203,,王五,12345,户主,5月\nsongtao-3,1203,,赵六,110,老板,\n"
    status, told = say("import", "residents", saved("residents.csv", RESIDENTS + more), *GROUND)
    assert status == 1 and lived_in() == {}
    assert told.splitlines()[:-1] == [
        "✗ 第6行：地址“月亮上”认不出是哪一栋，写明小区和楼号",
        "✗ 第7行：日期写成2026-07-13这样",
        "✗ 第5行：songtao-3没有9999这个房号，先登记房屋或改房号",
        "✗ 第8行：电话“110”不对，写11位手机号，或区号加号码",
        "✗ 第8行：和户主的关系“老板”不认识，写户主、配偶、子女、父母、租住、其他人之一",
    ]


def test_residents_without_a_ground_are_not_taken(say, saved, numbered):
    status, told = say("import", "residents", saved("residents.csv", RESIDENTS))
    assert status == 1 and "第2行：写明来源（40字内）和依据（60字内）" in told and lived_in() == {}


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(say, saved, numbered, monkeypatch):
    enroll, calls = importing.people_actions.enroll, []

    def cut(**more):
        calls.append(len(more["residents"]))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return enroll(**more)

    monkeypatch.setattr(importing, "TOGETHER", 2)
    monkeypatch.setattr(importing.people_actions, "enroll", cut)
    path = saved("residents.csv", RESIDENTS)
    say("import", "residents", path, *GROUND)
    assert calls == [2, 1] and lived_in() == {"1203": ["周**", "周**"]}
    assert say("import", "residents", path, *GROUND)[1].endswith("新登记1人\n")
    assert lived_in() == {"1203": ["周**", "周**"], "": ["林**"]}


PERSONS = "工号,姓名,英文名\nnewkeeper,方小云,Fang Xiaoyun\nchen,陈志明明,Chen Zhiming\n"
POSTS = "岗位编码,职责,网格编码,岗位名称\nyl-g2:keeper2,网格员,yl-g2,云岭2格夜间\n"
ROSTER = (
    "岗位编码,工号,任职起,任职止,星期,上班,下班,请假起,请假止,替班\n"
    "yl-g2:keeper2,newkeeper,2026-07-01,,一至五,20:00,08:00,,,\n"
    "yl-g2:keeper2,newkeeper,2026-07-01,,6-7,09:00,18:00,,,\n"
    ",yuezhen,,,,,,2026-07-13 08:00,2026-07-14 20:00,newkeeper\n"
)


def test_persons_posts_and_rosters_come_in_and_are_on_duty(say, saved):
    assert say("import", "persons", saved("persons.csv", PERSONS))[1] == "persons.csv：2人，其中新加1人\n"
    assert say("import", "posts", saved("posts.csv", POSTS))[1] == "posts.csv：1个岗位，其中新加1个\n"
    path = saved("rosters.csv", ROSTER)
    assert say("import", "rosters", path)[1] == "rosters.csv：任职和班次2行，新任职1个，请假1行\n"
    assert people.person_name("chen") == "陈志明明"
    noon = people.my_people(places.at_building("yunling-1").path, at=monday_nine)
    stands = next(card for card in noon if card.post == "yl-g2:keeper")
    assert (stands.name, stands.stands_in_for, stands.on) == ("方小云", "邓月珍", True)
    at_night = people.card_of("yl-g2:keeper2", at=monday_nine.replace(hour=23))
    assert at_night is not None and at_night.on and at_night.until == monday_nine.replace(day=monday_nine.day + 1, hour=8)
    # Again, with other hours: the pair's hours are those of the file, and nobody sits twice on a chair.
    changed = saved("rosters.csv", ROSTER.replace("20:00,08:00", "21:00,07:00"))
    assert say("import", "rosters", changed)[1] == "rosters.csv：任职和班次2行，新任职0个，请假1行\n"
    assert people.card_of("yl-g2:keeper2", at=monday_nine.replace(hour=20, minute=30)).on is False


def test_who_leaves_a_post_is_no_longer_on_it(say, saved, town):
    gone = saved("rosters.csv", "岗位编码,工号,任职止\nry-g2:keeper,chen,2026-07-12\n")
    assert say("import", "rosters", gone)[0] == 0
    assert town.actor("chen").posts == ()


def test_every_fault_of_a_roster_is_told_and_nothing_is_written(say, saved, town):
    rows = [
        "ghost,chen,2026-07-01,,1-5,08:00,20:00,,,",
        "ry-g2:keeper,nobody,2026-07-01,,1-5,08:00,20:00,,,",
        "ry-g1:keeper,chen,,,1-5,08:00,20:00,,,",
        "ry-g2:keeper,chen,,,5-1,08:00,20:00,,,",
        "ry-g2:keeper,chen,,,1-5,8点,20:00,,,",
        ",chen,,,,,,2026-07-14 08:00,2026-07-13 08:00,",
        "ry-g2:keeper,chen,2026-07-09,2026-07-01,1-5,08:00,09:00,,,",
    ]
    status, told = say("import", "rosters", saved("rosters.csv", ROSTER.splitlines()[0] + "\n" + "\n".join(rows) + "\n"))
    assert status == 1 and town.actor("chen").posts == ("ry-g2:keeper",)
    assert told.splitlines() == [
        "✗ 第5行：星期从小写到大，如1-5；跨周末的写两行",
        "✗ 第6行：班次写成星期1-5、上班08:00、下班20:00这样，三格都写",
        "✗ 第7行：假期的结束要晚于开始，把“到”改晚一些",
        "✗ 第8行：任职止不能早于任职起",
        "✗ 第2行：没有岗位ghost，先用 siqian import posts 导入",
        "✗ 第3行：名单里没有nobody，先用 siqian import persons 导入",
        "✗ 第4行：第一次任职要写任职起",
        "rosters.csv：7处要改，一行也没有写进去",
    ]


def test_a_post_keeps_duty_and_area_and_a_code_stands_once(say, saved):
    rows = ("ry-g2:keeper,网格员,ry-g1,甲", "x1,站长,ry-g1,乙", "x2,网格员,nowhere,丙", "x3,网格员,ry-g1,丁", "x3,网格员,ry-g1,戊")
    status, told = say("import", "posts", saved("posts.csv", POSTS.splitlines()[0] + "\n" + "\n".join(rows) + "\n"))
    assert status == 1 and people.known_posts(["x3"]) == frozenset()
    assert told.splitlines()[:-1] == [
        "✗ 第3行：职责“站长”不认识，写网格员、楼长、社区书记、社区民警、社工、家庭医生、社区两委委员、党员、志愿者、值班台、调度员、"
        "单位承办人、回访员、分管领导、纪检监督员、政策专员、法制审核员、物业经理、门岗、系统管理员、安全管理员、审计管理员之一",
        "✗ 第6行：x3在第5行已经有了，删去一行",
        "✗ 第2行：ry-g2:keeper的职责和网格不能改，另用一个岗位编码",
        "✗ 第4行：没有nowhere这个网格，核对编码",
    ]
    status, told = say("import", "persons", saved("persons.csv", "工号,姓名\na b,甲\nc1,\n"))
    assert status == 1 and told.splitlines()[:2] == ["✗ 第2行：工号“a b”写1到24个字母、数字或-", "✗ 第3行：姓名写1到30个字"]


PAGE = Path(__file__).resolve().parents[3] / "docs" / "imports.md"
EXAMPLE = PAGE.read_text(encoding="utf-8").partition("```json\n")[2].partition("\n```")[0]


def history(*lines):
    return "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def changed(number, **more):
    return json.loads(EXAMPLE) | {"external": f"LX-{number}"} | more


def found():
    return {line.title: line.state for line in matters.find(seen_by=OFFICE, most=500)}


def test_the_line_of_the_documentation_is_taken_over_once(say, saved):
    path = saved("history.jsonl", history(EXAMPLE))
    assert say("import", "history", path, "--dry-run") == (0, "history.jsonl：1行，可以收（这次没有写）1件，0处要改\n") and found() == {}
    assert say("import", "history", path) == (0, "history.jsonl：1行，新收1件，0处要改\n")
    assert say("import", "history", path) == (0, "history.jsonl：1行，新收0件，0处要改\n")
    (line,) = matters.find(seen_by=OFFICE, most=5)
    view = matters.seen(line.number, seen_by=OFFICE, at=monday_nine.replace(day=14))
    assert [step.kind for step in view.steps] == ["told", "assigned", "accepted", "phone", "closed"]
    assert view.line.state == "closed" and matters.faults() == [] and anchors.verify().faults == ()


def test_what_was_taken_before_is_looked_up_through_the_index(say, saved, postgres):
    """With two million tellings a look that reads them all takes longer than all else that a chunk does."""
    asked = []

    def heard(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(heard):
        assert say("import", "history", saved("history.jsonl", history(*(changed(number) for number in range(150)))))[0] == 0
    sql, params = next(row for row in asked if row[0].startswith('SELECT "matters_telling"."channel"'))
    with ink.writing(OFFICE, whole=True), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {sql}", params)
        assert "telling_once" in str(cursor.fetchall())


def test_what_a_line_leaves_out_is_read_from_its_words(say, saved):
    open_ = {"external": "LX-2", "at": "2026-07-13T10:00+08:00", "text": "松涛苑4栋外墙瓷砖松了一块，怕掉下来砸到人"}
    lost = {"external": "LX-3", "at": "2026-07-13T10:00+08:00", "text": "那个东西又来了，怎么搞的"}
    assert say("import", "history", saved("history.jsonl", history(open_, lost)))[0] == 0
    lines = matters.find(seen_by=OFFICE, most=5)
    assert sorted((line.place, line.state) for line in lines) == [("", "received"), ("松涛苑4栋", "assigned")]
    assert matters.faults() == []


def test_every_fault_of_a_history_names_its_line_and_the_good_batches_stay(say, saved, monkeypatch):
    from siqian.intake import jobs

    monkeypatch.setattr(jobs, "LIVES", 2)
    closed_first = [
        {"verb": "close", "at": "2026-07-13T09:05+08:00", "text": "换了新灯座，亮了"},
        {"verb": "accept", "at": "2026-07-13T09:06+08:00"},
    ]
    lines = (changed(1), changed(2), changed(3), changed(4, acts=closed_first), changed(5, at="昨天"), "{broken", changed(7, colour="red"))
    path = saved("history.jsonl", history(*lines))
    status, told = say("import", "history", path)
    assert status == 1 and "新收2件" in told
    assert [line[: len("✗ 第4件")] for line in told.splitlines() if line.startswith("✗")] == ["✗ 第4件", "✗ 第5件", "✗ 第6件", "✗ 第7件"]
    assert "时间“昨天”写全" in told and "不认识“colour”" in told
    mended = saved("history.jsonl", history(*(changed(number) for number in range(1, 8))))
    assert "新收5件" in say("import", "history", mended)[1]
