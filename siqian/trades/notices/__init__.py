"""Notices 告知: who is told what. Kept as rows that the told person reads on their page.

Words: notice 告知, told 已告知.
"""
