"""The code on a paper: every altered bit and every edited claim is refused, and others read it as standard COSE."""

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import cbor2
import cwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from central.seal import code
from central.seal.code import Claims, NotGenuine, Reason
from central.seal.keys import BadKeys, KeyFolder, MemoryKeys, read_public
from central.seal.signer import EDDSA, Ed25519Signer, PublicKey, Signer
from kiosk.contract.money import Fen

RING = MemoryKeys()
KEYS = RING.public_keys()
CLAIMS = Claims(
    issuer="fund.example",
    kind="statement",
    number="2026112000000042",
    issued_s=1_795_000_000,
    account_tail="0042",
    amounts=(Fen(17_904_704), Fen(720_000), Fen(0), Fen(18_624_704)),
    digest=bytes(range(16)),
)
CODE = code.seal(CLAIMS, RING.signer())
URL = code.url(CLAIMS, CODE, "https")
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_a_kind_of_paper_never_changes_its_place() -> None:
    """Papers that are out say their kind by it: a new one is added at the end of kiosk.contract.papers.PaperKind."""
    assert code.KINDS[:8] == (
        "statement",
        "interest-statement",
        "deposit-certificate",
        "loan-use-certificate",
        "repayment-schedule",
        "repayment-receipt",
        "settled-certificate",
        "closure-receipt",
    )


def reason(text: str, keys: Mapping[bytes, PublicKey] = KEYS) -> Reason:
    with pytest.raises(NotGenuine) as refused:
        code.unseal(text, keys)
    return refused.value.reason


def raw(text: str = CODE) -> bytes:
    return code._bytes(text)


def test_a_genuine_code_says_what_was_sealed() -> None:
    assert code.unseal(CODE, KEYS) == CLAIMS
    assert code.unseal(URL, KEYS) == CLAIMS
    assert code.unseal(URL.lower(), KEYS) == CLAIMS, "a phone may lower the letters of an address"


def test_the_url_stays_in_the_alphanumeric_mode_of_a_qr_code() -> None:
    assert set(URL) <= ALPHANUMERIC
    assert URL.startswith("HTTPS://FUND.EXAMPLE/V/")


