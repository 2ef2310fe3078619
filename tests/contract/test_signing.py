"""Nothing about a signed request can change without being noticed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import (
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    algorithms,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import signing
from kiosk.contract.problems import Problem

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {"kiosk-1": KEY.public_key()}
NOW_S = 1_795_000_000
URL = "http://127.0.0.1:8000/v1/loans/GJJ-1/repayments?x=1"
BODY = b'{"quote_id":"0190-demo"}'
HEADERS = {
    "Idempotency-Key": "0190a0f0-0000-7000-8000-000000000001",
    "If-Match": '"17-3"',
    "Authorization": "Bearer 0123456789abcdef",
    "Content-Type": "application/json",
}


def signed(method="POST", url=URL, headers=HEADERS, body=BODY, now_s=NOW_S, nonce="nonce-0001", key=KEY):
    return dict(headers) | signing.sign(
        method, url, headers, body, key=key, key_id="kiosk-1", now_s=now_s, nonce=nonce
    )


def check(method="POST", url=URL, headers=None, body=BODY, now_s=NOW_S):
    return signing.verify(method, url, headers or signed(), body, keys=KEYS.get, now_s=now_s)


def test_what_was_signed_is_accepted_and_names_its_signer():
    assert check() == signing.Signed("kiosk-1", NOW_S, "nonce-0001")


def test_a_request_without_a_body_or_extra_headers_is_accepted():
    headers = signed("GET", headers={}, body=b"")
    assert "Content-Digest" not in headers
    assert check("GET", headers=headers, body=b"").key_id == "kiosk-1"


def test_header_names_may_change_case_on_the_way():
    assert check(headers={name.swapcase(): value for name, value in signed().items()}).key_id == "kiosk-1"


@pytest.mark.parametrize("seconds", [-signing.WINDOW_S, 0, signing.WINDOW_S])
def test_clocks_may_differ_by_the_window(seconds):
    assert check(now_s=NOW_S + seconds)


@pytest.mark.parametrize("seconds", [-signing.WINDOW_S - 1, signing.WINDOW_S + 1, 86_400])
def test_clocks_may_not_differ_by_more(seconds):
    with pytest.raises(signing.SignatureRefused) as refused:
        check(now_s=NOW_S + seconds)
    assert refused.value.problem is Problem.SIGNATURE_EXPIRED


def test_an_unknown_kiosk_is_told_apart_from_a_bad_signature():
    with pytest.raises(signing.SignatureRefused) as refused:
        signing.verify("POST", URL, signed(), BODY, keys=lambda _: None, now_s=NOW_S)
    assert refused.value.problem is Problem.KIOSK_UNKNOWN


def refuse(**changed):
    with pytest.raises(signing.SignatureRefused):
        check(**changed)


def test_another_key_is_refused():
    refuse(headers=signed(key=Ed25519PrivateKey.from_private_bytes(bytes(32))))


def test_a_body_without_a_digest_is_refused():
    refuse(headers=signed(body=b""))


def test_a_header_that_decides_about_money_cannot_be_added_or_taken_away():
    bare = signed(headers={"Content-Type": "application/json"})
    for name, value in HEADERS.items():
        if name == "Content-Type":
            continue
        refuse(headers=bare | {name: value})
        refuse(headers={k: v for k, v in signed().items() if k != name})


GARBAGE = ["", "x", "kiosk=()", "kiosk=::", "\x00", "é", "a=1;b=2, a=3", "kiosk=:AAAA:"]


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_in_the_signature_headers_is_refused_not_a_crash(name, value):
    refuse(headers=signed() | {name: value})


@pytest.mark.parametrize("url", ["http://[/v1", "http://[::1/x", "", "x", "http://é/"])
def test_a_garbage_address_is_refused_not_a_crash(url):
    refuse(url=url)


def test_a_signature_without_nonce_is_refused():
    refuse(headers=signed(nonce="short"))


COVERED = ("Idempotency-Key", "If-Match", "Authorization", "Content-Digest", "Signature", "Signature-Input")
GOOD = signed()


def every_flip():
    for name in COVERED:
        for bit in range(len(GOOD[name]) * 8):
            raw = bytearray(GOOD[name].encode())
            raw[bit // 8] ^= 1 << (bit % 8)
            yield f"{name} bit {bit}", {"headers": GOOD | {name: raw.decode("latin-1")}}
    for bit in range(len(BODY) * 8):
        raw = bytearray(BODY)
        raw[bit // 8] ^= 1 << (bit % 8)
        yield f"body bit {bit}", {"headers": GOOD, "body": bytes(raw)}
    start = URL.index("/v1")
    for bit in range(start * 8, len(URL) * 8):
        raw = bytearray(URL.encode())
        raw[bit // 8] ^= 1 << (bit % 8)
        yield f"url bit {bit}", {"headers": GOOD, "url": raw.decode("latin-1")}


def test_every_single_bit_flip_is_refused():
    accepted = []
    for what, changed in every_flip():
        try:
            check(**changed)
        except signing.SignatureRefused:
            continue
        accepted.append(what)
    assert accepted == []


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), other=st.binary(max_size=200))
def test_no_other_body_is_accepted(body, other):
    headers = signed(body=body)
    if body == other:
        check(headers=headers, body=other)
    else:
        refuse(headers=headers, body=other)


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(["GET", "PUT", "DELETE", "PATCH", "HEAD"]),
    host=st.sampled_from(["localhost", "a.b"]),
)
def test_another_method_or_host_is_refused(method, host):
    refuse(method=method)
    refuse(url=URL.replace("127.0.0.1", host))


class Message:
    """A request as the library wants it."""

    def __init__(self, method, url, headers):
        self.method, self.url, self.headers = method, url, headers


class LibraryVerifier(HTTPMessageVerifier):
    """The library's own verifier, at the time of the test."""

    def validate_created_and_expires(self, sig_input, max_age=None):
        assert sig_input.params["created"] == NOW_S


