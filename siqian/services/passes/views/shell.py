"""What a telephone keeps so that a page opens without a network, and the words that its scripts say."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _

from .. import rules

SCRIPTS = ("codes", "passing", "deciding", "marks", "keeping", "camera")
SHELL = (
    "ui/mark.svg",
    "ui/tokens.css",
    "ui/siqian.css",
    "ui/siqian.js",
    "passes/passes.css",
    *(f"passes/{name}.js" for name in SCRIPTS),
    "vendor/zxing-reader.js",
    "vendor/zxing-reader.wasm",
)
SHELLS = {
    "pass": (*SHELL, "ui/resident.css", "passes/pass.js", "vendor/lean-qr.js"),
    "gate": (*SHELL, "passes/gate.js"),
}
# A page that runs ZXing compiles WebAssembly, and nothing else that the house forbids.
SCRIPT_SRC = {"script-src": ["'self'", "'wasm-unsafe-eval'"]}


def worker(name: str) -> HttpResponse:
    """The script that keeps a page; another one after each change of what it keeps."""
    answer = HttpResponse(_made(name), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = f"/{name}"
    return answer


def kept(answer: HttpResponse, name: str) -> HttpResponse:
    """Mark a page as the one to keep."""
    answer["X-Kept"] = name
    answer["Cache-Control"] = "private, no-store"
    return answer


def words() -> dict[str, Any]:
    """What both scripts say."""
    return {
        "classes": {code: _(word) for code, word in rules.CLASSES.items()},
        "ways": {code: _(word) for code, word in rules.WAYS.items()},
        "shapes": {code: _(word) for code, word in rules.SHAPES.items()},
        "reasons": {code: _(sentence) for code, sentence in rules.SENTENCES.items()},
        "or": _("或"),
        "comma": _("、"),
        "pause": _("，"),
        "go": _("请进"),
        "stop": _("先别进"),
        "look": _("请看一看"),
        "use": _("走{gate}"),
        "noNet": _("没网，请门岗扫您的码"),
        "noCamera": _("打不开相机。让浏览器用相机，或者用手机自带的扫一扫"),
    }


@cache
def _made(name: str) -> str:
    shell = SHELLS[name]
    found = [Path(file) for one in (*shell, "passes/worker.js") if (file := finders.find(one))]
    version = hashlib.sha256(b"".join(file.read_bytes() for file in found)).hexdigest()[:16]
    listed = "[" + ",".join(f'"{static(one)}"' for one in shell if finders.find(one)) + "]"
    script = found[-1].read_text(encoding="utf-8").replace("__VERSION__", version).replace('"__SHELL__"', listed)
    return script.replace("__PAGE__", f"/{name}").replace("__NAME__", name)
