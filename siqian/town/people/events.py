"""What the town hears about people."""

from dataclasses import dataclass
from datetime import datetime

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class RosterChanged(Event, name="roster.changed"):
    """Posts, holders or shifts were laid in. One event for the whole change."""

    area: Ref
    posts: int
    persons: int


@dataclass(frozen=True)
class PostOpened(Event, name="post.opened"):
    """There is a post more, on which nobody sits yet."""

    post: Ref
    duty: str
    area: str


@dataclass(frozen=True)
class PostRenamed(Event, name="post.renamed"):
    post: Ref
    before: str
    after: str


@dataclass(frozen=True)
class PostWindingUp(Event, name="post.winding_up"):
    """From a day on nobody sits there; it is closed as soon as nothing is open."""

    post: Ref
    day: str


@dataclass(frozen=True)
class PostRestored(Event, name="post.restored"):
    """A closed post, or one that was to be, is there as before; seats: how many got their seat back."""

    post: Ref
    seats: int


@dataclass(frozen=True)
class PostClosed(Event, name="post.closed"):
    """There is no such post any more."""

    post: Ref


@dataclass(frozen=True)
class LeaveTaken(Event, name="leave.taken"):
    person: Ref
    stand_in: Ref
    since: datetime
    until: datetime


@dataclass(frozen=True)
class LeaveEnded(Event, name="leave.ended"):
    """Somebody is back before it was over, or did not go at all; until: when it ended."""

    person: Ref
    until: datetime


@dataclass(frozen=True)
class ResidentsEnrolled(Event, name="residents.enrolled"):
    """Residents were written into the register. One event for the range of their numbers."""

    range: Ref
    first: int
    last: int
    count: int
    source: str


@dataclass(frozen=True)
class ResidentMovedOut(Event, name="resident.moved_out"):
    resident: Ref


@dataclass(frozen=True)
class ResidentCorrected(Event, name="resident.corrected"):
    """Something kept of a person was put right; what it was and is, the journal does not say."""

    resident: Ref
    fields: list[str]


@dataclass(frozen=True)
class ResidentObjected(Event, name="resident.objected"):
    """A person objects to their name and telephone being used, or no longer does."""

    resident: Ref
    stands: bool


@dataclass(frozen=True)
class ResidentLinked(Event, name="resident.linked"):
    """An account is that of a person of the register."""

    resident: Ref
    account: Ref


@dataclass(frozen=True)
class AccountsOpened(Event, name="accounts.opened"):
    """Accounts came in from a file. One event for all of them."""

    accounts: Ref
    opened: int
    changed: int


@dataclass(frozen=True)
class PasswordGiven(Event, name="password.given"):
    """The office made a first password anew."""

    account: Ref


@dataclass(frozen=True)
class PasswordChanged(Event, name="password.changed"):
    """Somebody chose a password of their own."""

    account: Ref


@dataclass(frozen=True)
class AccountSwitched(Event, name="account.switched"):
    """An account may sign in, or no longer."""

    account: Ref
    active: bool


@dataclass(frozen=True)
class AdministratorAppointed(Event, name="administrator.appointed"):
    """duty: system_admin, security_admin or audit_admin."""

    person: Ref
    duty: str


@dataclass(frozen=True)
class AdministratorRelieved(Event, name="administrator.relieved"):
    person: Ref
    duty: str
