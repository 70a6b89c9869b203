"""From which decisions is learned: from rulings and from what was settled, never from giving a matter a longer term. Pure."""

from siqian.spine.remit.rules import Item, Kind, Term

# A working day is a day at least; which of two terms is longer is all that is asked.
DAY = 24


def dodges(was: Item, now: Item, kind: Kind) -> bool:
    """Whether calling it another item would give whoever has it more time."""
    return _hours(kind.settle(now)) > _hours(kind.settle(was))


def ruled(state: str, was: Item, now: Item, kind: Kind, *, discreet: bool) -> bool:
    """Whether a person who says what a matter is about teaches by it.

    While nobody has it yet this is the ruling that it waits for. Later it is one too, unless it only wins time.
    """
    if discreet:
        return False
    return state == "received" or (was.code != now.code and not dodges(was, now, kind))


def settled(item: str, began: str, taught: str, *, discreet: bool) -> bool:
    """Whether a matter that its teller called settled confirms its item: the one under which it began, and not one confirmed before."""
    return not discreet and item == began and item != taught


def _hours(term: Term) -> int:
    return term.hours + DAY * term.working_days
