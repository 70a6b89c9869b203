"""Timed work on notices: what is due goes out."""

from collections.abc import Mapping
from datetime import datetime

from siqian.kernel.permits import OFFICE

from . import actions, queries
from .gateways import Fault, Gateway

# Messages in one round; the worker has more to do than to wait for gateways.
MOST = 20


def send_what_is_due(*, gateways: Mapping[str, Gateway], at: datetime, most: int = MOST) -> int:
    """Send at most so many, emergencies first; gives how many were looked at.

    A gateway that does not answer is asked no more in this round: the worker must not wait for it message by message.
    """
    open_ = sorted(gateways, key=lambda channel: (channel != queries.ALARM, channel))
    for count in range(most):
        claimed = next((found for channel in open_ if (found := actions.claim(channel=channel, by=OFFICE, at=at))), False)
        if claimed is False:
            return count
        if claimed is True:
            continue
        try:
            receipt = gateways[claimed.channel].send(to=claimed.address, text=claimed.text, key=claimed.key)
        except Fault as error:
            actions.settle(fault=str(error), lasting=error.lasting, outgoing=claimed.id, by=OFFICE, at=at)
            if not error.lasting:
                open_.remove(claimed.channel)
        else:
            actions.settle(receipt=receipt, outgoing=claimed.id, by=OFFICE, at=at)
    return most