def test_every_flipped_bit_is_refused() -> None:
    genuine = raw()
    for bit in range(len(genuine) * 8):
        altered = bytearray(genuine)
        altered[bit // 8] ^= 1 << bit % 8
        reason(code._letters(bytes(altered)))


def test_every_other_letter_in_every_place_is_refused() -> None:
    for place, letter in enumerate(CODE):
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
            if other != letter:
                reason(CODE[:place] + other + CODE[place + 1 :])


def test_every_flipped_bit_of_the_printed_url_is_refused_or_only_its_case() -> None:
    for place, character in enumerate(URL):
        for bit in range(8):
            other = chr(ord(character) ^ 1 << bit)
            altered = URL[:place] + other + URL[place + 1 :]
            if altered.upper() == URL:
                continue
            reason(altered)


def test_shortened_and_lengthened_codes_are_refused() -> None:
    for end in range(len(CODE)):
        reason(CODE[:end])
    for more in ("A", "AA", "=", " A", "\n2", "2" * 500):
        reason(CODE + more)


EDITS = {
    "issuer": "other.example",
    "kind": "deposit-certificate",
    "number": "2026112000000043",
    "issued_s": CLAIMS.issued_s + 1,
    "account_tail": "0043",
    "amounts": (*CLAIMS.amounts[:3], Fen(18_624_705)),
    "digest": bytes(16),
}


def test_every_claim_is_edited_below() -> None:
    assert set(EDITS) == {field.name for field in fields(Claims)}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_claim_under_the_old_signature_is_refused(name: str) -> None:
    protected, _, signature = code._opened(raw())
    payload = code._encode(replace(CLAIMS, **{name: EDITS[name]}))
    forged = code._letters(code._envelope(protected, payload, signature))
    assert reason(forged) is Reason.WRONG_SIGNATURE


def test_another_key_under_the_same_name_is_refused() -> None:
    class Liar:
        key_id = RING.signer().key_id
        algorithm = EDDSA

        def sign(self, message: bytes) -> bytes:
            return MemoryKeys().signer().sign(message)

    assert reason(code.seal(CLAIMS, Liar())) is Reason.WRONG_SIGNATURE


def test_a_key_that_nobody_knows_is_refused() -> None:
    assert reason(code.seal(CLAIMS, MemoryKeys().signer())) is Reason.UNKNOWN_KEY
    assert reason(CODE, {}) is Reason.UNKNOWN_KEY


@pytest.mark.parametrize("algorithm", [-7, -19, 0, 5])
def test_a_key_signs_under_its_own_algorithm_only(algorithm: int) -> None:
    confused = Ed25519Signer(RING._key, algorithm)
    assert reason(code.seal(CLAIMS, confused)) is Reason.WRONG_SIGNATURE


def test_a_signature_has_one_form() -> None:
    """Adding the group's order to the second half gives the same equation; it must not give a second code."""
    order = 2**252 + 27742317777372353535851937790883648493
    protected, payload, signature = code._opened(raw())
    second = int.from_bytes(signature[32:], "little") + order
    other = signature[:32] + second.to_bytes(32, "little")
    assert reason(code._letters(code._envelope(protected, payload, other))) is Reason.WRONG_SIGNATURE


def test_other_spellings_of_the_same_cbor_are_refused() -> None:
    protected, payload, signature = code._opened(raw())
    spellings = [
        cbor2.dumps([protected, {}, payload, signature]),  # without the tag
        cbor2.dumps(cbor2.CBORTag(18, [protected, {4: b"x"}, payload, signature])),  # more in the open header
        cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature, b""])),
        cbor2.dumps(cbor2.CBORTag(98, [protected, {}, payload, signature])),
        b"\xd8\x12" + raw()[1:],  # the tag with a byte too many
        raw() + b"\x00",
    ]
    for spelling in spellings:
        assert reason(code._letters(spelling)) is Reason.MALFORMED


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS://FUND.EXAMPLE.EVIL.EXAMPLE/V/" + CODE,
        "HTTPS://FUND.EXAMPLE:8443/V/" + CODE,
        "HTTPS://EVIL.EXAMPLE@FUND.EXAMPLE/V/" + CODE,
        "https://evil.example/v/" + CODE,
    ],
)
def test_a_genuine_code_behind_another_address_is_refused(text: str) -> None:
    assert reason(text) is Reason.OTHER_HOST


@pytest.mark.parametrize("tail", ["?", "?A=B", "#X", "/", "/.."])
def test_nothing_may_follow_the_code(tail: str) -> None:
    assert reason(URL + tail) is Reason.MALFORMED


