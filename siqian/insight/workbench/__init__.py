"""Workbench 工作台: today's work on one page.

Pillar 厘清千头万绪 (数字社区工作台). Words: to-do 今天的事.
"""
