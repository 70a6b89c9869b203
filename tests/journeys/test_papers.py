"""Official papers in hands: downloaded by whoever told, signed by a second person, from the printer, by keyboard."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import DESK, PHONE, SMALL

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def violations(page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


def open_newest(page, query: str = "state=issued") -> str:
    page.goto(f"/papers?{query}")
    page.locator("tbody a.what").first.click()
    page.wait_for_url(re.compile(r"/papers/\d+$"))
    return page.url


def test_papers_are_sound_for_a_screen_reader_and_hold_on_the_smallest_phone(visitor):
    for size in (PHONE, DESK):
        page = visitor("dispatcher", size)
        open_newest(page)
        assert violations(page) == []
        for path in ("/papers", "/papers?state=draft", "/papers?q=没有", "/papers/archive"):
            page.goto(path)
            assert violations(page) == [], path
    small = visitor("dispatcher", SMALL)
    url = open_newest(small)
    small.evaluate("localStorage.letter = 'big'")
    for path in ("/papers", "/papers/archive", url):
        small.goto(path)
        assert small.evaluate("document.documentElement.dataset.letter") == "big"
        assert small.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_whoever_told_downloads_the_acceptance_of_their_matter(visitor):
    zhou = visitor("resident", PHONE)
    zhou.goto("/matters")
    for link in zhou.locator("a.go").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        zhou.goto(link)
        if zhou.locator('a[href^="/papers/"]').count():
            break
    zhou.locator('a[href^="/papers/"]').last.click()
    expect(zhou.locator("article.gw")).to_contain_text("一事的反映人")
    assert violations(zhou) == []
    link = zhou.get_by_role("link", name="下载PDF").get_attribute("href")
    printed = zhou.request.get(link)
    assert printed.headers["content-type"] == "application/pdf" and printed.body().startswith(b"%PDF-1.7")
    stranger = visitor("", PHONE)
    assert stranger.request.get(link).status == 404


def test_who_drafts_does_not_sign_and_what_others_did_is_signed_by_a_key(visitor):
    desk = visitor("dispatcher", DESK)
    desk.goto("/desk/matters?state=in_hand")
    desk.locator("tbody a.what").first.click()
    desk.get_by_role("link", name="拟一份文书").click()
    desk.get_by_role("link", name="联合处置通知书").click()
    desk.get_by_label("发给谁").fill("物业服务中心")
    desk.get_by_label("到场时间和地点").fill("明天上午九点，一楼大堂")
    desk.get_by_label("要求").fill("带上钥匙，派能当场决定的人")
    desk.get_by_role("button", name="拟好，请人签发").click()
    desk.wait_for_url(re.compile(r"/papers/\d+$"))
    expect(desk.locator(".facts")).to_contain_text("要由别人来签发")
    paper = desk.url.rpartition("/")[2]
    assert desk.request.get(f"/papers/{paper}/paper.pdf").status == 404
    desk.goto("/papers")
    expect(desk.locator(".pw")).to_contain_text("联合处置通知书")
    desk.locator(".pw a.go").last.click()
    desk.wait_for_url(re.compile(r"/papers/\d+$"))
    expect(desk.get_by_role("button", name="核对过了，签发")).to_be_visible()
    desk.keyboard.press("g")
    expect(desk.locator(".toast")).to_contain_text("签发了，文号")
    expect(desk.get_by_role("link", name="打开PDF")).to_be_visible()


def test_from_the_printer_comes_the_paper_alone(visitor):
    page = visitor("dispatcher", DESK)
    open_newest(page, "kind=ledger")
    expect(page.get_by_role("button", name="打印网页")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF") and re.search(rb"/MediaBox ?\[0 0 59[45]\.?\d* 84[12]\.?\d*\]", printed)
    page.emulate_media(media="print")
    for hidden in (".rail", ".work-h", ".facts", ".tabs"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("article.gw")).to_be_visible()


def test_in_english_everything_but_the_paper_itself_is_english(visitor):
    page = visitor("dispatcher", DESK)
    page.goto("/desk")
    page.get_by_role("button", name="English").first.click()
    open_newest(page)
    text = page.locator(".facts").inner_text() + page.locator(".work-h").inner_text()
    rest = re.sub(r"〔\d+〕\S+号|四千|机关文件材料归档范围和文书档案保管期限规定，定期\d+年", "", text)
    assert not re.search(r"[一-鿿]", rest), rest
