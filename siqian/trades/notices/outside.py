"""The ways out of the house, as this installation's settings name them."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from siqian.kernel.permits import Refusal
from siqian.kernel.said import said

from .gateways import Console, Gateway, Mail, Signed

OUTBOX = "outbox.jsonl"
WANTED = {"sms": "http(s)://…", "email": "smtp(s)://…", "alarm": "http(s)://…"}
SIGNED = ("sms", "alarm")
SUBJECT = said("四千：您说的事有进展")


def gateways() -> dict[str, Gateway]:
    """By channel; a channel without a gateway is not there, and nobody is offered it."""
    found: dict[str, Gateway] = {}
    for channel, url in settings.SIQIAN_GATEWAYS.items():
        scheme = urlsplit(url).scheme
        if url == "console":
            found[channel] = Console(outbox(), channel)
        elif channel in SIGNED and scheme in ("http", "https"):
            found[channel] = Signed(url, settings.SIQIAN_GATEWAY_SECRET)
        elif channel == "email" and scheme in ("smtp", "smtps"):
            sender = settings.DEFAULT_FROM_EMAIL
            found[channel] = Mail(SUBJECT, sender, sender.rpartition("@")[2].rstrip(">"))
    return found


def outbox() -> Path:
    return Path(settings.SIQIAN_HOME) / OUTBOX


def faults() -> list[Refusal]:
    """What of the settings leads nowhere."""
    found: list[Refusal] = []
    known = gateways()
    for channel, url in settings.SIQIAN_GATEWAYS.items():
        if url and channel not in known:
            wanted = WANTED[channel]
            found.append(
                Refusal("{name}看不懂，写{wanted}，或console（只写进文件，试用）", name=f"SIQIAN_{channel.upper()}", wanted=wanted)
            )
    if any(isinstance(gateway, Signed) for gateway in known.values()) and not settings.SIQIAN_GATEWAY_SECRET:
        found.append(Refusal("短信网关没有密钥，回执一条也不认；设SIQIAN_SMS_SECRET"))
    if "email" in known and isinstance(known["email"], Mail) and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(Refusal("没有写发件人，邮件会被当成垃圾；设SIQIAN_EMAIL_FROM"))
    return found
