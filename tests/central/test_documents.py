"""Official papers: each kind says what the books say, is sealed, and can be checked, printed again and revoked."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from central import documents
from central.centre import Centre
from central.kiosks import new_enrolment_code
from central.seal.claims import SEALED_AMOUNTS, claims_of, digest
from central.seal.code import KINDS, unseal
from central.store.database import Database
from kiosk.contract.money import Fen, parse_yuan
from kiosk.contract.papers import Document, DocumentField, IssuedPapers
from tests.central.conftest import Copies
from tests.central.kit import BASE_URL, PEOPLE, TODAY, Clock, Kiosk, make_centre, problem, served


def issue(kiosk: Kiosk, kind: str, **more: Any) -> Document:
    """A paper for the citizen of the visit."""
    response = kiosk.call("POST", "/v1/documents", {"kind": kind, **more}, key=kiosk.new_key())
    assert response.status_code == 201, response.text
    return Document.model_validate_json(response.content)


def amount(document: Document, key: str) -> Fen:
    return parse_yuan(next(field.value for field in document.fields if field.key == key), signed=True)


def borrower(kiosk: Kiosk, *, settled: bool) -> str:
    """Log a borrower in; the contract of their first loan."""
    kiosk.login("settled" if settled else "two-loans")
    return str(kiosk.loan()["contract"])


def depositor(kiosk: Kiosk) -> None:
    """Log somebody in whose account is open and has a settled year."""
    kiosk.login("jia")


def page(client: TestClient, document: Document, language: str = "en") -> str:
    """The verify page, as a phone opens it from the QR code."""
    response = client.get(urlsplit(document.verify_url).path, params={"lang": language})
    assert response.status_code == 200
    return response.text


def test_a_statement_ties_and_is_sealed(kiosk: Kiosk, centre: Centre) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "statement", **{"from": "2024-01-01", "to": TODAY.isoformat()})
    assert paper.opening is not None
    assert paper.closing is not None
    assert paper.opening + amount(paper, "total-in") - amount(paper, "total-out") == paper.closing
    assert paper.opening + sum(entry.amount for entry in paper.entries) == paper.closing
    claims = unseal(paper.verify_url, centre.seal_keys.public_keys())
    assert claims == claims_of(paper, urlsplit(BASE_URL).netloc)
    assert claims.amounts[-1] == paper.closing


def test_the_code_holds_neither_name_nor_identity_number(kiosk: Kiosk, centre: Centre) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    shown = repr(unseal(paper.verify_url, centre.seal_keys.public_keys()))
    assert paper.holder not in shown
    assert paper.id_number_masked is not None
    assert "*" in paper.id_number_masked
    assert not any(citizen.id_number in shown for citizen in PEOPLE)


def every_field_edited(paper: Document) -> list[Document]:
    """The paper, with one thing on it changed at a time."""
    edited = []
    for name, value in {
        "number": "2026112099999999",
        "kind": "interest-statement",
        "language": "en",
        "issued_at": paper.issued_at + timedelta(milliseconds=1),
        "issuer": {"zh": "别的中心", "en": "Another centre"},
        "holder": paper.holder + "某",
        "id_number_masked": "1101**********0000",
        "account_masked": "****************9999",
        "opening": Fen((paper.opening or 0) + 1),
        "closing": Fen((paper.closing or 0) + 1),
        "entries": paper.entries[1:],
        "rows": paper.rows[1:],
        "fields": paper.fields[1:],
    }.items():
        edited.append(paper.model_copy(update={name: value}))
    for place, field in enumerate(paper.fields):
        other = DocumentField(**{**field.model_dump(), "value": field.value + "1"})
        fields = (*paper.fields[:place], other, *paper.fields[place + 1 :])
        edited.append(paper.model_copy(update={"fields": fields}))
    for place, row in enumerate(paper.rows):
        moved = row.model_copy(update={"payment": Fen(row.payment + 1)})
        edited.append(
            paper.model_copy(update={"rows": (*paper.rows[:place], moved, *paper.rows[place + 1 :])})
        )
    for place, entry in enumerate(paper.entries):
        changed = entry.model_copy(update={"amount": Fen(entry.amount + 1)})
        entries = (*paper.entries[:place], changed, *paper.entries[place + 1 :])
        edited.append(paper.model_copy(update={"entries": entries}))
    return edited


@pytest.mark.parametrize("kind", ["statement", "repayment-schedule"])
def test_the_digest_notices_every_edit_of_the_paper(kind: str, kiosk: Kiosk) -> None:
    of_loan = kind == "repayment-schedule"
    contract = borrower(kiosk, settled=False) if of_loan else depositor(kiosk)
    paper = issue(kiosk, kind, **({"contract": contract} if contract else {}))
    assert paper.rows if of_loan else paper.entries
    genuine = digest(paper)
    for edited in every_field_edited(paper):
        assert edited == paper or digest(edited) != genuine


def test_every_kind_of_the_contract_has_its_content_and_the_amounts_that_are_sealed() -> None:
    assert set(documents.CONTENT) == set(KINDS), "central/documents.py says what stands on each"
    assert set(SEALED_AMOUNTS) == set(KINDS), "central/seal/claims.py says which amounts its code carries"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.endswith("receipt")])
def test_every_kind_is_issued_sealed_and_shown_in_both_languages(
    kind: str, kiosk: Kiosk, client: TestClient, centre: Centre
) -> None:
    needs_loan = kind in ("repayment-schedule", "settled-certificate")
    contract = borrower(kiosk, settled=kind == "settled-certificate") if needs_loan else None
    if not needs_loan:
        depositor(kiosk)
    paper = issue(kiosk, kind, language="both", **({"contract": contract} if contract else {}))
    assert unseal(paper.verify_url, centre.seal_keys.public_keys()).kind == kind
    for language in ("zh", "en"):
        html = page(client, paper, language)
        assert paper.number in html
        assert paper.holder not in html


def test_the_receipt_of_an_early_repayment(kiosk: Kiosk, client: TestClient) -> None:
    kiosk.login("two-loans")
    key = kiosk.new_key()
    quote = kiosk.agreed_part()
    assert kiosk.repay(quote, key).status_code == 201
    paper = issue(kiosk, "repayment-receipt", operation_id=str(key))
    assert amount(paper, "amount") == parse_yuan(quote["total"])
    assert amount(paper, "interest-saved") == parse_yuan(quote["interest_saved"]) > 0
    assert paper.number in page(client, paper)


def own_receipt(kiosk: Kiosk, key: Any, kind: str = "repayment-receipt", language: str = "zh") -> Any:
    """The paper of an operation, asked for under its own id."""
    body = {"kind": kind, "language": language, "operation_id": str(key)}
    return kiosk.call("POST", "/v1/documents", body, key=key)


def repaid(kiosk: Kiosk) -> Any:
    """The id of an early repayment that is done."""
    kiosk.login("two-loans")
    key = kiosk.new_key()
    assert kiosk.repay(kiosk.agreed_part(), key).status_code == 201
    return key


def test_the_receipt_of_an_operation_is_sealed_once_and_the_same_everywhere(
    kiosk: Kiosk, new_kiosk: Any, client: TestClient
) -> None:
    key = repaid(kiosk)
    first = own_receipt(kiosk, key)
    assert first.status_code == 201
    paper = Document.model_validate_json(first.content)
    assert str(paper.operation_id) == str(key)
    other: Kiosk = new_kiosk()
    other.login("two-loans")
    for again in (own_receipt(kiosk, key, language="en"), own_receipt(other, key)):
        assert again.content == first.content
    assert "never" in page(client, paper)
    for copy in (1, 2):
        assert other.call("POST", f"/v1/operations/{key}/papers", {"copy_number": copy}).status_code == 200
    assert '<dd class="figures">1</dd>' in page(client, paper), "its copies are those of the operation"
    listed = IssuedPapers.model_validate_json(other.call("GET", "/v1/documents").content)
    assert [(item.number, item.copies) for item in listed.documents] == [(paper.number, 2)]


def test_the_figures_of_a_receipt_are_those_of_the_operation(kiosk: Kiosk) -> None:
    key = repaid(kiosk)
    done = kiosk.call("GET", f"/v1/operations/{key}").json()
    paper = Document.model_validate_json(own_receipt(kiosk, key).content)
    said = {field.key: field.value for field in paper.fields}
    assert said["amount"] == done["amount"]
    assert said["loan-balance"] == done["balance_after"]
    assert said["account-after"] == done["account_after"]
    assert said["business-number"] == done["number"]
    assert said["receipt-number"] == done["receipt_number"]
    assert amount(paper, "principal-repaid") + amount(paper, "interest") == amount(paper, "amount")
    assert said["completed-on"] == TODAY.isoformat()


def test_a_receipt_is_for_what_is_done_by_whom_it_belongs_to(kiosk: Kiosk, new_kiosk: Any) -> None:
    key = repaid(kiosk)
    assert problem(own_receipt(kiosk, kiosk.new_key())) == "not-found"
    assert problem(own_receipt(kiosk, key, "closure-receipt")) == "not-found"
    assert own_receipt(kiosk, key).status_code == 201
    assert problem(own_receipt(kiosk, key, "closure-receipt")) == "not-found"
    stranger: Kiosk = new_kiosk()
    stranger.login("jia")
    assert problem(own_receipt(stranger, key)) == "not-found"
    stranger.call("DELETE", "/v1/visits/current")
    assert problem(own_receipt(stranger, key)) == "visit-invalid"


def test_the_receipt_of_a_closure_in_both_languages(kiosk: Kiosk, client: TestClient) -> None:
    kiosk.login("retires-now")
    key = kiosk.new_key()
    quote = kiosk.agreed_closure()
    assert kiosk.close(quote, key).status_code == 201
    paper = Document.model_validate_json(own_receipt(kiosk, key, "closure-receipt", "both").content)
    assert amount(paper, "amount") == parse_yuan(quote["payout"])
    assert amount(paper, "balance-before") + amount(paper, "interest") == amount(paper, "amount")
    for language in ("zh", "en"):
        html = page(client, paper, language)
        assert paper.number in html
        assert f"{amount(paper, 'amount') // 100:,}" in html


def test_a_payout_on_its_way_has_no_receipt_yet(kiosk: Kiosk) -> None:
    kiosk.login("bank-silent")
    key = kiosk.new_key()
    assert kiosk.close(kiosk.agreed_closure(), key).status_code == 202
    assert problem(own_receipt(kiosk, key, "closure-receipt")) == "document-unavailable"


def test_the_page_of_a_genuine_code_shows_the_genuine_paper_whatever_it_is_printed_on(
    kiosk: Kiosk, client: TestClient
) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    html = page(client, paper)
    assert "Genuine" in html
    balance = amount(paper, "balance")
    assert f"{balance // 100:,}.{balance % 100:02d}" in html
    assert paper.account_masked[-4:] in html
    lower = client.get(urlsplit(paper.verify_url).path.lower(), params={"lang": "en"})
    assert lower.status_code == 200
    assert "Genuine" in lower.text


@pytest.mark.parametrize("text", ["AAAA", "%00", "2" * 700, "..%2F..", "<script>"])
def test_anything_else_is_called_not_genuine(text: str, client: TestClient) -> None:
    response = client.get(f"/v/{text}", params={"lang": "en"})
    assert response.status_code == 404
    assert "<script" not in response.text
    if "%2F" not in text:
        assert "Not a paper of this centre" in response.text


def test_an_altered_code_is_called_not_genuine(kiosk: Kiosk, client: TestClient) -> None:
    depositor(kiosk)
    path = urlsplit(issue(kiosk, "deposit-certificate").verify_url).path
    altered = path[:-20] + ("A" if path[-20] != "A" else "B") + path[-19:]
    response = client.get(altered, params={"lang": "zh"})
    assert response.status_code == 404
    assert "不是本中心出具" in response.text


def test_a_paper_that_the_books_lost_is_neither_genuine_nor_forged(
    kiosk: Kiosk, client: TestClient, centre: Centre
) -> None:
    from sqlalchemy import text

    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    with centre.database.write() as tx:
        tx.execute(text("DELETE FROM document"))
    html = page(client, paper)
    assert "not on record" in html
    assert "Genuine: this centre has issued" not in html


def test_a_paper_that_was_altered_in_the_books_is_not_shown_as_genuine(
    kiosk: Kiosk, client: TestClient, centre: Centre
) -> None:
    from sqlalchemy import text

    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    altered = paper.model_copy(update={"holder": "别人"}).model_dump_json()
    with centre.database.write() as tx:
        tx.execute(text("UPDATE document SET body = :body"), {"body": altered})
    html = page(client, paper)
    assert "not on record" in html
    assert "Genuine: this centre has issued" not in html


def test_reprints_are_counted_on_the_page(kiosk: Kiosk, client: TestClient) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    assert "never" in page(client, paper)
    for copy in (1, 2, 3):
        path = f"/v1/operations/{paper.operation_id}/papers"
        assert kiosk.call("POST", path, {"copy_number": copy}).status_code == 200
    html = page(client, paper)
    assert "never" not in html
    assert '<dd class="figures">2</dd>' in html


def test_the_same_key_asks_for_the_same_paper_again(kiosk: Kiosk) -> None:
    depositor(kiosk)
    key = kiosk.new_key()
    first = kiosk.call("POST", "/v1/documents", {"kind": "statement"}, key=key)
    again = kiosk.call("POST", "/v1/documents", {"kind": "statement"}, key=key)
    assert first.content == again.content
    other = kiosk.call("POST", "/v1/documents", {"kind": "statement", "language": "en"}, key=key)
    assert problem(other) == "idempotency-key-reused"


def test_a_paper_can_be_had_again_at_another_kiosk_by_its_citizen_only(kiosk: Kiosk, new_kiosk: Any) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    other: Kiosk = new_kiosk()
    other.login("two-loans")
    assert problem(other.call("GET", f"/v1/documents/{paper.operation_id}")) == "not-found"
    depositor(other)
    listed = IssuedPapers.model_validate_json(other.call("GET", "/v1/documents").content)
    assert [item.number for item in listed.documents] == [paper.number]
    again = other.call("GET", f"/v1/documents/{paper.operation_id}")
    assert Document.model_validate_json(again.content) == paper


def test_a_revoked_paper_says_so_and_is_not_printed_again(
    kiosk: Kiosk, client: TestClient, centre: Centre, clock: Clock
) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "deposit-certificate")
    for _ in range(2):
        with centre.database.write() as tx:
            assert documents.revoke(tx, paper.number, "a-word", clock.now_ms())
    with centre.database.write() as tx:
        assert not documents.revoke(tx, "1", "a-word", clock.now_ms())
    html = page(client, paper)
    assert "Revoked" in html
    assert "Genuine" not in html
    assert problem(kiosk.call("GET", f"/v1/documents/{paper.operation_id}")) == "document-unavailable"
    assert kiosk.call("GET", "/v1/documents").json()["documents"] == []


def test_the_public_keys_are_for_everybody_and_check_offline(
    kiosk: Kiosk, client: TestClient, tmp_path: Path
) -> None:
    depositor(kiosk)
    paper = issue(kiosk, "statement")
    keys = tmp_path / "keys.json"
    keys.write_bytes(client.get("/v1/keys").content)
    saved = tmp_path / "paper.json"
    saved.write_text(paper.model_dump_json())

    def ask(code: str, *more: str) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "central", "verify-document", code, "--keys", str(keys)]
        done = subprocess.run([*command, "--format", "json", *more], capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)

    status, said = ask(paper.verify_url, "--document", str(saved))
    assert (status, said["genuine"], said["number"]) == (0, True, paper.number)
    assert ask(paper.verify_url[:-1])[0] == 1
    saved.write_text(paper.model_copy(update={"holder": "别人"}).model_dump_json())
    assert ask(paper.verify_url, "--document", str(saved)) == (
        1,
        {"genuine": False, "reason": "other-document"},
    )
    receipt = Document.model_validate_json(own_receipt(kiosk, repaid(kiosk)).content)
    saved.write_text(receipt.model_dump_json())
    status, said = ask(receipt.verify_url, "--document", str(saved))
    assert (status, said["kind"], said["number"]) == (0, "repayment-receipt", receipt.number)
    assert parse_yuan(said["amounts"]["amount"]) == amount(receipt, "amount")


def test_the_command_that_revokes(sqlite_copies: Copies, clock: Clock) -> None:
    url = sqlite_copies.copy()
    centre = make_centre(Database(url), clock)
    with centre.database.write() as tx:
        enrolment = new_enrolment_code(tx, clock.now_ms())
    with served(centre) as client:
        kiosk = Kiosk(client, clock)
        assert kiosk.enrol(enrolment).status_code == 201
        depositor(kiosk)
        paper = issue(kiosk, "deposit-certificate")
        command = [sys.executable, "-m", "central", "revoke-document", "--database", url]
        assert subprocess.run([*command, paper.number], capture_output=True).returncode == 0
        assert "Revoked" in page(client, paper)
        assert subprocess.run([*command, "123"], capture_output=True).returncode == 2
    centre.database.close()
