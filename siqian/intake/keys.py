"""Which outside system shows a key, or signed a message."""

from collections.abc import Mapping
from datetime import datetime

from siqian.kernel import vault
from siqian.kernel.permits import Refusal

from . import reporting
from .models import Key
from .systems import signing

WRONG_KEY = Refusal("不认得这个密钥，或者已经停用", field="Authorization")


def system_of(key: str) -> str | None:
    """Its code; None for a key that opens nothing."""
    if not key:
        return None
    return Key.objects.filter(mark=reporting.mark(key), ended=None).values_list("system", flat=True).first()


def secrets_of(system: str) -> list[str]:
    """The keys that a system may sign with, the newest first."""
    sealed = Key.objects.filter(system=system, ended=None).order_by("-id").values_list("sealed", flat=True)
    return [vault.unseal(f"system:{system}", one) for one in sealed if one]


def fault(system: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Refusal | None:
    """Why a message is not believed to be this system's; None when it shows its key, or is signed with one."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
    if bearer:
        return None if system_of(bearer) == system else WRONG_KEY
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    ident, stamp, signatures = (headers.get(name, "") for name in names)
    return signing.fault(secrets_of(system), ident, stamp, signatures, body, at=at)
