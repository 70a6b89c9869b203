"""Shared trades: what every service would otherwise write again. Tasks and notices first."""
