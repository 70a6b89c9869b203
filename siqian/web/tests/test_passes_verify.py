"""`siqian passes verify`: the whole European suite in a batch, one token by hand, and lines that are nonsense."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "passes" / "dgc"


def needed(test):
    """Left out where the suite is absent, and where everything must run without it."""
    absent = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs ../shared/data")
    return pytest.mark.shared_data(absent(test))


COLUMNS = {
    "EXPECTEDUNPREFIX": "prefix",
    "EXPECTEDB45DECODE": "base45",
    "EXPECTEDCOMPRESSION": "zlib",
    "EXPECTEDVERIFY": "signature",
    "EXPECTEDEXPIRATIONCHECK": "time",
}


def verify(*arguments, sent):
    return subprocess.run([sys.executable, "-m", "siqian", "passes", "verify", *arguments], input=sent, capture_output=True, check=False)


def batch(lines):
    answer = verify("--batch", sent="\n".join(map(json.dumps, lines)).encode())
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def cases():
    return {str(file.relative_to(FOLDER)): json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.rglob("*.json"))}


def asked(name, case, **more):
    context = case["TESTCTX"]
    return {"id": name, "prefix": "HC1:", "zlib": True, "cert": context["CERTIFICATE"], "at": context["VALIDATIONCLOCK"], **more}


@needed
def test_the_whole_european_suite_is_judged_as_it_expects():
    found = cases()
    assert len(found) == 115
    answers = {answer["id"]: answer for answer in batch([asked(name, case, text=case["PREFIX"]) for name, case in found.items()])}
    judged = 0
    for name, case in found.items():
        for column, stage in COLUMNS.items():
            if column in case["EXPECTEDRESULTS"]:
                judged += 1
                assert answers[name]["stages"].get(stage, False) == case["EXPECTEDRESULTS"][column], (name, column, answers[name]["reason"])
    assert judged > 380


@needed
def test_pictures_are_read_as_the_suite_expects():
    found = {name: case for name, case in cases().items() if "EXPECTEDPICTUREDECODE" in case["EXPECTEDRESULTS"] and case.get("2DCODE")}
    answers = batch([asked(name, case, picture=case["2DCODE"]) for name, case in found.items()])
    for answer, case in zip(answers, found.values(), strict=True):
        read = answer["stages"].get("picture", False) and answer["text"] == case["PREFIX"]
        assert read == case["EXPECTEDRESULTS"]["EXPECTEDPICTUREDECODE"], answer["id"]
        assert answer["stages"]["picture"] or list(answer["stages"]) == ["picture"]
    assert len(found) > 60


@needed
def test_one_token_ends_with_0_only_when_it_is_valid(tmp_path):
    case = json.loads((FOLDER / "AT" / "2DCode" / "raw" / "1.json").read_text(encoding="utf-8"))
    certificate, pem = base64.b64decode(case["TESTCTX"]["CERTIFICATE"]), tmp_path / "issuer.pem"
    pem.write_text(f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(certificate).decode()}-----END CERTIFICATE-----\n", encoding="ascii")
    der = tmp_path / "issuer.der"
    der.write_bytes(certificate)
    for file in (pem, der):
        good = verify(
            "--prefix",
            "HC1:",
            "--zlib",
            "--cert",
            str(file),
            "--at",
            case["TESTCTX"]["VALIDATIONCLOCK"],
            sent=case["PREFIX"].encode() + b"\n",
        )
        said = json.loads(good.stdout)
        assert (
            good.returncode == 0
            and said["valid"] is True
            and said["claims"]["1"] == "AT"
            and set(said) == {"valid", "reason", "text", "claims", "stages"}
        )
    late = verify("--prefix", "HC1:", "--zlib", "--cert", str(pem), sent=case["PREFIX"].encode())
    assert late.returncode == 1 and json.loads(late.stdout)["stages"] == {
        "prefix": True,
        "base45": True,
        "zlib": True,
        "signature": True,
        "time": False,
    }
    assert verify("--prefix", "HC2:", "--cert", str(pem), sent=b"HC1:X").returncode == 1


def test_lines_that_are_nonsense_are_answered_and_the_next_one_goes_on():
    sent = (b"nonsense", b'{"id": 7, "text": "HC1:", "cert": "!"}', b"[]", b'{"id": 8, "text": "XG1:0", "prefix": "XG1:", "cert": ""}', b"")
    answer = verify("--batch", sent=b"\n".join((*sent, b'{"id": 9, "picture": "AAAA", "cert": "AA=="}')))
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0 and [line["id"] for line in lines] == [None, 7, None, 8, 9] and not any(line["valid"] for line in lines)
    assert lines[3]["stages"] == {"prefix": True, "base45": False} and lines[4]["stages"] == {"picture": False}


def test_a_turnstile_that_hears_nothing_stays_shut(tmp_path):
    relay = tmp_path / "relay"
    command = [sys.executable, "-m", "siqian", "passes", "turnstile", "--url", "http://127.0.0.1:9", "--token", "x", "--relay", str(relay)]
    done = subprocess.run(command, input=b"XG2:ABC\n\nXG2:DEF\n", capture_output=True, check=False)
    assert done.returncode == 0 and relay.read_text(encoding="ascii") == "SHUT\nSHUT\n"
