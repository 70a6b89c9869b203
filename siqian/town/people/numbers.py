"""Privacy numbers: staff reach a resident through a number of the gateway's, which lasts a day, and never read the home number.

The gateway is the district's own (`SIQIAN_NUMBERS`); the demo's is a file in which nobody's number stands.
"""

import hashlib
import hmac
import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from siqian.kernel import vault
from siqian.kernel.permits import Refusal, Refused

LASTING, TIMEOUT = timedelta(days=1), 10
SIGNATURE = "X-Siqian-Signature"
NO_ANSWER = Refusal("隐私号现在接不通，过一会儿再试；急事先上门，或找值班台")


@dataclass(frozen=True)
class Bound:
    """A number that rings at somebody's until a time."""

    number: str
    until: datetime


class Gateway(Protocol):
    def bind(self, *, to: str, key: str, until: datetime) -> Bound:
        """A number that leads to this telephone until then; the same key gives the same number. Raises Refused when there is none."""


class Book:
    """For the demo and for trying out: a line in a file, with the telephone masked; the numbers lead nowhere."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def bind(self, *, to: str, key: str, until: datetime) -> Bound:
        lines = [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()] if self._path.exists() else []
        known = next((line for line in lines if line["key"] == key), None)
        if known is not None:
            return Bound(known["number"], datetime.fromisoformat(known["until"]))
        number = f"950 0000 {len(lines) % 10_000:04d}"
        kept = {"key": key, "to": vault.masked_phone(to), "number": number, "until": until.isoformat()}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        return Bound(number, until)


class Signed:
    """A signed POST of JSON {key, to, until} to the district's own gateway; it answers {"number": …, "until": …}."""

    def __init__(self, url: str, secret: str, send: Callable[..., bytes] | None = None) -> None:
        self._url, self._secret, self._send = url, secret, send or _post

    def bind(self, *, to: str, key: str, until: datetime) -> Bound:
        body = json.dumps({"key": key, "to": to, "until": until.isoformat()}).encode()
        mark = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        try:
            said = json.loads(self._send(self._url, body, {SIGNATURE: mark, "Idempotency-Key": key, "Content-Type": "application/json"}))
            bound = Bound(str(said["number"]), datetime.fromisoformat(said["until"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Refused(NO_ANSWER, status=503) from error
        if not bound.number or bound.until.tzinfo is None or bound.until > until:
            raise Refused(NO_ANSWER, status=503)
        return bound


def gateway(url: str, secret: str, demo: Path | None) -> Gateway | None:
    """The way that is set; None where a district has none, so that staff read the telephone itself for a stated purpose."""
    if url:
        return Signed(url, secret)
    return Book(demo / "numbers.jsonl") if demo else None


def key_of(subject: str, account: str, day: str) -> str:
    """One number for whoever asks again on the same day; nobody reads a person from it."""
    return vault.mark(f"number/{subject}/{account}/{day}")


def _post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    # The address stands in the district's own settings.
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=TIMEOUT) as answer:  # noqa: S310
        return bytes(answer.read())
