"""One small pure file per kind of channel: bytes in, rows or a message out."""
