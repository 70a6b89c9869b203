"""What is wrong with a token."""


class Fault(ValueError):
    """stage: picture, prefix, base45, zlib, cbor, cose, signature, time, status, claims. reason: short, stable, for programs."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage, self.reason = stage, reason
