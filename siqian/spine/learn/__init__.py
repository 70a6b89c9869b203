"""What a resident's words are about: the kind, the item, the danger, a title; each with the words that show it.

Pillar 倾听千言万语. Words: understanding 研判, guess 候选事项, unsure 待认定, duty 必报情形, span 依据.
"""
