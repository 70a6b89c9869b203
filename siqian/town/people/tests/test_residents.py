"""Who lives where: kept by the people of the grid, seen masked, one's own to read, to put right and to have forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from siqian.kernel import anchors, deliveries, journal as ink, vault
from siqian.kernel.models import Key
from siqian.kernel.permits import ANYONE, OFFICE, BadInput, NotFound, NotYours
from siqian.testing import area_rows, monday_nine, square
from siqian.town.people import actions, queries
from siqian.town.people.actions import AccountRow, BadResidents
from siqian.town.people.models import Resident
from siqian.town.people.rules import ResidentRow
from siqian.town.places import actions as places

LATER = monday_nine + timedelta(days=3)
ZHOU = ResidentRow(2, "songtao-3", "1203", "周小兰", "网格员上门", "居住登记", "19900000001", "head", 1, date(2020, 5, 1))
SON = replace(ZHOU, row=3, name="周一鸣", phone="", relation="child")


@pytest.fixture
def pine(town):
    places.number_units(buildings=["songtao-3", "mumian-1"], by=OFFICE, at=monday_nine)
    return town


@pytest.fixture
def keeper(pine):
    return pine.actor("chen")


@pytest.fixture
def zhou(keeper):
    return actions.enroll(residents=[ZHOU, SON], by=keeper, at=monday_nine)[0]


def as_phone(town):
    """An account whose user name is the telephone of 周小兰."""
    actions.open_accounts(rows=[AccountRow("19900000001", "", name="周女士")], by=OFFICE, at=monday_nine)
    return town.resident("19900000001")


def test_the_keeper_of_the_grid_enrolls_a_household_and_sees_it_masked(zhou, keeper, journal):
    lines = queries.homes("songtao-3", seen_by=keeper)["1203"]
    assert [(line.name, line.phone, line.relation) for line in lines] == [("周**", "199 **** 0001", "户主"), ("周**", "", "子女")]
    assert journal.of(f"residents:{zhou}-{zhou + 1}") == ["residents.enrolled"]


def test_nothing_in_the_table_or_the_journal_says_who_it_is(zhou):
    with ink.writing(OFFICE, whole=True):
        row = Resident.objects.get(id=zhou)
        told = [line.body for line in ink.of(f"residents:{zhou}-{zhou + 1}")]
    kept = f"{[getattr(row, field.attname) for field in Resident._meta.concrete_fields]}{told}"
    assert "周小兰" not in kept and "19900000001" not in kept
    assert vault.unseal(f"resident:{zhou}", row.name) == "周小兰"


def test_the_same_person_in_the_same_unit_is_written_once(zhou, keeper):
    again = replace(ZHOU, row=9, source="派出所名单")
    assert actions.enroll(residents=[again], by=keeper, at=LATER) == []
    assert len(queries.homes("songtao-3", seen_by=keeper)["1203"]) == 2


def test_two_who_enroll_the_same_person_at_once_write_one(pine, keeper, race):
    secretary = pine.actor("xiujuan")
    finishes = race(*(lambda by=by: actions.enroll(residents=[ZHOU], by=by, at=monday_nine) for by in (keeper, secretary, keeper)))
    assert [finish.why for finish in finishes] == [""] * 3 and sum(len(finish.value) for finish in finishes) == 1
    assert len(queries.homes("songtao-3", seen_by=keeper)["1203"]) == 1


def test_whoever_is_there_is_looked_up_through_the_index(zhou, keeper, postgres):
    """With three million rows a look that reads them all takes a second a chunk."""
    asked = []

    def heard(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(heard):
        actions.enroll(residents=[replace(ZHOU, name=f"周{number}") for number in range(150)], by=keeper, at=LATER)
    sql, params = next(row for row in asked if row[0].startswith('SELECT "people_resident"."mark"'))
    with ink.writing(OFFICE, whole=True), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {sql}", params)
        assert "resident_once" in str(cursor.fetchall())


def test_a_keeper_of_another_grid_neither_sees_nor_writes(zhou, pine):
    other = pine.actor("chunmei")
    with pytest.raises(NotYours):
        queries.homes("songtao-3", seen_by=other)
    with pytest.raises(NotFound):
        queries.resident(zhou, seen_by=other)
    with pytest.raises(NotYours):
        actions.enroll(residents=[replace(ZHOU, name="别人")], by=other, at=LATER)
    with pytest.raises((NotFound, NotYours)):
        actions.move_out(resident=zhou, by=other, at=LATER)


def test_the_database_itself_shows_another_keeper_no_row(zhou, pine, postgres):
    from siqian.kernel import store

    for who, seen in ((pine.actor("chunmei"), 0), (pine.actor("chen"), 2), (ANYONE, 0)):
        with store.reading(who):
            assert Resident.objects.count() == seen


@pytest.mark.parametrize("who", ["zhou", "wu", "he", "huang"])
def test_whoever_does_not_keep_the_register_does_not_read_it(zhou, pine, who):
    with pytest.raises(NotYours):
        queries.homes("songtao-3", seen_by=pine.actor(who))


def test_every_fault_is_told_with_its_row_and_nobody_is_written(keeper):
    wrong = [
        replace(ZHOU, row=2, building="nowhere"),
        replace(ZHOU, row=3, label="9901"),
        replace(ZHOU, row=4, name="", phone="12"),
        replace(ZHOU, row=5, relation="cousin", household=0, basis=""),
    ]
    with pytest.raises(BadResidents) as error:
        actions.enroll(residents=[*wrong, SON], by=keeper, at=monday_nine)
    assert [fault.why for fault in error.value.faults] == [
        "第2行：名册里没有nowhere这栋楼，先导入楼栋或改编码",
        "第3行：songtao-3没有9901这个房号，先登记房屋或改房号",
        "第4行：姓名写1到30个字",
        "第4行：电话“12”不对，写11位手机号，或区号加号码",
        "第5行：和户主的关系“cousin”不认识，写户主、配偶、子女、父母、租住、其他人之一",
        "第5行：户号写1到99",
        "第5行：写明来源（40字内）和依据（60字内）",
    ]
    assert queries.homes("songtao-3", seen_by=keeper) == {} and Key.objects.count() == 0


def test_who_signs_in_by_telephone_is_found_and_reads_what_is_kept(zhou, keeper, pine, journal):
    assert queries.mine(as_phone(pine)) is None
    assert actions.link_own(by=pine.resident("19900000001"), at=LATER)
    me = pine.resident("19900000001")
    mine = queries.mine(me)
    assert mine is not None and (mine.name, mine.phone, mine.line.label) == ("周小兰", "19900000001", "1203")
    assert queries.home_of(me.ref) == "songtao-3" and journal.of(f"resident:{zhou}") == ["resident.linked"]


def test_a_telephone_that_two_have_links_nobody(zhou, keeper, pine):
    actions.enroll(residents=[replace(SON, phone=ZHOU.phone)], by=keeper, at=LATER)
    assert not actions.link_own(by=as_phone(pine), at=LATER)
    assert queries.mine(pine.resident("19900000001")) is None


def test_nobody_takes_a_neighbours_record_by_naming_the_telephone(zhou, pine):
    with pytest.raises(NotYours):
        actions.link(username="lin", phone="19900000001", by=pine.resident("lin"), at=LATER)


def test_a_look_is_for_a_purpose_and_the_person_sees_who_looked(zhou, keeper, pine):
    subject, name, _ = queries.sealed_resident(zhou, seen_by=keeper)
    look = {"subject": subject, "sealed": name, "what": "name", "by": keeper, "at": LATER}
    with pytest.raises(NotFound):
        vault.look(**look, purpose=" ")
    assert vault.look(**look, purpose="上门核对门牌") == "周小兰"
    as_phone(pine)
    actions.link_own(by=pine.resident("19900000001"), at=LATER)
    mine = queries.mine(pine.resident("19900000001"))
    assert mine is not None and [(seen.who, seen.purpose, seen.what) for seen in mine.looks] == [("陈志明", "上门核对门牌", "name")]


def test_who_objects_is_not_looked_at_until_they_agree_again(zhou, keeper, pine):
    as_phone(pine)
    actions.link_own(by=pine.resident("19900000001"), at=LATER)
    me = pine.resident("19900000001")
    actions.object_to_use(resident=zhou, by=me, at=LATER)
    with pytest.raises(NotYours, match="提出了反对"):
        queries.sealed_resident(zhou, seen_by=keeper)
    actions.object_to_use(resident=zhou, stands=False, by=me, at=LATER)
    assert queries.sealed_resident(zhou, seen_by=keeper)[0] == f"resident:{zhou}"
    with pytest.raises(NotYours):
        actions.object_to_use(resident=zhou, by=keeper, at=LATER)


def test_what_is_wrong_is_put_right_by_oneself(zhou, keeper, pine, journal):
    as_phone(pine)
    actions.link_own(by=pine.resident("19900000001"), at=LATER)
    me = pine.resident("19900000001")
    actions.correct(resident=zhou, name="周晓兰", phone="19900000009", by=me, at=LATER)
    mine = queries.mine(me)
    assert mine is not None and (mine.name, mine.phone) == ("周晓兰", "19900000009")
    assert queries.resident(zhou, seen_by=keeper).phone == "199 **** 0009"
    with pytest.raises(BadInput):
        actions.correct(resident=zhou, phone="7", by=me, at=LATER)
    with pytest.raises((NotFound, NotYours)):
        actions.correct(resident=zhou + 1, name="周二鸣", by=me, at=LATER)
    assert journal.of(f"resident:{zhou}") == ["resident.linked", "resident.corrected"]


def test_who_is_forgotten_is_gone_for_good_and_the_chains_stay_whole(zhou, keeper, pine, journal):
    sealed = queries.sealed_resident(zhou, seen_by=keeper)[1]
    as_phone(pine)
    actions.link_own(by=pine.resident("19900000001"), at=LATER)
    me = pine.resident("19900000001")
    actions.erase(resident=zhou, by=me, at=LATER)
    line = queries.resident(zhou, seen_by=keeper)
    assert (line.name, line.phone, line.forgotten, line.linked) == ("", "", True, False)
    with pytest.raises(NotFound, match="已按要求删除"):
        vault.unseal(f"resident:{zhou}", sealed)
    assert queries.mine(pine.resident("19900000001")) is None and queries.home_of(me.ref) == ""
    assert journal.of(f"resident:{zhou}")[-1] == "vault.erased" and anchors.verify().faults == ()
    with ink.writing(OFFICE, whole=True):
        row = Resident.objects.get(id=zhou)
    assert (row.mark, row.phone_mark, row.name) == ("", "", "")
    # Nothing is left by which the same person would be known again.
    assert len(actions.enroll(residents=[ZHOU], by=keeper, at=LATER)) == 1


def test_who_moves_out_leaves_the_list_and_may_come_again(zhou, keeper, pine):
    actions.move_out(resident=zhou, by=keeper, at=LATER)
    assert [line.id for line in queries.homes("songtao-3", seen_by=keeper)["1203"]] == [zhou + 1]
    with pytest.raises(BadInput, match="已在2026-07-16搬走"):
        actions.move_out(resident=zhou, by=keeper, at=LATER)
    assert len(actions.enroll(residents=[ZHOU], by=keeper, at=LATER)) == 1


def test_when_grids_are_drawn_anew_the_fence_goes_with_the_building(zhou, pine):
    """松涛苑3栋 comes into the other grid; its old keeper no longer sees who lives there, the new one does."""
    rows = {row.code: row for row in area_rows()}
    grids = {"ry-g1": square(0, 0, 2, 2), "ry-g2": square(0, 2, 2, 1)}
    cells = {"ry-g1-c1": square(0, 0, 1, 2), "ry-g1-c2": square(1, 0, 1, 2), "ry-g2-c1": square(0, 2, 1, 1), "ry-g2-c2": square(1, 2, 1, 1)}
    upper = {"ry": square(0, 0, 2, 3), "ry-p1": square(0, 0, 2, 3)}
    wide = {code: [[114.03, 22.66], [114.036, 22.66], [114.036, 22.663], [114.03, 22.663], [114.03, 22.66]] for code in ("rj", "st")}
    anew = [replace(rows[code], rings=[ring]) for code, ring in {**wide, **upper, **grids, **cells}.items()]
    try:
        places.redraw(areas=anew, by=OFFICE, at=LATER)
    except places.BadMap as error:
        pytest.fail("；".join(fault.why for fault in error.faults))
    while deliveries.work(at=LATER):
        pass
    assert "1203" in queries.homes("songtao-3", seen_by=pine.actor("chunmei"))
    with pytest.raises(NotYours):
        queries.homes("songtao-3", seen_by=pine.actor("chen"))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("update people_resident set grid = grid + 1 where relation = 'head'", "songtao-3的住户落在别的网格里"),
        ("update people_resident set building = 'songtao-4' where relation = 'child'", "的房号不在登记的那栋楼里"),
        ("update people_resident set forgotten = moved_in where relation = 'head'", "说要删除，还留着痕迹"),
        ("update people_resident set own = -7000 where relation = 'head'", "账号7000和住户对不上"),
    ],
)
def test_what_cannot_be_so_is_found_by_the_deep_check(zhou, db, statement, told):
    assert queries.resident_faults() == []
    db.tamper(statement)
    found = [fault.why for fault in queries.resident_faults()]
    assert len(found) == 1 and told in found[0]
