"""Reads across the floors and calls verbs below; nothing below knows it."""
