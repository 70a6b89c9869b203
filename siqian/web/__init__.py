"""Composes the floors into one site: settings, addresses, menu, sign-in, the API document, error pages."""
