"""Rosters 排班: who sits where in the coming days; leave and swaps, asked for, agreed to and approved.

Pillar 厘清千头万绪 (精细分格). Words: roster 班表, relief 请假换班, stand-in 替班, swap 换班, gap 缺岗.
"""
