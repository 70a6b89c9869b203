"""People: accounts, persons, the posts that own work, who holds them and who is on duty; residents and their households.

Pillar 穷尽千方百计 (对应入格). Words: post 岗位, holding 任职, shift 班次, leave 请假, stand-in 替班, on duty 在岗,
resident 居民, household 户.
"""
