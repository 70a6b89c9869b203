"""The library against published vectors and against another one: base45, CBOR, COSE_Sign1, keys, status lists."""

import base64
import json
import zlib

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from hypothesis import example, given, strategies as st

from siqian.services.passes import cose

from . import vectors

KEY = ec.generate_private_key(ec.SECP256R1())
GOOD = cose.sign(b"\xa1\x04\x1a\x7f\xff\xff\xff", KEY, kid=b"12345678")


def fault(call, *args, **more):
    with pytest.raises(cose.Fault) as found:
        call(*args, **more)
    return found.value.stage, found.value.reason


@pytest.mark.parametrize(
    ("raw", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]
)
def test_base45_is_that_of_rfc_9285(raw, text):
    assert cose.to_base45(raw) == text and cose.from_base45(text) == raw


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FGW", None),
        (":::", "overflow"),
        ("GGW", "overflow"),
        ("::", "overflow"),
        ("A", "length"),
        ("BB8A", "length"),
        ("bb8", "letter"),
        ("一二三", "letter"),
        ("0" * 100_002, "too_long"),
    ],
)
def test_base45_that_cannot_be_is_refused(text, reason):
    if reason is None:
        assert cose.from_base45(text) == b"\xff\xff"
    else:
        assert fault(cose.from_base45, text) == ("base45", reason)


