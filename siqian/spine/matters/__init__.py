"""Matters: a demand's life from the first word to the rating.

Pillar 厘清千头万绪 / 穷尽千方百计 (民意速办). Words: matter 事, telling 一次诉说, teller 说事人, keeper 责任人, twin 同一件事,
step 经过, closure 办结, evidence 凭据, rating 评价, receipt code 查询码.
"""
