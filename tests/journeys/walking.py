"""Plays a role script in Chromium: each word of a step's `do` and `see` is one method here, and there are no others."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

SIZES = {"phone": (390, 844), "small phone": (320, 640), "desk": (1440, 900)}
TOWN = ZoneInfo("Asia/Shanghai")
HAN, TELEPHONE = re.compile(r"[一-鿿]"), re.compile(r"(?<![\d*])1[3-9]\d{9}(?!\d)")
AROUND = "tr, li, article, section, fieldset, aside, form, details"
NUMBER = re.compile(r"\d{4}-\d{4,}")
PATIENCE = 20.0
Open = Callable[[str, str], Page]
Do = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    zh: str
    en: str
    do: tuple[Do, ...]
    see: tuple[Do, ...]


@dataclass(frozen=True)
class Script:
    name: str
    who: str
    size: str
    title: tuple[str, str]
    purpose: tuple[str, str]
    steps: tuple[Step, ...]


class Walk:
    """Plays a script: each person has a browser of their own, which stays as they left it."""

    def __init__(self, script: Script, open_: Open) -> None:
        self.script, self.open, self.pages, self.kept, self.under_way = script, open_, {}, {}, set()
        self.size, self.page = script.size, None
        self._as(script.who)

    def play(self, pictures: Path) -> None:
        for number, step in enumerate(self.script.steps, 1):
            try:
                self._step(step)
            except (AssertionError, Error) as fault:
                picture = pictures / f"{self.script.name}-{number}.png"
                self.page.screenshot(path=picture, full_page=True)
                raise AssertionError(f"{self.script.name}, step {number}: {step.zh}\n{self.page.url}\n{picture}\n{fault}") from fault

    def _step(self, step: Step) -> None:
        for row in step.do:
            self._each(row, self.DOINGS)
        for row in step.see:
            self._each(row, self.SEEINGS)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], f"the page is {wide} wide"

    def _each(self, row: Do, words: Mapping[str, Callable]) -> None:
        self.around = self._filled(row.get("in", ""))
        for word, what in row.items():
            if word != "in":
                words[word](self, self._filled(what))
                if word in self.SENDS:
                    self._arrived()

    def _filled(self, what: Any) -> Any:
        """With what was remembered in the place of {its name}, and {in 2 hours} as the field of a form takes it."""
        if isinstance(what, dict):
            return {self._filled(key): self._filled(value) for key, value in what.items()}
        if isinstance(what, list):
            return [self._filled(one) for one in what]
        if not isinstance(what, str):
            return what
        what = re.sub(r"\{in (\d+) (hours|days)\}", lambda found: _later(**{found[2]: int(found[1])}), what)
        what = re.sub(r"\{day in (\d+)\}", lambda found: _later(days=int(found[1]))[:10], what)
        for name, value in self.kept.items():
            what = what.replace(f"{{{name}}}", value)
        return what

    # Where a thing is looked for: the box that lies open, the smallest part of the page that says `in`, or the page.
    def _where(self) -> Locator:
        if self.around:
            return self.page.locator(AROUND).filter(has_text=self.around).filter(visible=True).last
        box = self.page.locator("dialog[open]").filter(visible=True)
        return box.last if box.count() else self.page.locator("body")

    def _find(self, role: str, name: str) -> Locator:
        def there() -> Locator | None:
            for exact in (True, False):
                found = self._where().get_by_role(role, name=name, exact=exact).filter(visible=True)
                if found.count():
                    return found.first
            return None

        return self._patiently(there, f"no {role} {name!r} to be seen")

    def _field(self, label: str) -> Locator:
        def there() -> Locator | None:
            where = self._where()
            for found in (where.get_by_label(label, exact=True), where.get_by_label(label), where.get_by_placeholder(label)):
                shown = found.filter(visible=True)
                if shown.count():
                    return shown.first
            return None

        return self._patiently(there, f"no field {label!r} to be seen")

    def _patiently(self, there: Callable[[], Any], otherwise: str) -> Any:
        for _ in range(int(PATIENCE * 10)):
            if (found := there()) is not None:
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(otherwise)

    def _as(self, who: str) -> None:
        if who not in self.pages:
            page = self.pages[who] = self.open(who, self.size)
            page.on("request", lambda request: request.is_navigation_request() and self.under_way.add(request))
            for over in ("requestfinished", "requestfailed"):
                page.on(over, lambda request: self.under_way.discard(request))
        self.page = self.pages[who]

    def _arrived(self) -> None:
        """What a press or a key sent off has come back, so that another person's page may be asked about it."""
        self.page.wait_for_timeout(60)
        self._patiently(lambda: not self.under_way or None, "the page does not come")
        self.page.wait_for_load_state()

    def _size(self, size: str) -> None:
        self.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))

    def _menu(self, name: str) -> None:
        self.around = ""
        rail = self.page.locator("nav.rail, nav.tabs").filter(visible=True).first
        link = rail.get_by_role("link", name=name).filter(visible=True)
        if not link.count() and rail.locator("details > summary").count():
            rail.locator("details > summary").click()
        link.first.click()

    def _rail(self, name: str) -> Locator:
        return self.page.locator("nav.rail").get_by_role("link", name=name)

    def _fill(self, values: Mapping[str, str]) -> None:
        for label, value in values.items():
            self._field(label).fill(str(value))

    def _choose(self, values: Mapping[str, str]) -> None:
        for label, value in values.items():
            field = self._field(label)
            option = field.locator("option").filter(has_text=value).first
            field.select_option(value=option.get_attribute("value"))

    def _press(self, name: str) -> None:
        self._find("button", name).click()

    def _press_if(self, name: str) -> None:
        """What is asked only of whoever said something that others said as well."""
        if "/report" in self.page.url:
            self.page.locator("#heard section").first.wait_for()
        button = self._where().get_by_role("button", name=name).filter(visible=True)
        if button.count():
            button.first.click()

    def _press_first(self, name: str) -> None:
        buttons = self.page.get_by_role("button").filter(visible=True)
        self.page.locator(AROUND).filter(has_text=name).filter(has=buttons).last.get_by_role("button").first.click()

    def _follow(self, name: str) -> None:
        self._find("link", name).click()

    def _follow_first(self, name: str) -> None:
        links = self.page.get_by_role("link").filter(visible=True)
        self.page.locator("tr").filter(has_text=name).filter(has=links).first.get_by_role("link").first.click()

    def _photo(self, field: str) -> None:
        self._where().locator("input[type=file]").first.set_input_files(_picture(field))

    def _tell(self, text: str) -> None:
        """Write it, hear what was understood, say that it is a matter of its own, hand it in."""
        self.page.goto("/report")
        self.page.locator("#text").fill(text)
        self.page.locator("#heard .heard").first.wait_for()
        self._press_if("不是，另外说")
        if "/report" in self.page.url:
            self._press("说好了，交出去")
        self.page.wait_for_url(re.compile("/matters/"))

    def _remember(self, name: str) -> None:
        """The number of the matter on this page, or the receipt code."""
        if name == "code":
            self.kept[name] = self.page.locator("#receipt-code").inner_text()
            return
        self.page.wait_for_url(re.compile(r"/matters/\d{4}-\d+|/\d+$"))
        self.kept[name] = re.split(r"[?#]", self.page.url)[0].rsplit("/", 1)[1]

    def _remember_row(self, name: str) -> None:
        """The number that stands in the first row of a list."""
        self.kept[name] = re.search(
            r"\d{4}-\d{4,}", self.page.locator("main li, main tbody tr").filter(has_text=re.compile(r"\d{4}-\d{4,}")).first.inner_text()
        )[0]

    def _figure(self, like: str) -> int:
        found = re.search(like, self.page.locator("main").inner_text())
        return int(found[1]) if found else 0

    def _count(self, what: Mapping[str, str]) -> None:
        self.kept[what["name"]] = str(self._figure(what["like"]))

    def _letters(self, size: str) -> None:
        self.page.evaluate("size => { if (size) localStorage.letter = size; else delete localStorage.letter }", size)
        self.page.reload()

    def _language(self, name: str) -> None:
        self.around = ""
        button = self.page.get_by_role("button", name=name)
        if not button.filter(visible=True).count():
            self.page.goto("/?resident")
        button.filter(visible=True).first.click()
        self.page.wait_for_load_state()

    def _wait(self, text: str) -> None:
        """What the worker does comes by itself; the page shows it when it is asked again."""

        def there() -> bool | None:
            self.page.reload()
            return self._where().get_by_text(text).filter(visible=True).count() > 0 or None

        self._patiently(there, f"{text!r} never came")

    def _wait_gone(self, text: str) -> None:
        """What the worker takes away goes by itself, too."""

        def away() -> bool | None:
            self.page.reload()
            return not self._where().get_by_text(text).filter(visible=True).count() or None

        self._patiently(away, f"{text!r} never went")

    def _text(self, texts: str | list[str]) -> None:
        for text in _all(texts):
            expect(self._where().get_by_text(text).filter(visible=True).first, text).to_be_visible()

    def _no_text(self, texts: str | list[str]) -> None:
        for text in _all(texts):
            expect(self._where().get_by_text(text).filter(visible=True), text).to_have_count(0)

    def _rows(self, texts: str | list[str]) -> Locator:
        found = self._where().locator("tr, li").filter(visible=True)
        for text in _all(texts):
            found = found.filter(has_text=text)
        return found

    def _refused(self, what: Mapping[str, Any]) -> None:
        """A page that this person must not see says so."""
        assert self.page.request.get(what["open"]).status == what["status"], what["open"]

    def _post_refused(self, what: Mapping[str, Any]) -> None:
        """The button is not there; whoever sends the form by hand from an own page is told the same."""
        status = self.page.evaluate(
            """async ({to, fields}) => {
              const body = new FormData()
              body.append('csrfmiddlewaretoken', document.querySelector('[name=csrfmiddlewaretoken]').value)
              for (const [name, value] of Object.entries(fields)) body.append(name, value)
              return (await fetch(to, {method: 'POST', body, redirect: 'manual'})).status }""",
            {"to": what["to"], "fields": what.get("fields", {})},
        )
        assert status == what["status"], f"{what['to']} answered {status}"

    def _grew(self, what: Mapping[str, str]) -> None:
        before = int(self.kept[what["name"]])

        def there() -> bool | None:
            self.page.reload()
            return self._figure(what["like"]) > before or None

        self._patiently(there, f"{what['name']} stands at {self._figure(what['like'])}, it was {before}")

    def _no_telephone(self, _yes: bool) -> None:
        assert not TELEPHONE.search(self.page.locator("main").inner_text()), "a whole telephone number"

    def _english(self, _yes: bool) -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", "en")
        menu = self.page.locator("nav.rail, nav.tabs").filter(visible=True).first
        words = " ".join(part.inner_text() for part in (menu, self.page.locator("h1").first) if part.count())
        words = re.sub("四千|中文|（示例）", "", words)
        assert not HAN.search(words), words

    def _downloads(self, what: Mapping[str, str]) -> None:
        answer = self.page.request.get(self._find("link", what["link"]).get_attribute("href"))
        assert answer.status == 200 and what["has"].encode() in answer.body(), (answer.status, answer.body()[:200])

    SENDS = {"press", "press if asked", "press first in", "follow", "follow first in", "key", "menu", "language"}
    DOINGS = {
        "as": _as,
        "size": _size,
        "menu": _menu,
        "open": lambda self, path: self.page.goto(path),
        "reload": lambda self, _yes: self.page.reload(),
        "follow": _follow,
        "follow first in": _follow_first,
        "fill": _fill,
        "choose": _choose,
        "tick": lambda self, label: self._field(label).check(),
        "press": _press,
        "press if asked": _press_if,
        "press first in": _press_first,
        "key": lambda self, key: self.page.keyboard.press(key),
        "unfold": lambda self, words: self._where().locator("summary").filter(has_text=words).filter(visible=True).first.click(),
        "photo": _photo,
        "tell": _tell,
        "remember": _remember,
        "remember row": _remember_row,
        "count": _count,
        "letters": _letters,
        "language": _language,
        "wait": _wait,
        "wait gone": _wait_gone,
    }
    SEEINGS = {
        "text": _text,
        "no text": _no_text,
        "row": lambda self, texts: expect(self._rows(texts).first, str(texts)).to_be_visible(),
        "no row": lambda self, texts: expect(self._rows(texts), str(texts)).to_have_count(0),
        "state": lambda self, words: expect(self.page.locator("#main .st").first).to_have_text(words),
        "button": lambda self, name: self._find("button", name),
        "no button": lambda self, name: expect(self.page.get_by_role("button", name=name).filter(visible=True)).to_have_count(0),
        "link": lambda self, name: self._find("link", name),
        "no link": lambda self, name: expect(self.page.get_by_role("link", name=name).filter(visible=True)).to_have_count(0),
        "menu has": lambda self, names: [expect(self._rail(name), name).to_have_count(1) for name in _all(names)],
        "menu lacks": lambda self, names: [expect(self._rail(name), name).to_have_count(0) for name in _all(names)],
        "field": lambda self, values: [expect(self._field(label)).to_have_value(value) for label, value in values.items()],
        "photos": lambda self, n: expect(self.page.locator("main img")).to_have_count(n),
        "grew": _grew,
        "refused": _refused,
        "post refused": _post_refused,
        "no telephone": _no_telephone,
        "english": _english,
        "downloads": _downloads,
    }


def _all(texts: str | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else texts


def _later(**ahead: int) -> str:
    return (datetime.now(TOWN) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def _picture(name: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#39474A").save(out, "JPEG")
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
