"""Joint actions and leaders' own cases on the pages, in files and as JSON: who clicks what, and what others see of it."""

from siqian.kernel import clock
from siqian.spine.matters import actions, cases, queries, summonses
from siqian.testing import monday_nine

from .test_aside import at, spoken
from .test_cases import PLAN, failed_twice
from .test_joint import MINUTES, STALLS, called, held, work
from .test_walk import teller


def body(page) -> str:
    return page.content.decode()


def test_the_street_calls_on_the_page_and_the_unit_reports_in_on_its_telephone(town, signed_in):
    receipt = spoken(town, text=STALLS)
    desk = f"/desk/matters/{receipt.number}"
    with clock.stopped_at(at(1)):
        page = body(signed_in("lifen").get(desk))
        assert "叫单位来一起办" in page and "街道综合行政执法办" in page and "30分钟内确认" in page
        sent = {"purpose": "一起查占道和油烟", "place": "3栋楼下", "meets": "2026-07-14T10:00", "unit": ["st-enforce"]}
        more = {"clause-st-enforce": "1.1.1 占道经营", "other": "st-clean", "other-clause": "清扫油污"}
        signed_in("lifen").post(f"{desk}/joint", sent | more)
        assert "叫了，等人到" in body(signed_in("lifen").get(desk))
        listed = body(signed_in("lei").get("/desk/joint"))
        assert "等您确认" in listed and "等您做的" in listed and "清扫油污" in listed
        assert "confirmation" in listed and "/desk/joint/units/" in body(signed_in("lei").get("/desk"))
        answer = signed_in("lei").post(f"{desk}/joint/confirmation", {"unit": "st-clean", "next": "/desk/joint"})
        assert answer["Location"] == "/desk/joint"
        assert signed_in("jianjun").post(f"{desk}/joint/confirmation", {"unit": "st-enforce"}).status_code in (403, 404)
    with clock.stopped_at(at(24.9)):
        lon, lat = town.point("松涛苑3栋")
        signed_in("lei").post(f"{desk}/joint/arrival", {"unit": "st-clean", "lon": str(lon), "lat": str(lat)})
        assert "坐标看不懂" in body(signed_in("qiang").post(f"{desk}/joint/arrival", {"unit": "st-enforce", "lon": "x", "lat": "1"}))
        signed_in("qiang").post(f"{desk}/joint/arrival", {"unit": "st-enforce", "lon": "", "lat": ""})
        page = body(signed_in("lifen").get(desk))
        assert "离现场0米" in page and "2个单位到齐了" in page
    with clock.stopped_at(at(26)):
        signed_in("lifen").post(f"{desk}/joint/minutes", {"text": MINUTES})
        assert MINUTES in body(signed_in("lei").get(desk)) and "等您评各单位" in body(signed_in("lifen").get("/desk/joint"))
        for unit in ("st-enforce", "st-clean"):
            signed_in("lifen").post(f"{desk}/joint/judgement", {"unit": unit, "came": "in_time", "share": "good", "words": ""})
        signed_in("lei").post(f"{desk}/joint/report", {"unit": "st-clean", "text": "清了油污，冲了地"})
        signed_in("lei").post(f"{desk}/joint/verdict", {"unit": "st-clean", "founded": "yes", "words": ""})
        page = body(signed_in("lifen").get(desk))
        assert "尽了力" in page and "该叫" in page
        counts = body(signed_in("lifen").get("/desk/joint"))
        assert "各单位到得怎样" in counts and "%" not in counts.split("各单位到得怎样")[1].split("</table>")[0]
        file = body(signed_in("lifen").get("/desk/joint/list.csv"))
        assert len(file.splitlines()) == 3 and "2026-07-14 10:00" in file


def test_tellers_see_who_was_called_and_what_was_agreed_and_no_quarrel(town, client):
    receipt = held(town)
    actions.object_joint(matter=receipt.matter, unit="st-clean", text="归执法队，清单1.1.1", by=town.actor("lei"), at=at(26.1))
    client.post("/receipts", {"code": receipt.code})
    with clock.stopped_at(at(27)):
        page = body(client.get(f"/matters/{receipt.number}"))
    assert "叫来2个单位一起办" in page and "街道综合行政执法办" in page and MINUTES in page and "2个单位到齐了" in page
    assert "归执法队" not in page and "确认到场" not in page and "联合办理" not in page
    assert summonses.about_joint(receipt.matter, seen_by=teller(receipt), at=at(27)) is None


