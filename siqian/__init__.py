"""Siqian 四千: service governance of super-large urban communities."""

VERSION = "0.1.0"
