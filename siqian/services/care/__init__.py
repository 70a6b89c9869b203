"""Care 守望: whoever wants to be looked in on is visited, as often as they need it, and nobody who does not want it.

Pillar 心系千家万户. Today its first part. Words: home 家, call 入户走访, stance 要不要来, plan 走访计划. No score of anybody: a refusal
is no fault and is shown as none.
"""
