"""Which outside system shows a key."""

from . import reporting
from .models import Key


def system_of(key: str) -> str | None:
    """Its code; None for a key that opens nothing."""
    if not key:
        return None
    return Key.objects.filter(mark=reporting.mark(key), ended=None).values_list("system", flat=True).first()
