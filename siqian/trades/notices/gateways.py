"""Ways out of the house. A gateway takes an address and a text and gives a receipt, or says why not.

A passing fault (no answer, overloaded) is tried again; a lasting one (no such number) is not.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

from django.core.mail import EmailMessage

from .rules import masked

TIMEOUT = 10
SIGNATURE = "X-Siqian-Signature"


class Fault(Exception):
    """Why a message could not be sent."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


class Gateway(Protocol):
    def send(self, *, to: str, text: str, key: str) -> str:
        """Send once for a key; gives the gateway's own receipt. Raises Fault."""


class Console:
    """For the demo and for trying out: a line in a file, with the address masked; nothing leaves the machine."""

    def __init__(self, path: Path, channel: str) -> None:
        self._path, self._channel = path, channel

    def send(self, *, to: str, text: str, key: str) -> str:
        line = {"channel": self._channel, "to": masked(self._channel, to), "text": text, "key": key}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return f"console-{key}"


class Mail:
    """E-mail through the mail server of the settings; the key is the message's own id, by which a mail program shows it once."""

    def __init__(self, subject: str, sender: str, host: str) -> None:
        self._subject, self._sender, self._host = subject, sender, host

    def send(self, *, to: str, text: str, key: str) -> str:
        ident = f"<{key}@{self._host}>"
        try:
            EmailMessage(self._subject, text, self._sender, [to], headers={"Message-ID": ident}).send()
        except OSError as error:
            raise Fault(f"{type(error).__name__}: {error}") from error
        return ident


class Signed:
    """A text message by a signed POST of JSON {key, to, text} to the district's own provider or adapter; it answers {"receipt": …}."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret

    def send(self, *, to: str, text: str, key: str) -> str:
        body = json.dumps({"key": key, "to": to, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", SIGNATURE: signature(self._secret, body), "Idempotency-Key": key}
        # The address stands in the district's own settings; check refuses any other scheme than http and https.
        asked = urllib.request.Request(self._url, body, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
                said = json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise Fault(f"HTTP {error.code}", lasting=400 <= error.code < 500 and error.code not in (408, 425, 429)) from error
        except (OSError, ValueError) as error:
            raise Fault(f"{type(error).__name__}: {error}") from error
        return str(said.get("receipt", "")) if isinstance(said, dict) else ""


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA-256 of a body, in hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
