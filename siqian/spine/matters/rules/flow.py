"""The life of a matter and of a request about it, as tables; which clocks run in a state; who may do what."""

from siqian.kernel.flow import Flow, Move
from siqian.kernel.permits import Permit

from . import cases, joint, petition

# A petition's procedure is a table of its own beside this one.
MATTER = Flow(
    #    from         verb         to           who
    Move("received",  "assign",    "assigned",  "desk dispatcher"),
    Move("assigned",  "accept",    "accepted",  "owner"),
    Move("assigned",  "contact",   "in_hand",   "owner"),
    Move("accepted",  "contact",   "in_hand",   "owner"),
    Move("in_hand",   "contact",   "in_hand",   "owner"),
    Move("received",  "contact",   "received",  "desk"),
    Move("on_hold",   "contact",   "on_hold",   "owner"),
    Move("returned",  "contact",   "returned",  "owner"),
    Move("staged",    "contact",   "staged",    "owner"),
    Move("shelved",   "contact",   "shelved",   "owner"),
    Move("to_check",  "contact",   "to_check",  "owner"),
    Move("assigned",  "move",      "assigned",  "desk dispatcher"),
    Move("accepted",  "move",      "assigned",  "desk dispatcher"),
    Move("in_hand",   "move",      "assigned",  "desk dispatcher"),
    Move("received",  "move",      "received",  "desk dispatcher"),
    # 退单: whoever received it first stays responsible, and the teller's clock runs, until somebody above has ruled.
    Move("assigned",  "return",    "returned",  "owner"),
    Move("accepted",  "return",    "returned",  "owner"),
    Move("in_hand",   "return",    "returned",  "owner"),
    Move("returned",  "uphold",    "assigned",  "desk dispatcher"),
    Move("returned",  "deny",      "accepted",  "desk dispatcher owner"),
    Move("returned",  "keep",      "in_hand",   "desk dispatcher owner"),
    # 挂起: only after somebody has spoken with the teller; it ends by itself at its limit.
    Move("in_hand",   "hold",      "on_hold",   "owner"),
    Move("on_hold",   "resume",    "in_hand",   "owner clock"),
    # 阶段答复: a plan with an owner and a day keeps the promise; the matter stays open under its own clock.
    Move("in_hand",   "stage",     "staged",    "owner"),
    # 挂账: what cannot be done now, in public, looked at again every month.
    Move("in_hand",   "shelve",    "shelved",   "dispatcher"),
    Move("on_hold",   "shelve",    "shelved",   "dispatcher"),
    Move("staged",    "shelve",    "shelved",   "dispatcher"),
    Move("shelved",   "review",    "shelved",   "desk dispatcher"),
    Move("shelved",   "take_up",   "in_hand",   "desk dispatcher"),
    # 分办: other jobs in it become parts with owners of their own; whoever leads it answers for the whole.
    Move("received",  "divide",    "received",  "desk dispatcher"),
    Move("assigned",  "divide",    "assigned",  "owner desk dispatcher"),
    Move("accepted",  "divide",    "accepted",  "owner desk dispatcher"),
    Move("in_hand",   "divide",    "in_hand",   "owner desk dispatcher"),
    Move("on_hold",   "divide",    "on_hold",   "owner desk dispatcher"),
    Move("staged",    "divide",    "staged",    "owner desk dispatcher"),
    # 收回: a part that nobody has taken up yet goes back into the whole.
    Move("received",  "gather",    "gathered",  "owner desk dispatcher"),
    Move("assigned",  "gather",    "gathered",  "owner desk dispatcher"),
    # Marked items are looked at on the spot by somebody else before they count as closed.
    Move("in_hand",   "close",     "closed",    "owner"),
    Move("in_hand",   "submit",    "to_check",  "owner"),
    Move("on_hold",   "close",     "closed",    "owner"),
    Move("on_hold",   "submit",    "to_check",  "owner"),
    Move("staged",    "close",     "closed",    "owner"),
    Move("staged",    "submit",    "to_check",  "owner"),
    Move("shelved",   "close",     "closed",    "owner"),
    Move("shelved",   "submit",    "to_check",  "owner"),
    Move("to_check",  "pass",      "closed",    "checker"),
    Move("to_check",  "fail",      "in_hand",   "checker"),
    # Closed by mistake, minutes ago, and nobody has said anything since.
    Move("closed",    "take_back", "in_hand",   "owner"),
    Move("closed",    "praise",    "settled",   "teller"),
    Move("closed",    "reopen",    "assigned",  "teller"),
    Move("closed",    "lapse",     "settled",   "clock"),
    # A part is not rated by itself: who told it rates the whole.
    Move("closed",    "finish",    "settled",   "owner checker"),
    # 不予受理: asked by one, ruled by another; the teller may appeal once, and somebody who had no part in it rules.
    Move("received",  "refuse",    "refused",   "desk dispatcher"),
    Move("assigned",  "refuse",    "refused",   "desk dispatcher"),
    Move("accepted",  "refuse",    "refused",   "desk dispatcher"),
    Move("in_hand",   "refuse",    "refused",   "desk dispatcher"),
    Move("on_hold",   "refuse",    "refused",   "desk dispatcher"),
    Move("refused",   "appeal",    "appealed",  "teller"),
    Move("appealed",  "overturn",  "assigned",  "dispatcher"),
    Move("appealed",  "confirm",   "dismissed", "dispatcher"),
    # What the teller says on the telephone to a third person is kept apart from what tellers rate themselves.
    Move("closed",    "call",      "closed",    "caller"),
    Move("closed",    "told_ok",   "settled",   "caller"),
    Move("closed",    "told_bad",  "assigned",  "caller"),
    # 归档: nothing can be asked about it any more; kept as long as its kind says, read and not changed.
    Move("settled",   "archive",   "archived",  "clock"),
    Move("withdrawn", "archive",   "archived",  "clock"),
    Move("refused",   "archive",   "archived",  "clock"),
    Move("dismissed", "archive",   "archived",  "clock"),
    Move("received",  "withdraw",  "withdrawn", "teller"),
    Move("assigned",  "withdraw",  "withdrawn", "teller"),
    Move("accepted",  "withdraw",  "withdrawn", "teller"),
    Move("in_hand",   "withdraw",  "withdrawn", "teller"),
    Move("on_hold",   "withdraw",  "withdrawn", "teller"),
    Move("returned",  "withdraw",  "withdrawn", "teller"),
    Move("staged",    "withdraw",  "withdrawn", "teller"),
    Move("shelved",   "withdraw",  "withdrawn", "teller"),
    Move("to_check",  "withdraw",  "withdrawn", "teller"),
)  # fmt: skip

