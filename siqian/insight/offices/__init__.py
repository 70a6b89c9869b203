"""Offices 三员: the system, security and audit administrator as three persons; accounts, and what was done, read back.

Pillar 厘清千头万绪. Words: administrator 管理员, account 账号, journal 流水.
"""