@given(st.binary(max_size=80))
def test_base45_comes_back(raw):
    assert cose.from_base45(cose.to_base45(raw)) == raw


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.binary(max_size=9) | st.text(max_size=9) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(-99, 99) | st.text(max_size=3) | st.binary(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(items)
def test_cbor_is_read_as_another_library_writes_it_and_the_other_way(value):
    assert cose.from_cbor(cbor2.dumps(value)) == value
    assert cbor2.loads(cose.to_cbor(value)) == value
    assert cose.from_cbor(cose.to_cbor(value)) == value


@given(st.binary(max_size=60))
@example(b"\x9f" * 40)
@example(b"\xc6" * 40 + b"\x00")
@example(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff")
@example(b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff")
def test_whatever_bytes_come_there_is_an_item_or_a_fault(raw):
    for own in (False, True):
        try:
            value = cose.from_cbor(raw, own=own)
        except cose.Fault as error:
            assert error.stage == "cbor"
        else:
            assert not own or cose.to_cbor(value) == raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("a201010102", "duplicate_key"),
        ("bf01010102ff", "duplicate_key"),
        ("a1f50101", "key"),
        ("0000", "trailing"),
        ("81" * 20 + "00", "too_deep"),
        ("62c328", "utf8"),
        ("5f4101ff00", "trailing"),
        ("5f6101ff", "chunk"),
        ("5f5f4101ffff", "chunk"),
        ("ff", "break"),
        ("82ff00", "break"),
        ("1c", "reserved"),
        ("fc", "simple"),
        ("1f", "indefinite"),
        ("", "cut_off"),
        ("19ff", "cut_off"),
        ("9a7fffffff00", "cut_off"),
        ("ba7fffffff00", "cut_off"),
    ],
)
def test_cbor_that_could_be_read_in_two_ways_or_without_end_is_refused(raw, reason):
    assert fault(cose.from_cbor, bytes.fromhex(raw)) == ("cbor", reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [("1800", "not_shortest"), ("190001", "not_shortest"), ("a202010101", "not_sorted"), ("9fff", "indefinite"), ("f93c00", "simple")],
)
def test_our_own_tokens_are_read_in_one_form_only(raw, reason):
    cose.from_cbor(bytes.fromhex(raw))
    assert fault(cose.from_cbor, bytes.fromhex(raw), own=True) == ("cbor", reason)


def test_a_small_stream_cannot_unfold_into_a_large_memory():
    assert cose.unzip(zlib.compress(b"x" * 1000)) == b"x" * 1000
    assert fault(cose.unzip, zlib.compress(b"0" * 50_000_000)) == ("zlib", "too_large")
    assert fault(cose.unzip, zlib.compress(b"x" * 99)[:-2]) == ("zlib", "cut_off")
    assert fault(cose.unzip, zlib.compress(b"x") + b"y") == ("zlib", "trailing")
    assert fault(cose.unzip, b"no stream") == ("zlib", "not_zlib")


def test_what_is_signed_is_checked_and_nothing_else_is_accepted():
    signed = cose.signed_of(GOOD, own=True)
    cose.check(signed, KEY.public_key(), only=-7)
    assert fault(cose.check, signed, KEY.public_key(), external=b"x") == ("signature", "signature")
    assert fault(cose.check, signed, ec.generate_private_key(ec.SECP256R1()).public_key()) == ("signature", "signature")
    assert fault(cose.check, signed, ec.generate_private_key(ec.SECP384R1()).public_key(), only=-7) == ("signature", "key_kind")
    assert fault(cose.check, signed, ed25519.Ed25519PrivateKey.generate().public_key()) == ("signature", "key_kind")


def test_nobody_talks_the_verifier_into_another_algorithm():
    protected, payload = cose.to_cbor({1: -7}), b"\xa0"
    for other in (-8, -35, -37, 5, 0, "ES256", None, -65535, True):
        raw = cose.to_bytes(cose.to_cbor({1: other}), payload, b"\0" * 64)
        assert fault(cose.check, cose.signed_of(raw), KEY.public_key(), only=-7) == ("signature", "algorithm")
    loose = cose.to_cbor(cose.Tag(18, [b"", {1: -7}, payload, b"\0" * 64]))
    assert fault(cose.check, cose.signed_of(loose), KEY.public_key(), only=-7) == ("signature", "algorithm")
    assert fault(cose.signed_of, loose, own=True) == ("cose", "loose_header")
    critical = cose.to_bytes(cose.to_cbor({1: -7, 2: [99], 99: 0}), payload, b"\0" * 64)
    assert fault(cose.check, cose.signed_of(critical), KEY.public_key()) == ("signature", "critical")
    assert protected == b"\xa1\x01\x26"


def test_each_algorithm_of_the_table_verifies_what_its_key_signed():
    rsa_key, ed, ed4 = rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()
    for number, hash_ in ((-37, hashes.SHA256()), (-38, hashes.SHA384()), (-39, hashes.SHA512())):
        pss = padding.PSS(mgf=padding.MGF1(hash_), salt_length=hash_.digest_size)
        cose.fits(number, rsa_key.public_key(), rsa_key.sign(b"m", pss, hash_), b"m")
        assert fault(cose.fits, number, rsa_key.public_key(), b"\0" * 256, b"m") == ("signature", "signature")
        assert fault(cose.fits, number, KEY.public_key(), b"\0" * 64, b"m") == ("signature", "key_kind")
    for key in (ed, ed4):
        cose.fits(-8, key.public_key(), key.sign(b"m"), b"m")
        assert fault(cose.fits, -8, key.public_key(), key.sign(b"n"), b"m") == ("signature", "signature")


def test_keys_that_cannot_be_are_refused():
    x, y = KEY.public_key().public_numbers().x.to_bytes(32, "big"), KEY.public_key().public_numbers().y.to_bytes(32, "big")
    assert cose.of_cose_key({1: 2, -1: 1, -2: x, -3: y}) == KEY.public_key() == cose.of_cose_key({1: 2, -1: 1, -2: x, -3: bool(y[-1] & 1)})
    for wrong in (
        {},
        7,
        {1: 2, -1: 1, -2: x},
        {1: 2, -1: 9, -2: x, -3: y},
        {1: 2, -1: 1, -2: x[1:], -3: y},
        {1: 4, -1: b"k"},
        {1: 2, -1: 1, -2: "x", -3: y},
    ):
        assert fault(cose.of_cose_key, wrong) == ("claims", "key")
    off = bytes((y[0] ^ 1,)) + y[1:]
    assert fault(cose.of_cose_key, {1: 2, -1: 1, -2: x, -3: off}) == ("claims", "point")
    for point in (b"\x04" + x + off, b"\x02" + b"\xff" * 32, b"\0", b"\x05" + x, b"\x02" + x[1:]):
        assert fault(cose.of_point, point) == ("claims", "point")
    for certificate in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"\x30\x82\x01\x00"):
        assert fault(cose.of_certificate, certificate) == ("signature", "certificate")


