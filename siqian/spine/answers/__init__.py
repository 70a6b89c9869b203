"""Answers 知识库: what people ask for advice on, answered at once: question, answer, owner, the day it is looked at again.

Words: answer 解答, review date 复核日期, not helped 没帮上.
"""
