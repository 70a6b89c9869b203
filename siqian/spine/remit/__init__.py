"""Who is responsible for what, and by when: the responsibility list and its rule table.

Pillar 厘清千头万绪. Words: responsibility list 责任清单, class 大类, subclass 小类, item 事项, lead 主责单位,
joint units 配合单位, rule 分派规则, unsure 待认定.
"""
