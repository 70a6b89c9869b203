"""Hot topics: what many people tell of at once, found as it is told, so that one matter is made of it before more must tell it.

Pillar 数字大脑. Words: topic 热点话题, heat 热度, rising 升温, voice 人声, raise 提成一件事 (未诉先办).
"""
