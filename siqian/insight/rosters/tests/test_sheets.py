"""A week's roster as an office keeps it: a title, merged cells, names and words; read, shown, taken whole or not at all."""

import io

import pytest
import xlsxwriter

from siqian.insight.rosters import actions, importing, weekly
from siqian.kernel import clock
from siqian.kernel.permits import BadInput, NotFound, NotYours, Refusal
from siqian.testing import monday_nine
from siqian.town.people import queries as people

MESSY = [
    ["榕荫社区七月网格员排班表（草）", "", "", "", "", "", "", "", "", "", ""],
    ["", "制表：方若兰", "", "", "", "", "", "", "", "联系电话13800138000", ""],
    ["序号", "网格", "姓 名", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日", "备注"],
    [1.0, "榕荫1格", "李春梅", "白", "白", "白", "白", "休", "9:00-12:00", "休", ""],
    [2.0, "榕荫2格", "陈志明", "白", "夜", "休", "白", "白", "休", "白", "带徒弟"],
    ["", "", "", "", "", "", "", "", "", "", ""],
]


def workbook(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("排班")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def kept(town, rows=MESSY, who="ry"):
    return actions.keep_sheet(name="七月排班.xlsx", raw=workbook(rows), path=town.area("ry").path, by=town.desk(who), at=monday_nine)


def changed(row: int, column: int, cell: str):
    return [[cell if (at, where) == (row, column) else old for where, old in enumerate(cells)] for at, cells in enumerate(MESSY)]


def test_what_an_office_keeps_is_understood_and_nothing_is_written_by_looking(town):
    view = importing.sheet(kept(town), seen_by=town.desk("ry"))
    assert view.header == 2 and view.columns == {1: "post", 2: "person"} | {at + 3: day for at, day in enumerate(weekly.DAYS)}
    assert dict((word, hours) for word, hours, _ in view.words) == {
        "白": "08:00-20:00",
        "休": "",
        "9:00-12:00": "09:00-12:00",
        "夜": "22:00-06:00",
    }
    assert [(change.name, change.new, len(change.after)) for change in view.changes] == [("李春梅", False, 5), ("陈志明", False, 5)]
    assert view.outcome.faults == () and "13800138000" not in str(view.head)
    assert len(people.hours_on("ry-g1:keeper", "chunmei")[0]) == 7


def test_taken_the_hours_of_everybody_on_it_are_replaced(town, journal):
    sheet = kept(town)
    assert actions.take_sheet(sheet=sheet, by=town.desk("ry"), at=monday_nine) == 2
    hours, holds = people.hours_on("ry-g2:keeper", "chen")
    assert holds and hours == ((0, 480, 1200), (1, 1320, 1800), (3, 480, 1200), (4, 480, 1200), (6, 480, 1200))
    assert journal.of(f"roster_sheet:{sheet}") == ["roster_sheet.taken"]
    with pytest.raises(NotFound):
        actions.take_sheet(sheet=sheet, by=town.desk("ry"), at=monday_nine)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (changed(3, 2, "李春"), "第4行：名单里没有李春"),
        (changed(3, 1, "榕荫9格"), "第4行：这里没有“榕荫9格”"),
        (changed(4, 3, "机动"), "第5行：“机动”是几点到几点"),
        ([*MESSY[:4], ["", "榕荫1格", "李春梅", "白", "", "", "", "", "", "", ""]], "已经写过一行"),
        ([*MESSY[:3], ["", "榕荫1格", "李春梅", "休", "休", "休", "休", "休", "休", "休", ""]], "整周都没有班"),
        ([["一张", "别的表"], ["甲", "乙"]], "找不到表头"),
    ],
)
def test_with_a_fault_anywhere_nothing_is_taken_and_its_row_is_named(town, rows, says):
    sheet = kept(town, rows)
    assert any(says in fault.why for fault in importing.sheet(sheet, seen_by=town.desk("ry")).outcome.faults)
    with pytest.raises(BadInput):
        actions.take_sheet(sheet=sheet, by=town.desk("ry"), at=monday_nine)
    assert len(people.hours_on("ry-g2:keeper", "chen")[0]) == 7 and len(people.hours_on("ry-g1:keeper", "chunmei")[0]) == 7


