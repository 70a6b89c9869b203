"""Timed work on matters."""

from datetime import datetime

from siqian.kernel.clock import local
from siqian.kernel.permits import OFFICE
from siqian.spine.remit import queries as remit
from siqian.trades.tasks import queries as tasks

from . import actions, outside, petitions, summonses


def go_on_after_the_limit(*, at: datetime) -> int:
    """A hold, or the wait for a check, ends at its limit, whoever forgot it."""
    over = tasks.pauses_over("matter:", at=at)
    for about, _limit in over:
        actions.resume(matter=int(about.removeprefix("matter:")), by=OFFICE, at=at)
    return len(over)


def end_what_nobody_asked(*, at: datetime) -> int:
    """A petition about which nobody asked the next one up in time has its last answer."""
    over = petitions.not_asked(at=at)
    for matter in over:
        actions.end(matter=matter, by=OFFICE, at=at)
    return len(over)


def tidy_up(*, at: datetime) -> None:
    """What has time until nothing else waits: the archive, joint actions that are over, the adviser outside."""
    archive_what_is_over(at=at)
    tidy_joint_actions(at=at)
    ask_the_adviser()


def archive_what_is_over(*, at: datetime) -> int:
    """What ended long ago goes to the archive, so many a minute that nothing else waits for it."""
    return actions.archive(by=OFFICE, at=at)


def follow_units(*, at: datetime) -> int:
    """What is open of units that were merged by this day goes on under what they became."""
    became, went = remit.merged(local(at).date()), 0
    while became and (count := actions.follow_units(units=became, by=OFFICE, at=at)):
        went += count
    return went


def settle_what_nobody_rated(*, at: datetime) -> int:
    """Seven days after its closure a matter that was not rated is taken as settled."""
    done = 0
    for line in tasks.unrated(at=at):
        actions.lapse(matter=int(line.removeprefix("matter:")), by=OFFICE, at=at)
        done += 1
    return done


def tidy_joint_actions(*, at: datetime) -> int:
    """Who did not come to a joint action was absent; a week after it nobody is asked to judge any more."""
    over = summonses.to_tidy(at=at)
    for matter in over:
        actions.tidy_joint(matter=matter, by=OFFICE, at=at)
    return len(over)


def ask_the_adviser() -> int:
    """Where a deployment names an adviser it is asked about what is unsure; gives how many answers came."""
    adviser = outside.adviser()
    return outside.ask(adviser) if adviser else 0
