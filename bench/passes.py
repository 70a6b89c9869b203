"""How fast passes are verified and issued, how large they are, and what a gate's browser makes of them. Writes bench/results/passes.json.

    .venv/bin/python -m bench.passes

first: showings (XG2) of passes that nobody has shown yet, each with its own issuer's signature, phone key, status and a compound's rules.
again: the same passes in another slot, as a courier shows one all day. Beside both, in the same run, what `cryptography` alone needs for
their signatures: the part that no code of ours can save. frames: stated pictures of codes, read by the very WebAssembly of the gate, one
frame at a time, with Chromium's processor four times slower. camera: a fake camera that shows one code, from the first frame to green.
"""

import argparse
import base64
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy
import segno
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from siqian.services.passes import cose, rules
from siqian.services.passes.rules import Rules, Window
from siqian.services.passes.rules.passing import forget_known

from .spine import ROOT, commit

COUNT, NOW, GATE, KID, SLOW = 3_000, 1_790_000_010, "ABCDEFGH", b"12345678", 4
REVOKED, SIZE = 10_486, 1 << 20
STATIC = ROOT / "siqian" / "services" / "passes" / "static" / "passes"
VENDOR = ROOT / "siqian" / "ui" / "static" / "vendor"
ECDSA = ec.ECDSA(hashes.SHA256())
AT = datetime.fromtimestamp(NOW, UTC)
BODY = Rules(windows=(Window(classes=("delivery", "parcel"), begin=0, end=1440), Window(classes=("emergency",))))


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    issuer = ec.generate_private_key(ec.SECP256R1())
    result: dict[str, Any] = {"command": "python -m bench.passes", "commit": commit(), "cores": os.cpu_count(), "count": COUNT}
    phones = [ec.generate_private_key(ec.SECP256R1()) for _ in range(COUNT)]
    passes = [_pass(number, phone, issuer) for number, phone in enumerate(phones)]
    result |= _verifying(issuer, phones, passes) | _issuing(issuer, phones[0])
    text = rules.text_of(rules.SHOWN, rules.show(passes[0], rules.slot_of(NOW), GATE, phones[0]))
    result |= {"letters": len(text), "version": segno.make(text, error="l").version}
    chance = Random(13)
    result["status_bytes"] = len(cose.StatusList.made(1, SIZE, ((index, 1) for index in chance.sample(range(SIZE), REVOKED))).packed())
    result |= _browser(text, passes[0], issuer)
    (ROOT / "bench" / "results" / "passes.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _pass(number: int, phone: ec.EllipticCurvePrivateKey, issuer: ec.EllipticCurvePrivateKey) -> bytes:
    point = cose.point_of(phone.public_key())
    times = (NOW, NOW + 20 * 3600)
    return rules.issue(rules.Pass(f"{number:016x}", "siqian", *times, "delivery", ("foot", "push"), number, point), issuer, KID)


def _rate(work: Callable[[int], object]) -> float:
    """How many a second, the median of three runs."""
    rates = []
    for _ in range(3):
        begun = time.perf_counter()
        for number in range(COUNT):
            work(number)
        rates.append(COUNT / (time.perf_counter() - begun))
    return round(statistics.median(rates), 1)


def _verifying(issuer: ec.EllipticCurvePrivateKey, phones: list[Any], passes: list[bytes]) -> dict[str, Any]:
    issuers = {KID: issuer.public_key()}
    texts = [
        rules.text_of(rules.SHOWN, rules.show(raw, rules.slot_of(NOW), GATE, phone)) for raw, phone in zip(passes, phones, strict=True)
    ]
    status = cose.StatusList.made(1, SIZE, [(SIZE - 1, 1)])

    def shown(number: int) -> None:
        found = rules.read_shown(texts[number], issuers, place=GATE, at=NOW).pass_
        if status[found.index] or rules.decide(BODY, gate=GATE, klass=found.klass, goes=found.goes, at=AT).colour != rules.GREEN:
            raise RuntimeError("a good pass was refused")

    def first(number: int) -> None:
        if number == 0:
            forget_known()
        shown(number)

    message, signature = b"m" * 200, issuer.sign(b"m" * 200, ECDSA)
    public, points = issuer.public_key(), [cose.point_of(phone.public_key()) for phone in phones]

    def twice(number: int) -> None:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), points[number])
        public.verify(signature, message, ECDSA)
        public.verify(signature, message, ECDSA)

    found = {"first": _rate(first), "again": _rate(shown)}
    return found | {"first_floor": _rate(twice), "again_floor": _rate(lambda _: public.verify(signature, message, ECDSA))}


