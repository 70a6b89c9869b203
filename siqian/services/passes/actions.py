"""The only writers of passes: couriers (`enrolling`), phones and passes (`issuing`), compounds (`gating`), visits (`admitting`)."""

from siqian.kernel.permits import declare

from . import rules
from .admitting import Seen, admit, admit_by_hand, erase_old, take_visits
from .enrolling import Told, admit_employer, ask, attest, attest_all, decline, end, let_act, new_token, register, resume, suspend
from .gating import bind_gate, call_binding, complain, confirm_lock, end_gate, lock, open_compound, open_gate, post_to, rule, saw, unlock
from .issuing import bind, end_issuer, lose, rotate, sweep, trust
from .measuring import (
    appeal,
    ask_name,
    confirm_name,
    decide,
    hear,
    look_name,
    report,
    review_name,
    rule_appeal,
    tell_opened,
)

__all__ = [
    "Seen",
    "Told",
    "admit",
    "admit_by_hand",
    "admit_employer",
    "appeal",
    "ask",
    "ask_name",
    "attest",
    "attest_all",
    "bind",
    "bind_gate",
    "call_binding",
    "complain",
    "confirm_lock",
    "confirm_name",
    "decide",
    "decline",
    "end",
    "end_gate",
    "end_issuer",
    "erase_old",
    "hear",
    "let_act",
    "lock",
    "look_name",
    "lose",
    "new_token",
    "open_compound",
    "open_gate",
    "post_to",
    "register",
    "report",
    "resume",
    "review_name",
    "rotate",
    "rule",
    "rule_appeal",
    "saw",
    "suspend",
    "sweep",
    "take_visits",
    "tell_opened",
    "trust",
    "unlock",
]

for kind, permits in (rules.PERMITS | rules.MEASURE_PERMITS).items():
    declare(kind, *permits)
