"""What every room stands on: time, permits, the journal, sealed facts. Knows nothing of the town.

Words: verb 动词, journal 流水, permit 许可, refusal 拒绝, flow 流程, deadline 时限, vault 保险柜.
"""