def test_whoever_brings_it_in_says_what_is_not_understood(town):
    desk, sheet = town.desk("ry"), kept(town, changed(4, 3, "机动"))
    columns = importing.sheet(sheet, seen_by=desk).columns
    with pytest.raises(BadInput, match="08:00-20:00"):
        actions.read_sheet(sheet=sheet, header=2, columns=columns, words={"机动": "看情况"}, by=desk, at=monday_nine)
    actions.read_sheet(sheet=sheet, header=2, columns=columns, words={"机动": "10:00-16:00"}, by=desk, at=monday_nine)
    view = importing.sheet(sheet, seen_by=desk)
    assert view.outcome.faults == () and (0, 600, 960) in view.changes[1].after
    with pytest.raises(BadInput, match="两列选了同一样"):
        actions.read_sheet(sheet=sheet, header=2, columns={1: "post", 2: "post"}, words={}, by=desk, at=monday_nine)


def test_another_head_is_read_anew_and_a_column_can_be_left_out(town):
    desk, sheet = town.desk("ry"), kept(town)
    columns = {at: name for at, name in importing.sheet(sheet, seen_by=desk).columns.items() if name != "d6"}
    actions.read_sheet(sheet=sheet, header=2, columns=columns, words={}, by=desk, at=monday_nine)
    assert all(weekday != 5 for change in importing.sheet(sheet, seen_by=desk).changes for weekday, *_ in change.after)
    actions.read_sheet(sheet=sheet, header=0, columns=columns, words={}, by=desk, at=monday_nine)
    assert importing.sheet(sheet, seen_by=desk).outcome.entries == ()


def test_who_does_not_lead_here_brings_nothing_in_and_a_sheet_is_its_owners(town):
    for who in (town.actor("chen"), town.desk("mm"), town.resident("zhou")):
        with pytest.raises(NotYours):
            actions.keep_sheet(name="a.csv", raw=b"a", path=town.area("ry").path, by=who, at=monday_nine)
    sheet = kept(town)
    with pytest.raises(NotFound):
        importing.sheet(sheet, seen_by=town.actor("xiujuan"))
    actions.drop_sheet(sheet=sheet, by=town.desk("ry"), at=monday_nine)
    with pytest.raises(NotFound):
        importing.sheet(sheet, seen_by=town.desk("ry"))


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("8-20", (480, 1200)),
        ("8:30至18:00", (510, 1080)),
        ("22：00－06：00".replace("－", "-"), (1320, 1800)),
        ("", None),
        ("0-24", (0, 1440)),
    ],
)
def test_hours_are_read_as_people_write_them(written, hours):
    assert weekly.hours_of(written) == hours


@pytest.mark.parametrize("written", ["看情况", "25-26", "8:70-9:00"])
def test_what_is_no_time_is_refused(written):
    assert isinstance(weekly.hours_of(written), Refusal)


def test_the_pages_lead_from_the_file_to_the_week(town, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    with clock.stopped_at(monday_nine):
        desk, path = signed_in("ruolan"), town.area("ry").path
        empty = desk.post("/desk/roster/sheets", {"area": path})
        assert empty.status_code == 400 and "选一个文件" in empty.content.decode()
        file = SimpleUploadedFile("七月排班.xlsx", workbook(changed(4, 3, "机动")))
        where = desk.post("/desk/roster/sheets", {"area": path, "file": file})["Location"]
        page = desk.get(where).content.decode()
        assert "“机动”是几点到几点" in page and "姓 名" in page
        said = {"header": "2", "column_1": "post", "column_2": "person"} | {f"column_{at + 3}": day for at, day in enumerate(weekly.DAYS)}
        desk.post(f"{where}/reading", said | {"word": ["机动"], "hours": ["10:00-16:00"]})
        page = desk.get(where).content.decode()
        assert "10:00—16:00" in page and "导入这2人" in page
        done = desk.post(f"{where}/uptake")
        assert done["Location"].startswith("/desk/roster") and people.hours_on("ry-g2:keeper", "chen")[0][0] == (0, 600, 960)
        assert signed_in("chen").post("/desk/roster/sheets", {"area": path, "file": file}).status_code in (400, 403)
