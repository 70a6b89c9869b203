"""Bounds 网格调整: areas cut anew on the map by one person, approved by another, in force on a day; what is open goes with its house.

Pillar 厘清千头万绪 (精细分格). Words: adjustment 网格调整, split 分格, merge 并格, border 移边界, restore 恢复到此前.
"""
