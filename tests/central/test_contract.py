"""The contract that is checked in is the code's, and answers are what it says."""

import json

import pytest
from openapi_spec_validator import validate

from central.api.contract import CONTRACT_FILE, as_text, contract
from central.openapi_command import current, main
from kiosk.contract.problems import STATUS, Problem

DOCUMENT = json.loads(CONTRACT_FILE.read_text(encoding="utf-8"))


def test_code_and_file_agree(capsys):
    assert current() == CONTRACT_FILE.read_text(encoding="utf-8")
    assert main(["--check"]) == 0


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT)


def test_a_contract_that_has_changed_is_noticed(tmp_path, monkeypatch, capsys):
    other = tmp_path / "central-api.json"
    other.write_text(CONTRACT_FILE.read_text(encoding="utf-8").replace("/v1/loans", "/v1/debts"))
    monkeypatch.setattr("central.openapi_command.CONTRACT_FILE", other)
    assert main(["--check"]) == 1
    assert "--write" in capsys.readouterr().err


def test_every_problem_is_in_it_with_its_status():
    for problem in Problem:
        assert f"`/problems/{problem}`" in DOCUMENT["info"]["description"]
    statuses = {
        int(status)
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for status in operation["responses"]
    }
    assert {int(status) for status in STATUS.values()} - statuses <= {405}, "405 is for what is not in it"


def test_every_error_is_a_problem_and_everything_needs_a_signature_but_enrolment():
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)
            if path.startswith("/v1/"):
                assert bool(operation.get("security")) is ((method, path) != ("post", "/v1/kiosks")), path


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_a_running_centre_has_no_other_endpoints(client):
    assert as_text(contract(client.app)) == CONTRACT_FILE.read_text(encoding="utf-8")
    for path in ("/docs", "/redoc", "/openapi.json", "/demo/phone-codes"):
        assert client.get(path).status_code == 404