@given(st.binary(max_size=300))
@example(b"\x81" * 300)  # nested deeper than a decoder likes
@example(cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", b""])))
@example(cbor2.dumps(cbor2.CBORTag(35, "(a+)+$")))
def test_whatever_bytes_a_stranger_sends_are_refused(data: bytes) -> None:
    reason(code._letters(data))


@given(st.text(max_size=80))
def test_whatever_text_a_stranger_sends_is_refused(text: str) -> None:
    reason(text)
    reason("HTTPS://FUND.EXAMPLE/V/" + text)


@given(st.binary(max_size=200))
def test_even_with_our_signature_a_payload_must_be_claims(payload: bytes) -> None:
    signer = RING.signer()
    protected = cbor2.dumps({1: signer.algorithm, 4: signer.key_id})
    signature = signer.sign(code._to_be_signed(protected, payload))
    assert reason(code._letters(code._envelope(protected, payload, signature))) is Reason.MALFORMED


def sealed(protected: bytes, payload: bytes) -> str:
    """A code of any content under our own signature."""
    signature = RING.signer().sign(code._to_be_signed(protected, payload))
    return code._letters(code._envelope(protected, payload, signature))


@pytest.mark.parametrize(
    "header",
    [
        {4: RING.signer().key_id, 1: EDDSA},
        {1: EDDSA, 4: RING.signer().key_id, 3: 0},
        {1: EDDSA},
        {4: RING.signer().key_id},
    ],
)
def test_a_header_has_one_spelling_even_under_our_signature(header: dict[int, object]) -> None:
    _, payload, _ = code._opened(raw())
    assert reason(sealed(cbor2.dumps(header), payload)) is Reason.MALFORMED


def test_claims_have_one_spelling_even_under_our_signature() -> None:
    protected, payload, _ = code._opened(raw())
    assert code.unseal(sealed(protected, payload), KEYS) == CLAIMS
    held = cbor2.loads(payload)
    paper = held[code.PAPER]
    others = [
        {**held, 7: b"more"},
        dict(reversed(held.items())),
        {**held, code.PAPER: [*paper[:4], paper[4][:-1]]},
        {**held, code.PAPER: [*paper[:4], paper[4] + b"x"]},
        {**held, code.PAPER: [*paper[:3], [float(amount) for amount in paper[3]], paper[4]]},
        {**held, code.PAPER: [True, *paper[1:]]},
        {**held, code.PAPER: [*paper, 0]},
    ]
    for other in others:
        assert reason(sealed(protected, cbor2.dumps(other))) is Reason.MALFORMED


def test_another_library_reads_the_code_as_a_signed_cwt() -> None:
    """The code is COSE as the standard has it, not a form of our own."""
    (jwk,) = json.loads(RING.public_text())["keys"]
    public = base64.urlsafe_b64decode(jwk["x"] + "=")
    key = cwt.COSEKey.new({1: 1, 2: bytes.fromhex(jwk["kid"]), 3: EDDSA, -1: 6, -2: public})
    payload = cwt.COSE.new().decode(raw(), key)
    assert cbor2.loads(payload)[1] == CLAIMS.issuer


# ------------------------------------------------------------------ keys


def test_keys_rotate_and_old_papers_stay_genuine(tmp_path: Path) -> None:
    ring = KeyFolder(tmp_path / "keys", now_s=100)
    before = code.seal(replace(CLAIMS, issued_s=150), ring.signer())
    first, second = ring.signer().key_id, ring.rotate(now_s=200)
    after = code.seal(replace(CLAIMS, issued_s=250), ring.signer())
    keys = read_public(ring.public_text())
    assert {first, second} == set(keys)
    assert code.unseal(before, keys).issued_s == 150
    assert code.unseal(after, keys).issued_s == 250


def test_a_stolen_old_key_cannot_date_a_paper_after_its_retirement(tmp_path: Path) -> None:
    ring = KeyFolder(tmp_path / "keys", now_s=100)
    stolen: Signer = ring.signer()
    ring.rotate(now_s=200)
    forged = code.seal(replace(CLAIMS, issued_s=201), stolen)
    assert reason(forged, ring.public_keys()) is Reason.KEY_RETIRED


def test_another_process_takes_up_a_rotated_key_at_once(tmp_path: Path) -> None:
    ours, theirs = KeyFolder(tmp_path / "keys", 100), KeyFolder(tmp_path / "keys", 100)
    assert ours.signer().key_id == theirs.signer().key_id
    assert theirs.rotate(200) == ours.signer().key_id


def test_the_private_key_is_its_owners_alone_and_ends_with_the_rotation(tmp_path: Path) -> None:
    ring = KeyFolder(tmp_path / "keys", 100)
    (first,) = (tmp_path / "keys").glob("*.pem")
    assert first.stat().st_mode & 0o777 == 0o600
    ring.rotate(200)
    assert not first.exists()
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1
    assert "PRIVATE" not in ring.public_text()
    assert '"d"' not in ring.public_text()


def test_a_folder_without_its_private_key_says_so(tmp_path: Path) -> None:
    KeyFolder(tmp_path / "keys", 100)
    for private in (tmp_path / "keys").glob("*.pem"):
        private.unlink()
    with pytest.raises(BadKeys, match="cannot be read"):
        KeyFolder(tmp_path / "keys", 100)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"keys": [{}]}', '{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}']
)
def test_a_broken_public_file_says_so(text: str) -> None:
    with pytest.raises(BadKeys):
        read_public(text)
