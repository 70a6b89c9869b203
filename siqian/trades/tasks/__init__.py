"""Tasks 待办: who owes what to whom by when. Every clock of every module is one row here.

Words: task 待办, clock 时限, due 到期, overdue 超时, level 层级 (0 the owner, 1 community, 2 street, 3 district).
"""
