"""Visits 四下基层: officials go where people live, hear them, and what was raised is followed until something came of it.

Pillar 厘清千头万绪. Words: visit 走访, plan 排计划, reached 走到了, raised 提出来的, owed 答应的事.
"""
