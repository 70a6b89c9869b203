"""The district's outside systems: what they send becomes matters, and what becomes of those is told back to them.

Words: system 外部系统, arrival 来件记录, letter 回话, outage 断线.
"""