def _issuing(issuer: ec.EllipticCurvePrivateKey, phone: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    message, point = b"m" * 200, cose.point_of(phone.public_key())

    def issued(number: int) -> None:
        rules.issue(rules.Pass(f"{number:016x}", "siqian", NOW, NOW + 72_000, "delivery", ("foot", "push"), number, point), issuer, KID)

    return {"issued": _rate(issued), "issued_floor": _rate(lambda _: issuer.sign(message, ECDSA))}


# ── what a gate's browser does ──
KINDS = ("plain", "blurred", "tilted", "dim", "glare", "small")
EACH = 20
PAGE = "<!doctype html><meta charset=utf-8><video muted playsinline></video>"
TYPES = {".js": "text/javascript", ".wasm": "application/wasm"}
READ = """async frames => {
  const { readFrame } = await import('/static/passes/camera.js'), out = []
  for (const frame of frames) {
    const picture = await createImageBitmap(await (await fetch(frame)).blob()), canvas = new OffscreenCanvas(picture.width, picture.height)
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.drawImage(picture, 0, 0)
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height), begun = performance.now()
    const text = await readFrame(pixels).catch(() => null)
    out.push([text, performance.now() - begun])
  }
  return out
}"""
GREEN = """async ([kid, point, gate, at, rules]) => {
  const { look, readFrame } = await import('/static/passes/camera.js'), codes = await import('/static/passes/codes.js')
  const { readShown } = await import('/static/passes/passing.js'), { decide } = await import('/static/passes/deciding.js')
  const issuers = new Map([[kid, { key: await codes.publicKey(codes.unhex(point)), since: 0, until: 1e12 }]])
  const video = document.querySelector('video')
  await readFrame(new ImageData(8, 8)).catch(() => null)
  let begun = 0
  video.addEventListener('playing', () => { begun = performance.now() }, { once: true })
  return await new Promise(async resolve => {
    const camera = await look(video, async text => {
      const { pass } = await readShown(text, issuers, gate, at)
      const said = decide(rules, { gate, klass: pass.klass, goes: pass.goes, at })
      resolve([said.colour, performance.now() - begun])
    })
    setTimeout(() => { camera.stop(); resolve(['none', 0]) }, 20000)
  })
}"""


def _browser(text: str, raw: bytes, issuer: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    frames = {kind: [_frame(text, kind, Random(number)) for number in range(EACH)] for kind in KINDS}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "code.y4m"
        _camera(video, _frame(text, "plain", Random(1)).resize((640, 480)))
        fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", *fake])
        page = browser.new_page()
        page.route("**/*", _serve)
        page.goto("http://localhost/gate")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        page.evaluate(READ, [_url(frames["plain"][0])])
        read = {kind: page.evaluate(READ, [_url(frame) for frame in found]) for kind, found in frames.items()}
        point = cose.point_of(issuer.public_key()).hex()
        body = json.loads(
            json.dumps({"windows": [{"classes": ["delivery"], "days": "1" * 7, "begin": 0, "end": 1440, "ways": ["foot"], "gates": []}]})
        )
        asked = [KID.hex(), point, GATE, NOW, body | {"specials": [], "gates": [], "capacity": 0}]
        greens = [page.evaluate(GREEN, asked) for _ in range(5)]
        browser.close()
    took = sorted(ms for found in read.values() for _, ms in found)
    good = {kind: sum(one == text for one, _ in found) for kind, found in read.items()}
    frame_ms = {"frame_ms": round(statistics.median(took), 1), "frame_ms_p95": round(took[int(0.95 * len(took))], 1)}
    green = {
        "green_ms": round(max(ms for colour, ms in greens if colour == "green"), 1),
        "greens": sum(colour == "green" for colour, _ in greens),
    }
    return {"slower": SLOW, "each": EACH, "read": good, **frame_ms, **green, "gate_bytes": _gate_bytes()}


def _serve(route: Any) -> None:
    path = route.request.url.split("localhost", 1)[1]
    if not path.startswith("/static/"):
        route.fulfill(body=PAGE, content_type="text/html")
        return
    file = (VENDOR if "/vendor/" in path else STATIC) / path.rsplit("/", 1)[1]
    route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])


