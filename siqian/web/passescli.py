"""Commands of passes. Verifying needs neither Django nor a database, so that it starts at once and can be run in bulk."""

import base64
import binascii
import json
import math
import sys
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from siqian.kernel import clock
from siqian.services.passes.rules import Answer, Fault, Known, of_certificate, read

MOST_PICTURE = 4096 * 4096


@click.group()
def passes() -> None:
    """Passes of couriers, and anybody's tokens in codes."""


@passes.command()
@click.option("--prefix", default="XG1:", show_default=True, help="What the text begins with.")
@click.option("--zlib", "zipped", is_flag=True, help="The token is compressed.")
@click.option("--cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The issuer's certificate, PEM or DER.")
@click.option("--at", "at", default="", help="When it is to hold: ISO 8601 (without a zone: UTC) or seconds since 1970. Without: now.")
@click.option("--picture", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A PNG with the code, instead of text.")
@click.option("--batch", is_flag=True, help="JSON lines in (id, text or picture, prefix, zlib, cert, at), one answer a line out.")
def verify(prefix: str, zipped: bool, cert: Path | None, at: str, picture: Path | None, batch: bool) -> None:
    """Verify a token from standard input (COSE_Sign1 with CWT claims in base45). Ends with 0 only when it is valid."""
    if batch:
        for line in sys.stdin.buffer:
            if line.strip():
                click.echo(json.dumps(_answer_line(line), ensure_ascii=False))
        return
    if cert is None:
        raise click.UsageError("--cert FILE is missing")
    asked: dict[str, Any] = {"prefix": prefix, "zlib": zipped, "at": at or None}
    shown = picture.read_bytes() if picture else None
    text = "" if shown is not None else sys.stdin.read().removesuffix("\n").removesuffix("\r")
    answer = _answer(asked, cert.read_bytes(), text, shown)
    click.echo(json.dumps(_plain(answer), ensure_ascii=False))
    sys.exit(0 if answer.valid else 1)


@passes.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the house is served.")
@click.option("--token", envvar="SIQIAN_GATE_TOKEN", required=True, help="The gate's token (POST /gate/binding gives it).")
@click.option("--relay", type=click.Path(path_type=Path), help="A file or device that gets OPEN or SHUT, a line each; without: the screen.")
def turnstile(url: str, token: str, relay: Path | None) -> None:
    """A turnstile in software: a code a line in, asks the house, switches its relay. Anything that goes wrong leaves it shut."""
    for line in sys.stdin:
        if not (text := line.strip("\r\n")):
            continue
        answer = _decision(url, token, text)
        _switch(relay, "OPEN" if answer["open"] else "SHUT")
        click.echo(f"{answer['word']} {answer['say']}", err=True)


def _decision(url: str, token: str, text: str) -> dict[str, Any]:
    """What the house says; shut when it says nothing."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/api/passes/decisions", json.dumps({"text": text}).encode(), headers)  # noqa: S310 - the house's
    try:
        with urllib.request.urlopen(asked, timeout=3) as answer:  # noqa: S310
            return json.loads(answer.read())
    except (OSError, ValueError) as error:
        return {"open": False, "word": "没有回音", "say": str(error)}


def _switch(relay: Path | None, state: str) -> None:
    if relay is None:
        click.echo(state)
        return
    with relay.open("a", encoding="ascii") as line:
        line.write(state + "\n")


def _answer_line(line: bytes) -> dict[str, Any]:
    """One line of a batch; what is wrong with it is its answer, and the next one goes on."""
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            raise TypeError("no object")
        picture = asked.get("picture")
        shown = base64.b64decode(picture, validate=True) if picture else None
        text = str(asked.get("text") or "")
        answer = _answer(asked, base64.b64decode(asked.get("cert") or ""), text, shown)
        return {"id": asked.get("id"), **_plain(answer)}
    except (ValueError, TypeError, OverflowError, binascii.Error) as error:
        known = asked.get("id") if isinstance(locals().get("asked"), dict) else None
        return {"id": known, **_plain(Answer(reason=f"line: {error}"))}


def _answer(asked: dict[str, Any], cert: bytes, text: str, picture: bytes | None) -> Answer:
    at = _seconds(asked.get("at"))
    if picture is not None:
        found = _text_in(picture)
        if found is None:
            return Answer(text=text).fails("picture", "picture")
        text = found
    known: Known | None = None
    with suppress(Fault):
        known = of_certificate(cert)
    answer = read(text, prefix=str(asked.get("prefix") or ""), zipped=bool(asked.get("zlib")), known=known, at=at)
    if picture is not None:
        answer.stages = {"picture": True, **answer.stages}
    return answer


def _text_in(picture: bytes) -> str | None:
    """The text of the one code in a picture, None when none can be read."""
    import io

    import zxingcpp
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture)) as image:
            if image.width * image.height > MOST_PICTURE:
                return None
            found = zxingcpp.read_barcodes(image.convert("L"))
    except (OSError, ValueError, SyntaxError):
        return None
    return found[0].text if found else None


def _seconds(at: Any) -> float:
    """Seconds since 1970 of what --at says; ValueError when it is no time."""
    if at is None or at == "":
        return clock.now().timestamp()
    if isinstance(at, int | float) or str(at).replace(".", "", 1).isdigit():
        return float(at)
    found = datetime.fromisoformat(str(at).strip())
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "valid": answer.valid,
        "reason": answer.reason,
        "text": answer.text,
        "claims": None if answer.claims is None else _json_of(answer.claims),
        "stages": answer.stages,
    }


def _json_of(value: Any) -> Any:
    """What JSON has no word for in one that it has: bytes as hex, keys as text, tags by their content."""
    if isinstance(value, dict):
        return {key.hex() if isinstance(key, bytes) else str(key): _json_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_json_of(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _json_of(value.value) if hasattr(value, "number") else None
