"""Timed work on notices: what is due goes out."""

from collections.abc import Mapping
from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions
from .gateways import Fault, Gateway

# Messages in one round; the worker has more to do than to wait for gateways.
MOST = 20


def send_what_is_due(*, gateways: Mapping[str, Gateway], at: datetime, most: int = MOST) -> int:
    """Send at most so many; gives how many were looked at."""
    for count in range(most):
        claimed = actions.claim(channels=sorted(gateways), by=OFFICE, at=at)
        if claimed is False:
            return count
        if claimed is True:
            continue
        try:
            receipt = gateways[claimed.channel].send(to=claimed.address, text=claimed.text, key=claimed.key)
        except Fault as error:
            actions.settle(fault=str(error), lasting=error.lasting, outgoing=claimed.id, by=OFFICE, at=at)
        else:
            actions.settle(receipt=receipt, outgoing=claimed.id, by=OFFICE, at=at)
    return most
