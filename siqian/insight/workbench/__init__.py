"""Workbench 工作台: today's work on one page, and the responsibility list as people change it.

Pillar 厘清千头万绪 (数字社区工作台). Words: to-do 今天的事, dry run 预演.
"""
