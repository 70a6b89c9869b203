"""The weekly review: every unit, street, community and class by the same rule; each figure leads to exactly its matters.

Pillar 数字大脑. Words: sheet 每周一评, draft 制表, issue 签发, exclusion 除外, correction 要改的事, measure 指标.
"""
