"""Answers 常见问答: the knowledge base. What is asked often is answered at once, by a unit that looks at it again on a day.

Words: answer 常见问答, version 版本, publish 发布, retire 撤下, look again 复核, not helped 没帮上.
"""
