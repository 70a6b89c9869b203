"""What the town hears about intake."""

from dataclasses import dataclass

from siqian.kernel.journal import Event, Ref


@dataclass(frozen=True)
class ReferralTaken(Event, name="referral.taken"):
    """What a sibling referred has become this."""

    ref: Ref
    to: Ref


@dataclass(frozen=True)
class KeyAdmitted(Event, name="key.admitted"):
    """An outside system was given a key."""

    system: Ref


@dataclass(frozen=True)
class KeysEnded(Event, name="keys.ended"):
    """An outside system's keys open nothing any more."""

    system: Ref


@dataclass(frozen=True)
class ReportTaken(Event, name="report.taken"):
    """A report through Open311 has become this matter, or joined it."""

    report: Ref
    matter: Ref


@dataclass(frozen=True)
class SystemSilent(Event, name="system.silent"):
    """An outside system was not heard when it should have been."""

    system: Ref


@dataclass(frozen=True)
class SystemBack(Event, name="system.back"):
    """It is heard again."""

    system: Ref


@dataclass(frozen=True)
class ReplyAddressed(Event, name="reply.addressed"):
    """Somebody said where a system hears what becomes of its messages."""

    system: Ref


@dataclass(frozen=True)
class LetterFailed(Event, name="letter.failed"):
    """What was to be told back to a system could not be sent."""

    letter: Ref
