"""The only writers of notices."""

from datetime import datetime

from siqian.kernel.journal import Ref, verb
from siqian.kernel.permits import Actor

from .models import Notice


@verb
def tell(*, to: Ref, about: Ref, text: str, values: dict[str, str] | None = None, by: Actor, at: datetime) -> None:
    """Leave a sentence for somebody. The same sentence of the same instant is left once, however often it is told."""
    Notice.objects.get_or_create(to=to, about=about, text=text, at=at, defaults={"values": values or {}})


@verb
def mark_seen(*, to: tuple[Ref, ...], by: Actor, at: datetime) -> None:
    """What is on the page has been seen."""
    Notice.objects.filter(to__in=to, seen=None).update(seen=at)
