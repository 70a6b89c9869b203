"""Papers 文书: official documents, numbered, signed, frozen, printed, filed and, when their time is over, destroyed by two.

Words: paper 文书, draft 拟稿, sign 签发, correct 更正, volume 案卷, file 归档, disposal 销毁清册.
"""
