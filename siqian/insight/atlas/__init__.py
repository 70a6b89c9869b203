"""Atlas 地图: the grid at three levels with who is on duty, what is missing and what waits; the wall of the command centre.

Pillars 厘清千头万绪, 穷尽千方百计. Words: duty 在岗, gap 缺岗, open matter 未办结, topic 热点, load 负担, wall 区况.
"""
