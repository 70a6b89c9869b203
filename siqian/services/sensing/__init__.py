"""Sensing: what is seen before anybody tells of it. Today its patrol part.

Pillar 厘清千头万绪. Words: round 巡查, point 点位, record 巡查记录, found and fixed 当场处理, needs a matter 要交办.
Nobody is followed: a position is kept with a record, at its point, and nowhere else.
"""
