"""Papers 公文: official documents of matters and of every other service, numbered, frozen, printed, archived.

Words: paper 公文, number 文号, retention class 保管期限, archive 归档, destruction list 销毁清册.
"""
