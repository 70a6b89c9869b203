"""The pages on which a grid is cut: by typed points, without a map and without a script."""

import json

from siqian.insight.bounds import actions, queries
from siqian.testing import monday_nine
from siqian.town.places import queries as places

from .test_adjustments import SPLIT, approved, drafted, in_force, proposed

LINE = "114.0299, 22.6613\n114.0311，22.6613"
FORM = {"kind": "split", "line": LINE, "code": "ry-g1-c3", "name": "榕荫1格3组", "parent": "ry-g1"}
EDITOR = "/desk/map/areas/ry-g2-c1"


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_an_administrator_finds_an_area_looks_and_drafts(offices, signed_in):
    page = signed_in("min")
    assert "榕荫2格1组" in text(page.get("/desk/map?q=榕荫2格"))
    shown = text(page.get(EDITOR))
    assert "沿哪条线分" in shown and "ry-g2-c1-2" in shown and "松涛苑3栋" in shown
    looked = text(page.post(EDITOR, FORM | {"do": "look"}))
    assert "还没有写下来" in looked and "1栋楼换格" in looked and "榕荫1格：李春梅" in looked
    assert queries.adjustments(seen_by=offices.actor("min"))[0] == []
    answer = page.post(EDITOR, FORM | {"do": "draft"})
    assert answer.status_code == 302
    page_shown = text(page.get(answer["Location"]))
    assert "提交给另一人批" in page_shown and page_shown.count('class="sk"') == 2 and "草稿" in page_shown


def test_faults_stand_beside_what_was_typed_with_their_place(offices, signed_in):
    page = signed_in("min")
    told = text(page.post(EDITOR, FORM | {"line": "114.0304, 22.6609\n114.0304, 22.6615", "do": "draft"}), 400)
    assert "有一头没有到边界" in told and "两头都画到边界上" in told and "114.0304, 22.6609" in told
    assert "不是一个点" in text(page.post(EDITOR, FORM | {"line": "这里\n那里", "do": "draft"}), 400)
    assert "写反了" in text(page.post(EDITOR, FORM | {"line": "22.66, 114.03\n22.67, 114.03", "do": "draft"}), 400)
    assert "至少两个点" in text(page.post(EDITOR, FORM | {"line": "", "do": "draft"}), 400)
    assert "选分格、并格或者移边界" in text(page.post(EDITOR, {"kind": "melt"}), 400)
    assert "已经有了" in text(page.post(EDITOR, FORM | {"code": "mm-g1", "do": "look"}), 400)


def test_merging_and_moving_a_border_have_their_forms(offices, signed_in):
    page = signed_in("min")
    assert "并进来的相邻格" in text(page.get("/desk/map/areas/ry-g1?kind=merge"))
    merged = text(page.post("/desk/map/areas/ry-g1", {"kind": "merge", "other": "ry-g2", "do": "look"}))
    assert "岗位一起过去" in merged and "还在原来的人手上" in merged
    border = text(page.get("/desk/map/areas/ry-g1-c1?kind=border&other=ry-g1-c2"))
    assert "114.0310000, 22.6600000" in border
    moved = {"kind": "border", "other": "ry-g1-c2", "line": "114.031, 22.66\n114.0308, 22.6605\n114.031, 22.661", "do": "look"}
    assert "没有楼换格" in text(page.post("/desk/map/areas/ry-g1-c1", moved))


def test_one_proposes_another_approves_on_the_page(offices, signed_in):
    first, second = signed_in("min"), signed_in("hong")
    id_ = drafted(offices, SPLIT)
    here = f"/desk/map/adjustments/{id_}"
    assert "为什么调整，最多" in text(first.post(f"{here}/proposal", {"reason": "", "effective": "2999-01-01"}), 400)
    assert "哪天生效" in text(first.post(f"{here}/proposal", {"reason": "近", "effective": "soon"}), 400)
    assert first.post(f"{here}/proposal", {"reason": "三栋离一格近", "effective": "2999-01-01"}).status_code == 302
    assert "要请另一位系统管理员或区调度员来批" in text(first.get(here)) and first.post(f"{here}/approval").status_code == 403
    assert "批准，到日子生效" in text(second.get(here)) and "三栋离一格近" in text(second.get("/desk/map"))
    assert second.post(f"{here}/approval").status_code == 302
    assert "批了，等生效" in text(first.get(here)) and "洪波" in text(first.get(here))
    assert first.post(f"{here}/withdrawal").status_code == 302 and "撤回了" in text(first.get("/desk/map?show=over"))


def test_what_is_in_force_is_restored_by_a_button_and_an_overtaken_one_says_so(offices, signed_in):
    id_, late = approved(offices), proposed(offices)
    in_force()
    page, other = signed_in("min"), signed_in("hong")
    assert "恢复到此前" in text(page.get(f"/desk/map/adjustments/{id_}"))
    answer = page.post(f"/desk/map/adjustments/{id_}/restoration")
    assert "恢复到这份调整以前" in text(page.get(answer["Location"]))
    told = text(other.post(f"/desk/map/adjustments/{late}/approval"), 409)
    assert "在这之后又改过了" in told and "照现在的网格重新起草" in told


def test_everything_goes_out_as_files(offices, signed_in):
    id_ = approved(offices)
    page = signed_in("min")
    every = json.loads(text(page.get("/desk/map/areas.geojson")))
    assert {one["properties"]["code"] for one in every["features"]} == set(places.area_ids())
    one = json.loads(text(page.get(f"/desk/map/adjustments/{id_}.geojson")))
    whens = [(feature["properties"]["when"], feature["properties"]["code"]) for feature in one["features"]]
    assert ("before", "ry-g2-c1") in whens and ("after", "ry-g1-c3") in whens and ("before", "ry-g1-c3") not in whens
    assert f"{id_},split,ry-g2-c1" in text(page.get("/desk/map/adjustments.csv"))
    assert text(page.get("/desk/map/areas.geojson?on=2025-01-01")).count('Feature"') == 0
    assert page.get("/desk/map/areas.geojson?on=soon").status_code == 400
    shapes = json.loads(text(page.get(f"{EDITOR}/shapes")))
    assert [one["properties"]["code"] for one in shapes["areas"]["features"] if one["properties"]["own"]] == ["ry-g2-c1"]


def test_strangers_keepers_and_residents_are_kept_out(offices, signed_in, client):
    id_ = proposed(offices)
    for who in ("chen", "qiang"):
        visitor = signed_in(who)
        assert visitor.get("/desk/map").status_code == 403 and visitor.get(EDITOR).status_code == 403
        assert visitor.get(f"/desk/map/adjustments/{id_}").status_code == 404
    assert client.get("/desk/map").status_code == 302 and signed_in("zhou").get("/desk/map").status_code == 302
    dispatcher = signed_in("liang")
    assert dispatcher.get("/desk/map").status_code == 200 and dispatcher.get(EDITOR).status_code == 403
    assert signed_in("min").get("/desk/map/areas/ry").status_code == 404


def test_the_list_is_paged_and_searched(offices, signed_in):
    by = offices.actor("min")
    for number in range(queries.PAGE + 3):
        kept = {"asked": actions.rules.Operation(**{**vars(SPLIT), "code": f"ry-n{number}", "name": f"新{number}格"})}
        actions.draft(**kept, by=by, at=monday_nine)
    page = signed_in("min")
    assert "下一页" in text(page.get("/desk/map")) and "上一页" in text(page.get("/desk/map?page=2"))
    assert "没有找到这样的调整" in text(page.get("/desk/map?find=木棉"))
