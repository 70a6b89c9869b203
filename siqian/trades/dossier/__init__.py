"""Dossier: what is known about a person or a household, so that it is never asked again; with source, ground, purpose and an end.

Pillar 厘清千头万绪. Words: fact 情况, note 记下, confirm 确认, purpose 用途, basis 依据, ask 要问的. No score,
no judgement: only what was said.
"""