def _frame(text: str, kind: str, chance: Random) -> Image.Image:
    """A phone's screen before a gate's camera, 960 by 720: the code, and what the world does to it."""
    made = segno.make(text, error="l")
    side = {"small": 210}.get(kind, chance.randint(300, 440))
    code = Image.fromarray(numpy.array([[0 if dark else 255 for dark in row] for row in made.matrix_iter(border=4)], dtype=numpy.uint8))
    code = code.resize((side, side), Image.Resampling.NEAREST if kind != "small" else Image.Resampling.BILINEAR)
    frame = Image.new("L", (960, 720), chance.randint(90, 150))
    if kind == "tilted":
        code = code.convert("LA").rotate(chance.uniform(-35, 35), expand=True, resample=Image.Resampling.BICUBIC)
        shear = chance.uniform(-0.2, 0.2)
        code = code.transform(code.size, Image.Transform.AFFINE, (1, shear, -shear * code.height / 2, 0, 1, 0), Image.Resampling.BICUBIC)
        frame.paste(code.getchannel("L"), (chance.randint(60, 300), chance.randint(20, 120)), code.getchannel("A"))
    else:
        frame.paste(code, (chance.randint(60, 400), chance.randint(40, 220)))
    if kind == "glare":
        light = Image.new("L", frame.size, 0)
        ImageDraw.Draw(light).ellipse(
            [chance.randint(150, 500), chance.randint(60, 300), chance.randint(560, 800), chance.randint(340, 600)], fill=120
        )
        light = light.filter(ImageFilter.GaussianBlur(60))
        frame = Image.fromarray(numpy.clip(numpy.asarray(frame, dtype=int) + numpy.asarray(light, dtype=int), 0, 255).astype(numpy.uint8))
    if kind == "dim":
        frame = ImageEnhance.Brightness(frame).enhance(chance.uniform(0.15, 0.3))
    noise = numpy.random.default_rng(chance.randrange(1 << 30)).normal(0, 6, (720, 960))
    frame = Image.fromarray(numpy.clip(numpy.asarray(frame, dtype=float) + noise, 0, 255).astype(numpy.uint8))
    return frame.filter(ImageFilter.GaussianBlur(chance.uniform(1.4, 2.0) if kind == "blurred" else 0.6))


def _url(frame: Image.Image) -> str:
    import io

    out = io.BytesIO()
    frame.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def _camera(path: Path, frame: Image.Image) -> None:
    """A video of one picture, as Chromium's fake camera takes it."""
    grey = bytes([128]) * (320 * 240)
    with path.open("wb") as out:
        out.write(b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420\n")
        for _ in range(30):
            out.write(b"FRAME\n" + frame.convert("L").tobytes() + grey + grey)


def _gate_bytes() -> int:
    """What a gate's phone fetches, uncompressed: scripts, the sheets, ZXing with its WebAssembly."""
    own = [STATIC / f"{name}.js" for name in ("codes", "passing", "deciding", "marks", "keeping", "camera", "gate")] + [
        STATIC / "passes.css"
    ]
    ui = ROOT / "siqian" / "ui" / "static" / "ui"
    files = [
        *own,
        *(VENDOR / name for name in ("zxing-reader.js", "zxing-reader.wasm")),
        *(ui / name for name in ("tokens.css", "siqian.css", "siqian.js")),
    ]
    return sum(file.stat().st_size for file in files)


if __name__ == "__main__":
    main()