OPEN = ("received", "assigned", "accepted", "in_hand", "on_hold", "returned", "staged", "shelved", "to_check")

# In these somebody owes something that can be late.
OWED = (*OPEN, "appealed")
# Nobody owes anything any more; and what then goes to the archive.
ARCHIVABLE = frozenset({"settled", "withdrawn", "refused", "dismissed"})
ENDED = ARCHIVABLE | {"archived", "gathered"}

# What one asks and somebody else rules: a return, an extension, an entry in the long ledger, a refusal, the appeal against it.
REQUEST = Flow(
    Move("asked", "grant", "granted", "desk dispatcher"),
    Move("asked", "deny",  "denied",  "desk dispatcher"),
    Move("asked", "drop",  "dropped", "owner clock"),
)  # fmt: skip

# Which clocks may run in a state, the one that must run first.
RUNNING = {
    "received": ("settle", "assign", "respond", "rule", "explain", "supervise"),
    "assigned": ("settle", "accept", "respond", "rule", "explain", "supervise"),
    "accepted": ("settle", "respond", "rule", "explain", "supervise"),
    "in_hand": ("settle", "rule", "explain", "supervise"),
    "on_hold": ("settle", "rule", "explain", "supervise"),
    "returned": ("settle", "respond", "rule", "explain", "supervise"),
    "staged": ("stage", "rule", "explain", "supervise"),
    "shelved": ("review", "explain", "supervise"),
    "to_check": ("check", "settle", "rule", "explain", "supervise"),
    "closed": ("rate",),
    "settled": (),
    "withdrawn": (),
    "refused": (),
    "appealed": ("rule",),
    "dismissed": (),
    "archived": (),
    "gathered": (),
}
# Clocks that others than the owner owe: they stay where they are when the matter is given to another post.
BESIDE = frozenset({"rule", "check", "review", "supervise"})

READERS = ("keeper", "secretary", "desk", "dispatcher", "caller", "leader", "inspector", "office")
DOING = ("accept", "contact", "note", "close", "look", "return", "hold", "resume", "stage", "extend", "shelve", "refuse", "divide")
ABOVE = ("secretary", "desk", "dispatcher", "office")
PERMITS = (
    *(Permit(role, "read", "area") for role in READERS),
    Permit("teller", "read", "own"),
    # A unit's people see what their unit answers for, not what else their area's neighbours tell.
    *(Permit("handler", verb, "unit") for verb in ("read", "note")),
    Permit("handler", "read", "owner"),
    *(Permit("staff", verb, "owner") for verb in DOING),
    *(Permit(role, verb, "area") for role in ABOVE for verb in DOING),
    *(Permit(role, verb, "area") for role in ABOVE for verb in ("assign", "move", "sort", "split", "check")),
    *(Permit(role, verb, "area") for role in ("desk", "dispatcher") for verb in ("rule", "review", "supervise", "call")),
    Permit("caller", "call", "area"),
    *(Permit("leader", verb, "area") for verb in ("note", "supervise")),
    Permit("office", "lapse", "area"),
    Permit("office", "chronicle", "area"),
    Permit("office", "archive", "area"),
    Permit("administrator", "chronicle", "any"),
    *petition.PERMITS,
    *joint.PERMITS,
    *cases.PERMITS,
    *(Permit("teller", verb, "own") for verb in ("remark", "rate", "appeal", "withdraw", "urge", "split")),
)