def test_a_leader_adopts_on_the_page_of_hard_cases_and_the_desk_proposes(town, signed_in):
    receipt = failed_twice(town)
    desk = f"/desk/matters/{receipt.number}"
    with clock.stopped_at(at(8)):
        page = body(signed_in("lifen").get("/desk/cases"))
        assert "还没人包的难事" in page and "2次没办好" in page and "上级在督办" in page and "请领导包案" in page
        signed_in("lifen").post(f"{desk}/case/proposal", {"post": town.post("leader", "st"), "text": "两次没办好", "next": "/desk/cases"})
        assert "已请李建华" in body(signed_in("lifen").get("/desk/cases"))
        page = body(signed_in("leader").get("/desk/cases"))
        assert "我包的" in page and "请您包案" in page
        assert signed_in("leader").post(f"{desk}/case", {"text": PLAN, "next": "/desk/cases"})["Location"] == "/desk/cases"
        page = body(signed_in("leader").get(desk))
        assert "由st·李建华的岗位李建华包案" in page and "看了进展" in page and "接访了" in page
        file = body(signed_in("leader").get("/desk/cases/list.csv"))
        assert receipt.number in file and "2次没办好；上级在督办" in file
    with clock.stopped_at(at(48)):
        signed_in("leader").post(f"{desk}/case/looks", {"text": "方案定了，周二开工"})
        signed_in("leader").post(f"{desk}/case/meetings", {"text": "当面听了，她要晚上走得了"})
        assert "方案定了" in body(signed_in("leader").get(desk))
    case = cases.about_case(receipt.matter, seen_by=town.actor("leader"), at=at(48))
    assert signed_in("leader").get(f"/desk/cases/{case.id}")["Location"] == f"{desk}#case"


def test_clocks_lead_to_the_matter_and_strangers_to_the_sign_in(town, signed_in, client):
    receipt = called(town)
    with clock.stopped_at(at(1)):
        view = summonses.about_joint(receipt.matter, seen_by=town.desk("st"), at=at(1))
        assert signed_in("lifen").get(f"/desk/joint/{view.id}")["Location"] == f"/desk/matters/{receipt.number}#joint"
        assert signed_in("caiyun").get(f"/desk/joint/{view.id}").status_code == 404
        assert signed_in("caiyun").get("/desk/joint/units/99999").status_code == 404
    client.post("/sign-out")
    for path in ("/desk/joint", "/desk/cases", "/desk/joint/list.csv", "/desk/cases/list.csv"):
        assert client.get(path)["Location"] == f"/sign-in?next={path}"


def test_the_same_by_json(town, signed_in):
    receipt = spoken(town, text=STALLS)
    here = f"/api/matters/{receipt.number}/joint"

    def send(who, path, **sent):
        return signed_in(who).post(path, sent, content_type="application/json")

    units = [{"unit": "st-enforce", "clause": "1.1.1 占道"}, {"unit": "st-clean", "clause": "清扫油污"}]
    with clock.stopped_at(at(1)):
        made = send("lifen", here, purpose="一起查占道", place="3栋楼下", meets="2026-07-14T10:00:00+08:00", units=units)
        assert made.status_code == 201 and made.json()["state"] == "called"
        answer = send("lei", f"{here}/confirmation", unit="st-clean").json()
        assert [part["state"] for part in answer["parts"]] == ["called", "confirmed"] and answer["parts"][1]["may_do"] == [
            "arrive",
            "object",
        ]
        assert send("lei", f"{here}/confirmation", unit="st-enforce").status_code == 403
        assert send("lei", f"{here}/objection", unit="st-clean", text="归执法队，清单1.1.1").status_code == 200
    with clock.stopped_at(at(25)):
        assert send("lei", f"{here}/arrival", unit="st-clean", lon=114.03, lat=22.66).json()["parts"][1]["state"] == "arrived"
        assert send("lifen", f"{here}/absence", unit="st-enforce").json()["parts"][0]["state"] == "absent"
        assert send("lifen", f"{here}/minutes", text=MINUTES).json()["state"] == "held"
        assert send("lei", f"{here}/report", unit="st-clean", text="清了油污").status_code == 200
        no = {"came": False, "in_time": False, "share": "poor", "words": "一直没有来"}
        assert send("lifen", f"{here}/judgement", unit="st-enforce", **no).status_code == 200
        assert send("lei", f"{here}/verdict", unit="st-clean", founded=True).status_code == 200
        assert [row["state"] for row in signed_in("lifen").get("/api/joint").json()] == ["held"]
        span = {"since": "2026-07-01T00:00:00+08:00", "until": "2026-08-01T00:00:00+08:00"}
        counted = signed_in("lifen").get("/api/joint/units", span).json()
        assert [(row["unit"], row["came"]) for row in counted] == [("st-clean", 1), ("st-enforce", 0)]
        assert send("lifen", f"{here}/cancellation", text="不用了，办完了").status_code == 409


def test_cases_by_json(town, signed_in):
    receipt = failed_twice(town)
    here = f"/api/matters/{receipt.number}/case"

    def send(who, path, **sent):
        return signed_in(who).post(path, sent, content_type="application/json")

    with clock.stopped_at(at(8)):
        hard = signed_in("leader").get("/api/cases/hard").json()
        assert [(row["number"], [why["code"] for why in row["why"]]) for row in hard] == [(receipt.number, ["failed", "supervised"])]
        leader = town.post("leader", "st")
        assert send("lifen", f"{here}/proposal", post=leader, text="两次没办好").json()["state"] == "proposed"
        assert send("leader", f"{here}/refusal", text="住建在牵头").json()["state"] == "declined"
        assert send("leader", here, text=PLAN).json()["name"] == "李建华"
        assert send("leader", f"{here}/looks", text="方案定了").json()["plan"] == "方案定了"
        assert send("leader", f"{here}/meetings", text="当面听了").json()["met"] is not None
        assert send("leader", f"{here}/transfer", post=leader, text="忙不过来").status_code == 400
        assert signed_in("leader").get("/api/cases").json()[0]["mine"]
    work(8)
    assert queries.faults() == [] and monday_nine
