"""Intake: every channel in and out. One message shape, whatever it came by.

Words: channel 渠道, message 来件, take 收件, batch 批量导入.
"""
