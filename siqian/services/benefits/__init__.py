"""Benefits 该您的: money and services that come to whoever they belong to, without an application where the law allows it.

Pillar 厘清千头万绪, 免申即享. Words: policy 政策, edition 版, entitlement 该得的, mode 给法, fact 情况. No score of anybody; nobody is
refused by a machine: an unknown fact is asked, and a no is a named person's.
"""
