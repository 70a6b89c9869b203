"""Brain 社会治理数字大脑: the dispatcher's board, live within three seconds.

Pillar 厘清千头万绪. Words: board 调度台, lane 列, unowned 没人接, due soon 快到点, late 超时.
"""
