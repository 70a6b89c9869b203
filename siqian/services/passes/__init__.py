"""Passes 小哥一码通: one code on a courier's phone, good at every compound by the compound's own rules, with or without a network.

Pillar 厘清千头万绪. Words: courier 小哥, pass 通行码, compound 小区, gate 门岗, visit 进出, suspension 停用. No points, no ratings, no
face, and no path of anybody across compounds.
"""
