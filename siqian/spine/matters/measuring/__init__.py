"""Reads a week of matters as marks: once for all measures and all dimensions."""

from .counting import counted

__all__ = ["counted"]