@vectors.needed
def test_ecdsa_of_wycheproof():
    groups = vectors.read("wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json")["testGroups"]
    assert _judged(groups, -7, lambda group: cose.of_point(bytes.fromhex(group["publicKey"]["uncompressed"]))) == 262


@vectors.needed
def test_eddsa_of_wycheproof():
    groups = vectors.read("wycheproof", "ed25519_test.json")["testGroups"]
    assert _judged(groups, -8, lambda group: cose.of_cose_key({1: 1, -1: 6, -2: bytes.fromhex(group["publicKey"]["pk"])})) == 151


def _judged(groups, number, key_of):
    count = 0
    for group in groups:
        key = key_of(group)
        for case in group["tests"]:
            try:
                cose.fits(number, key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
                good = True
            except cose.Fault:
                good = False
            assert good == (case["result"] == "valid"), case
            count += 1
    return count


@vectors.needed
@pytest.mark.parametrize("file", vectors.files("cose_wg"), ids=lambda file: file.stem)
def test_cose_sign1_of_the_working_group(file):
    case = json.loads(file.read_text(encoding="utf-8"))
    if "sign0" not in case["input"]:
        with pytest.raises(cose.Fault):
            cose.signed_of(bytes.fromhex(case["output"]["cbor"]))
        return
    key, raw = case["input"]["sign0"]["key"], bytes.fromhex(case["output"]["cbor"])
    number = {
        name: (base64.urlsafe_b64decode(key[name] + "==") if name in key else bytes.fromhex(key.get(f"{name}_hex", ""))) for name in "xy"
    }
    try:
        signed = cose.signed_of(raw)
        cose.check(signed, _working_key(key, number), external=bytes.fromhex(case["input"]["sign0"].get("external", "")))
        good = True
    except cose.Fault:
        good = False
    assert good == (not case.get("fail", False))


def _working_key(key, number):
    if key["kty"] == "EC":
        return cose.of_cose_key({1: 2, -1: {"P-256": 1, "P-384": 2, "P-521": 3}[key["crv"]], -2: number["x"], -3: number["y"]})
    if key["crv"] == "Ed448":
        return ed448.Ed448PublicKey.from_public_bytes(number["x"])
    return cose.of_cose_key({1: 1, -1: 6, -2: number["x"]})


@vectors.needed
@pytest.mark.parametrize("at", range(4))
def test_status_lists_of_the_draft(at):
    case = vectors.read("token_status_list", "vectors.json")["vectors"][at]
    token = cose.from_cbor(bytes.fromhex(case["cbor_hex"]))
    found = cose.StatusList.of(token["bits"], token["lst"])
    as_json = cose.StatusList.of(case["json"]["bits"], base64.urlsafe_b64decode(case["json"]["lst"] + "=="))
    assert found == as_json and len(found) == case["size"]
    assert all(found[index] == status for index, status in case["statuses"])
    made = cose.StatusList.made(case["bits"], case["size"], case["statuses"])
    assert made.raw == found.raw


def test_nobody_is_valid_by_falling_off_the_end_of_a_list():
    found = cose.StatusList.made(1, 16, [(3, 1)])
    assert (found[3], found[2], len(found)) == (1, 0, 16)
    assert fault(found.__getitem__, 16) == fault(found.__getitem__, -1) == ("status", "index")
    for bits, packed in ((3, b""), (True, b""), (1, "text"), (0, found.packed())):
        assert fault(cose.StatusList.of, bits, packed) == ("status", "list")
    with pytest.raises(ValueError, match="does not fit"):
        cose.StatusList.made(1, 8, [(9, 1)])
