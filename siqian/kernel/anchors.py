"""Proof that the journal is whole: every chain is walked again, and signed Merkle roots pin the chains' heads.

The signature needs the house's key, so whoever can write to the database alone cannot rewrite the past unseen.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from . import keys
from .journal import digest, writing
from .models import Anchor, Entry
from .permits import OFFICE


@dataclass(frozen=True)
class Report:
    """What was checked and every fault that was found, as sentences."""

    entries: int
    subjects: int
    anchors: int
    faults: tuple[str, ...]


def drop(*, at: datetime) -> None:
    """Sign the root over all heads as they are now. Twice in one state is once."""
    with writing(OFFICE, whole=True):
        _still()
        upto = Entry.objects.order_by("-id").values_list("id", flat=True).first()
        if upto is None or Anchor.objects.filter(upto=upto).exists():
            return
        heads = _heads(upto)
        root = merkle(f"{subject}:{seq}:{hash_}" for subject, (seq, hash_) in sorted(heads.items()))
        signature = _signer().sign(_message(at, upto, root)).hex()
        Anchor.objects.create(at=at, upto=upto, subjects=len(heads), root=root, signature=signature)


def _still() -> None:
    # Ids commit out of order on PostgreSQL; the lock waits for writers in flight, so that no lower id appears later.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"lock table {Entry._meta.db_table} in share mode")


def verify() -> Report:
    """Walk every chain and check every anchor."""
    faults: list[str] = []
    heads: dict[str, tuple[int, str]] = {}
    count = 0
    for row in Entry.objects.order_by("subject", "seq").iterator(chunk_size=5000):
        count += 1
        seq, prev = heads.get(row.subject, (0, ""))
        if row.seq != seq + 1 or row.prev != prev:
            faults.append(f"{row.subject} 第{row.seq}条接不上前一条（编号{row.id}），中间有缺失或被改")
        if row.hash != digest(row.prev, row.subject, row.seq, row.name, row.at, row.by, row.body):
            faults.append(f"{row.subject} 第{row.seq}条内容与校验值不符（编号{row.id}），写入后被改过")
        heads[row.subject] = (row.seq, row.hash)
    anchors = list(Anchor.objects.order_by("id"))
    faults += [fault for anchor in anchors if (fault := _anchor_fault(anchor))]
    return Report(count, len(heads), len(anchors), tuple(faults))


def merkle(leaves: Iterable[str]) -> str:
    """Root of a binary hash tree (RFC 6962's leaf and node prefixes); the empty tree hashes the empty string."""
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex()


def _anchor_fault(anchor: Anchor) -> str:
    heads = _heads(anchor.upto)
    root = merkle(f"{subject}:{seq}:{hash_}" for subject, (seq, hash_) in sorted(heads.items()))
    when = anchor.at.isoformat()
    if root != anchor.root:
        return f"{when}的锚点与流水不符：那之前的记录被改过"
    try:
        _signer().public_key().verify(bytes.fromhex(anchor.signature), _message(anchor.at, anchor.upto, anchor.root))
    except InvalidSignature:
        return f"{when}的锚点签名不对：锚点被改过，或签名密钥换过"
    return ""


def _heads(upto: int) -> dict[str, tuple[int, str]]:
    heads: dict[str, tuple[int, str]] = {}
    rows = Entry.objects.filter(id__lte=upto).order_by("subject", "seq").values_list("subject", "seq", "hash")
    for subject, seq, hash_ in rows.iterator(chunk_size=5000):
        heads[subject] = (seq, hash_)
    return heads


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.signing_seed())


def _message(at: datetime, upto: int, root: str) -> bytes:
    return f"{at.astimezone(UTC).isoformat()}\n{upto}\n{root}".encode()