def library_accepts(method, url, headers, body):
    verifier = LibraryVerifier(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys=KEYS, private_keys={}),
    )
    covered = [*signing.ALWAYS_COVERED, *(c for c in signing.COVERED_WHEN_PRESENT if c.title() in headers)]
    try:
        verifier.verify(
            Message(method, url, headers),
            max_age=None,
            expect_tag=signing.TAG,
            require_components=covered,
            body=body,
        )
    except InvalidSignature:
        return False
    return True


PATHS = st.text("abz019-_.~%25/", max_size=20).filter(lambda path: "%" not in path.replace("%25", ""))


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    path=PATHS,
    query=st.text("abz019=&-", max_size=20),
    port=st.sampled_from(["", ":80", ":443", ":8000"]),
    scheme=st.sampled_from(["http", "https"]),
    body=st.binary(max_size=60),
    extra=st.sets(st.sampled_from(["Idempotency-Key", "If-Match", "Authorization"])),
)
def test_we_and_the_library_agree_on_what_is_signed(method, path, query, port, scheme, body, extra):
    url = f"{scheme}://Centre.Example{port}/{path}" + (f"?{query}" if query else "")
    headers = signed(method, url, {name: HEADERS[name] for name in extra}, body)
    assert library_accepts(method, url, headers, body)
    assert check(method, url, headers, body).key_id == "kiosk-1"
    other = dict(headers, Signature=headers["Signature"].replace("=:", "=:A", 1)[:-4] + "A==:")
    assert not library_accepts(method, url, other, body)
    refuse(method=method, url=url, headers=other, body=body)


def test_a_public_key_travels_as_text():
    text = signing.public_key_to_wire(KEY.public_key())
    assert signing.public_key_from_wire(text) == KEY.public_key()
    assert (
        signing.public_key_from_wire(text.rstrip("=").replace("+", "-").replace("/", "_")) == KEY.public_key()
    )
    for bad in ("", "AAAA", "!" * 43):
        with pytest.raises(ValueError):
            signing.public_key_from_wire(bad)
