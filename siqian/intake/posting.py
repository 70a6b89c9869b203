"""Timed work of the doors: letters go out, silent systems are noticed."""

import http.client
import ipaddress
import json
import socket
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from siqian.kernel.permits import OFFICE

from . import arriving, keys, standing, writing
from .systems import signing

TIMEOUT, MOST = 10, 20
AGAIN = frozenset({408, 425, 429})


class Fault(Exception):
    """Why a letter could not be sent."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: an answer from elsewhere is not the system's, and a redirect may lead inside the house."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


OPENER = urllib.request.build_opener(_Stay)


def send_letters(*, at: datetime, most: int = MOST) -> int:
    """Send at most so many; gives how many were tried. A system that does not answer is asked no more in this round."""
    silent: set[str] = set()
    # Asked without a verb: where nothing waits, which is nearly always, nothing is locked.
    if not standing.letters_wait(at):
        return 0
    for count in range(most):
        claimed = writing.claim(but=frozenset(silent), by=OFFICE, at=at)
        if claimed is None:
            return count
        try:
            _post(claimed, at)
        except Fault as error:
            writing.settle(letter=claimed.id, fault=str(error), lasting=error.lasting, by=OFFICE, at=at)
            if not error.lasting:
                silent.add(claimed.system)
        else:
            writing.settle(letter=claimed.id, by=OFFICE, at=at)
    return most


def watch_systems(*, at: datetime) -> int:
    """Notice who is silent and who is back."""
    return arriving.watch(by=OFFICE, at=at)


def inside(url: str) -> bool:
    """Whether an address leads into the house's own network, where nothing that somebody typed may lead."""
    host = urlsplit(url).hostname or ""
    try:
        found = {ipaddress.ip_address(line[4][0]) for line in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return False
    return any(not one.is_global for one in found)


def _post(letter: writing.Claimed, at: datetime) -> None:
    if inside(letter.url) and not settings.SIQIAN_DEMO and urlsplit(letter.url).hostname not in settings.SIQIAN_INSIDE:
        raise Fault("地址在内网。确实是自家系统，把主机名写进SIQIAN_INSIDE", lasting=True)
    body = json.dumps(letter.body, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    headers = {"Content-Type": "application/json", "webhook-id": letter.key, "webhook-timestamp": stamp, "Idempotency-Key": letter.key}
    signed = [signing.signature(secret, letter.key, stamp, body) for secret in keys.secrets_of(letter.system)[:2]]
    asked = urllib.request.Request(letter.url, body, headers | {"webhook-signature": " ".join(signed)})  # noqa: S310 - checked when it was typed
    try:
        with OPENER.open(asked, timeout=TIMEOUT):
            return
    except urllib.error.HTTPError as error:
        raise Fault(f"HTTP {error.code}", lasting=error.code < 500 and error.code not in AGAIN) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Fault(f"{type(error).__name__}: {error}") from error
